//! A report that a client repeats under the same key is recorded once, and answered as before.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Viewer;
use sqlx::Row;
use sqlx::postgres::PgRow;

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
    /// What a report on a trajectory led to, if this client sent it before under the same key. For a caller
    /// that must know so before it can make the report.
    ///
    /// # Errors
    /// If the key was used for another request, or the reporter has lost access to the trajectory.
    pub async fn recorded_once(
        &self,
        once: &Once,
        reporter: &Viewer,
    ) -> Result<Option<Recorded>, RecordError> {
        match self.earlier(once).await? {
            None => Ok(None),
            Some(earlier) if !earlier.is_of(once, &self.operator_key) => Err(RecordError::KeyReused),
            Some(earlier) => self.recorded_before(&earlier, Some(reporter)).await.map(Some),
        }
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
                self.load_known_to(reporter, earlier.trajectory).await?.map(|(stream, _)| stream)
            }
            None => self.load(earlier.trajectory).await?,
        };
        let mut stream = stream.ok_or(RecordError::NotFound)?;
        let moved_on = Some(Box::new(stream.history()));
        stream.events.retain(|event| event.sequence <= earlier.version);
        let (history, before) = (stream.history(), stream.history_until(earlier.first_sequence - 1));
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
