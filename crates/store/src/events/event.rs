//! An event as it is read from its row.

use std::borrow::Cow;

use jiff::Timestamp;
use omklap_domain::trajectory::{Fact, FactType};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::hash_chain::{GENESIS, Hash, Link};
use super::metadata::StoredMetadata;
use super::upcasters::Upcasters;
use crate::background::{EACH_EVENT, spend};
use crate::error::StoreError;

/// A recorded fact with its number, its hash, and when and by whom it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    /// Its number in the trajectory, from 1.
    pub sequence: u64,
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who reported it, and why.
    pub metadata: StoredMetadata,
    /// What happened; its private texts are sealed.
    pub fact: Fact,
    /// Its place in the ledger.
    pub position: i64,
    /// Its link in the hash chain.
    pub hash: Hash,
}

/// The columns that [`RecordedEvent::read`] and [`MacKey::verify`](super::mac::MacKey::verify) read.
macro_rules! columns {
    () => {
        "position, aggregate_id, sequence, event_id, event_type, event_version, payload, metadata, recorded_at,
         previous_hash, hash, mac"
    };
}
pub(crate) use columns;

impl RecordedEvent {
    pub(crate) fn read(row: &PgRow, upcasters: &Upcasters) -> Result<Self, StoreError> {
        let recorded_at: jiff_sqlx::Timestamp = row.try_get("recorded_at")?;
        Ok(Self {
            sequence: sequence(row)?,
            event_id: row.try_get("event_id")?,
            recorded_at: recorded_at.to_jiff(),
            metadata: stored_text(row, "metadata")?.into(),
            fact: fact(row, upcasters)?,
            position: row.try_get("position")?,
            hash: stored_hash(row)?.unwrap_or(GENESIS),
        })
    }
}

/// Decodes each row.
pub(crate) fn facts(rows: &[PgRow], upcasters: &Upcasters) -> Result<Vec<Fact>, StoreError> {
    spend(rows.len() as u64 * EACH_EVENT);
    rows.iter().map(|row| fact(row, upcasters)).collect()
}

/// Decodes the text of the row directly. An older version becomes a JSON value first, for its upcasters.
pub(crate) fn fact(row: &PgRow, upcasters: &Upcasters) -> Result<Fact, StoreError> {
    let (event_type, version): (&str, &str) = (row.try_get("event_type")?, row.try_get("event_version")?);
    let decoded = if upcasters.fit(event_type, version) {
        serde_json::from_value(upcasters.lift(event_type, version, row.try_get("payload")?))
    } else {
        Fact::read(fact_type(row)?, stored_text(row, "payload")?)
    };
    decoded.map_err(|error| unreadable(row, error.into()))
}

/// The kind of the fact in a row.
pub(crate) fn fact_type(row: &PgRow) -> Result<FactType, StoreError> {
    let name = row.try_get("event_type")?;
    FactType::named(name).ok_or_else(|| unreadable(row, format!("`{name}` is no kind of fact").into()))
}

/// The hash in a row; none if another program wrote it.
pub(crate) fn stored_hash(row: &PgRow) -> Result<Option<Hash>, StoreError> {
    Ok(row.try_get::<Option<&[u8]>, _>("hash")?.and_then(|bytes| bytes.try_into().ok()))
}

/// When the last of some events was recorded.
pub(crate) fn last_recorded_at(rows: &[PgRow]) -> Result<Timestamp, StoreError> {
    rows.last().map_or(Ok(Timestamp::default()), recorded_at)
}

/// When an event was recorded.
pub(crate) fn recorded_at(row: &PgRow) -> Result<Timestamp, StoreError> {
    Ok(row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff())
}

/// The number of an event in its stream.
pub(crate) fn sequence(row: &PgRow) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>("sequence")?.unsigned_abs())
}

/// The stream to which a row belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct StreamId<'a> {
    pub aggregate_type: &'a str,
    pub aggregate_id: &'a str,
}

impl<'a> StreamId<'a> {
    /// The stream of a trajectory.
    pub fn of_trajectory(aggregate_id: &'a str) -> Self {
        Self { aggregate_type: "trajectory", aggregate_id }
    }
}

/// Splits rows that come one stream after another, by their ids.
pub(crate) fn streams(rows: &[PgRow]) -> Result<Vec<(&str, &[PgRow])>, StoreError> {
    let id = |row: &PgRow| row.try_get::<String, _>("aggregate_id").ok();
    let parts = rows.chunk_by(|one, next| id(one) == id(next));
    parts.map(|rows| Ok((rows[0].try_get::<&str, _>("aggregate_id")?, rows))).collect()
}

/// The hash that a row names as that of the event before it; none if another program wrote it.
pub(crate) fn previous_hash(row: &PgRow) -> Result<Option<Hash>, StoreError> {
    Ok(row.try_get::<Option<&[u8]>, _>("previous_hash")?.and_then(|bytes| bytes.try_into().ok()))
}

/// Whether a row's hash covers exactly the bytes that are stored in it, after the hash that it
/// names. A case file shows these bytes, so the same JSON written in another way is a change. A row
/// without either hash is never right.
pub(crate) fn hash_is_right(row: &PgRow, stream: StreamId<'_>) -> Result<bool, StoreError> {
    Ok(match (stored_hash(row)?, previous_hash(row)?) {
        (Some(stored), Some(previous)) => {
            let (payload, metadata) = (stored_text(row, "payload")?, stored_text(row, "metadata")?);
            link(row, stream, payload.into(), metadata.into())?.hash(&previous) == stored
        }
        _ => false,
    })
}

/// The exact text of a JSON column.
pub(crate) fn stored_text<'r>(row: &'r PgRow, column: &str) -> Result<&'r str, StoreError> {
    Ok(row.try_get_raw(column)?.as_str().map_err(sqlx::Error::Decode)?)
}

fn link<'a>(
    row: &'a PgRow,
    stream: StreamId<'a>,
    payload: Cow<'a, str>,
    metadata: Cow<'a, str>,
) -> Result<Link<'a>, StoreError> {
    Ok(Link {
        aggregate_type: stream.aggregate_type,
        aggregate_id: stream.aggregate_id,
        sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
        event_id: row.try_get("event_id")?,
        event_type: row.try_get("event_type")?,
        event_version: row.try_get("event_version")?,
        recorded_at: row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff(),
        payload,
        metadata,
    })
}

pub(crate) fn unreadable(row: &PgRow, source: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Unreadable {
        trajectory: row.try_get("aggregate_id").unwrap_or_default(),
        sequence: row.try_get("sequence").unwrap_or_default(),
        source,
    }
}
