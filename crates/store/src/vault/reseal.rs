//! When some texts of a trajectory are erased, the others are sealed again with a new key: with
//! today's key, nobody can read the erased texts in an old copy of the vault. Salts stay, and with
//! them commitments, hashes and proofs.

use std::collections::HashSet;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use sqlx::Row;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::texts::sealed_in;
use crate::error::StoreError;
use crate::vault::{DataKey, OperatorKey};

/// A new key, and what it seals.
pub(crate) struct Resealed {
    trajectory: TrajectoryId,
    wrapped_key: Vec<u8>,
    text_ids: Vec<Uuid>,
    sealed_texts: Vec<Vec<u8>>,
}

impl Resealed {
    /// Opens the texts of a trajectory that stay, and seals them with a new key.
    pub async fn without(
        erased: &HashSet<Uuid>,
        trajectory: TrajectoryId,
        operator_key: &OperatorKey,
        wrapped_key: &[u8],
        connection: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        let does_not_open = |source| StoreError::Vault { trajectory, source };
        let (old, new) = (operator_key.unwrap(wrapped_key, trajectory), DataKey::generate());
        let old = old.map_err(does_not_open)?;
        let rows = sqlx::query("SELECT text_id, sealed FROM vault WHERE trajectory_id = $1");
        let (mut text_ids, mut sealed_texts) = (Vec::new(), Vec::new());
        for row in rows.bind(trajectory.0).fetch_all(connection).await? {
            let id: Uuid = row.try_get("text_id")?;
            if !erased.contains(&id) {
                sealed_texts.push(old.reseal(&new, id, row.try_get("sealed")?).map_err(does_not_open)?);
                text_ids.push(id);
            }
        }
        Ok(Self { trajectory, wrapped_key: operator_key.wrap(&new, trajectory), text_ids, sealed_texts })
    }

    /// Replaces the old key and texts. If another report came first, it has taken the number of the
    /// fact that records the erasure: that fact then fails, and all of this with it.
    pub async fn write(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        sqlx::query(
            "WITH rekeyed AS (UPDATE keys.data_keys SET wrapped_key = $2 WHERE trajectory_id = $1)
             UPDATE vault SET sealed = resealed.sealed
             FROM unnest($3::uuid[], $4::bytea[]) AS resealed (text_id, sealed)
             WHERE vault.trajectory_id = $1 AND vault.text_id = resealed.text_id",
        )
        .bind(self.trajectory.0)
        .bind(&self.wrapped_key)
        .bind(&self.text_ids)
        .bind(&self.sealed_texts)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The texts that these facts erase while others stay; none if they erase none, or all.
pub(crate) fn erased_alone(facts: &[Fact], recorded: &[Fact]) -> Option<HashSet<Uuid>> {
    let numbers = facts.iter().find_map(|fact| match fact {
        Fact::PersonalDataErased(erased) => erased.facts.as_ref(),
        _ => None,
    })?;
    let erased = (1_u64..).zip(recorded).filter(|(number, _)| numbers.contains(number));
    Some(erased.flat_map(|(_, fact)| sealed_in(fact)).map(|text| text.id).collect())
}
