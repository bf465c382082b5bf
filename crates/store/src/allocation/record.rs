//! Recording a report on a stream: load, decide, write its events and its row in one statement.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use cqrs_es::{AggregateContext, AggregateError, CqrsFramework, EventEnvelope, EventStore};
use jiff::Timestamp;
use omklap_domain::allocation::{History, Stream, StreamId};
use omklap_domain::day::Day;
use omklap_domain::register::Register;
use omklap_domain::visibility::Viewer;
use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use uuid::Uuid;

use super::decision::{DecidesBy, Ended, Found, NotRecorded};
use super::read::load_for_a_report;
use super::rests_on::unfounded;
use super::write::{Chained, insert};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::record::gave_way;
use crate::record::idempotency::{Before, EarlierReport, Once};
use crate::record::report::Seen;

/// How often a report is tried again because another came first. Each time, one of them succeeds.
const ATTEMPTS: u32 = 10;

/// Facts of one stream that are reported together, and recorded together or not at all.
#[derive(Clone, Debug)]
pub struct StreamReport<S: Stream> {
    /// The stream.
    pub target: StreamTarget,
    /// What happened.
    pub facts: Vec<S::Fact>,
    /// The partner that reports.
    pub reporter: Viewer,
    /// Who reports, and why.
    pub metadata: Metadata,
    /// Now. The ledger records it in microseconds, and never earlier than the event before.
    pub recorded_at: Timestamp,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
    /// The registered partners, by which the names in the facts are checked.
    pub register: Arc<Register>,
    /// The idempotency key, if the client gave one.
    pub once: Option<Once>,
    /// Return what would happen, and write nothing.
    pub dry_run: bool,
}

/// The stream that is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamTarget {
    /// One that this report begins.
    New(StreamId),
    /// One that exists.
    Existing {
        /// Its id.
        id: StreamId,
        /// The version that the caller has seen.
        seen: Seen,
    },
}

impl StreamTarget {
    /// The stream's id.
    #[must_use]
    pub fn id(self) -> StreamId {
        match self {
            Self::New(id) | Self::Existing { id, .. } => id,
        }
    }
}

/// What a report on a stream led to.
#[derive(Clone, Debug)]
pub struct RecordedFacts<S: Stream> {
    /// The stream.
    pub id: StreamId,
    /// The number of the first fact of this report.
    pub first_sequence: u64,
    /// The ids of the events, in the order of the facts.
    pub event_ids: Vec<Uuid>,
    /// Their hashes.
    pub hashes: Vec<Hash>,
    /// When they were recorded.
    pub recorded_at: Timestamp,
    /// The history up to and including this report.
    pub history: History<S>,
}

impl Ledger {
    /// Records facts of a stream, all or none, in two round trips to the database.
    ///
    /// # Errors
    /// Why nothing was recorded. After [`StoreError::Unavailable`] the facts may have been recorded; a
    /// repeat with the same idempotency key says whether.
    pub async fn record_facts<S: Stream>(
        &self,
        report: StreamReport<S>,
    ) -> Result<RecordedFacts<S>, NotRecorded> {
        let report = Arc::new(report);
        for _ in 0..ATTEMPTS {
            match self.record_once(&report).await {
                Ok(recorded) => return Ok(recorded),
                Err(Ended::Repeat(earlier)) => {
                    return self.facts_recorded_before(&earlier, &report.reporter).await;
                }
                Err(Ended::Failed(NotRecorded::Store(error)))
                    if gave_way(&error, &["23505", "40001", "40P01"]) => {}
                Err(Ended::Failed(error)) => return Err(error),
            }
        }
        Err(NotRecorded::Crowded)
    }

    async fn record_once<S: Stream>(&self, report: &Arc<StreamReport<S>>) -> Result<RecordedFacts<S>, Ended> {
        let once = report.once.as_ref().filter(|_| !report.dry_run);
        let recorded = OnceLock::new();
        let unit = Unit {
            ledger: self,
            report,
            once: once.map(|once| once.marked(&self.operator_key)),
            recorded: &recorded,
        };
        let metadata = report.metadata.clone().into_iter().collect();
        let decides_by =
            DecidesBy { operator_key: Arc::clone(&self.operator_key), sets: Arc::clone(&self.sets) };
        CqrsFramework::new(unit, vec![], decides_by)
            .execute_with_metadata(&report.target.id().to_string(), Arc::clone(report), metadata)
            .await
            .map_err(|error| match error {
                AggregateError::UserError(ended) => ended,
                other => unreachable!("the unit of work does not fail with {other}"),
            })?;
        Ok(recorded.into_inner().expect("the frame has committed"))
    }

    /// What a request about a stream led to, if this client sent it before under the same key. For a caller
    /// that must know so before it can make a report of it.
    ///
    /// # Errors
    /// If the key was used for another request, or the reporter may not read the stream any more.
    pub async fn facts_recorded_once<S: Stream>(
        &self,
        once: &Once,
        reporter: &Viewer,
    ) -> Result<Option<Before<RecordedFacts<S>>>, NotRecorded> {
        match self.earlier(once).await? {
            None => Ok(None),
            Some(earlier) if !earlier.is_of(once, &self.operator_key) => Err(NotRecorded::KeyReused),
            Some(earlier) if !earlier.has_facts() => Ok(Some(Before::NoFact)),
            Some(earlier) => {
                let recorded = self.facts_recorded_before(&earlier, reporter).await?;
                Ok(Some(Before::Facts(Box::new(recorded))))
            }
        }
    }

