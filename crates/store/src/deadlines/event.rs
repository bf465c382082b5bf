//! The event of a deadline, as it is written.

use jiff::Timestamp;
use serde_json::json;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::DeadlineKind;
use crate::error::StoreError;
use crate::events::hash_chain::{Hash, Link, canonical};
use crate::events::mac::MacKey;
use crate::events::metadata::blind;
use crate::events::time_ordered_id::time_ordered_id;

/// An event to be written.
pub(super) struct Event {
    aggregate_id: String,
    kind: DeadlineKind,
    id: Uuid,
    payload: String,
    metadata: String,
    previous: Hash,
    /// Its hash.
    pub hash: Hash,
}

impl Event {
    /// The event of this aggregate that says this, after one with this hash.
    pub fn new(
        aggregate_id: String,
        kind: DeadlineKind,
        says: &impl serde::Serialize,
        previous: Hash,
        now: Timestamp,
    ) -> Self {
        let payload = canonical(says).expect("a deadline is texts, numbers and lists, which JSON can say");
        let metadata = metadata();
        let id = time_ordered_id(now);
        let link = Link {
            aggregate_type: "deadline",
            aggregate_id: &aggregate_id,
            sequence: kind.sequence(),
            event_id: id,
            event_type: kind.as_str(),
            event_version: "1.0",
            recorded_at: now,
            payload: payload.as_str().into(),
            metadata: metadata.as_str().into(),
        };
        let hash = link.hash(&previous);
        Self { aggregate_id, kind, id, payload, metadata, previous, hash }
    }
}

/// No partner reported it: it follows from the agreements and the calendar. Everything else in it
/// can be guessed, so that without the random bytes a leaf of the public log would say that a case
/// has an obligation on a day.
fn metadata() -> String {
    canonical(&json!({"actor": "omklap", "blind": blind(), "purpose": "deadlines"})).expect("texts are JSON")
}

/// Writes events, all or none; none if another server has written one of them.
pub(super) async fn write(
    connection: &mut PgConnection,
    mac_key: &MacKey,
    events: &[Event],
    now: Timestamp,
) -> Result<(), StoreError> {
    let each = |part: fn(&Event) -> String| events.iter().map(part).collect::<Vec<_>>();
    let written = sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                             metadata, recorded_at, previous_hash, hash, mac)
         SELECT 'deadline', aggregate_id, sequence, event_id, event_type, '1.0', payload::json, metadata::json, $2,
                previous_hash, hash, mac
         FROM unnest($3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::bytea[], $9::bytea[], $10::bytea[], $1::text[])
              WITH ORDINALITY AS event (aggregate_id, sequence, event_id, event_type, payload, previous_hash, hash, mac, metadata, nth)
         ORDER BY nth",
    )
    .bind(each(|event| event.metadata.clone()))
    .bind(jiff_sqlx::Timestamp::from(now))
    .bind(each(|event| event.aggregate_id.clone()))
    .bind(events.iter().map(|event| event.kind.sequence().cast_signed()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.id).collect::<Vec<_>>())
    .bind(each(|event| event.kind.as_str().to_owned()))
    .bind(each(|event| event.payload.clone()))
    .bind(events.iter().map(|event| event.previous.to_vec()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.hash.to_vec()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| mac_key.mac(&event.hash).to_vec()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    if written.rows_affected() == events.len() as u64 {
        Ok(())
    } else {
        Err(StoreError::NotKept("deadlines"))
    }
}
