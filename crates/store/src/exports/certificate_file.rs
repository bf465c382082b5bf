//! A certificate of destruction in one file that anybody can check without this program, with its
//! place in the ledger. `docs/AUDIT.md` explains the fields.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use serde_json::{Map, Value, json};
use sqlx::Row;

use super::sealed_file::{FileError, Proven, placed, proven, sealed, whole};
use crate::destruction;
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::instant;
use crate::ledger::Ledger;
use crate::tree::CheckpointSigner;

/// The format and its version, which a reader checks first.
const FORMAT: &str = "omklap-certificate-file/1";

impl Ledger {
    /// The file about a trajectory that was destroyed: canonical JSON with a line feed, sealed with
    /// the ledger's key. New events are signed first, so that a checkpoint covers the certificate.
    ///
    /// # Errors
    /// If this ledger sealed no certificate about the trajectory, or the store cannot answer.
    pub async fn certificate_file(
        &self,
        signer: &CheckpointSigner,
        trajectory: TrajectoryId,
        now: Timestamp,
    ) -> Result<String, FileError> {
        let id = trajectory.to_string();
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'destruction' AND aggregate_id = $1"
        ))
        .bind(&id)
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::from)?
        .ok_or(FileError::NotFound)?;
        let stream = event::StreamId { aggregate_type: "destruction", aggregate_id: &id };
        let hash = self.mac_key.verify(&row, stream)?;
        destruction::listed(event::stored_text(&row, "payload")?, &id, &signer.keys)
            .ok_or(FileError::NotFound)?;
        let position = row.try_get("position").map_err(StoreError::from)?;
        let Proven { checkpoint, events, .. } = proven(signer, &[(position, hash)], None, now).await?;
        let mut event = placed(&row, position, &hash, &events[0])?;
        event.extend(whole(&row)?);
        let file = [
            ("format", json!(FORMAT)),
            ("trajectoryId", json!(trajectory)),
            ("exportedAt", json!(instant(now))),
            ("event", Value::Object(event)),
            ("checkpoint", json!(checkpoint)),
            ("publicKeys", json!(signer.keys.public())),
        ];
        let file: Map<_, _> = file.map(|(field, value)| (field.to_owned(), value)).into_iter().collect();
        Ok(sealed(FORMAT, file, signer))
    }
}
