//! What is read before a report is decided.

use cqrs_es::AggregateContext;
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use omklap_domain::visibility::Viewer;
use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::decision::Case;
use super::homes::{HeldByOthers, Homes};
use super::idempotency::{EarlierReport, Once};
use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::Hash;
use crate::ledger::Ledger;
use crate::own_references::Stored;
use crate::read_models::{Derived, trajectories};

/// What was read for a report.
pub(crate) struct Loaded {
    pub case: Case,
    /// The report as it was recorded before, if this is a repeat.
    pub earlier: Option<EarlierReport>,
    /// The trajectory on which the organisation has the number of this report.
    pub taken_by: Option<TrajectoryId>,
    pub connection: PoolConnection<Postgres>,
    pub bound_to: Option<AgreementSetVersion>,
    pub last_hash: Hash,
    pub last_recorded_at: Option<Timestamp>,
    pub wrapped_key: Option<Vec<u8>>,
    /// What other trajectories hold of the homes that the report may come to hold.
    pub held_by_others: HeldByOthers,
}

/// Everything that the decision needs, in one round trip: a first row of keys, then the stream. Its
/// events are verified before anything is appended to them. The stream of a trajectory that the
/// reporter has no access to is not read, so it takes as long as one that does not exist.
const KEYS: &str = "
    SELECT 0::bigint AS sequence, NULL::text AS aggregate_id, NULL::uuid AS event_id, NULL::text AS event_type,
           NULL::text AS event_version, NULL::json AS payload, NULL::json AS metadata, NULL::timestamptz AS recorded_at,
           NULL::bytea AS previous_hash, NULL::bytea AS hash, NULL::bytea AS mac, keys.wrapped_key, done.request_hash, done.trajectory_id, done.first_sequence,
           done.version, done.recorded_at AS done_at, taken.trajectory_id AS taken_by, ";
const FROM_KEYS: &str = " AS held_by_others
    FROM (SELECT) AS always
    LEFT JOIN keys.data_keys AS keys ON keys.trajectory_id = ";
const STREAM: &str = "
    UNION ALL
    SELECT sequence, aggregate_id, event_id, event_type, event_version, payload, metadata, recorded_at,
           previous_hash, hash, mac, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = ";

impl Loaded {
    pub async fn load(
        Ledger { pool, upcasters, mac_key, .. }: &Ledger,
        trajectory: TrajectoryId,
        once: Option<&Once>,
        reference: Option<&Stored>,
        known_to: Option<&Viewer>,
        homes: Option<&Homes>,
    ) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?;
        let mut query = QueryBuilder::new(KEYS);
        match homes {
            Some(homes) => homes.push_held_by_others(trajectory, &mut query),
            None => {
                query.push("NULL::json");
            }
        }
        query.push(FROM_KEYS);
        query.push_bind(trajectory.0).push(" LEFT JOIN idempotency_keys AS done ON done.client = ");
        query.push_bind(once.map(|once| once.client.as_str())).push(" AND done.key = ");
        query.push_bind(once.map(|once| once.key.as_str()));
        query.push(" LEFT JOIN own_references AS taken ON taken.organisation = ");
        query.push_bind(reference.map(|own| own.organisation.as_str())).push(" AND taken.mark = ");
        query.push_bind(reference.map(|own| own.mark.as_slice())).push(STREAM);
        query.push_bind(trajectory.to_string());
        if let Some(viewer) = known_to {
            query.push(" AND ");
            trajectories::is_known(trajectory, viewer, &mut query);
        }
        query.push(" ORDER BY sequence");
        let rows = query.build().fetch_all(&mut *connection).await?;
        let (keys, stream) = rows.split_first().expect("the first row is always there");
        let id = trajectory.to_string();
        let last_hash = mac_key.verify_stream(stream, event::StreamId::of_trajectory(&id))?;
        let facts = event::facts(stream, upcasters)?;
        let instants = stream.iter().map(|row| row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at"));
        let recorded_at: Vec<Timestamp> =
            instants.map(|at| at.map(jiff_sqlx::Timestamp::to_jiff)).collect::<Result<_, _>>()?;
        let history = History::from(facts);
        Ok(Self {
            earlier: EarlierReport::read(keys)?,
            taken_by: keys.try_get::<Option<Uuid>, _>("taken_by")?.map(TrajectoryId),
            connection,
            bound_to: history.state().agreement_set.clone(),
            last_hash,
            last_recorded_at: recorded_at.last().copied(),
            case: Case { history, recorded_at, before: Derived::default() },
            wrapped_key: keys.try_get("wrapped_key")?,
            held_by_others: HeldByOthers::read(keys, "held_by_others")?,
        })
    }
}

impl AggregateContext<Case> for Loaded {
    fn aggregate(&mut self) -> &mut Case {
        &mut self.case
    }
}
