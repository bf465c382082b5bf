//! The statement that writes reports.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use sqlx::Row;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;

use super::idempotency::Once;
use super::rows::Batch;
use crate::access_log::line::{Line, write_lines};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::own_references::Stored;
use crate::read_models::change::Parts;
use crate::read_models::tables::Changes;
use crate::read_models::trajectories::{TrajectoryRow, replaces_older};

/// Whole reports in one statement, each on a trajectory of its own, and so in one transaction: they are
/// recorded whole or not at all, and the next reader sees the rows that follow from exactly these events.
/// `{changes}` is the place for what writes the read models.
///
/// What arrived is read back: every event byte for byte, and every other row is counted. If a
/// trigger, a rule or another setting of the database drops or changes a row, the division by zero
/// undoes the statement. `event_is_kept` in `migrations/0002_events.sql` does the same for what is
/// removed afterwards.
///
/// Several reports do not wait long for a row that another transaction has locked: one of them would keep
/// the others waiting.
const INSERT: &str = concat!(
    "WITH report AS MATERIALIZED (
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::text[], $5::text[], $6::bytea[], $7::bigint[],
                             $8::bigint[], $9::text[], $10::bytea[], $11::bytea[])
             AS report (trajectory_id, recorded_at, new_key, client, key, request_hash, first_sequence, version,
                        organisation, mark, sealed),
             set_config('lock_timeout', CASE cardinality($1::uuid[]) WHEN 1 THEN current_setting('lock_timeout') ELSE '200ms' END, true)
             AS set_lock_timeout
    ), fact AS MATERIALIZED (
        SELECT * FROM unnest($12::uuid[], $13::bigint[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::text[],
                             $19::bytea[], $20::bytea[], $21::bytea[]) WITH ORDINALITY
             AS fact (trajectory_id, sequence, event_id, event_type, event_version, payload, metadata, previous_hash, hash,
                      mac, place)
        JOIN report USING (trajectory_id)
    ), recorded AS (
        INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                            metadata, recorded_at, previous_hash, hash, mac)
        SELECT 'trajectory', trajectory_id::text, sequence, event_id, event_type, event_version, payload::json,
               metadata::json, recorded_at, previous_hash, hash, mac
        FROM fact ORDER BY place
        RETURNING *
    ), keyed AS (
        INSERT INTO keys.data_keys (trajectory_id, wrapped_key)
        SELECT trajectory_id, new_key FROM report WHERE new_key IS NOT NULL
        RETURNING wrapped_key
    ), private AS (
        INSERT INTO vault (trajectory_id, text_id, sealed) SELECT * FROM unnest($22::uuid[], $23::uuid[], $24::bytea[])
        RETURNING text_id
    ), once AS (
        INSERT INTO idempotency_keys
               (client, key, request_hash, trajectory_id, first_sequence, version, recorded_at)
        SELECT client, key, request_hash, trajectory_id, first_sequence, version, recorded_at
        FROM report WHERE client IS NOT NULL
        RETURNING key
    ), referred AS (
        INSERT INTO own_references (organisation, trajectory_id, mark, sealed, written_at)
        SELECT organisation, trajectory_id, mark, sealed, recorded_at FROM report WHERE organisation IS NOT NULL
        RETURNING mark
    ), ",
    write_lines!("$25"),
    ", listed AS (
        INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                  care_provider, corporation, nominated_to, housed_by, is_restricted, beside)
        SELECT trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
               care_provider, corporation, nominated_to, housed_by, is_restricted, beside
        FROM jsonb_populate_recordset(NULL::trajectories, $26)",
    replaces_older!(),
    "
    ), change (tables) AS MATERIALIZED (
        SELECT changes::jsonb FROM unnest($27::text[]) AS changes
    ){changes}, kept AS (
        SELECT array_agg(recorded.position ORDER BY place) AS positions
        FROM recorded JOIN fact ON aggregate_id = trajectory_id::text AND recorded.sequence = fact.sequence
        WHERE aggregate_type = 'trajectory'
              AND (recorded.event_id, recorded.event_type, recorded.event_version, recorded.recorded_at,
                   recorded.previous_hash, recorded.hash, recorded.mac)
                = (fact.event_id, fact.event_type, fact.event_version, fact.recorded_at,
                   fact.previous_hash, fact.hash, fact.mac)
              AND recorded.payload::text = fact.payload AND recorded.metadata::text = fact.metadata
    )
    SELECT positions,
           1 / (coalesce(cardinality(positions), 0) = cardinality($12::uuid[])
                AND (SELECT count(*) FROM recorded) = cardinality($12::uuid[])
                AND (SELECT count(*) FROM keyed) = (SELECT count(new_key) FROM report)
                AND (SELECT count(*) FROM private) = cardinality($22::uuid[])
                AND (SELECT count(*) FROM once) = (SELECT count(client) FROM report)
                AND (SELECT count(*) FROM referred) = (SELECT count(organisation) FROM report)
                AND (SELECT count(*) FROM logged) = cardinality($1::uuid[])
                AND current_setting('session_replication_role') = 'origin')::int AS arrived
    FROM kept"
);

