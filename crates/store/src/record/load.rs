//! What is read before a report is decided upon.

use cqrs_es::AggregateContext;
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use omklap_domain::visibility::Viewer;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::{PgPool, QueryBuilder, Row};

use super::report::Once;
use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::{GENESIS, Hash};
use crate::events::upcasters::Upcasters;
use crate::read_models::trajectories;

/// What was read for a report.
pub(crate) struct Loaded {
    pub history: History,
    /// The report as it was recorded before, where this is a repeat.
    pub done: Option<Done>,
    pub connection: PoolConnection<Postgres>,
    pub bound_to: Option<AgreementSetVersion>,
    pub last_hash: Hash,
    /// When each fact was recorded.
    pub recorded_at: Vec<Timestamp>,
    pub wrapped_key: Option<Vec<u8>>,
}

/// A report that was recorded before, under the same idempotency key.
pub(crate) struct Done {
    pub request_hash: Vec<u8>,
    pub trajectory: TrajectoryId,
    pub first_sequence: u64,
    pub version: u64,
    pub recorded_at: Timestamp,
}

/// Everything the decision needs, in one round trip: a first row of keys, then the stream, of which the columns that only a
/// row of another program needs, to be covered by our next hash, are left out of ours. The stream comes where the reporter may
/// know of the trajectory: nothing is read of one that is hidden, as nothing can be of one that is not there.
const KEYS: &str = "
    SELECT 0::bigint AS sequence, NULL::text AS aggregate_id, NULL::uuid AS event_id, NULL::text AS event_type,
           NULL::text AS event_version, NULL::json AS payload, NULL::json AS metadata, NULL::timestamptz AS recorded_at,
           NULL::bytea AS hash, keys.wrapped_key, done.request_hash, done.trajectory_id, done.first_sequence,
           done.version, done.recorded_at AS done_at
    FROM (SELECT) AS always
    LEFT JOIN keys.data_keys AS keys ON keys.trajectory_id = ";
const STREAM: &str = "
    UNION ALL
    SELECT sequence, aggregate_id, CASE WHEN hash IS NULL THEN event_id END, event_type,
           event_version, payload, CASE WHEN hash IS NULL THEN metadata END, recorded_at,
           hash, NULL, NULL, NULL, NULL, NULL, NULL
    FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = $1::text";

impl Loaded {
    pub async fn load(
        pool: &PgPool,
        upcasters: &Upcasters,
        trajectory: TrajectoryId,
        once: Option<&Once>,
        known_to: Option<&Viewer>,
    ) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?;
        let mut query = QueryBuilder::new(KEYS);
        query.push_bind(trajectory.0).push(" LEFT JOIN idempotency_keys AS done ON done.client = ");
        query.push_bind(once.map(|once| once.client.as_str())).push(" AND done.key = ");
        query.push_bind(once.map(|once| once.key.as_str())).push(STREAM);
        if let Some(viewer) = known_to {
            query.push(" AND ");
            trajectories::is_known(trajectory, viewer, &mut query);
        }
        query.push(" ORDER BY sequence");
        let rows = query.build().fetch_all(&mut *connection).await?;
        let (keys, stream) = rows.split_first().expect("the first row is always there");
        let facts = event::facts(stream, upcasters)?;
        let instants = stream.iter().map(|row| row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at"));
        let recorded_at =
            instants.map(|at| at.map(jiff_sqlx::Timestamp::to_jiff)).collect::<Result<_, _>>()?;
        let history = History::from(facts);
        Ok(Self {
            done: Done::read(keys)?,
            connection,
            bound_to: history.state().agreement_set.clone(),
            history,
            last_hash: last_hash(trajectory, stream)?,
            recorded_at,
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
        last = event::hash_after(row, event::Stream::of_trajectory(&trajectory), &last)?;
    }
    Ok(last)
}

impl AggregateContext<History> for Loaded {
    fn aggregate(&mut self) -> &mut History {
        &mut self.history
    }
}
