//! The feed: the whole ledger in one order.
//!
//! Decision: ADR 6.

use std::sync::Arc;

use jiff::Timestamp;
use omklap_domain::allocation::StreamKind;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::FactType;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::event;
use super::event::RecordedEvent;
use super::mac::MacKey;
use super::stream_fact::{ReadStreamFact, RecordedStreamFact};
use super::subject::Subject;
use super::upcasters::Upcasters;
use crate::deadlines::lapsed::LapsedOffer;
use crate::deadlines::{Deadline, DeadlineKind};
use crate::destruction::certificate::DESTROYED;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::{access_log, registry};

/// An event and its place in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedEvent {
    /// Its place: larger than that of every event returned before it. Positions have gaps.
    pub position: i64,
    /// What it is about.
    pub subject: Subject,
    /// What was recorded.
    pub event: EventContent,
}

/// The content of an event in the feed: what partners reported, and what follows from the calendar.
#[derive(Clone, Debug, PartialEq)]
pub enum EventContent {
    /// A fact of the trajectory.
    Fact(RecordedFact),
    /// A deadline of the trajectory that came near or passed.
    Deadline(RecordedDeadline),
    /// An offer of the trajectory that nobody answered in time.
    Lapsed(RecordedLapse),
    /// The trajectory was destroyed after its retention term.
    Destroyed(RecordedDestruction),
    /// A fact of a stream beside the trajectory.
    OfStream(RecordedStreamFact),
}

/// A fact in the feed. Its payload is decoded only if it is needed.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedFact {
    /// Its number in the trajectory, from 1.
    pub sequence: u64,
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What kind of fact it is.
    pub fact_type: FactType,
    /// The whole event, if it was asked for, and if its payload
    /// [decides](FactType::is_seen_by_what_it_says) who sees it.
    pub event: Option<Box<RecordedEvent>>,
}

impl From<RecordedEvent> for RecordedFact {
    fn from(event: RecordedEvent) -> Self {
        let RecordedEvent { sequence, event_id, recorded_at, .. } = event;
        let fact_type = event.fact.fact_type();
        Self { sequence, event_id, recorded_at, fact_type, event: Some(Box::new(event)) }
    }
}

/// The event that a trajectory was destroyed; its certificate says more ([`crate::destruction`]).
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedDestruction {
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// An event that says that an obligation is due soon or overdue.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedDeadline {
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its payload.
    pub deadline: Deadline,
}

/// The event that an offer lapsed.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedLapse {
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Its payload.
    pub offer: LapsedOffer,
}

impl Ledger {
    /// Its events in one order.
    #[must_use]
    pub fn feed(&self) -> Feed {
        Feed::new(self.pool.clone(), self.mac_key())
    }
}

impl FeedEvent {
    /// Its own id.
    #[must_use]
    pub fn event_id(&self) -> Uuid {
        match &self.event {
            EventContent::Fact(fact) => fact.event_id,
            EventContent::Deadline(deadline) => deadline.event_id,
            EventContent::Lapsed(lapsed) => lapsed.event_id,
            EventContent::Destroyed(destroyed) => destroyed.event_id,
            EventContent::OfStream(fact) => fact.event_id,
        }
    }

    /// When it was recorded.
    #[must_use]
    pub fn recorded_at(&self) -> Timestamp {
        match &self.event {
            EventContent::Fact(fact) => fact.recorded_at,
            EventContent::Deadline(deadline) => deadline.recorded_at,
            EventContent::Lapsed(lapsed) => lapsed.recorded_at,
            EventContent::Destroyed(destroyed) => destroyed.recorded_at,
            EventContent::OfStream(fact) => fact.recorded_at,
        }
    }

    /// What kind of event it is, in kebab-case.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.event {
            EventContent::Fact(fact) => fact.fact_type.as_str(),
            EventContent::Deadline(deadline) => deadline.deadline.kind.as_str(),
            EventContent::Lapsed(lapsed) => lapsed.offer.kind.as_str(),
            EventContent::Destroyed(_) => DESTROYED,
            EventContent::OfStream(fact) => fact.fact_type,
        }
    }
}

/// The columns that [`Feed::read`] reads: all, because each event is verified before it leaves.
macro_rules! columns {
    () => {
        concat!("aggregate_type, ", event::columns!())
    };
}

/// The kinds of streams that the feed passes over: those of the registry and of the access log. An event
/// of a kind that nobody knows is not what was recorded, and is read.
fn passed_over() -> Vec<&'static str> {
    registry::KINDS.into_iter().chain([access_log::batches::KIND]).collect()
}

/// The ledger as a sequence of events.
#[derive(Clone)]
pub struct Feed {
    pool: PgPool,
    upcasters: Arc<Upcasters>,
    mac_key: MacKey,
}

