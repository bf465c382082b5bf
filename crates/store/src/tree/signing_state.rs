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
    /// When the first checkpoint was signed that no quorum of the witnesses has followed.
    pub unwitnessed_since: Option<Timestamp>,
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
    /// The stable code of this trouble, as `/health/ready` shows it.
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

impl SigningTrouble {
    /// What it means, and what the ledger does not do until an operator has looked. What it does
    /// not say, it does: reads are answered, and reports are recorded.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::CheckpointNotOurs => {
                "No key of this ledger signed the newest checkpoint in the database. Nothing is signed, no case file \
                 is exported and no case is destroyed. Run `omklap check`, and put the right key file or row back."
            }
            Self::NothingOutside => {
                "The checkpoints file is missing, although something was signed. The next checkpoint writes it again \
                 from the database; put the old one back first, and compare them with `omklap check`."
            }
            Self::OutsideIsBehind => {
                "The checkpoints file lacks checkpoints of the database. The next checkpoint adds them. If this lasts, \
                 the file cannot be written."
            }
            Self::DatabaseIsBehind => {
                "The checkpoints file has a later checkpoint than the database: the database was set back. Nothing is \
                 signed, no case file is exported and no case is destroyed, because that would be a second history \
                 under one name. Restore the database to the end, or begin a ledger under a new name and key."
            }
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
        let trouble = if let Some(newest) = self.tree.newest().await? {
            self.trouble(&newest)?
        } else {
            // Nothing was signed, or all of it was taken away.
            let signed = self.checkpoints_file.last().map_err(StoreError::CheckpointsFile)?;
            signed.map(|_| SigningTrouble::DatabaseIsBehind)
        };
        Ok(SigningState {
            unsigned: row.try_get::<i64, _>("unsigned")?.unsigned_abs(),
            unsigned_since: since.map(jiff_sqlx::Timestamp::to_jiff),
            unwitnessed_since: self.unwitnessed_since().await?,
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
