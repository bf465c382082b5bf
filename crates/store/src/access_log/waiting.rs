//! Lines of the access log that are in no batch yet: a job that stopped is seen (ADR 42).

use jiff::Timestamp;
use sqlx::Row;

use super::batches::{BATCHES, CLOCKS};
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
        let row = sqlx::query(
            "WITH last_batch AS (
                 SELECT CASE WHEN payload ->> 'until' ~ '^[0-9]{1,19}$' THEN (payload ->> 'until')::xid8 END AS until, recorded_at
                 FROM events WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY sequence DESC LIMIT 1
             )
             SELECT at, (SELECT max(at) FROM access_log WHERE at <= $4) AS latest FROM access_log
             WHERE at > coalesce((SELECT recorded_at FROM last_batch) - make_interval(secs => $3), '1970-01-01Z') AND at <= $4
                   AND written_in >= coalesce((SELECT until FROM last_batch), '0')
             ORDER BY at, access_id LIMIT 1",
        )
        .bind(BATCHES.aggregate_type)
        .bind(BATCHES.aggregate_id)
        .bind(CLOCKS.as_secs_f64())
        .bind(jiff_sqlx::Timestamp::from(now + CLOCKS))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let instant = |column| row.try_get::<jiff_sqlx::Timestamp, _>(column);
        Ok(Some(Unbatched { since: instant("at")?.to_jiff(), latest: instant("latest")?.to_jiff() }))
    }
}
