//! The texts that stay when others of their trajectory are erased, sealed with a new key: who has an old copy of the vault reads
//! nothing of what was erased with the key of today. Salts stay, and with them commitments, hashes and proofs.

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
    /// Opens what stays of a trajectory with its key and seals it with a new one.
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

    /// Puts key and texts in the place of the old ones. A report that came between has taken the number of the fact that says
    /// what was erased: that fact then fails, and all of this with it.
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

/// The texts of which these facts say that they are erased while others stay; none where they say no such thing.
pub(crate) fn erased_alone(facts: &[Fact], recorded: &[Fact]) -> Option<HashSet<Uuid>> {
    let numbers = facts.iter().find_map(|fact| match fact {
        Fact::PersonalDataErased(erased) => erased.facts.as_ref(),
        _ => None,
    })?;
    let told = (1_u64..).zip(recorded).filter(|(number, _)| numbers.contains(number));
    Some(told.flat_map(|(_, fact)| sealed_in(fact)).map(|text| text.id).collect())
}
