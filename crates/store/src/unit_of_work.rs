//! One report, from loading to committing: two statements on one connection.
//!
//! cqrs-es gives the frame: it takes the aggregate from here, lets it handle the report, and hands the events back to be
//! committed. Why not the library's own store: `docs/adr/0003`.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use cqrs_es::{AggregateContext, AggregateError, EventEnvelope, EventStore};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use omklap_domain::trajectory::{Fact, History, Refused};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::types::Json;
use sqlx::{PgPool, Row};

use crate::access_log::{Line, write_line};
use crate::batch::{Batch, Context};
use crate::derived::{Changes, Derived, write_changes};
use crate::error::StoreError;
use crate::hash_chain::{GENESIS, Hash};
use crate::recorded::{self, Metadata};
use crate::report::{Once, RecordError, Recorded, Report};
use crate::summary::{self, Summary, replaces_older};
use crate::upcasters::Upcasters;
use crate::vault::{DataKey, OperatorKey};

/// What was read for a report.
pub(crate) struct Loaded {
    pub history: History,
    /// The report as it was recorded before, where this is a repeat.
    pub done: Option<Done>,
    connection: PoolConnection<Postgres>,
    bound_to: Option<AgreementSetVersion>,
    last_hash: Hash,
    last_recorded_at: Option<Timestamp>,
    wrapped_key: Option<Vec<u8>>,
}

/// A report that was recorded before, under the same idempotency key.
pub(crate) struct Done {
    pub request_hash: Vec<u8>,
    pub trajectory: TrajectoryId,
    pub first_sequence: u64,
    pub version: u64,
    pub recorded_at: Timestamp,
}

/// Everything the decision needs, in one round trip: a first row of keys, then the stream. The columns that only a row of
/// another program needs, to be covered by our next hash, are left out of ours.
const LOAD: &str = "
    SELECT 0::bigint AS sequence, NULL::text AS aggregate_id, NULL::uuid AS event_id, NULL::text AS event_type,
           NULL::text AS event_version, NULL::json AS payload, NULL::json AS metadata, NULL::timestamptz AS recorded_at,
           NULL::bytea AS hash, keys.wrapped_key, done.request_hash, done.trajectory_id, done.first_sequence,
           done.version, done.recorded_at AS done_at
    FROM (SELECT) AS always
    LEFT JOIN keys.data_keys AS keys ON keys.trajectory_id = $1
    LEFT JOIN idempotency_keys AS done ON done.client = $2 AND done.key = $3
    UNION ALL
    SELECT sequence, aggregate_id, CASE WHEN hash IS NULL THEN event_id END, event_type,
           event_version, payload, CASE WHEN hash IS NULL THEN metadata END, recorded_at,
           hash, NULL, NULL, NULL, NULL, NULL, NULL
    FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1::text
    ORDER BY sequence";

impl Loaded {
    pub async fn load(
        pool: &PgPool,
        upcasters: &Upcasters,
        trajectory: TrajectoryId,
        once: Option<&Once>,
    ) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?;
        let rows = sqlx::query(LOAD)
            .bind(trajectory.0)
            .bind(once.map(|once| once.client.as_str()))
            .bind(once.map(|once| once.key.as_str()))
            .fetch_all(&mut *connection)
            .await?;
        let (keys, stream) = rows.split_first().expect("the first row is always there");
        let facts = stream.iter().map(|row| recorded::fact(row, upcasters)).collect::<Result<Vec<_>, _>>()?;
        let last_recorded_at = match stream.last() {
            Some(row) => Some(row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff()),
            None => None,
        };
        let history = History::from(facts);
        Ok(Self {
            done: Done::read(keys)?,
            connection,
            bound_to: history.state().agreement_set.clone(),
            history,
            last_hash: last_hash(trajectory, stream)?,
            last_recorded_at,
            wrapped_key: keys.try_get("wrapped_key")?,
        })
    }
}

impl Done {
    fn read(row: &PgRow) -> Result<Option<Self>, StoreError> {
        let Some(request_hash) = row.try_get("request_hash")? else { return Ok(None) };
        Ok(Some(Self {
            request_hash,
            trajectory: TrajectoryId(row.try_get("trajectory_id")?),
            first_sequence: row.try_get::<i64, _>("first_sequence")?.unsigned_abs(),
            version: row.try_get::<i64, _>("version")?.unsigned_abs(),
            recorded_at: row.try_get::<jiff_sqlx::Timestamp, _>("done_at")?.to_jiff(),
        }))
    }
}

