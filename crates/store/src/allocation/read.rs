//! Reading streams: one, or those of a list.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use omklap_domain::allocation::{History, Stream, StreamId, StreamKind};
use omklap_domain::ids::RegionId;
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::{Role, Viewer};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::decision::Found;
use super::record::Loaded;
use super::vacancies::HAS_A_TENANT;
use crate::error::StoreError;
use crate::events::event::{self, StreamId as Rows, columns};
use crate::events::hash_chain::{GENESIS, Hash};
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::record::idempotency::{EarlierReport, Once};

/// A stream as it was recorded.
#[derive(Clone, Debug)]
pub struct RecordedStream<S: Stream> {
    /// Its id.
    pub id: StreamId,
    /// Its events, from number 1, without a gap.
    pub events: Vec<StreamEvent<S>>,
}

/// A recorded fact of a stream.
#[derive(Clone, Debug)]
pub struct StreamEvent<S: Stream> {
    /// Its number in the stream, from 1.
    pub sequence: u64,
    /// Its own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who reported it, and why.
    pub metadata: Metadata,
    /// What happened.
    pub fact: S::Fact,
    /// Its place in the ledger.
    pub position: i64,
    /// Its link in the hash chain.
    pub hash: Hash,
}

impl<S: Stream> RecordedStream<S> {
    /// The history that these events make.
    #[must_use]
    pub fn history(&self) -> History<S> {
        History::from(self.events.iter().map(|event| event.fact.clone()).collect::<Vec<_>>())
    }

    /// The stream as it was known at an instant; it may have no events then.
    #[must_use]
    pub fn known_at(mut self, instant: Timestamp) -> Self {
        self.events.retain(|event| event.recorded_at <= instant);
        self
    }
}

/// Which streams a list shows.
#[derive(Clone, Debug)]
pub struct ListedStreams<'a> {
    /// To whom.
    pub viewer: &'a Viewer,
    /// Of this organisation only.
    pub organisation: Option<&'a str>,
    /// Of this region only.
    pub region: Option<&'a str>,
    /// Of this status only.
    pub status: Option<&'a str>,
    /// After this one, in the order of ids.
    pub after: Option<StreamId>,
    /// At most this many.
    pub limit: u32,
}

impl Ledger {
    /// A stream; none if nothing was ever recorded of it.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that this program cannot read, or that is not
    /// [what was recorded](StoreError::Altered).
    pub async fn load_stream<S: Stream>(
        &self,
        id: StreamId,
    ) -> Result<Option<RecordedStream<S>>, StoreError> {
        Ok(self.load_streams::<S>(&[id.0]).await?.pop())
    }

    /// The streams of one kind that a viewer may read, in the order of their ids.
    ///
    /// # Errors
    /// As [`Self::load_stream`].
    pub async fn list_streams<S: Stream>(
        &self,
        listed: &ListedStreams<'_>,
    ) -> Result<Vec<RecordedStream<S>>, StoreError> {
        let ListedStreams { viewer, organisation, region, status, after, limit } = listed;
        let mut query = QueryBuilder::new("SELECT stream_id FROM streams WHERE kind = ");
        query.push_bind(S::KIND.as_str()).push(" AND ");
        if S::READ_IN_REGION.contains(&viewer.role) {
            let regions: Vec<_> = viewer.regions.iter().map(ToString::to_string).collect();
            query.push("region = ANY (").push_bind(regions).push(")");
        } else if S::READ_BY_OWNER.contains(&viewer.role) {
            query.push("organisation = ").push_bind(viewer.organisation.as_str());
        } else {
            return Ok(Vec::new());
        }
        let shown = shown_status(S::KIND);
        for (column, value) in [("organisation", organisation), ("region", region), (&shown, status)] {
            if let Some(value) = value {
                query.push(format!(" AND {column} = ")).push_bind(*value);
            }
        }
        query.push(" AND stream_id > ").push_bind(after.map_or(Uuid::nil(), |after| after.0));
        query.push(" ORDER BY stream_id LIMIT ").push_bind(i64::from(*limit));
        let ids: Vec<Uuid> = query.build_query_scalar().fetch_all(&self.pool).await?;
        let mut streams = self.load_streams::<S>(&ids).await?;
        streams.retain(|stream| stream.history().state().is_read_by(viewer));
        Ok(streams)
    }

    /// All streams of one kind in a region, in the order of their ids. For counts: access is not checked.
    ///
    /// # Errors
    /// As [`Self::load_stream`].
    pub async fn streams_of_region<S: Stream>(
        &self,
        region: &RegionId,
    ) -> Result<Vec<RecordedStream<S>>, StoreError> {
        let query = "SELECT stream_id FROM streams WHERE kind = $1 AND region = $2 ORDER BY stream_id";
        let query = sqlx::query_scalar(query).bind(S::KIND.as_str()).bind(region.as_str());
        let ids: Vec<Uuid> = query.fetch_all(&self.pool).await?;
        self.load_streams::<S>(&ids).await
    }

