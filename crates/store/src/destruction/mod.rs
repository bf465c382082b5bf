//! Destroys a case after its retention term. Its [certificate] stays.
//!
//! The database destroys the case in the transaction that writes the certificate
//! (`migrations/0019_destruction.sql`).
//!
//! Decision: ADR 19.

pub mod certificate;
pub mod stored_data;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::retention::{self, Due, Kept, Terms};
use sqlx::types::Json;

use crate::access_log::line::{Line, write_lines};
use crate::error::StoreError;
use crate::events::hash_chain::{GENESIS, Link, canonical};
use crate::events::metadata::Metadata;
use crate::events::time_ordered_id::time_ordered_id;
use crate::ledger::Ledger;
use crate::tree::CheckpointSigner;
use certificate::VERSION;
pub(crate) use certificate::listed;
pub use certificate::{DESTROYED, Destroyed, DestroyedEvent};

/// How many ended cases a page has.
const PAGE: i64 = 500;

/// A case to be destroyed, by whom and when.
#[derive(Clone, Copy, Debug)]
pub struct Destruction<'d> {
    /// The case.
    pub trajectory: TrajectoryId,
    /// The term that has passed.
    pub due: Due,
    /// The day.
    pub today: Day,
    /// Who destroys it, and why.
    pub metadata: &'d Metadata,
    /// The line for the access log.
    pub access: &'d Line,
    /// The instant.
    pub now: Timestamp,
}

/// Whether a case that ended is to be destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its term has not passed.
    NotYet,
    /// Its term has passed, but it is kept.
    Kept(Due, Kept),
    /// It is to be destroyed.
    Destroy(Due),
}

impl Ledger {
    /// A page of the cases that ended, in the order of their ids, after one of them, each with what
    /// its term says today; empty at the end.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read.
    pub async fn ended(
        &self,
        after: Option<TrajectoryId>,
        terms: Terms,
        today: Day,
    ) -> Result<Vec<(TrajectoryId, Verdict)>, StoreError> {
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "SELECT trajectory_id FROM trajectories WHERE phase = 'ended' AND trajectory_id > $1
             ORDER BY trajectory_id LIMIT $2",
        )
        .bind(after.map(|after| after.0).unwrap_or_default())
        .bind(PAGE)
        .fetch_all(&self.pool)
        .await?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids.into_iter().map(TrajectoryId) {
            let Some(stream) = self.load(id).await? else { continue };
            let history = stream.history();
            let due = retention::due(history.state(), terms).filter(|due| due.destroy_from <= today);
            let verdict = match (due, retention::kept(history.state())) {
                (None, _) => Verdict::NotYet,
                (Some(due), Some(kept)) => Verdict::Kept(due, kept),
                (Some(due), None) => Verdict::Destroy(due),
            };
            found.push((id, verdict));
        }
        Ok(found)
    }

    /// Destroys a case: its events, texts, keys and rows. The certificate stays, and the lines of
    /// the access log until their own term has passed. Needs [the keeper's
    /// rights](crate::connect_as_keeper).
    ///
    /// # Errors
    /// If the database is out of reach, the rights are missing, the case has moved on in the
    /// meantime, or the key that would seal the certificate did not sign the last checkpoint.
    ///
    /// # Panics
    /// Never: what is written is JSON.
    pub async fn destroy(
        &self,
        signer: &CheckpointSigner,
        destruction: Destruction<'_>,
    ) -> Result<Destroyed, StoreError> {
        let Destruction { trajectory, due, today, metadata, access, now } = destruction;
        signer.knows_what_was_signed().await?;
        let payload = self.certified(trajectory, due, today).await?.sealed(&signer.keys);
        let metadata = canonical(metadata).expect("a map of texts is JSON");
        let link = Link {
            aggregate_type: "destruction",
            aggregate_id: &trajectory.to_string(),
            sequence: 1,
            event_id: time_ordered_id(now),
            event_type: DESTROYED,
            event_version: VERSION,
            recorded_at: now,
            payload: payload.as_str().into(),
            metadata: metadata.as_str().into(),
        };
        let hash = link.hash(&GENESIS);
        let written = sqlx::query(concat!(
            "WITH ",
            write_lines!("$7"),
            " INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                                  metadata, recorded_at, previous_hash, hash, mac)
              SELECT 'destruction', $1, 1, $2, 'trajectory-destroyed', '1.0', $3::json, $4::json, $5, $8, $6, $9 FROM logged"
        ))
        .bind(trajectory.to_string())
        .bind(link.event_id)
        .bind(&payload)
        .bind(&metadata)
        .bind(jiff_sqlx::Timestamp::from(now))
        .bind(hash.to_vec())
        .bind(Json([access]))
        .bind(GENESIS.to_vec())
        .bind(self.mac_key.mac(&hash).to_vec())
        .execute(&self.pool)
        .await?;
        if written.rows_affected() == 0 {
            return Err(StoreError::NotKept("access_log"));
        }
        Ok(Destroyed { recorded_at: now, certificate: payload, hash: hex::encode(hash) })
    }
}
