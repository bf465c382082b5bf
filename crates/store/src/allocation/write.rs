//! The events of one report on a stream, and the statement that writes them.

use jiff::Timestamp;
use omklap_domain::allocation::{History, Stream, StreamFact, StreamId};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::row::ListedRow;
use crate::error::StoreError;
use crate::events::hash_chain::{Hash, Link, canonical};
use crate::events::metadata::{Metadata, blind};
use crate::events::time_ordered_id::time_ordered_id;
use crate::ledger::Ledger;
use crate::record::idempotency::Once;
use crate::record::insert::not_kept;

/// The events of a report, column by column, each chained to the one before.
pub(super) struct Chained {
    id: StreamId,
    first: u64,
    recorded_at: Timestamp,
    pub event_ids: Vec<Uuid>,
    kinds: Vec<&'static str>,
    payloads: Vec<String>,
    metadata: Vec<String>,
    previous: Vec<Hash>,
    pub hashes: Vec<Hash>,
    macs: Vec<Hash>,
}

impl Chained {
    /// The events of these facts after this version of the stream, whose last event has this hash.
    pub fn of<S: Stream>(
        id: StreamId,
        facts: &[S::Fact],
        version: u64,
        mut last: Hash,
        recorded_at: Timestamp,
        metadata: &Metadata,
        ledger: &Ledger,
    ) -> Self {
        let mut chained = Self::empty(id, version + 1, recorded_at);
        for (sequence, fact) in (version + 1..).zip(facts) {
            let payload = canonical(fact).expect("a fact is texts, numbers and lists, which JSON can say");
            let mut blinded = metadata.clone();
            blinded.insert("blind".to_owned(), blind());
            let metadata = canonical(&blinded).expect("a map of texts is JSON");
            let event_id = time_ordered_id(recorded_at);
            let link = Link {
                aggregate_type: S::KIND.as_str(),
                aggregate_id: &id.to_string(),
                sequence,
                event_id,
                event_type: fact.kind(),
                event_version: "1.0",
                recorded_at,
                payload: payload.as_str().into(),
                metadata: metadata.as_str().into(),
            };
            let hash = link.hash(&last);
            chained.previous.push(std::mem::replace(&mut last, hash));
            chained.hashes.push(hash);
            chained.macs.push(ledger.mac_key.mac(&hash));
            chained.event_ids.push(event_id);
            chained.kinds.push(fact.kind());
            chained.payloads.push(payload);
            chained.metadata.push(metadata);
        }
        chained
    }

    fn empty(id: StreamId, first: u64, recorded_at: Timestamp) -> Self {
        Self {
            id,
            first,
            recorded_at,
            event_ids: Vec::new(),
            kinds: Vec::new(),
            payloads: Vec::new(),
            metadata: Vec::new(),
            previous: Vec::new(),
            hashes: Vec::new(),
            macs: Vec::new(),
        }
    }
}

/// A whole report in one statement, and so in one transaction. What arrived is read back, as for a
/// trajectory (`record/insert.rs`): if anything in the database drops or changes a row, the division by
/// zero undoes the statement.
const INSERT: &str = "
    WITH fact AS MATERIALIZED (
        SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[])
             WITH ORDINALITY AS fact (event_id, event_type, payload, metadata, previous_hash, hash, mac, nth)
    ), recorded AS (
        INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload,
                            metadata, recorded_at, previous_hash, hash, mac)
        SELECT $1, $2::text, $10 + nth - 1, event_id, event_type, '1.0', payload::json, metadata::json, $11,
               previous_hash, hash, mac
        FROM fact ORDER BY nth
        RETURNING *
    ), once AS (
        INSERT INTO idempotency_keys (client, key, request_hash, trajectory_id, first_sequence, version, recorded_at)
        SELECT $12, $13, $14, $2, $10, $15, $11 WHERE $12::text IS NOT NULL
        RETURNING key
    ), listed AS (
        INSERT INTO streams (kind, stream_id, version, organisation, region, status, unit, municipality)
        VALUES ($1, $2, $15, $16, $17, $18, $19, $20)
        ON CONFLICT (kind, stream_id) DO UPDATE SET version = excluded.version, organisation = excluded.organisation,
            region = excluded.region, status = excluded.status, unit = excluded.unit,
            municipality = excluded.municipality
        WHERE streams.version < excluded.version
        RETURNING stream_id
    )
    SELECT 1 / ((SELECT count(*) FROM recorded JOIN fact USING (event_id, event_type, previous_hash, hash, mac)
                 WHERE aggregate_type = $1 AND aggregate_id = $2::text AND recorded_at = $11
                       AND recorded.payload::text = fact.payload AND recorded.metadata::text = fact.metadata)
                    = cardinality($3::uuid[])
                AND (SELECT count(*) FROM recorded) = cardinality($3::uuid[])
                AND (SELECT count(*) FROM once) = num_nonnulls($12::text)
                AND (SELECT count(*) FROM listed) = 1
                AND current_setting('session_replication_role') = 'origin')::int";

/// Writes the events of a report, the row of the stream after it, and its idempotency key.
pub(super) async fn insert<S: Stream>(
    connection: &mut PgConnection,
    chained: &Chained,
    history: &History<S>,
    once: Option<&Once>,
) -> Result<(), StoreError> {
    let bytes = |hashes: &[Hash]| hashes.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>();
    let row = ListedRow::of(&history.state(), history.version());
    sqlx::query(INSERT)
        .bind(S::KIND.as_str())
        .bind(chained.id.0)
        .bind(&chained.event_ids)
        .bind(&chained.kinds)
        .bind(&chained.payloads)
        .bind(&chained.metadata)
        .bind(bytes(&chained.previous))
        .bind(bytes(&chained.hashes))
        .bind(bytes(&chained.macs))
        .bind(chained.first.cast_signed())
        .bind(jiff_sqlx::Timestamp::from(chained.recorded_at))
        .bind(once.map(|once| once.client.as_str()))
        .bind(once.map(|once| once.key.as_str()))
        .bind(once.map(|once| once.request_hash.as_slice()))
        .bind(row.version)
        .bind(row.organisation)
        .bind(row.region)
        .bind(row.status)
        .bind(row.unit)
        .bind(row.municipality)
        .fetch_one(connection)
        .await
        .map_err(|error| not_kept(error, "the rows of a report on a stream"))?;
    Ok(())
}
