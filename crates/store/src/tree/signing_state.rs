//! Whether signing keeps up, and whether what was signed is still where it belongs: frozen signing
//! is seen.

use jiff::Timestamp;
use sqlx::Row;

use super::checkpoint_signer::CheckpointSigner;
use super::checkpoints::Signed;
use crate::error::StoreError;

/// How far signing has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningState {
    /// How many events no checkpoint covers yet.
    pub unsigned: u64,
    /// When the first of them was recorded.
    pub unsigned_since: Option<Timestamp>,
    /// What stops the next checkpoint.
    pub trouble: Option<SigningTrouble>,
}

/// What an operator has to look at before anything is signed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningTrouble {
    /// None of this ledger's keys signed the newest checkpoint in the database.
    CheckpointNotOurs,
    /// The file outside the database is missing, although something was signed.
    NothingOutside,
    /// The file outside lacks what was signed.
    OutsideIsBehind,
    /// The file outside has more than the database: the database was rolled back.
    DatabaseIsBehind,
}

impl SigningTrouble {
    /// A stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CheckpointNotOurs => "checkpoint-not-ours",
            Self::NothingOutside => "checkpoints-file-missing",
            Self::OutsideIsBehind => "checkpoints-file-behind",
            Self::DatabaseIsBehind => "database-behind-checkpoints-file",
        }
    }
}

impl CheckpointSigner {
    /// How far signing has come, and what stops it.
    ///
    /// # Errors
    /// If the database or the file outside is out of reach.
    pub async fn state(&self) -> Result<SigningState, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS unsigned, min(recorded_at) AS since FROM events
             WHERE position > coalesce((SELECT positions[cardinality(positions)] FROM ledger_tiles
                                        WHERE level = 0 ORDER BY number DESC LIMIT 1), 0)",
        )
        .fetch_one(&self.tree.pool)
        .await?;
        let since: Option<jiff_sqlx::Timestamp> = row.try_get("since")?;
        let trouble = match self.tree.newest().await? {
            Some(newest) => self.trouble(&newest)?,
            None => None,
        };
        Ok(SigningState {
            unsigned: row.try_get::<i64, _>("unsigned")?.unsigned_abs(),
            unsigned_since: since.map(jiff_sqlx::Timestamp::to_jiff),
            trouble,
        })
    }

    fn trouble(&self, newest: &Signed) -> Result<Option<SigningTrouble>, StoreError> {
        if self.root_of(newest).is_err() {
            return Ok(Some(SigningTrouble::CheckpointNotOurs));
        }
        let Some(checkpoints_file) = self.checkpoints_file.last().map_err(StoreError::CheckpointsFile)?
        else {
            return Ok(Some(SigningTrouble::NothingOutside));
        };
        Ok(match checkpoints_file.tree_size.cmp(&newest.tree_size) {
            std::cmp::Ordering::Less => Some(SigningTrouble::OutsideIsBehind),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(SigningTrouble::DatabaseIsBehind),
        })
    }
}