    /// What the earlier report led to, worked out again from the stream.
    async fn facts_recorded_before<S: Stream>(
        &self,
        earlier: &EarlierReport,
        reporter: &Viewer,
    ) -> Result<RecordedFacts<S>, NotRecorded> {
        let id = StreamId(earlier.trajectory.0);
        let stream =
            self.load_stream::<S>(id).await?.filter(|stream| stream.history().state().is_read_by(reporter));
        let mut stream = stream.ok_or(NotRecorded::NotFound)?;
        stream.events.retain(|event| event.sequence <= earlier.version);
        let events = stream.events.iter().filter(|event| event.sequence >= earlier.first_sequence);
        Ok(RecordedFacts {
            id,
            first_sequence: earlier.first_sequence,
            event_ids: events.clone().map(|event| event.event_id).collect(),
            hashes: events.map(|event| event.hash).collect(),
            recorded_at: earlier.recorded_at,
            history: stream.history(),
        })
    }
}

/// The store that cqrs-es sees while it executes one report.
struct Unit<'a, S: Stream> {
    ledger: &'a Ledger,
    report: &'a StreamReport<S>,
    once: Option<Once>,
    /// Where the result goes: the frame returns nothing.
    recorded: &'a OnceLock<RecordedFacts<S>>,
}

/// What was read for a report.
pub(super) struct Loaded<S: Stream> {
    pub found: Found<S>,
    pub earlier: Option<EarlierReport>,
    pub last_hash: Hash,
    pub connection: PoolConnection<Postgres>,
}

impl<S: Stream> AggregateContext<Found<S>> for Loaded<S> {
    fn aggregate(&mut self) -> &mut Found<S> {
        &mut self.found
    }
}

type Failed = AggregateError<Ended>;

impl<S: Stream> EventStore<Found<S>> for Unit<'_, S> {
    type AC = Loaded<S>;

    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<Found<S>>>, Failed> {
        let loaded = self.load_aggregate(aggregate_id).await?;
        let envelope = |(sequence, payload): (usize, &S::Fact)| EventEnvelope {
            aggregate_id: aggregate_id.to_owned(),
            sequence,
            payload: payload.clone(),
            metadata: HashMap::new(),
        };
        Ok((1..).zip(loaded.found.history.recorded()).map(envelope).collect())
    }

    async fn load_aggregate(&self, _: &str) -> Result<Loaded<S>, Failed> {
        self.load().await.map_err(AggregateError::UserError)
    }

    async fn commit(
        &self,
        facts: Vec<S::Fact>,
        loaded: Loaded<S>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Found<S>>>, Failed> {
        let written = self.write(&facts, loaded, metadata.into_iter().collect()).await;
        let recorded = written.map_err(|error| AggregateError::UserError(error.into()))?;
        self.recorded.set(recorded).expect("a report is committed once");
        Ok(Vec::new())
    }
}

impl<S: Stream> Unit<'_, S> {
    async fn load(&self) -> Result<Loaded<S>, Ended> {
        let load = || load_for_a_report::<S>(self.ledger, self.report.target.id(), self.once.as_ref());
        let mut loaded = match load().await {
            Err(StoreError::Unavailable(sqlx::Error::Io(_) | sqlx::Error::Database(_))) => load().await?,
            loaded => loaded?,
        };
        match (&self.once, loaded.earlier.take()) {
            (Some(once), Some(earlier)) if earlier.request_hash == once.request_hash => {
                Err(Ended::Repeat(earlier))
            }
            (Some(_), Some(_)) => Err(NotRecorded::KeyReused.into()),
            _ => {
                let (state, facts) = (loaded.found.history.state(), &self.report.facts);
                loaded.found.unfounded = unfounded(&state, facts, &mut loaded.connection).await?;
                Ok(loaded)
            }
        }
    }

    async fn write(
        &self,
        facts: &[S::Fact],
        mut loaded: Loaded<S>,
        metadata: Metadata,
    ) -> Result<RecordedFacts<S>, StoreError> {
        let Found { history, recorded_at, .. } = loaded.found;
        let id = self.report.target.id();
        let version = history.version() - facts.len() as u64;
        let now = Timestamp::from_microsecond(self.report.recorded_at.as_microsecond())
            .expect("an instant without its nanoseconds is an instant");
        let recorded_at = recorded_at.last().map_or(now, |last| now.max(*last));
        let chained =
            Chained::of::<S>(id, facts, version, loaded.last_hash, recorded_at, &metadata, self.ledger);
        if !self.report.dry_run && !facts.is_empty() {
            insert(&mut loaded.connection, &chained, &history, self.once.as_ref()).await?;
        }
        Ok(RecordedFacts {
            id,
            first_sequence: version + 1,
            event_ids: chained.event_ids,
            hashes: chained.hashes,
            recorded_at,
            history,
        })
    }
}
