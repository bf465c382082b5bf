//! The statement that writes a report.

use sqlx::postgres::PgConnection;
use sqlx::types::Json;

use super::idempotency::Once;
use super::report::RecordError;
use super::rows::{Batch, Context};
use crate::access_log::line::{Line, write_line};
use crate::events::hash_chain::Hash;
use crate::own_references::Stored;
use crate::read_models::tables::Changes;
use crate::read_models::trajectories::{Summary, replaces_older};

/// A whole report in one statement, and so in one transaction: it is recorded whole or not at all,
/// and the next reader sees the rows that follow from exactly these events. `{changes}` is the
/// place for what writes the read models.
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
    ), referred AS (
        INSERT INTO own_references (organisation, trajectory_id, mark, sealed, written_at)
        SELECT $28, $1, $29, $30, $2 WHERE $28::text IS NOT NULL
    ), ",
    write_line!("$24"),
    "{changes}
    INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                              care_provider, corporation, nominated_to, housed_by, is_restricted)
    VALUES ($1, $17, $2, $18, $19, $20, $21, $22, $23, $25, $26, $27)",
    replaces_older!()
);

/// What a report writes.
pub(super) struct Rows<'a> {
    pub batch: &'a Batch,
    pub summary: &'a Summary,
    pub changes: Changes<'a>,
    pub new_key: Option<&'a [u8]>,
    pub once: Option<&'a Once>,
    pub reference: Option<&'a Stored>,
    pub access: &'a Line,
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    context: &Context<'_>,
    rows: &Rows<'_>,
) -> Result<(), RecordError> {
    let Rows { batch, summary, changes, new_key, once, reference, access } = rows;
    let hashes = |hashes: &[Hash]| hashes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>();
    let changed = !changes.is_empty();
    let written = if changed { format!(", {}", changes.sql("$31")) } else { String::new() };
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
        .bind(reference.map(|own| own.organisation.as_str()))
        .bind(reference.map(|own| own.mark.as_slice()))
        .bind(reference.map(|own| own.sealed.as_slice()));
    if changed {
        statement = statement.bind(Json(changes));
    }
    statement.execute(connection).await?;
    Ok(())
}