/// The code of PostgreSQL for a division by zero, and that of our own `event_is_kept`.
const NOT_KEPT: [&str; 2] = ["22012", "OMK01"];

/// What a report writes.
#[derive(Debug)]
pub(super) struct Rows {
    pub trajectory: TrajectoryId,
    pub recorded_at: Timestamp,
    pub batch: Batch,
    pub summary: TrajectoryRow,
    pub changes: WrittenChanges,
    pub new_key: Option<Vec<u8>>,
    pub once: Option<Once>,
    pub reference: Option<Stored>,
    pub access: Line,
}

/// What a report changes in the read models, and the parts of the statement that it needs.
#[derive(Debug)]
pub(super) struct WrittenChanges {
    parts: Parts,
    json: String,
}

impl WrittenChanges {
    /// These changes.
    ///
    /// # Panics
    /// Never: they are structs of texts, numbers and lists, which JSON can say.
    pub fn of(changes: &Changes<'_>) -> Self {
        let json = serde_json::to_string(changes).expect("rows are texts, numbers and lists");
        Self { parts: changes.parts(), json }
    }
}

/// Writes reports, no two on one trajectory, all or none. Returns the positions of their events, in the order
/// of the reports.
pub(super) async fn insert(connection: &mut PgConnection, reports: &[&Rows]) -> Result<Vec<i64>, StoreError> {
    let mut parts = Parts::default();
    for report in reports {
        parts.extend(&report.changes.parts);
    }
    let statement = INSERT.replace("{changes}", &parts.sql());
    let reported_once = || reports.iter().map(|report| report.once.as_ref());
    let referred = || reports.iter().map(|report| report.reference.as_ref());
    let row = sqlx::query(&statement)
        .bind(each(reports, |report| report.trajectory.0))
        .bind(each(reports, |report| jiff_sqlx::Timestamp::from(report.recorded_at)))
        .bind(each(reports, |report| report.new_key.as_deref()))
        .bind(reported_once().map(|once| Some(once?.client.as_str())).collect::<Vec<_>>())
        .bind(reported_once().map(|once| Some(once?.key.as_str())).collect::<Vec<_>>())
        .bind(reported_once().map(|once| Some(once?.request_hash.as_slice())).collect::<Vec<_>>())
        .bind(each(reports, |report| report.batch.sequences.first().copied()))
        .bind(each(reports, |report| report.summary.version.cast_signed()))
        .bind(referred().map(|own| Some(own?.organisation.as_str())).collect::<Vec<_>>())
        .bind(referred().map(|own| Some(own?.mark.as_slice())).collect::<Vec<_>>())
        .bind(referred().map(|own| Some(own?.sealed.as_slice())).collect::<Vec<_>>())
        .bind(each_of(reports, |report| vec![report.trajectory.0; report.batch.sequences.len()]))
        .bind(each_of(reports, |report| report.batch.sequences.iter().copied()))
        .bind(each_of(reports, |report| report.batch.event_ids.iter().copied()))
        .bind(each_of(reports, |report| report.batch.event_types.iter().copied()))
        .bind(each_of(reports, |report| report.batch.event_versions.iter().copied()))
        .bind(each_of(reports, |report| report.batch.payloads.iter().map(String::as_str)))
        .bind(each_of(reports, |report| report.batch.metadata.iter().map(String::as_str)))
        .bind(each_of(reports, |report| report.batch.previous_hashes.iter().map(Hash::as_slice)))
        .bind(each_of(reports, |report| report.batch.hashes.iter().map(Hash::as_slice)))
        .bind(each_of(reports, |report| report.batch.macs.iter().map(Hash::as_slice)))
        .bind(each_of(reports, |report| vec![report.trajectory.0; report.batch.text_ids.len()]))
        .bind(each_of(reports, |report| report.batch.text_ids.iter().copied()))
        .bind(each_of(reports, |report| report.batch.sealed_texts.iter().map(Vec::as_slice)))
        .bind(Json(each(reports, |report| &report.access)))
        .bind(Json(each(reports, |report| &report.summary)))
        .bind(each(reports, |report| report.changes.json.as_str()))
        .fetch_one(connection)
        .await
        .map_err(|error| not_kept(error, "the rows of a report"))?;
    Ok(row.try_get("positions")?)
}

fn each<'r, T>(reports: &[&'r Rows], of: impl Fn(&'r Rows) -> T) -> Vec<T> {
    reports.iter().map(|report| of(report)).collect()
}

fn each_of<'r, I: IntoIterator>(reports: &[&'r Rows], of: impl Fn(&'r Rows) -> I) -> Vec<I::Item> {
    reports.iter().flat_map(|report| of(report)).collect()
}

/// Whether the statement was undone because a row did not arrive, or was removed at once.
pub(crate) fn not_kept(error: sqlx::Error, what: &'static str) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match code {
        Some(code) if NOT_KEPT.contains(&code.as_ref()) => StoreError::NotKept(what),
        _ => error.into(),
    }
}
