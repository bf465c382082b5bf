//! Private texts on their way out: opened, and put where the facts refer to them.

use std::collections::HashMap;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::{PrivateRef, PrivateText};
use omklap_domain::trajectory::Fact;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::Ledger;

impl Ledger {
    /// Puts the private texts of a trajectory's facts in their places, in one round trip. One that was erased stays sealed.
    ///
    /// # Errors
    /// Where the database is out of reach, or a text does not open.
    pub async fn open_texts<'f>(
        &self,
        trajectory: TrajectoryId,
        facts: impl IntoIterator<Item = &'f mut Fact>,
    ) -> Result<(), StoreError> {
        let mut facts: Vec<&mut Fact> = facts.into_iter().collect();
        let mut wanted = Vec::new();
        each_sealed(&mut facts, |reference| {
            wanted.push(reference.id);
            None
        });
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT wrapped_key, text_id, sealed FROM keys.data_keys JOIN vault USING (trajectory_id)
             WHERE trajectory_id = $1 AND text_id = ANY ($2)",
        )
        .bind(trajectory.0)
        .bind(&wanted)
        .fetch_all(&self.pool)
        .await?;
        match rows.first() {
            Some(first) => self.open(trajectory, &mut facts, first.try_get("wrapped_key")?, &rows),
            None => Ok(()),
        }
    }

    /// Whether the operator's key is the one with which this ledger's texts were sealed, as far as one of them tells. A new
    /// key in the place of a lost one would otherwise be noticed when it is too late.
    ///
    /// # Errors
    /// [`StoreError::Vault`] where it is another key.
    pub async fn check_operator_key(&self) -> Result<(), StoreError> {
        let any = sqlx::query("SELECT trajectory_id, wrapped_key FROM keys.data_keys LIMIT 1");
        let Some(row) = any.fetch_optional(&self.pool).await? else { return Ok(()) };
        let trajectory = TrajectoryId(row.try_get("trajectory_id")?);
        let unwrapped = self.operator_key.unwrap(row.try_get("wrapped_key")?, trajectory);
        unwrapped.map(drop).map_err(|source| StoreError::Vault { trajectory, source })
    }

    fn open(
        &self,
        trajectory: TrajectoryId,
        facts: &mut [&mut Fact],
        wrapped_key: &[u8],
        rows: &[PgRow],
    ) -> Result<(), StoreError> {
        let does_not_open = |source| StoreError::Vault { trajectory, source };
        let key = self.operator_key.unwrap(wrapped_key, trajectory).map_err(does_not_open)?;
        let sealed: HashMap<Uuid, &[u8]> = rows
            .iter()
            .map(|row| Ok((row.try_get("text_id")?, row.try_get("sealed")?)))
            .collect::<sqlx::Result<_>>()?;
        let mut outcome = Ok(());
        each_sealed(facts, |reference| {
            let opened = key.open(reference, sealed.get(&reference.id)?);
            opened.map_err(|source| outcome = Err(does_not_open(source))).ok()
        });
        outcome
    }
}

/// Offers every sealed text to `open`, and puts what it returns in its place.
fn each_sealed(facts: &mut [&mut Fact], mut open: impl FnMut(&PrivateRef) -> Option<String>) {
    for fact in facts {
        fact.exchange_texts(|private| {
            if let PrivateText::Sealed(reference) = private
                && let Some(text) = open(reference)
            {
                *private = PrivateText::Text(text);
            }
        });
    }
}