/// The hash that the next event continues. Rows of another program have none stored; theirs is computed, so that ours
/// covers them.
fn last_hash(trajectory: TrajectoryId, stream: &[PgRow]) -> Result<Hash, StoreError> {
    let (mut last, trajectory) = (GENESIS, trajectory.to_string());
    for row in stream {
        last = match recorded::stored_hash(row)? {
            Some(hash) => hash,
            None => recorded::computed_hash(row, recorded::Stream::of_trajectory(&trajectory), &last)?,
        };
    }
    Ok(last)
}

impl AggregateContext<History> for Loaded {
    fn aggregate(&mut self) -> &mut History {
        &mut self.history
    }
}

/// The store that cqrs-es sees while it executes one report.
pub(crate) struct UnitOfWork<'a> {
    pub pool: &'a PgPool,
    pub operator_key: &'a OperatorKey,
    pub upcasters: &'a Upcasters,
    pub sets: &'a AgreementSets,
    /// What followed from the history before this report.
    pub before: Derived,
    pub report: &'a Report,
    /// What makes a repeat of it one, as it is kept.
    pub once: Option<&'a Once>,
    /// What was loaded to see whether there is anything to execute; the frame asks for it once.
    pub loaded: Mutex<Option<Loaded>>,
    /// Where the answer goes: the frame returns nothing.
    pub recorded: &'a OnceLock<Recorded>,
}

type Failed = AggregateError<Refused>;

impl EventStore<History> for UnitOfWork<'_> {
    type AC = Loaded;

    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<History>>, Failed> {
        let loaded = self.load_aggregate(aggregate_id).await?;
        let envelope = |(sequence, payload)| EventEnvelope {
            aggregate_id: aggregate_id.to_owned(),
            sequence,
            payload,
            metadata: HashMap::new(),
        };
        Ok((1..).zip(Vec::from(loaded.history)).map(envelope).collect())
    }

    async fn load_aggregate(&self, aggregate_id: &str) -> Result<Loaded, Failed> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(loaded) = loaded {
            return Ok(loaded);
        }
        let trajectory = aggregate_id.parse().map_err(|_| failed(RecordError::NotFound))?;
        Loaded::load(self.pool, self.upcasters, trajectory, None).await.map_err(|error| failed(error.into()))
    }

    /// Returns no envelopes: they are for queries that run after the commit, and there are none.
    async fn commit(
        &self,
        facts: Vec<Fact>,
        loaded: Loaded,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<History>>, Failed> {
        let recorded = self.write(facts, loaded, metadata.into_iter().collect()).await.map_err(failed)?;
        self.recorded.set(recorded).expect("a report is committed once");
        Ok(Vec::new())
    }
}

fn failed(error: RecordError) -> Failed {
    AggregateError::UnexpectedError(Box::new(error))
}

impl UnitOfWork<'_> {
    async fn write(
        &self,
        facts: Vec<Fact>,
        mut loaded: Loaded,
        metadata: Metadata,
    ) -> Result<Recorded, RecordError> {
        let trajectory = self.report.trajectory.id();
        let version = loaded.history.version() - facts.len() as u64;
        let now = in_microseconds(self.report.recorded_at);
        let recorded_at = loaded.last_recorded_at.map_or(now, |last| last.max(now));
        // An admitted history begins with the fact that opens it; a report of nothing opens nothing.
        let summary =
            summary::derive(trajectory, &loaded.history, recorded_at).ok_or(RecordError::NotFound)?;
        let context = Context {
            trajectory,
            version,
            last_hash: loaded.last_hash,
            recorded_at,
            metadata: &metadata,
            bound_to: loaded.bound_to.as_ref(),
        };
        let mut new_key = None;
        let batch =
            Batch::of(facts, &context, || self.data_key(loaded.wrapped_key.as_deref(), &mut new_key))?;
        let derived = Derived::of(trajectory, &loaded.history, self.sets);
        if !self.report.dry_run && !batch.sequences.is_empty() {
            let rows = Rows {
                batch: &batch,
                summary: &summary,
                changes: derived.changes_since(&self.before),
                new_key: new_key.as_deref(),
                once: self.once,
                access: &self.report.access,
            };
            insert(&mut loaded.connection, &context, &rows).await?;
        }
        Ok(Recorded {
            trajectory,
            first_sequence: version + 1,
            event_ids: batch.event_ids,
            recorded_at,
            history: loaded.history,
            became_due: derived.became_due_since(&self.before),
            repeated: false,
        })
    }

    /// The trajectory's data key: the one there is, or else a new one, which is left wrapped in `new`.
    fn data_key(&self, wrapped: Option<&[u8]>, new: &mut Option<Vec<u8>>) -> Result<DataKey, RecordError> {
        let trajectory = self.report.trajectory.id();
        if let Some(wrapped) = wrapped {
            let unwrapped = self.operator_key.unwrap(wrapped, trajectory);
            return unwrapped.map_err(|source| StoreError::Vault { trajectory, source }.into());
        }
        let key = DataKey::generate();
        *new = Some(self.operator_key.wrap(&key, trajectory));
        Ok(key)
    }
}

