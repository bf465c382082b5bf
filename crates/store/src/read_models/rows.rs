//! Fetches and reads the rows of one table.

use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::tables::Table;
use crate::error::StoreError;

/// The rows of one table.
pub(crate) type Rows = Vec<PgRow>;

/// A row with a value that no row of ours has: written by hand, or by a newer program.
#[derive(Debug)]
pub(crate) struct UnreadableRow {
    /// Its table.
    pub table: Table,
    /// What is wrong with it.
    pub source: sqlx::Error,
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