impl Feed {
    /// The feed of this database, whose events have MACs under this key.
    #[must_use]
    pub fn new(pool: PgPool, mac_key: MacKey) -> Self {
        Self { pool, upcasters: Arc::new(Upcasters::new()), mac_key }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The events after a position (0: from the start), at most `limit`. No event ever appears
    /// later among those that were returned, so the last position is all that a reader must
    /// remember; `migrations/0002_events.sql` explains why.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read.
    pub async fn events_after(&self, position: i64, limit: u32) -> Result<Vec<FeedEvent>, StoreError> {
        self.after(position, limit, false).await
    }

    /// The same, each fact with [its whole event](RecordedFact::event).
    ///
    /// # Errors
    /// As [`Self::events_after`].
    pub async fn whole_events_after(&self, position: i64, limit: u32) -> Result<Vec<FeedEvent>, StoreError> {
        self.after(position, limit, true).await
    }

    async fn after(&self, position: i64, limit: u32, whole: bool) -> Result<Vec<FeedEvent>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events_in_order($1, $2, $3) ORDER BY position"
        ))
        .bind(position)
        .bind(i64::from(limit))
        .bind(passed_over())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| self.read(row, whole)).collect()
    }

    /// The position up to which no event can appear any more. What is settled stays settled, but a
    /// later result may be lower, while a writer is active that had read the end before others
    /// passed it: keep the highest.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn settled(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT settled_position()").fetch_one(&self.pool).await?)
    }

    /// The last position that was drawn, whether its event exists yet or not: there is none after
    /// it.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn last_drawn(&self) -> Result<i64, StoreError> {
        let drawn = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_position_seq";
        Ok(sqlx::query_scalar(drawn).fetch_one(&self.pool).await?)
    }

    /// The events of one trajectory or stream after a position up to another that [is
    /// settled](Self::settled), at most `limit`.
    ///
    /// # Errors
    /// As [`Self::events_after`].
    pub async fn events_of(
        &self,
        subject: Subject,
        after: i64,
        up_to: i64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = $5 AND aggregate_id = $1 AND position > $2 AND position <= $3
              UNION ALL SELECT ",
            columns!(),
            " FROM events WHERE $5 = 'trajectory' AND aggregate_type = 'deadline' AND left(aggregate_id, 36) = $1
                            AND position > $2 AND position <= $3
              UNION ALL SELECT ",
            columns!(),
            " FROM events WHERE $5 = 'trajectory' AND aggregate_type = 'destruction' AND aggregate_id = $1
                            AND position > $2 AND position <= $3
              ORDER BY position LIMIT $4"
        ))
        .bind(subject.id().to_string())
        .bind(after)
        .bind(up_to)
        .bind(i64::from(limit))
        .bind(subject.kind())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| self.read(row, false)).collect()
    }

    /// An event as it was recorded; its fact [as a whole](RecordedFact::event) if that is needed.
    fn read(&self, row: &PgRow, whole: bool) -> Result<FeedEvent, StoreError> {
        let position = row.try_get("position")?;
        let (aggregate_type, aggregate_id): (&str, _) =
            (row.try_get("aggregate_type")?, row.try_get("aggregate_id")?);
        self.mac_key.verify(row, event::StreamId { aggregate_type, aggregate_id })?;
        if aggregate_type == "deadline" {
            return deadline(row, position);
        }
        if let Some(kind) = StreamKind::named(aggregate_type) {
            return kind.visit(ReadStreamFact { row, position, kind, whole });
        }
        let trajectory = row.try_get::<&str, _>("aggregate_id")?;
        let trajectory: TrajectoryId =
            trajectory.parse().map_err(|error: uuid::Error| StoreError::Unreadable {
                trajectory: trajectory.to_owned(),
                sequence: row.try_get("sequence").unwrap_or_default(),
                source: error.into(),
            })?;
        let event = if row.try_get::<&str, _>("aggregate_type")? == "destruction" {
            let (event_id, recorded_at) = (row.try_get("event_id")?, event::recorded_at(row)?);
            EventContent::Destroyed(RecordedDestruction { event_id, recorded_at })
        } else {
            EventContent::Fact(self.fact(row, whole)?)
        };
        Ok(FeedEvent { position, subject: trajectory.into(), event })
    }

    fn fact(&self, row: &PgRow, whole: bool) -> Result<RecordedFact, StoreError> {
        let fact_type = event::fact_type(row)?;
        if whole || fact_type.is_seen_by_what_it_says() {
            return Ok(RecordedEvent::read(row, &self.upcasters)?.into());
        }
        Ok(RecordedFact {
            sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
            event_id: row.try_get("event_id")?,
            recorded_at: event::recorded_at(row)?,
            fact_type,
            event: None,
        })
    }
}

/// An event of a deadline: of an obligation, or of an offer.
fn deadline(row: &PgRow, position: i64) -> Result<FeedEvent, StoreError> {
    let (event_id, recorded_at) = (row.try_get("event_id")?, event::recorded_at(row)?);
    if row.try_get::<&str, _>("event_type")? == DeadlineKind::OfferLapsed.as_str() {
        let Json(offer): Json<LapsedOffer> = row.try_get("payload")?;
        let subject = offer.trajectory_id.into();
        let event = EventContent::Lapsed(RecordedLapse { event_id, recorded_at, offer });
        return Ok(FeedEvent { position, subject, event });
    }
    let Json(deadline): Json<Deadline> = row.try_get("payload")?;
    let subject = deadline.trajectory_id.into();
    let event = EventContent::Deadline(RecordedDeadline { event_id, recorded_at, deadline });
    Ok(FeedEvent { position, subject, event })
}
