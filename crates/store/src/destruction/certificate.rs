//! What stays of a destroyed case.
//!
//! The certificate is an event of an aggregate of its own, `destruction`. It has a position in the
//! ledger and a leaf in its tree, so a signed checkpoint over it proves that the case was
//! destroyed, when, and which leaves of the tree were its events. It is sealed with the ledger's
//! key, so that write access to the database is not enough to make one that excuses missing events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::retention::Due;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;

use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::{GENESIS, canonical};
use crate::events::mac::MacKey;
use crate::ledger::Ledger;
use crate::tree::signing_key::LedgerKeys;

/// The type of the event.
pub const DESTROYED: &str = "trajectory-destroyed";

/// The version of its payload.
pub(crate) const VERSION: &str = "1.0";

/// The format that its seal names.
const FORMAT: &str = "omklap-certificate/1";

/// An event that was destroyed, as its leaf of the tree has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DestroyedEvent {
    /// Its place in the ledger.
    pub position: i64,
    /// Its link in its chain, in hexadecimal.
    pub hash: String,
    /// For a fact, its number in the case: what the heads of the time covered follows from it. None
    /// for a deadline, and in certificates from before 2026-11-29.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
}

/// Says that a case was destroyed, and nothing about the client.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Always [`DESTROYED`].
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The day it was destroyed.
    pub occurred_on: Day,
    /// The case, by its pseudonym.
    pub trajectory_id: TrajectoryId,
    /// The term that had passed, and when it began.
    #[serde(flatten)]
    pub due: Due,
    /// How many facts there were.
    pub version: u64,
    /// The events that were destroyed, in the order of the ledger: facts and deadlines.
    pub events: Vec<DestroyedEvent>,
}

/// A certificate as it is in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Destroyed {
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The [`Certificate`] with its seal, as canonical JSON.
    pub certificate: String,
    /// The hash of its event, in hexadecimal, which the tree covers.
    pub hash: String,
}

impl Ledger {
    /// The certificate for a case as it is now.
    pub(super) async fn certified(
        &self,
        trajectory: TrajectoryId,
        due: Due,
        today: Day,
    ) -> Result<Certificate, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT aggregate_type, ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1
                                OR aggregate_type = 'deadline' AND left(aggregate_id, 36) = $1
              ORDER BY position"
        ))
        .bind(trajectory.to_string())
        .fetch_all(&self.pool)
        .await?;
        Ok(Certificate {
            kind: DESTROYED,
            occurred_on: today,
            trajectory_id: trajectory,
            due,
            version: facts(&rows)?,
            events: leaves(&rows, &self.mac_key)?,
        })
    }

    /// The certificate of a case that was destroyed.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn certificate(&self, trajectory: TrajectoryId) -> Result<Option<Destroyed>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'destruction' AND aggregate_id = $1"
        ))
        .bind(trajectory.to_string())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id = trajectory.to_string();
        let stream = event::StreamId { aggregate_type: "destruction", aggregate_id: &id };
        let hash = hex::encode(self.mac_key.verify(&row, stream)?);
        let certificate = event::stored_text(&row, "payload")?.to_owned();
        Ok(Some(Destroyed { recorded_at: event::recorded_at(&row)?, certificate, hash }))
    }
}

fn facts(rows: &[PgRow]) -> Result<u64, StoreError> {
    let mut facts = 0;
    for row in rows {
        facts += u64::from(row.try_get::<&str, _>("aggregate_type")? == "trajectory");
    }
    Ok(facts)
}

/// The events as their leaves have them. A certificate names only events that this ledger admitted:
/// what was changed is not destroyed unseen.
fn leaves(rows: &[PgRow], mac_key: &MacKey) -> Result<Vec<DestroyedEvent>, StoreError> {
    let mut streams: BTreeMap<(&str, &str), Vec<&PgRow>> = BTreeMap::new();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let stream = (row.try_get("aggregate_type")?, row.try_get("aggregate_id")?);
        streams.entry(stream).or_default().push(row);
        let hash = event::stored_hash(row)?.unwrap_or(GENESIS);
        let is_fact = row.try_get::<&str, _>("aggregate_type")? == "trajectory";
        let sequence = row.try_get::<i64, _>("sequence")?.unsigned_abs();
        events.push(DestroyedEvent {
            position: row.try_get("position")?,
            hash: hex::encode(hash),
            sequence: is_fact.then_some(sequence),
        });
    }
    for ((aggregate_type, aggregate_id), rows) in streams {
        mac_key.verify_stream(rows, event::StreamId { aggregate_type, aggregate_id })?;
    }
    Ok(events)
}

impl Certificate {
    /// As canonical JSON, with its seal.
    pub(super) fn sealed(&self, keys: &LedgerKeys) -> String {
        let written = |value: &Value| canonical(value).expect("texts, numbers and lists, which JSON can say");
        let mut certificate = serde_json::to_value(self).expect("texts, numbers and lists");
        certificate["seal"] = keys.seal(FORMAT, &written(&certificate)).into();
        written(&certificate)
    }
}

/// The events that a certificate lists; none if it is about another trajectory, or if no key of
/// these sealed exactly this.
pub(crate) fn listed(payload: &str, trajectory: &str, keys: &LedgerKeys) -> Option<Vec<DestroyedEvent>> {
    let mut certificate: Value = serde_json::from_str(payload).ok()?;
    let seal = certificate.as_object_mut()?.remove("seal")?;
    let is_about_it = certificate["type"] == DESTROYED && certificate["trajectoryId"] == trajectory;
    let is_sealed = keys.sealed(FORMAT, &canonical(&certificate).ok()?, seal.as_str()?);
    if is_about_it && is_sealed { serde_json::from_value(certificate["events"].take()).ok() } else { None }
}
