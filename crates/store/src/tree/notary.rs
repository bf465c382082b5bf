//! Signs the tree of a ledger.

use jiff::Timestamp;

use super::checkpoint_file::Outside;
use super::checkpoints::{Signed, Tree};
use super::grow::Pace;
use super::signing_key::LedgerKeys;
use crate::error::StoreError;

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