    /// The versions of these streams: how many facts each has.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn stream_versions(
        &self,
        streams: &BTreeSet<(StreamKind, StreamId)>,
    ) -> Result<HashMap<(StreamKind, StreamId), u64>, StoreError> {
        if streams.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = sqlx::query(
            "SELECT kind, stream_id, version FROM streams
             WHERE (kind, stream_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))",
        )
        .bind(streams.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>())
        .bind(streams.iter().map(|(_, id)| id.0).collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let version = |row: &PgRow| -> sqlx::Result<_> {
            let kind = StreamKind::named(row.try_get("kind")?);
            let id = StreamId(row.try_get("stream_id")?);
            Ok(kind
                .zip(Some(row.try_get::<i64, _>("version")?.unsigned_abs()))
                .map(|(kind, version)| ((kind, id), version)))
        };
        rows.iter()
            .filter_map(|row| version(row).transpose())
            .collect::<Result<_, _>>()
            .map_err(StoreError::from)
    }

    /// These streams, in the order of their ids.
    ///
    /// # Errors
    /// As [`Self::load_stream`].
    pub async fn load_streams<S: Stream>(&self, ids: &[Uuid]) -> Result<Vec<RecordedStream<S>>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = $1 AND aggregate_id = ANY ($2) ORDER BY aggregate_id, sequence"
        ))
        .bind(S::KIND.as_str())
        .bind(ids.iter().map(ToString::to_string).collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let streams = event::streams(&rows)?;
        streams.into_iter().map(|(id, rows)| self.read_stream(id, rows)).collect()
    }

    fn read_stream<S: Stream>(&self, id: &str, rows: &[PgRow]) -> Result<RecordedStream<S>, StoreError> {
        let stream = Rows { aggregate_type: S::KIND.as_str(), aggregate_id: id };
        self.mac_key.verify_stream(rows, stream)?;
        let id = id.parse().map_err(|error: uuid::Error| event::unreadable(&rows[0], error.into()))?;
        Ok(RecordedStream { id, events: rows.iter().map(event_of).collect::<Result<_, _>>()? })
    }
}

/// The status by which a list is filtered: a vacancy with a tenant is let.
fn shown_status(kind: StreamKind) -> String {
    match kind {
        StreamKind::Vacancy => {
            format!("CASE WHEN {HAS_A_TENANT} THEN 'let' ELSE status END")
        }
        _ => "status".to_owned(),
    }
}

fn event_of<S: Stream>(row: &PgRow) -> Result<StreamEvent<S>, StoreError> {
    let Json(metadata) = row.try_get("metadata")?;
    Ok(StreamEvent {
        sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
        event_id: row.try_get("event_id")?,
        recorded_at: event::recorded_at(row)?,
        metadata,
        fact: fact_of::<S>(row)?,
        position: row.try_get("position")?,
        hash: event::stored_hash(row)?.unwrap_or(GENESIS),
    })
}

/// The fact in a row.
pub(crate) fn fact_of<S: Stream>(row: &PgRow) -> Result<S::Fact, StoreError> {
    let payload = event::stored_text(row, "payload")?;
    serde_json::from_str(payload).map_err(|error| event::unreadable(row, error.into()))
}

/// Everything that a decision needs, in one round trip: a first row with the answer stored under the
/// idempotency key, if any, then the stream.
const FOR_A_REPORT: &str = "
    SELECT NULL::bigint AS position, NULL::text AS aggregate_id, 0::bigint AS sequence, NULL::uuid AS event_id,
           NULL::text AS event_type, NULL::text AS event_version, NULL::json AS payload, NULL::json AS metadata,
           NULL::timestamptz AS recorded_at, NULL::bytea AS previous_hash, NULL::bytea AS hash, NULL::bytea AS mac,
           done.request_hash, done.trajectory_id, done.first_sequence, done.version, done.recorded_at AS done_at
    FROM (SELECT) AS always LEFT JOIN idempotency_keys AS done ON done.client = $3 AND done.key = $4
    UNION ALL
    SELECT position, aggregate_id, sequence, event_id, event_type, event_version, payload, metadata, recorded_at,
           previous_hash, hash, mac, NULL, NULL, NULL, NULL, NULL
    FROM events WHERE aggregate_type = $1 AND aggregate_id = $2
    ORDER BY sequence";

pub(super) async fn load_for_a_report<S: Stream>(
    ledger: &Ledger,
    id: StreamId,
    once: Option<&Once>,
) -> Result<Loaded<S>, StoreError> {
    let mut connection = ledger.pool.acquire().await?;
    let id = id.to_string();
    let rows = sqlx::query(FOR_A_REPORT)
        .bind(S::KIND.as_str())
        .bind(&id)
        .bind(once.map(|once| once.client.as_str()))
        .bind(once.map(|once| once.key.as_str()))
        .fetch_all(&mut *connection)
        .await?;
    let (first, events) = rows.split_first().expect("the first row is always there");
    let stream = Rows { aggregate_type: S::KIND.as_str(), aggregate_id: &id };
    let last_hash = ledger.mac_key.verify_stream(events, stream)?;
    let facts = events.iter().map(fact_of::<S>).collect::<Result<Vec<_>, _>>()?;
    let recorded_at = events.iter().map(event::recorded_at).collect::<Result<_, _>>()?;
    let reported_by = events.iter().map(reported_by).collect::<Result<_, _>>()?;
    let found = Found { history: History::from(facts), recorded_at, reported_by, unfounded: Vec::new() };
    Ok(Loaded { found, earlier: EarlierReport::read(first)?, last_hash, connection })
}

/// The party that reported an event; none if a role without one did, or an operator.
fn reported_by(row: &PgRow) -> Result<Option<Party>, StoreError> {
    let Json(metadata): Json<Metadata> = row.try_get("metadata")?;
    let role = metadata.get("role").and_then(|role| Role::named(role));
    Ok(role.and_then(Role::party))
}
