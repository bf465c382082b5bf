//! Signs the tree of a ledger.

use jiff::Timestamp;

use super::checkpoints::{Signed, Tree};
use super::checkpoints_file::CheckpointsFile;
use super::grow::Pace;
use super::proof::{ConsistencyProof, InclusionProof};
use super::signing_key::LedgerKeys;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;

/// The tree, the keys that sign it, and the file outside that keeps its checkpoints.
#[derive(Debug)]
pub struct CheckpointSigner {
    /// The tree.
    pub tree: Tree,
    /// The keys.
    pub keys: LedgerKeys,
    /// The checkpoints outside the database.
    pub checkpoints_file: CheckpointsFile,
}

impl CheckpointSigner {
    /// Signs what is new, if it is time: see [`Tree::grow`].
    ///
    /// # Errors
    /// As [`Tree::grow`].
    pub async fn sign(&self, pace: Pace, now: Timestamp) -> Result<Option<Signed>, StoreError> {
        self.tree.grow(&self.keys, &self.checkpoints_file, pace, now).await
    }

    /// Proofs that these leaves are in the tree of this checkpoint, each checked against the root
    /// that was signed; none if one of them is not in it.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if the checkpoint or a tile is not what was signed, and if the database
    /// is out of reach.
    pub async fn inclusion(
        &self,
        leaves: &[u64],
        signed: &Signed,
    ) -> Result<Option<Vec<InclusionProof>>, StoreError> {
        let root = self.root_of(signed)?;
        let proofs = self.tree.inclusion(leaves, signed.tree_size).await?;
        must_lead(proofs.iter().flatten().all(|proof| proof.leads_to(&root)))?;
        Ok(proofs)
    }

    /// A proof that the tree of this checkpoint begins with that of this size, checked against the
    /// root that was signed; none if there is no such tree.
    ///
    /// # Errors
    /// As [`Self::inclusion`].
    pub async fn consistency(
        &self,
        from: u64,
        signed: &Signed,
    ) -> Result<Option<ConsistencyProof>, StoreError> {
        let root = self.root_of(signed)?;
        let proof = self.tree.consistency(from, signed.tree_size).await?;
        must_lead(proof.iter().all(|proof| proof.leads_to(&root)))?;
        Ok(proof)
    }

    /// The root that a checkpoint signs, if this ledger signed it and it is stored as what it is.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if not.
    pub fn root_of(&self, signed: &Signed) -> Result<Hash, StoreError> {
        let checkpoint = self.keys.read(&signed.note).map_err(StoreError::last_checkpoint)?;
        must_lead(checkpoint.tree_size == signed.tree_size)?;
        Ok(checkpoint.root)
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

fn must_lead(leads: bool) -> Result<(), StoreError> {
    let differs = || StoreError::Tree("the stored tiles do not lead to the signed root".to_owned());
    if leads { Ok(()) } else { Err(differs()) }
}
