//! The Merkle tree over all events (RFC 9162, tiles of C2SP tlog-tiles), in the order of position,
//! and its signed checkpoints.
//!
//! The chain of a stream shows that nothing inside it was changed. The tree shows that no end of a
//! stream and no whole stream was removed: a signed checkpoint says how many events there were, and
//! the root of the tree over them, in the database and outside it. `docs/AUDIT.md` explains all of
//! it to an auditor.

mod certificates;
mod checkpoint_file;
mod edge;
mod finding;
mod grow;
mod pages;
mod proof;
mod rehash;
mod schema_guards;
mod signing_key;
mod verify;
mod walk;

pub use checkpoint_file::Outside;
pub use finding::LedgerFinding;
pub use grow::Pace;
pub use proof::{ConsistencyProof, InclusionProof};
pub use signing_key::{Checkpoint, KeyError, LedgerKeys, NotSigned};
pub use verify::Walked;

use jiff::Timestamp;
use sqlx::postgres::{PgExecutor, PgRow};
use sqlx::{PgPool, Row};
use tlog_tiles::tlog::record_hash;

use crate::error::StoreError;
use crate::events::hash_chain::Hash;

/// The bits of a leaf's number that one level of tiles takes: a tile has 2⁸ hashes.
const HEIGHT: u8 = 8;

/// The tree of a ledger.
#[derive(Clone, Debug)]
pub struct Tree {
    pool: PgPool,
}

/// The tree, the keys that sign it, and the file outside that keeps its checkpoints.
#[derive(Debug)]
pub struct Notary {
    /// The tree.
    pub tree: Tree,
    /// The keys.
    pub keys: LedgerKeys,
    /// The checkpoints outside the database.
    pub outside: Outside,
}

impl Notary {
    /// Signs what is new, if it is time: see [`Tree::grow`].
    ///
    /// # Errors
    /// As [`Tree::grow`].
    pub async fn sign(&self, pace: Pace, now: Timestamp) -> Result<Option<Signed>, StoreError> {
        self.tree.grow(&self.keys, &self.outside, pace, now).await
    }

    /// Refuses if none of these keys signed the newest checkpoint: nobody would accept what they
    /// sign.
    ///
    /// # Errors
    /// [`StoreError::Tree`] then, and if the database is out of reach.
    pub async fn knows_what_was_signed(&self) -> Result<(), StoreError> {
        match self.tree.newest().await? {
            Some(newest) => self.keys.read(&newest.note).map(drop).map_err(StoreError::last_checkpoint),
            None => Ok(()),
        }
    }
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
    /// The tree in this database. The pool comes from [`connect`](crate::connect).
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
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

async fn checkpoints_after(
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

pub(crate) async fn newest(connection: impl PgExecutor<'_>) -> Result<Option<Signed>, StoreError> {
    let row =
        sqlx::query("SELECT tree_size, note, signed_at FROM checkpoints ORDER BY tree_size DESC LIMIT 1")
            .fetch_optional(connection)
            .await?;
    row.as_ref().map(Signed::read).transpose()
}

impl Signed {
    fn read(row: &PgRow) -> Result<Self, StoreError> {
        Ok(Self {
            tree_size: row.try_get::<i64, _>("tree_size")?.unsigned_abs(),
            note: row.try_get("note")?,
            signed_at: row.try_get::<jiff_sqlx::Timestamp, _>("signed_at")?.to_jiff(),
        })
    }
}

/// The leaf of an event: `SHA-256(0x00 ‖ position as eight bytes, the highest first ‖ the event's
/// hash)`.
#[must_use]
pub fn leaf(position: i64, event: &Hash) -> Hash {
    let mut entry = [0; 40];
    entry[..8].copy_from_slice(&position.to_be_bytes());
    entry[8..].copy_from_slice(event);
    record_hash(&entry).0
}
