//! The signed checkpoints in the database.

use jiff::Timestamp;
use sqlx::postgres::{PgExecutor, PgRow};
use sqlx::{PgPool, Row};

use crate::error::StoreError;
use crate::events::mac::MacKey;

/// The tree of a ledger.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) pool: PgPool,
    pub(super) mac_key: MacKey,
}

/// A checkpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// How many leaves the tree had.
    pub tree_size: u64,
    /// The signed note, word for word.
    pub note: String,
    /// When it was signed, by the program's clock.
    pub signed_at: Timestamp,
}

impl Tree {
    /// The tree in this database, whose events have MACs under this key. The pool comes from
    /// [`connect`](crate::connect).
    #[must_use]
    pub fn new(pool: PgPool, mac_key: MacKey) -> Self {
        Self { pool, mac_key }
    }

    /// The newest checkpoint, if there is one.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn newest(&self) -> Result<Option<Signed>, StoreError> {
        newest(&self.pool).await
    }

    /// The checkpoint of a tree of this size, if there is one.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn checkpoint(&self, tree_size: u64) -> Result<Option<Signed>, StoreError> {
        let row = sqlx::query("SELECT tree_size, note, signed_at FROM checkpoints WHERE tree_size = $1")
            .bind(i64::try_from(tree_size).unwrap_or(i64::MAX))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Signed::read).transpose()
    }

    /// A page of checkpoints after this size, the smallest first.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn checkpoints_after(&self, tree_size: u64, limit: u32) -> Result<Vec<Signed>, StoreError> {
        checkpoints_after(&self.pool, tree_size, limit).await
    }
}

pub(super) async fn checkpoints_after(
    database: impl PgExecutor<'_>,
    tree_size: u64,
    limit: u32,
) -> Result<Vec<Signed>, StoreError> {
    let rows = sqlx::query(
        "SELECT tree_size, note, signed_at FROM checkpoints WHERE tree_size > $1 ORDER BY tree_size LIMIT $2",
    )
    .bind(i64::try_from(tree_size).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(database)
    .await?;
    rows.iter().map(Signed::read).collect()
}

/// The newest checkpoint, if there is one.
pub(crate) async fn newest(connection: impl PgExecutor<'_>) -> Result<Option<Signed>, StoreError> {
    let row =
        sqlx::query("SELECT tree_size, note, signed_at FROM checkpoints ORDER BY tree_size DESC LIMIT 1")
            .fetch_optional(connection)
            .await?;
    row.as_ref().map(Signed::read).transpose()
}

impl Signed {
    pub(super) fn read(row: &PgRow) -> Result<Self, StoreError> {
        Ok(Self {
            tree_size: row.try_get::<i64, _>("tree_size")?.unsigned_abs(),
            note: row.try_get("note")?,
            signed_at: row.try_get::<jiff_sqlx::Timestamp, _>("signed_at")?.to_jiff(),
        })
    }
}
