//! The rows of the read models as they are stored, read back.

use std::collections::BTreeMap;

use omklap_domain::ids::TrajectoryId;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::Derived;
use super::trajectories;
use super::trajectories::Summary;
use super::{contributions, follow_ups, nuisance_cases, obligations};
use crate::consistency::compare::ReadModel;
use crate::error::StoreError;

/// The rows of some trajectories, not read yet: that is work for another thread than the one that fetches.
#[derive(Default)]
pub(crate) struct StoredRows {
    summaries: Vec<PgRow>,
    obligations: Vec<PgRow>,
    nuisance_cases: Vec<PgRow>,
    follow_ups: Vec<PgRow>,
    contributions: Vec<PgRow>,
}

/// The rows of one table.
type Of = fn(&mut StoredRows) -> &mut Vec<PgRow>;

/// What is stored of one trajectory.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    /// The row by which it is listed.
    pub summary: Option<Summary>,
    /// The other rows.
    pub derived: Derived,
}

/// The statement that fetches the rows of a table for the trajectories after `$1` up to `$2`.
macro_rules! of_some {
    ($columns:expr, $table:literal) => {
        concat!("SELECT ", $columns, " FROM ", $table, " WHERE trajectory_id > $1 AND trajectory_id <= $2")
    };
}

impl StoredRows {
    /// Fetches the rows of the trajectories after one up to another.
    pub async fn fetch(connection: &mut PgConnection, after: Uuid, until: Uuid) -> Result<Self, StoreError> {
        let mut fetched = Self::default();
        for (statement, rows) in [
            (of_some!("*", "trajectories"), &mut fetched.summaries),
            (of_some!(obligations::columns!(), "obligations"), &mut fetched.obligations),
            (of_some!(nuisance_cases::columns!(), "nuisance_cases"), &mut fetched.nuisance_cases),
            (of_some!(follow_ups::columns!(), "follow_ups"), &mut fetched.follow_ups),
            (of_some!(contributions::columns!(), "contributions"), &mut fetched.contributions),
        ] {
            *rows = sqlx::query(statement).bind(after).bind(until).fetch_all(&mut *connection).await?;
        }
        Ok(fetched)
    }

    /// Fetches the rows of one trajectory.
    pub async fn of_one(connection: &mut PgConnection, id: TrajectoryId) -> Result<Self, StoreError> {
        Self::fetch(connection, Uuid::from_u128(id.0.as_u128().saturating_sub(1)), id.0).await
    }

    /// Takes apart what belongs to which trajectory.
    pub fn by_trajectory(self) -> Result<BTreeMap<TrajectoryId, Self>, StoreError> {
        let mut all: BTreeMap<TrajectoryId, Self> = BTreeMap::new();
        let lists: [(Vec<PgRow>, Of); 5] = [
            (self.summaries, |rows| &mut rows.summaries),
            (self.obligations, |rows| &mut rows.obligations),
            (self.nuisance_cases, |rows| &mut rows.nuisance_cases),
            (self.follow_ups, |rows| &mut rows.follow_ups),
            (self.contributions, |rows| &mut rows.contributions),
        ];
        for (rows, list) in lists {
            for row in rows {
                let id = TrajectoryId(row.try_get("trajectory_id")?);
                list(all.entry(id).or_default()).push(row);
            }
        }
        Ok(all)
    }

    /// Reads the rows of one trajectory, each table apart: of one that cannot be read there are none, and it is named.
    pub fn read(&self) -> (Stored, Vec<UnreadableRow>) {
        let mut unreadable = Vec::new();
        let mut derived = Derived {
            obligations: each(ReadModel::Obligations, &self.obligations, obligations::read, &mut unreadable),
            nuisance_cases: each(
                ReadModel::NuisanceCases,
                &self.nuisance_cases,
                nuisance_cases::read,
                &mut unreadable,
            ),
            follow_ups: each(ReadModel::FollowUps, &self.follow_ups, follow_ups::read, &mut unreadable),
            contributions: each(
                ReadModel::Contributions,
                &self.contributions,
                contributions::read,
                &mut unreadable,
            ),
        };
        derived.in_order();
        let summary =
            each(ReadModel::Trajectories, &self.summaries, trajectories::read, &mut unreadable).pop();
        (Stored { summary, derived }, unreadable)
    }

    /// Reads the rows of one trajectory where all of them can be read.
    pub fn read_all(&self) -> Result<Stored, UnreadableRow> {
        let (stored, mut unreadable) = self.read();
        unreadable.pop().map_or(Ok(stored), Err)
    }
}

fn each<T>(
    read_model: ReadModel,
    rows: &[PgRow],
    read: fn(&PgRow) -> Result<T, sqlx::Error>,
    unreadable: &mut Vec<UnreadableRow>,
) -> Vec<T> {
    rows.iter().map(read).collect::<Result<_, _>>().unwrap_or_else(|source| {
        unreadable.push(UnreadableRow { read_model, source });
        Vec::new()
    })
}

/// A row that says what no row says: written by hand, or by a newer program.
#[derive(Debug)]
pub(crate) struct UnreadableRow {
    /// Of which table.
    pub read_model: ReadModel,
    /// What is wrong with it.
    pub source: sqlx::Error,
}

impl From<UnreadableRow> for StoreError {
    fn from(unreadable: UnreadableRow) -> Self {
        unreadable.source.into()
    }
}
