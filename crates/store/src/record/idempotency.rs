//! A report that a client repeats under the same key is recorded once, and answered as before.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Viewer;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::report::{RecordError, Recorded};
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::ledger::Ledger;
use crate::read_models::Derived;
use crate::vault::OperatorKey;

/// What makes two requests the same report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The client that chose the key; two clients may choose the same.
    pub client: String,
    /// The client's own key.
    pub key: String,
    /// SHA-256 of the whole request.
    pub request_hash: Hash,
}

impl Once {
    /// As it is stored: marks that only the operator's key can make. A reader of the table cannot
    /// find out by trying what a client called its report, or what the report held.
    pub(crate) fn marked(&self, key: &OperatorKey) -> Self {
        let chosen = key.mark("idempotency-key", &[self.client.as_bytes(), self.key.as_bytes()]);
        let request_hash = key.mark("request", &[&self.request_hash]);
        Self { client: self.client.clone(), key: hex::encode(chosen), request_hash }
    }
}

/// What the first request under a key led to.
#[derive(Clone, Debug)]
pub enum Before<R> {
    /// Facts.
    Facts(Box<R>),
    /// No fact followed from it.
    NoFact,
}

/// A report that was recorded before, under the same key.
#[derive(Debug)]
pub(crate) struct EarlierReport {
    pub request_hash: Vec<u8>,
    pub trajectory: TrajectoryId,
    pub first_sequence: u64,
    pub version: u64,
    pub recorded_at: Timestamp,
}

impl EarlierReport {
    /// Whether it was this request.
    pub fn is_of(&self, once: &Once, key: &OperatorKey) -> bool {
        self.request_hash == once.marked(key).request_hash
    }

    /// Whether a fact followed from it.
    pub fn has_facts(&self) -> bool {
        self.first_sequence > 0
    }

    pub fn read(row: &PgRow) -> Result<Option<Self>, StoreError> {
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

impl Ledger {
    /// What a request about a trajectory led to, if this client sent it before under the same key. For a
    /// caller that must know so before it can make a report of it.
    ///
    /// # Errors
    /// If the key was used for another request, or the reporter has lost access to the trajectory.
    pub async fn recorded_once(
        &self,
        once: &Once,
        reporter: &Viewer,
    ) -> Result<Option<Before<Recorded>>, RecordError> {
        match self.earlier(once).await? {
            None => Ok(None),
            Some(earlier) if !earlier.is_of(once, &self.operator_key) => Err(RecordError::KeyReused),
            Some(earlier) if !earlier.has_facts() => Ok(Some(Before::NoFact)),
            Some(earlier) => {
                let recorded = self.recorded_before(&earlier, Some(reporter)).await?;
                Ok(Some(Before::Facts(Box::new(recorded))))
            }
        }
    }

    /// Keeps the key of a request from which no fact followed, as one of a report with no facts. `about` is
    /// the trajectory or stream that it named.
    ///
    /// # Errors
    /// If the key was used for another request meanwhile.
    pub async fn keep_without_facts(
        &self,
        once: &Once,
        about: Uuid,
        at: Timestamp,
    ) -> Result<(), RecordError> {
        let keep = sqlx::query(
            "INSERT INTO idempotency_keys
                 (client, key, request_hash, trajectory_id, first_sequence, version, recorded_at)
             VALUES ($1, $2, $3, $4, 0, 0, $5) ON CONFLICT (client, key) DO NOTHING",
        );
        let Once { client, key, request_hash } = once.marked(&self.operator_key);
        let keep = keep.bind(client).bind(key).bind(request_hash.to_vec()).bind(about);
        let kept = keep.bind(jiff_sqlx::Timestamp::from(at)).execute(&self.pool).await;
        if kept.map_err(StoreError::from)?.rows_affected() == 1 {
            return Ok(());
        }
        let is_same = |earlier: EarlierReport| earlier.is_of(once, &self.operator_key);
        if self.earlier(once).await?.is_none_or(is_same) { Ok(()) } else { Err(RecordError::KeyReused) }
    }

    /// The report that a client sent before under this key, whatever it was.
    pub(crate) async fn earlier(&self, once: &Once) -> Result<Option<EarlierReport>, StoreError> {
        let query = sqlx::query(
            "SELECT request_hash, trajectory_id, first_sequence, version, recorded_at AS done_at
             FROM idempotency_keys WHERE client = $1 AND key = $2",
        );
        let Once { client, key, .. } = once.marked(&self.operator_key);
        let row = query.bind(client).bind(key).fetch_optional(&self.pool).await?;
        row.as_ref().map_or(Ok(None), EarlierReport::read)
    }

    /// What the earlier report led to, worked out again from the stream, whose first events never
    /// change. A reporter who has lost access to the trajectory gets nothing.
    pub(super) async fn recorded_before(
        &self,
        earlier: &EarlierReport,
        reporter: Option<&Viewer>,
    ) -> Result<Recorded, RecordError> {
        let stream = match reporter {
            Some(reporter) => {
                self.load_known_to(reporter, earlier.trajectory).await?.map(|known| known.stream)
            }
            None => self.load(earlier.trajectory).await?,
        };
        let mut stream = stream.ok_or(RecordError::NotFound)?;
        let moved_on = Some(Box::new(stream.history()));
        stream.events.retain(|event| event.sequence <= earlier.version);
        let (history, before) =
            (stream.history(), stream.history_until(earlier.first_sequence.saturating_sub(1)));
        let before = Derived::of(earlier.trajectory, &before, &self.sets);
        let after = Derived::of(earlier.trajectory, &history, &self.sets);
        let events = stream.events.iter().filter(|event| event.sequence >= earlier.first_sequence);
        Ok(Recorded {
            trajectory: earlier.trajectory,
            first_sequence: earlier.first_sequence,
            event_ids: events.clone().map(|event| event.event_id).collect(),
            positions: events.clone().map(|event| event.position).collect(),
            hashes: events.map(|event| event.hash).collect(),
            recorded_at: earlier.recorded_at,
            became_due: after.became_due_since(&before),
            history,
            moved_on,
        })
    }

    /// Forgets the keys of reports recorded before this instant, and of subscriptions made before
    /// it: a repeat is then a new request. Returns how many keys of reports.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn forget_keys_before(&self, instant: Timestamp) -> Result<u64, StoreError> {
        let forget = sqlx::query(
            "WITH made AS (UPDATE subscriptions SET once_key = NULL, request_hash = NULL
                           WHERE once_key IS NOT NULL AND created_at < $1)
             DELETE FROM idempotency_keys WHERE recorded_at < $1",
        );
        let forgotten = forget.bind(jiff_sqlx::Timestamp::from(instant)).execute(&self.pool).await?;
        Ok(forgotten.rows_affected())
    }
}
