//! The rows of the read models as they are stored, read back.

use omklap_domain::ids::TrajectoryId;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::tables::{Derived, StoredRows, Table};
use super::trajectories;
use super::trajectories::Summary;
use crate::error::StoreError;
use crate::ledger::Ledger;

/// The rows of one table.
pub(crate) type Rows = Vec<PgRow>;

/// What is stored about one trajectory.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    /// Its row in the list.
    pub summary: Option<Summary>,
    /// The other rows.
    pub derived: Derived,
}

/// A row with a value that no row of ours has: written by hand, or by a newer program.
#[derive(Debug)]
pub(crate) struct UnreadableRow {
    /// Its table.
    pub table: Table,
    /// What is wrong with it.
    pub source: sqlx::Error,
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

/// Fetches rows of one table, for the trajectories after one up to another.
pub(super) async fn fetch(
    columns: &str,
    table: &str,
    connection: &mut PgConnection,
    after: Uuid,
    until: Uuid,
) -> Result<Rows, sqlx::Error> {
    let rows = format!("SELECT {columns} FROM {table} WHERE trajectory_id > $1 AND trajectory_id <= $2");
    sqlx::query(&rows).bind(after).bind(until).fetch_all(connection).await
}

/// Reads the rows of one table.
pub(super) fn read_each<R>(
    table: Table,
    rows: &[PgRow],
    read: fn(&PgRow) -> Result<R, sqlx::Error>,
    unreadable: &mut Vec<UnreadableRow>,
) -> Vec<R> {
    rows.iter().map(read).collect::<Result<_, _>>().unwrap_or_else(|source| {
        unreadable.push(UnreadableRow { table, source });
        Vec::new()
    })
}

impl From<UnreadableRow> for StoreError {
    fn from(unreadable: UnreadableRow) -> Self {
        unreadable.source.into()
    }
}
