//! Facts of streams beside the trajectory, in the feed.

use jiff::Timestamp;
use omklap_domain::allocation::{Stream, StreamFact, StreamKind, StreamVisitor};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::event;
use super::feed::{EventContent, FeedEvent};
use super::subject::Subject;
use crate::allocation::fact_of;
use crate::error::StoreError;

/// A fact of a stream beside the trajectory, in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedStreamFact {
    /// Its number in the stream, from 1.
    pub sequence: u64,
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What kind of fact it is.
    pub fact_type: &'static str,
    /// The fact as JSON, if whole events were asked for.
    pub fact: Option<Value>,
}

/// Reads an event of a stream beside the trajectory.
pub(super) struct ReadStreamFact<'a> {
    pub row: &'a PgRow,
    pub position: i64,
    pub kind: StreamKind,
    pub whole: bool,
}

impl StreamVisitor for ReadStreamFact<'_> {
    type Output = Result<FeedEvent, StoreError>;

    fn visit<S: Stream>(self) -> Self::Output {
        let Self { row, position, kind, whole } = self;
        let unreadable = |error: uuid::Error| event::unreadable(row, error.into());
        let id = row.try_get::<&str, _>("aggregate_id")?.parse().map_err(unreadable)?;
        let fact = fact_of::<S>(row)?;
        let recorded = RecordedStreamFact {
            sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
            event_id: row.try_get("event_id")?,
            recorded_at: event::recorded_at(row)?,
            fact_type: fact.kind(),
            fact: whole
                .then(|| serde_json::to_value(&fact))
                .transpose()
                .map_err(|error| event::unreadable(row, error.into()))?,
        };
        Ok(FeedEvent {
            position,
            subject: Subject::Stream(kind, id),
            event: EventContent::OfStream(recorded),
        })
    }
}
