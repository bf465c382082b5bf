//! The checkpoints that witnesses cosigned. A stored line counts only if a witness of the settings
//! made it: it is verified each time before it leaves.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;

use super::checkpoint_signer::CheckpointSigner;
use super::checkpoints::Signed;
use super::cosignature::{WitnessKey, text_of};
use crate::error::StoreError;

/// The witnesses of a ledger, and how many of them must cosign a checkpoint.
#[derive(Clone, Debug, Default)]
pub struct Quorum {
    /// Their keys.
    pub witnesses: Vec<WitnessKey>,
    /// How many of them.
    pub of: usize,
}

impl CheckpointSigner {
    /// The lines of the witnesses that cosigned this checkpoint, each with its line feed.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn cosignatures(&self, signed: &Signed) -> Result<Vec<String>, StoreError> {
        let stored: BTreeMap<String, String> =
            sqlx::query_as("SELECT witness, line FROM cosignatures WHERE tree_size = $1")
                .bind(signed.tree_size.cast_signed())
                .fetch_all(&self.tree.pool)
                .await?
                .into_iter()
                .collect();
        let text = text_of(&signed.note).unwrap_or_default();
        let line = |witness: &WitnessKey| witness.line_in(stored.get(&witness.label())?, &text);
        Ok(self.quorum.witnesses.iter().filter_map(line).map(|line| line + "\n").collect())
    }

    /// Stores the line with which a witness cosigned a checkpoint. False if none of the lines that
    /// it sent is one.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn keep_cosignature(
        &self,
        signed: &Signed,
        witness: &WitnessKey,
        lines: &str,
    ) -> Result<bool, StoreError> {
        let text = text_of(&signed.note).unwrap_or_default();
        let Some(line) = witness.line_in(lines, &text) else { return Ok(false) };
        sqlx::query(
            "INSERT INTO cosignatures (tree_size, witness, line) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(signed.tree_size.cast_signed())
        .bind(witness.label())
        .bind(line)
        .execute(&self.tree.pool)
        .await?;
        Ok(true)
    }

    /// How many leaves the largest tree has that this witness cosigned; 0 if there is none.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn followed_by(&self, witness: &WitnessKey) -> Result<u64, StoreError> {
        let size: Option<i64> =
            sqlx::query_scalar("SELECT max(tree_size) FROM cosignatures WHERE witness = $1")
                .bind(witness.label())
                .fetch_one(&self.tree.pool)
                .await?;
        Ok(size.unwrap_or(0).unsigned_abs())
    }

    /// The newest checkpoint that a quorum of the witnesses cosigned, with their lines. Without
    /// witnesses, the newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Tree`] if it is not what was signed, and if the database is out of reach.
    pub async fn published(&self) -> Result<Option<String>, StoreError> {
        let labels: Vec<String> = self.quorum.witnesses.iter().map(WitnessKey::label).collect();
        let row = sqlx::query(
            "SELECT tree_size, note, signed_at FROM checkpoints
             WHERE $2 = 0 OR tree_size = (
                 SELECT tree_size FROM cosignatures WHERE witness = ANY ($1)
                 GROUP BY tree_size HAVING count(*) >= $2 ORDER BY tree_size DESC LIMIT 1)
             ORDER BY tree_size DESC LIMIT 1",
        )
        .bind(labels)
        .bind(i64::try_from(self.quorum.of).unwrap_or(i64::MAX))
        .fetch_optional(&self.tree.pool)
        .await?;
        let Some(signed) = row.as_ref().map(Signed::read).transpose()? else { return Ok(None) };
        self.root_of(&signed)?;
        let lines = self.cosignatures(&signed).await?;
        if lines.len() < self.quorum.of {
            return Err(StoreError::Tree("a stored cosignature is not one of its witness".to_owned()));
        }
        Ok(Some(signed.note + &lines.concat()))
    }

    /// When the first checkpoint was signed that no quorum of the witnesses has followed; none if
    /// they have followed all. A witness that cosigned a larger tree has followed a smaller one.
    pub(super) async fn unwitnessed_since(&self) -> Result<Option<Timestamp>, StoreError> {
        if self.quorum.of == 0 {
            return Ok(None);
        }
        let mut followed = Vec::new();
        for witness in &self.quorum.witnesses {
            followed.push(self.followed_by(witness).await?);
        }
        followed.sort_unstable_by(|one, other| other.cmp(one));
        let by_quorum = followed.get(self.quorum.of - 1).copied().unwrap_or(0);
        let row = sqlx::query("SELECT min(signed_at) AS since FROM checkpoints WHERE tree_size > $1")
            .bind(by_quorum.cast_signed())
            .fetch_one(&self.tree.pool)
            .await?;
        let since: Option<jiff_sqlx::Timestamp> = row.try_get("since")?;
        Ok(since.map(jiff_sqlx::Timestamp::to_jiff))
    }
}