/// What PostgreSQL keeps of an instant.
fn in_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond())
        .expect("an instant without its nanoseconds is an instant")
}

/// All of a report, in one statement and so in one transaction: it is there whole or not at all, and whoever reads it
/// next sees the rows that follow from exactly these events.
macro_rules! insert {
    ($($changes:expr)?) => {
        concat!(
            "WITH recorded AS (
                INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                                    metadata, recorded_at, previous_hash, hash)
                SELECT 'trajectory', $1::text, sequence, event_id, event_type, event_version, payload::json,
                       metadata::json, $2, previous_hash, hash
                FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[],
                            $10::bytea[])
                     AS fact (sequence, event_id, event_type, event_version, payload, metadata, previous_hash, hash)
                ORDER BY sequence
            ), keyed AS (
                INSERT INTO keys.data_keys (trajectory_id, wrapped_key) SELECT $1, $11 WHERE $11::bytea IS NOT NULL
            ), sealed AS (
                INSERT INTO vault (trajectory_id, text_id, sealed)
                SELECT $1, text_id, sealed FROM unnest($12::uuid[], $13::bytea[]) AS private (text_id, sealed)
            ), once AS (
                INSERT INTO idempotency_keys
                       (client, key, request_hash, trajectory_id, first_sequence, version, recorded_at)
                SELECT $14, $15, $16, $1, ($3::bigint[])[1], $17, $2 WHERE $14::text IS NOT NULL
            ), ",
            write_line!("$24"),
            $(", ", $changes,)?
            " INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                       care_provider, corporation)
             VALUES ($1, $17, $2, $18, $19, $20, $21, $22, $23)",
            replaces_older!()
        )
    };
}

/// For a report that changes no row but the summary, as many do: what is not asked costs nothing.
const INSERT: &str = insert!();
/// For every other report.
const INSERT_WITH_CHANGES: &str = insert!(write_changes!("$25"));

/// What a report writes.
struct Rows<'a> {
    batch: &'a Batch,
    summary: &'a Summary,
    changes: Changes<'a>,
    new_key: Option<&'a [u8]>,
    once: Option<&'a Once>,
    access: &'a Line,
}

async fn insert(
    connection: &mut PoolConnection<Postgres>,
    context: &Context<'_>,
    rows: &Rows<'_>,
) -> Result<(), RecordError> {
    let Rows { batch, summary, changes, new_key, once, access } = rows;
    let hashes = |hashes: &[Hash]| hashes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>();
    let changed = !changes.is_empty();
    let mut statement = sqlx::query(if changed { INSERT_WITH_CHANGES } else { INSERT })
        .bind(context.trajectory.0)
        .bind(jiff_sqlx::Timestamp::from(context.recorded_at))
        .bind(&batch.sequences)
        .bind(&batch.event_ids)
        .bind(&batch.event_types)
        .bind(&batch.event_versions)
        .bind(&batch.payloads)
        .bind(&batch.metadata)
        .bind(hashes(&batch.previous_hashes))
        .bind(hashes(&batch.hashes))
        .bind(*new_key)
        .bind(&batch.text_ids)
        .bind(&batch.sealed_texts)
        .bind(once.map(|once| once.client.as_str()))
        .bind(once.map(|once| once.key.as_str()))
        .bind(once.map(|once| once.request_hash.as_slice()))
        .bind(summary.version.cast_signed())
        .bind(summary.phase.as_str())
        .bind(&summary.agreement_set)
        .bind(&summary.region)
        .bind(&summary.municipality)
        .bind(&summary.care_provider)
        .bind(&summary.corporation)
        .bind(Json(access));
    if changed {
        statement = statement.bind(Json(changes));
    }
    statement.execute(&mut **connection).await?;
    Ok(())
}
