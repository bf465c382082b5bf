//! Whether a database is the real ledger, or a restored copy that no operator has confirmed (ADR
//! 27).

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{Connection, Row};

use crate::error::StoreError;
use crate::tree::CheckpointsFile;

/// Why a database counts as a restored copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An operator, or the restore itself, said so.
    Said,
    /// It is in another cluster, or is another database in it, than before.
    Moved,
    /// A checkpoint outside the database is missing in it.
    Behind,
}

/// A copy that no operator has confirmed to be the real ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoredCopy {
    /// Why it counts as one.
    pub reason: Reason,
    /// The instant from which on.
    pub noticed_at: Timestamp,
}

/// The times at which a database was found to be a restored copy.
#[derive(Clone, Debug)]
pub struct Restorations {
    pool: PgPool,
}

impl Restorations {
    /// The restorations of this database. The pool comes from [`connect`](crate::connect).
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The copy that is to be confirmed; none if this is the real ledger.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn unconfirmed(&self) -> Result<Option<RestoredCopy>, StoreError> {
        let first =
            "SELECT reason, noticed_at FROM restorations WHERE confirmed_at IS NULL ORDER BY number LIMIT 1";
        let Some(row) = sqlx::query(first).fetch_optional(&self.pool).await? else { return Ok(None) };
        let reason: &str = row.try_get("reason")?;
        let reason = Reason::ALL.into_iter().find(|known| known.as_str() == reason);
        let reason = reason.ok_or_else(|| sqlx::Error::Decode("a reason that is unknown".into()))?;
        Ok(Some(RestoredCopy {
            reason,
            noticed_at: row.try_get::<jiff_sqlx::Timestamp, _>("noticed_at")?.to_jiff(),
        }))
    }

    /// Makes this database count as a restored copy, because an operator says so.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn mark(&self) -> Result<(), StoreError> {
        let mark = "INSERT INTO restorations (reason)
                    SELECT 'said' WHERE NOT EXISTS (SELECT FROM restorations WHERE reason = 'said' AND confirmed_at IS NULL)";
        sqlx::query(mark).execute(&self.pool).await?;
        Ok(())
    }

    /// Looks for what a restore leaves behind. The database counts as a restored copy if there is a
    /// sign that was not confirmed before. A database without a home gets the one that it is in.
    /// Returns the copy that is to be confirmed.
    ///
    /// # Errors
    /// If the database or the file outside is out of reach.
    pub async fn look(&self, checkpoints_file: &CheckpointsFile) -> Result<Option<RestoredCopy>, StoreError> {
        let homes: Vec<String> =
            sqlx::query_scalar("SELECT home FROM ledger_homes ORDER BY home").fetch_all(&self.pool).await?;
        match here(&mut *self.pool.acquire().await?).await? {
            Some(here) if homes.is_empty() => settle(&mut *self.pool.acquire().await?, &here).await?,
            Some(here) if !homes.contains(&here) => self.notice(Reason::Moved, &here).await?,
            _ => {}
        }
        if let Some(last) = checkpoints_file.last().map_err(StoreError::CheckpointsFile)? {
            let kept = sqlx::query_scalar::<_, String>("SELECT note FROM checkpoints WHERE tree_size = $1")
                .bind(last.tree_size.cast_signed())
                .fetch_optional(&self.pool)
                .await?;
            if kept.as_ref() != Some(&last.note) {
                let seen = format!("{}:{}", last.tree_size, hex::encode(Sha256::digest(&last.note)));
                self.notice(Reason::Behind, &seen).await?;
            }
        }
        self.unconfirmed().await
    }

    /// Stores a sign, unless the same one was stored before.
    async fn notice(&self, reason: Reason, seen: &str) -> Result<(), StoreError> {
        let notice = "INSERT INTO restorations (reason, seen)
                      SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM restorations WHERE reason = $1 AND seen = $2)";
        sqlx::query(notice).bind(reason.as_str()).bind(seen).execute(&self.pool).await?;
        Ok(())
    }
}

/// Whether this database is a copy that no operator has confirmed. Nothing is signed or put into batches
/// in one, so that nothing can wait too long for it.
pub(crate) async fn is_unconfirmed(database: &mut PgConnection) -> Result<bool, StoreError> {
    let is_copy = "SELECT EXISTS (SELECT FROM restorations WHERE confirmed_at IS NULL)";
    Ok(sqlx::query_scalar(is_copy).fetch_one(database).await?)
}

/// Where the ledger is now: the identifier of the cluster, and the number of the database in it.
/// None if this login may not read that: then a move is no sign.
async fn here(database: &mut PgConnection) -> Result<Option<String>, StoreError> {
    let here = "SELECT concat(system_identifier, '/', oid) FROM pg_control_system(), pg_database
                WHERE datname = current_database()";
    match sqlx::query_scalar(here).fetch_one(database).await {
        Ok(here) => Ok(Some(here)),
        Err(sqlx::Error::Database(refusal)) if refusal.code().as_deref() == Some("42501") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes the place where the ledger is now its home.
async fn settle(database: &mut PgConnection, here: &str) -> Result<(), StoreError> {
    let insert = sqlx::query("INSERT INTO ledger_homes (home) VALUES ($1) ON CONFLICT DO NOTHING");
    insert.bind(here).execute(database).await?;
    Ok(())
}

/// Confirms that this database is the real ledger. Needs its owner. Returns how many signs that
/// confirms.
///
/// # Errors
/// If the database is out of reach, or this login may not confirm it.
pub async fn confirm(database: &PgConnectOptions) -> Result<u64, StoreError> {
    let mut connection = PgConnection::connect_with(database).await?;
    let here = here(&mut connection).await?;
    let mut confirming = connection.begin().await?;
    let confirmed = sqlx::query("UPDATE restorations SET confirmed_at = now() WHERE confirmed_at IS NULL");
    let confirmed = confirmed.execute(&mut *confirming).await?.rows_affected();
    if let Some(here) = here {
        settle(&mut confirming, &here).await?;
    }
    confirming.commit().await?;
    connection.close().await?;
    Ok(confirmed)
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Said, Self::Moved, Self::Behind];

    /// Its code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Moved => "moved",
            Self::Behind => "behind",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Said => "it was marked as one",
            Self::Moved => "it is in another cluster or database than before",
            Self::Behind => "a checkpoint was signed outside the database that it does not have",
        })
    }
}
