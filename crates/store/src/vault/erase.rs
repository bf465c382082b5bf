//! Erasing texts: with the fact that records it, in one transaction. What is left is counted before
//! it is committed, and must be nothing.

use std::collections::HashSet;

use omklap_domain::ids::TrajectoryId;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;

/// What a fact erases.
pub(crate) enum Erased<'e> {
    /// Every text of the trajectory, with the key that opens them.
    All,
    /// These texts.
    Some(&'e HashSet<Uuid>),
}

impl Erased<'_> {
    /// Deletes the texts. Nobody can find out afterwards by trying what a request said: its key
    /// stays taken, so that a repeat is not recorded again.
    ///
    /// # Errors
    /// [`StoreError::NotKept`] if a text or a key that must be gone is still there: then nothing is
    /// committed. If the database is out of reach, or this login may not erase.
    pub async fn erase(
        &self,
        trajectory: TrajectoryId,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let texts: Option<Vec<Uuid>> = match self {
            Self::All => None,
            Self::Some(texts) => Some(texts.iter().copied().collect()),
        };
        for statement in [
            "DELETE FROM vault WHERE trajectory_id = $1 AND ($2::uuid[] IS NULL OR text_id = ANY ($2))",
            "DELETE FROM keys.data_keys WHERE trajectory_id = $1 AND $2::uuid[] IS NULL",
            // What is left of an erased case leads to nobody.
            "DELETE FROM own_references WHERE trajectory_id = $1 AND $2::uuid[] IS NULL",
            "UPDATE idempotency_keys SET request_hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
             WHERE trajectory_id = $1 AND ($2::uuid[] IS NULL OR true)",
        ] {
            sqlx::query(statement).bind(trajectory.0).bind(&texts).execute(&mut *connection).await?;
        }
        let left: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM vault WHERE trajectory_id = $1 AND ($2::uuid[] IS NULL OR text_id = ANY ($2)))
                  + (SELECT count(*) FROM keys.data_keys WHERE trajectory_id = $1 AND $2::uuid[] IS NULL)
                  + (SELECT count(*) FROM own_references WHERE trajectory_id = $1 AND $2::uuid[] IS NULL)",
        )
        .bind(trajectory.0)
        .bind(&texts)
        .fetch_one(connection)
        .await?;
        if left == 0 { Ok(()) } else { Err(StoreError::NotKept("an erasure: texts or their key are left")) }
    }
}
