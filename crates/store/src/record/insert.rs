//! The statement that writes a report.

use sqlx::Row;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;

use super::idempotency::Once;
use super::report::RecordError;
use super::rows::{Batch, Context};
use crate::access_log::line::{Line, write_line};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::own_references::Stored;
use crate::read_models::tables::Changes;
use crate::read_models::trajectories::{TrajectoryRow, replaces_older};

/// A whole report in one statement, and so in one transaction: it is recorded whole or not at all,
/// and the next reader sees the rows that follow from exactly these events. `{changes}` is the
/// place for what writes the read models.
///
/// What arrived is read back: every event byte for byte, and every other row is counted. If a
/// trigger, a rule or another setting of the database drops or changes a row, the division by zero
/// undoes the statement. `event_is_kept` in `migrations/0002_events.sql` does the same for what is
/// removed afterwards.
const INSERT: &str = concat!(
    "WITH fact AS MATERIALIZED (
        SELECT * FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[],
                             $10::bytea[], $28::bytea[])
             AS fact (sequence, event_id, event_type, event_version, payload, metadata, previous_hash, hash, mac)
    ), recorded AS (
        INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                            metadata, recorded_at, previous_hash, hash, mac)
        SELECT 'trajectory', $1::text, sequence, event_id, event_type, event_version, payload::json,
               metadata::json, $2, previous_hash, hash, mac
        FROM fact ORDER BY sequence
        RETURNING *
    ), keyed AS (
        INSERT INTO keys.data_keys (trajectory_id, wrapped_key) SELECT $1, $11 WHERE $11::bytea IS NOT NULL
        RETURNING wrapped_key
    ), sealed AS (
        INSERT INTO vault (trajectory_id, text_id, sealed)
        SELECT $1, text_id, sealed FROM unnest($12::uuid[], $13::bytea[]) AS private (text_id, sealed)
        RETURNING text_id
    ), once AS (
        INSERT INTO idempotency_keys
               (client, key, request_hash, trajectory_id, first_sequence, version, recorded_at)
        SELECT $14, $15, $16, $1, ($3::bigint[])[1], $17, $2 WHERE $14::text IS NOT NULL
        RETURNING key
    ), referred AS (
        INSERT INTO own_references (organisation, trajectory_id, mark, sealed, written_at)
        SELECT $29, $1, $30, $31, $2 WHERE $29::text IS NOT NULL
        RETURNING mark
    ), ",
    write_line!("$24"),
    "{changes}, listed AS (
        INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                  care_provider, corporation, nominated_to, housed_by, is_restricted, beside)
        VALUES ($1, $17, $2, $18, $19, $20, $21, $22, $23, $25, $26, $27, $32)",
    replaces_older!(),
    "
    ), kept AS (
        SELECT array_agg(recorded.position ORDER BY sequence) AS positions
        FROM recorded JOIN fact USING (sequence, event_id, event_type, event_version, previous_hash, hash, mac)
        WHERE aggregate_type = 'trajectory' AND aggregate_id = $1::text AND recorded_at = $2
              AND recorded.payload::text = fact.payload AND recorded.metadata::text = fact.metadata
    )
    SELECT positions,
           1 / (coalesce(cardinality(positions), 0) = cardinality($3::bigint[])
                AND (SELECT count(*) FROM recorded) = cardinality($3::bigint[])
                AND (SELECT count(*) FROM keyed) = num_nonnulls($11::bytea)
                AND (SELECT count(*) FROM sealed) = cardinality($12::uuid[])
                AND (SELECT count(*) FROM once) = num_nonnulls($14::text)
                AND (SELECT count(*) FROM referred) = num_nonnulls($29::text)
                AND (SELECT count(*) FROM logged) = 1
                AND current_setting('session_replication_role') = 'origin')::int AS arrived
    FROM kept"
);

/// The code of PostgreSQL for a division by zero, and that of our own `event_is_kept`.
const NOT_KEPT: [&str; 2] = ["22012", "OMK01"];

/// What a report writes.
pub(super) struct Rows<'a> {
    pub batch: &'a Batch,
    pub summary: &'a TrajectoryRow,
    pub changes: Changes<'a>,
    pub new_key: Option<&'a [u8]>,
    pub once: Option<&'a Once>,
    pub reference: Option<&'a Stored>,
    pub access: &'a Line,
}

/// Writes a report, and returns the positions of its events.
pub(super) async fn insert(
    connection: &mut PgConnection,
    context: &Context<'_>,
    rows: &Rows<'_>,
) -> Result<Vec<i64>, RecordError> {
    let Rows { batch, summary, changes, new_key, once, reference, access } = rows;
    let hashes = |hashes: &[Hash]| hashes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>();
    let changed = !changes.is_empty();
    let written = if changed { format!(", {}", changes.sql("$33")) } else { String::new() };
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
        .bind(summary.is_restricted)
        .bind(hashes(&batch.macs))
        .bind(reference.map(|own| own.organisation.as_str()))
        .bind(reference.map(|own| own.mark.as_slice()))
        .bind(reference.map(|own| own.sealed.as_slice()))
        .bind(&summary.beside);
    if changed {
        statement = statement.bind(Json(changes));
    }
    let row =
        statement.fetch_one(connection).await.map_err(|error| not_kept(error, "the rows of a report"))?;
    Ok(row.try_get("positions")?)
}

/// Whether the statement was undone because a row did not arrive, or was removed at once.
pub(crate) fn not_kept(error: sqlx::Error, what: &'static str) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match code {
        Some(code) if NOT_KEPT.contains(&code.as_ref()) => StoreError::NotKept(what),
        _ => error.into(),
    }
}
