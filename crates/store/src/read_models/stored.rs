//! The rows of the read models as they are stored, read back.

use omklap_domain::ids::TrajectoryId;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::rows::{UnreadableRow, read_each};
use super::tables::{Derived, StoredRows, Table};
use super::trajectories;
use super::trajectories::TrajectoryRow;
use crate::error::StoreError;
use crate::ledger::Ledger;

/// What is stored about one trajectory.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    /// Its row in the list.
    pub summary: Option<TrajectoryRow>,
    /// The other rows.
    pub derived: Derived,
}

impl Ledger {
    /// What the read models hold about a trajectory.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn derived_rows(&self, trajectory: TrajectoryId) -> Result<Derived, StoreError> {
        let mut connection = self.pool.acquire().await?;
        Ok(StoredRows::of_one(&mut connection, trajectory).await?.read_all()?.derived)
    }
}

impl StoredRows {
    /// Fetches the rows of one trajectory.
    pub async fn of_one(connection: &mut PgConnection, id: TrajectoryId) -> Result<Self, sqlx::Error> {
        Self::fetch(connection, Uuid::from_u128(id.0.as_u128().saturating_sub(1)), id.0).await
    }

    /// Reads the rows of one trajectory, table by table. A table with a row that cannot be read
    /// counts as empty, and is named.
    pub fn read(&self) -> (Stored, Vec<UnreadableRow>) {
        let mut unreadable = Vec::new();
        let derived = self.read_derived(&mut unreadable);
        let list = read_each(Table::Trajectories, &self.trajectories, trajectories::read, &mut unreadable);
        (Stored { summary: list.into_iter().next_back(), derived }, unreadable)
    }

    /// Reads the rows of one trajectory, if all of them can be read.
    pub fn read_all(&self) -> Result<Stored, UnreadableRow> {
        let (stored, mut unreadable) = self.read();
        unreadable.pop().map_or(Ok(stored), Err)
    }
}
