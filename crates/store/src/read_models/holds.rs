//! Which homes the trajectories hold, one row for each offer and lease.

use omklap_domain::day::Day;
use omklap_domain::holds::{HeldBy, Hold, holds};
use omklap_domain::ids::{ComplexId, MunicipalityCode, OrganisationId, TrajectoryId, UnitId, VacancyId};
use serde::{Serialize, Serializer};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::read_model::{DerivedFrom, ReadModel, Source, day, small, word};

/// One row of `holds`; `migrations/0035_holds.sql` and `0039_the_match.sql` explain the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HoldRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The number of the fact that begins it.
    pub opened_by: u64,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// The corporation whose home it is.
    pub corporation: OrganisationId,
    /// The home, in the letters in which it was reported.
    pub unit: Spelled,
    /// Its complex, by the offer.
    pub complex: Option<ComplexId>,
    /// The vacancy that the offer named.
    pub vacancy: Option<VacancyId>,
    /// By what it is held.
    pub what: HeldBy,
    /// The offer or the lease.
    pub what_id: Uuid,
    /// The first day.
    pub since: Day,
    /// The first day on which the home is free again, if that is known.
    pub until: Option<Day>,
    /// How many offers at once the agreements allow; 0 for no limit.
    pub at_once: u8,
    /// The last day to answer, of an offer that was not answered.
    pub respond_by: Option<Day>,
    /// Whether the constraint holds the row.
    pub guarded: Guarded,
    /// The municipality of the offer; of a lease only if the client got the keys with it.
    pub let_in: Option<MunicipalityCode>,
}

/// A home in the letters in which it was reported. Two are equal only if those are: one home in another case
/// is not what the events say.
#[derive(Clone, Debug, Eq, Serialize)]
#[serde(transparent)]
pub struct Spelled(pub UnitId);

impl PartialEq for Spelled {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// Whether the constraint holds a row. Any two are equal: it depends on the rows of other
/// trajectories at the time of writing, not on the events.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Guarded(pub bool);

impl PartialEq for Guarded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Serialize for Guarded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl HoldRow {
    /// The hold, as the rules read it.
    #[must_use]
    pub fn hold(&self) -> Hold {
        Hold {
            opened_by: self.opened_by,
            corporation: self.corporation.clone(),
            unit: self.unit.0.clone(),
            complex: self.complex.clone(),
            vacancy: self.vacancy,
            what: self.what,
            id: self.what_id,
            since: self.since,
            until: self.until,
            at_once: self.at_once,
            respond_by: self.respond_by,
            let_in: self.let_in.clone(),
        }
    }
}

impl ReadModel for HoldRow {
    const TABLE: &'static str = "holds";
    const KEY: &'static [&'static str] = &["trajectory_id", "opened_by"];
    const COLUMNS: &'static [&'static str] = &[
        "trajectory_id",
        "opened_by",
        "version",
        "corporation",
        "unit",
        "complex",
        "vacancy",
        "what",
        "what_id",
        "since",
        "until",
        "at_once",
        "respond_by",
        "guarded",
        "let_in",
    ];

    type Key<'row> = (TrajectoryId, u64);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        let row = |hold: Hold| Self {
            trajectory_id: source.trajectory,
            opened_by: hold.opened_by,
            version: DerivedFrom(source.history.version()),
            corporation: hold.corporation,
            unit: Spelled(hold.unit),
            complex: hold.complex,
            vacancy: hold.vacancy,
            what: hold.what,
            what_id: hold.id,
            since: hold.since,
            until: hold.until,
            at_once: hold.at_once,
            respond_by: hold.respond_by,
            guarded: Guarded(hold.at_once == 1),
            let_in: hold.let_in,
        };
        holds(source.history, source.sets).into_iter().map(row).collect()
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let code = |error: omklap_domain::ids::Miswritten| sqlx::Error::Decode(error.into());
        Ok(Self {
            trajectory_id: TrajectoryId(row.try_get(0)?),
            opened_by: row.try_get::<i64, _>(1)?.unsigned_abs(),
            version: DerivedFrom::read(row.try_get(2)?),
            corporation: row.try_get::<&str, _>(3)?.parse().map_err(code)?,
            unit: Spelled(row.try_get::<&str, _>(4)?.parse().map_err(code)?),
            complex: row.try_get::<Option<&str>, _>(5)?.map(str::parse).transpose().map_err(code)?,
            vacancy: row.try_get::<Option<_>, _>(6)?.map(VacancyId),
            what: word(row.try_get(7)?)?,
            what_id: row.try_get(8)?,
            since: day(row.try_get(9)?)?,
            until: row.try_get::<Option<_>, _>(10)?.map(day).transpose()?,
            at_once: small(row.try_get(11)?),
            respond_by: row.try_get::<Option<_>, _>(12)?.map(day).transpose()?,
            guarded: Guarded(row.try_get(13)?),
            let_in: row.try_get::<Option<&str>, _>(14)?.map(str::parse).transpose().map_err(code)?,
        })
    }

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, self.opened_by)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("the hold by event {}", self.opened_by)
    }
}
