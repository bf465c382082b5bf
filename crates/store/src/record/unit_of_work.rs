//! One report, from loading to committing: two statements on one connection.
//!
//! cqrs-es gives the frame: it takes the aggregate from here, lets it handle the report, and hands the events back to be
//! committed. Why not the library's own store: `docs/adr/0003`.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use cqrs_es::{AggregateError, EventEnvelope, EventStore};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::aggregate::NotAdmitted;
use omklap_domain::trajectory::work::Work;
use omklap_domain::trajectory::{Fact, History};
use sqlx::postgres::PgConnection;
use sqlx::types::Json;
use sqlx::{Connection, PgPool};
use uuid::Uuid;

use super::load::Loaded;
use super::report::{Once, RecordError, Recorded, Report};
use super::rows::{Batch, Context};
use crate::access_log::{Line, write_line};
use crate::error::StoreError;
use crate::events::event::Metadata;
use crate::events::hash_chain::Hash;
use crate::events::upcasters::Upcasters;
use crate::read_models::trajectories;
use crate::read_models::trajectories::{Summary, replaces_older};
use crate::read_models::{Changes, Derived};
use crate::vault::reseal::{Resealed, erased_alone};
use crate::vault::{DataKey, OperatorKey};

/// The store that cqrs-es sees while it executes one report.
pub(crate) struct UnitOfWork<'a> {
    pub pool: &'a PgPool,
    pub operator_key: &'a OperatorKey,
    pub upcasters: &'a Upcasters,
    pub sets: &'a AgreementSets,
    /// What followed from the history before this report.
    pub before: Derived,
    pub report: &'a Report,
    /// The work it is, and whether somebody waits for it.
    pub work: &'a Work,
    /// What makes a repeat of it one, as it is kept.
    pub once: Option<&'a Once>,
    /// What was loaded to see whether there is anything to execute; the frame asks for it once.
    pub loaded: Mutex<Option<Loaded>>,
    /// Where the answer goes: the frame returns nothing.
    pub recorded: &'a OnceLock<Recorded>,
}

type Failed = AggregateError<NotAdmitted>;

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
        Loaded::load(self.pool, self.upcasters, trajectory, None, None)
            .await
            .map_err(|error| failed(error.into()))
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
        let recorded_at = loaded.recorded_at.last().map_or(now, |last| now.max(*last));
        // An admitted history begins with the fact that opens it; a report of nothing opens nothing.
        let summary =
            trajectories::derive(trajectory, &loaded.history, recorded_at).ok_or(RecordError::NotFound)?;
        let context = Context {
            trajectory,
            version,
            last_hash: loaded.last_hash,
            recorded_at,
            metadata: &metadata,
            bound_to: loaded.bound_to.as_ref(),
        };
        let erased = erased_alone(&facts, loaded.history.recorded());
        let mut new_key = None;
        let batch =
            Batch::of(facts, &context, || self.data_key(loaded.wrapped_key.as_deref(), &mut new_key))?;
        let last = self.report.facts.len().saturating_sub(1);
        let derived = Derived::within_bounds(trajectory, &loaded.history, self.sets)
            .ok_or(RecordError::TooMuchWork { index: last })?;
        if self.work.is_given_up() {
            return Err(RecordError::GivenUp);
        }
        if !self.report.dry_run && !batch.sequences.is_empty() {
            let rows = Rows {
                batch: &batch,
                summary: &summary,
                changes: derived.changes_since(&self.before),
                new_key: new_key.as_deref(),
                once: self.once,
                access: &self.report.access,
            };
            match erased.zip(loaded.wrapped_key.as_deref()) {
                None => insert(&mut loaded.connection, &context, &rows).await?,
                Some((erased, key)) => {
                    let sealed = (&erased, key);
                    self.insert_resealing(sealed, &mut loaded.connection, &context, &rows).await?;
                }
            }
        }
        Ok(Recorded {
            trajectory,
            first_sequence: version + 1,
            event_ids: batch.event_ids,
            recorded_at,
            history: loaded.history,
            became_due: derived.became_due_since(&self.before),
            moved_on: None,
        })
    }

    /// As [`insert`], in one transaction with new seals on everything but these texts, which were sealed with this key.
    async fn insert_resealing(
        &self,
        (erased, wrapped_key): (&HashSet<Uuid>, &[u8]),
        connection: &mut PgConnection,
        context: &Context<'_>,
        rows: &Rows<'_>,
    ) -> Result<(), RecordError> {
        let mut erasing = connection.begin().await?;
        let trajectory = context.trajectory;
        let resealed =
            Resealed::without(erased, trajectory, self.operator_key, wrapped_key, &mut erasing).await?;
        resealed.write(&mut erasing).await?;
        insert(&mut erasing, context, rows).await?;
        Ok(erasing.commit().await?)
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
/// next sees the rows that follow from exactly these events. `{changes}` stands where the read models are written.
const INSERT: &str = concat!(
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
    "{changes}
    INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                              care_provider, corporation, nominated_to, housed_by, is_restricted)
    VALUES ($1, $17, $2, $18, $19, $20, $21, $22, $23, $25, $26, $27)",
    replaces_older!()
);

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
    connection: &mut PgConnection,
    context: &Context<'_>,
    rows: &Rows<'_>,
) -> Result<(), RecordError> {
    let Rows { batch, summary, changes, new_key, once, access } = rows;
    let hashes = |hashes: &[Hash]| hashes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>();
    let changed = !changes.is_empty();
    let written = if changed { format!(", {}", changes.written_by("$28")) } else { String::new() };
    let statement = INSERT.replace("{changes}", &written);
    let mut statement = sqlx::query(&statement)
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
        .bind(Json(access))
        .bind(&summary.nominated_to)
        .bind(&summary.housed_by)
        .bind(summary.is_restricted);
    if changed {
        statement = statement.bind(Json(changes));
    }
    statement.execute(connection).await?;
    Ok(())
}
