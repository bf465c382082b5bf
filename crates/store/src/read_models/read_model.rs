//! What every read model is: rows in a table of their own that follow from one trajectory's
//! history.

use omklap_domain::agreements::{AgreementSets, Assessed};
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Serialize, Serializer};
use sqlx::postgres::PgRow;

/// One row of a read model. Its serialized form has the table's columns as fields: that is how
/// rows are written.
///
/// To add a read model: a migration for its table, a file with its row, and a line in the list in
/// [`tables`](super::tables).
pub(crate) trait ReadModel: PartialEq + Serialize {
    /// The table.
    const TABLE: &'static str;

    /// The columns of the primary key.
    const KEY: &'static [&'static str];

    /// Every column, in the order in which [`Self::read`] reads them.
    const COLUMNS: &'static [&'static str];

    /// What identifies a row, and orders the rows in every list.
    type Key<'row>: Ord
    where
        Self: 'row;

    /// The rows that follow from a history, in any order.
    fn derive(source: &Source<'_>) -> Vec<Self>
    where
        Self: Sized;

    /// A stored row.
    fn read(row: &PgRow) -> Result<Self, sqlx::Error>
    where
        Self: Sized;

    /// This row's key.
    fn key(&self) -> Self::Key<'_>;

    /// From how many events it was derived.
    fn version(&self) -> DerivedFrom;

    /// Which row it is, in words for an operator.
    fn label(&self) -> String;
}

/// What the rows of one trajectory are derived from.
pub(crate) struct Source<'s> {
    pub trajectory: TrajectoryId,
    pub history: &'s History,
    /// The obligations of this history, assessed once for all read models.
    pub assessed: &'s [Assessed<'s>],
    pub sets: &'s AgreementSets,
}

/// The columns of a read model, as a `SELECT` lists them. They name their table, so that it can be
/// joined.
pub(crate) fn columns<R: ReadModel>() -> String {
    R::COLUMNS.iter().map(|column| format!("{}.{column}", R::TABLE)).collect::<Vec<_>>().join(", ")
}

/// The number of events from which a row was derived. Any two are equal: an older row that says the
/// same is right.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct DerivedFrom(pub u64);

impl DerivedFrom {
    /// The number in a column; 0 for a negative one.
    pub(crate) fn read(column: i64) -> Self {
        Self(u64::try_from(column).unwrap_or_default())
    }

    /// Whether a row can have been derived from this many, if there are `events` of them.
    pub(crate) fn is_possible(self, events: u64) -> bool {
        (1..=events).contains(&self.0)
    }
}

impl PartialEq for DerivedFrom {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Serialize for DerivedFrom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A column that holds one of our own words.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A column that holds a list of our own words.
pub(crate) fn words<T: DeserializeOwned>(texts: &[String]) -> Result<Vec<T>, sqlx::Error> {
    texts.iter().map(|text| word(text)).collect()
}

/// A column that holds a small number. A number that no column of ours holds becomes the largest,
/// so that it differs from every right one.
pub(crate) fn small(number: i16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// A column that holds a day.
pub(crate) fn day(date: jiff_sqlx::Date) -> Result<Day, sqlx::Error> {
    Day::try_from(date.to_jiff()).map_err(|error| sqlx::Error::Decode(error.into()))
}
