//! One private text of each of many trajectories, such as the names on a page of a list.

use std::collections::HashMap;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::PrivateRef;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{VaultError, WANTED_TEXTS};
use crate::error::StoreError;
use crate::ledger::Ledger;

/// The texts that were found, by trajectory. Each opens by itself, so that one that was altered
/// keeps back no other.
pub type OpenedTexts = HashMap<TrajectoryId, Result<String, VaultError>>;

impl Ledger {
    /// Opens one text of each trajectory, in one round trip. A text that was erased is left out.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn open_one_of_each(
        &self,
        wanted: &HashMap<TrajectoryId, PrivateRef>,
    ) -> Result<OpenedTexts, StoreError> {
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let (trajectories, texts): (Vec<Uuid>, Vec<Uuid>) =
            wanted.iter().map(|(trajectory, text)| (trajectory.0, text.id)).unzip();
        let rows = sqlx::query(WANTED_TEXTS).bind(trajectories).bind(texts).fetch_all(&self.pool).await?;
        rows.iter().map(|row| self.open_row(row, wanted)).collect()
    }

    fn open_row(
        &self,
        row: &PgRow,
        wanted: &HashMap<TrajectoryId, PrivateRef>,
    ) -> Result<(TrajectoryId, Result<String, VaultError>), StoreError> {
        let trajectory = TrajectoryId(row.try_get("trajectory_id")?);
        let (wrapped_key, sealed) = (row.try_get("wrapped_key")?, row.try_get("sealed")?);
        let key = self.operator_key.unwrap(wrapped_key, trajectory);
        Ok((trajectory, key.and_then(|key| key.open(&wanted[&trajectory], sealed))))
    }
}
