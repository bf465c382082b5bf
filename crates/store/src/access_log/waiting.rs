//! Lines of the access log that are in no batch yet: a job that stopped is seen (ADR 42).

use jiff::Timestamp;
use sqlx::Row;

use super::batches::{BATCHES, CLOCKS, batch_in, next_not_before};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::tree::LATE;

/// The lines that are in no batch yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbatched {
    /// When the first of them was written.
    pub since: Timestamp,
    /// When the newest line of the log was written.
    pub latest: Timestamp,
}

impl Unbatched {
    /// Whether the log went on for half an hour without putting the first one into a batch. Time in
    /// which nobody looked at anything, such as that in which no server ran, does not count.
    #[must_use]
    pub fn lags(self) -> bool {
        self.latest.duration_since(self.since) > LATE
    }
}

impl Ledger {
    /// The lines that are in no batch yet; none if every line is in one. Reads only the end of the log.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn unbatched(&self, now: Timestamp) -> Result<Option<Unbatched>, StoreError> {
        let payload = sqlx::query_scalar(
            "SELECT payload::text FROM events WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY sequence DESC LIMIT 1",
        );
        let payload: Option<String> = payload
            .bind(BATCHES.aggregate_type)
            .bind(BATCHES.aggregate_id)
            .fetch_optional(&self.pool)
            .await?;
        let (until, not_before) = match payload.as_deref().and_then(batch_in) {
            None => (0, Timestamp::UNIX_EPOCH),
            Some(last) => (last.until, next_not_before(last.made_at(), now)),
        };
        let row = sqlx::query(
            "SELECT at, (SELECT max(at) FROM access_log WHERE at <= $2) AS latest FROM access_log
             WHERE at > $1 AND at <= $2 AND written_in >= $3::text::xid8 ORDER BY at, access_id LIMIT 1",
        )
        .bind(jiff_sqlx::Timestamp::from(not_before))
        .bind(jiff_sqlx::Timestamp::from(now + CLOCKS))
        .bind(until.to_string())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let instant = |column| row.try_get::<jiff_sqlx::Timestamp, _>(column);
        Ok(Some(Unbatched { since: instant("at")?.to_jiff(), latest: instant("latest")?.to_jiff() }))
    }
}
