//! The rows of the read models as they are stored, read back.

use std::collections::BTreeMap;

use omklap_domain::ids::TrajectoryId;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use crate::derived::Derived;
use crate::difference::ReadModel;
use crate::error::StoreError;
use crate::summary::{self, Summary};
use crate::{contributions, follow_ups, nuisance_cases, obligations};

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

    /// Reads the rows of one trajectory.
    pub fn read(&self) -> Result<Stored, UnreadableRow> {
        let mut derived = Derived {
            obligations: each(ReadModel::Obligations, &self.obligations, obligations::read)?,
            nuisance_cases: each(ReadModel::NuisanceCases, &self.nuisance_cases, nuisance_cases::read)?,
            follow_ups: each(ReadModel::FollowUps, &self.follow_ups, follow_ups::read)?,
            contributions: each(ReadModel::Contributions, &self.contributions, contributions::read)?,
        };
        derived.in_order();
        let summaries = each(ReadModel::Trajectories, &self.summaries, summary::read)?;
        Ok(Stored { summary: summaries.into_iter().next(), derived })
    }
}

fn each<T>(
    read_model: ReadModel,
    rows: &[PgRow],
    read: fn(&PgRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<T>, UnreadableRow> {
    rows.iter().map(read).collect::<Result<_, _>>().map_err(|source| UnreadableRow { read_model, source })
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
