//! Appends an event to a stream that no report writes: of the registry and of the access log (ADR 42).

use jiff::Timestamp;
use serde::Serialize;
use sqlx::postgres::PgConnection;

use super::event::{self, StreamId, columns};
use super::hash_chain::{GENESIS, Hash, Link, canonical};
use super::mac::MacKey;
use super::metadata::{Metadata, blind};
use super::time_ordered_id::time_ordered_id;
use crate::error::StoreError;

/// The last event of a stream.
pub(crate) struct Last {
    /// Its number.
    pub sequence: u64,
    hash: Hash,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What it says, as canonical JSON.
    pub payload: String,
}

/// An event to be appended.
pub(crate) struct Entry<'e, P: Serialize> {
    /// Its stream.
    pub stream: StreamId<'e>,
    /// Its type, as its payload names it.
    pub event_type: &'e str,
    /// What it says.
    pub payload: &'e P,
    /// Who recorded it, and why.
    pub metadata: &'e Metadata,
    /// The instant.
    pub now: Timestamp,
}

/// The last event of a stream, if this ledger admitted it; none if the stream has no event.
///
/// # Errors
/// [`StoreError::Altered`] if it is not what was recorded, and if the database is out of reach.
pub(crate) async fn last(
    connection: &mut PgConnection,
    mac_key: &MacKey,
    stream: StreamId<'_>,
) -> Result<Option<Last>, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY sequence DESC LIMIT 1"
    ))
    .bind(stream.aggregate_type)
    .bind(stream.aggregate_id)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Last {
        sequence: event::sequence(&row)?,
        hash: mac_key.verify(&row, stream)?,
        recorded_at: event::recorded_at(&row)?,
        payload: event::stored_text(&row, "payload")?.to_owned(),
    }))
}

/// Appends an event after the last one, and returns its number. Of two programs that append at once,
/// the primary key refuses one.
///
/// # Errors
/// If the database is out of reach, or did not keep the event.
pub(crate) async fn append<P: Serialize>(
    connection: &mut PgConnection,
    mac_key: &MacKey,
    entry: Entry<'_, P>,
    last: Option<&Last>,
) -> Result<u64, StoreError> {
    let Entry { stream, event_type, payload, metadata, now } = entry;
    let payload = canonical(payload).expect("texts, numbers and lists, which JSON can say");
    let mut metadata = metadata.clone();
    metadata.insert("blind".to_owned(), blind());
    let metadata = canonical(&metadata).expect("a map of texts is JSON");
    let recorded_at = last.map_or(now, |last| last.recorded_at.max(now));
    let link = Link {
        aggregate_type: stream.aggregate_type,
        aggregate_id: stream.aggregate_id,
        sequence: last.map_or(1, |last| last.sequence + 1),
        event_id: time_ordered_id(recorded_at),
        event_type,
        event_version: "1.0",
        recorded_at,
        payload: payload.as_str().into(),
        metadata: metadata.as_str().into(),
    };
    let previous = last.map_or(GENESIS, |last| last.hash);
    let hash = link.hash(&previous);
    let written = sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                             metadata, recorded_at, previous_hash, hash, mac)
         VALUES ($1, $2, $3, $4, $5, '1.0', $6::json, $7::json, $8, $9, $10, $11)",
    )
    .bind(link.aggregate_type)
    .bind(link.aggregate_id)
    .bind(link.sequence.cast_signed())
    .bind(link.event_id)
    .bind(link.event_type)
    .bind(&payload)
    .bind(&metadata)
    .bind(jiff_sqlx::Timestamp::from(recorded_at))
    .bind(previous.to_vec())
    .bind(hash.to_vec())
    .bind(mac_key.mac(&hash).to_vec())
    .execute(connection)
    .await?;
    if written.rows_affected() == 1 { Ok(link.sequence) } else { Err(StoreError::NotKept("events")) }
}
