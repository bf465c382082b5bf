//! Batches of lines of the access log, each an event of its own: its root and its number of lines are
//! in the tree of the ledger, and its lines stay in their table (ADR 42).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use tlog_tiles::tlog::{Hash as TreeHash, node_hash, record_hash};

use super::{Access, Line, line, read, write};
use crate::error::StoreError;
use crate::events::append::{Entry, Last, append, last};
use crate::events::event::StreamId;
use crate::events::hash_chain::{Hash, canonical, instant};
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use omklap_domain::day::Day;

/// The kind of the streams of the access log: the aggregate type of their events.
pub const KIND: &str = "access-log";

/// The stream of the batches. A month that was destroyed has a stream of its own, named `2021-03`.
pub(super) const BATCHES: StreamId<'static> = StreamId { aggregate_type: KIND, aggregate_id: "batches" };

/// How much earlier or later than its batch a line can say that it was written: clocks differ, and a
/// request takes time.
pub(super) const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// How long before now a batch looks for lines if the one before says that it was made later than now: the
/// clock was set back, and how long ago is not known.
const SET_BACK: SignedDuration = SignedDuration::from_hours(24);

/// The lines of the next batch are not from before this instant.
pub(super) fn next_not_before(last_made_at: Timestamp, now: Timestamp) -> Timestamp {
    if last_made_at <= now { last_made_at - CLOCKS } else { now - SET_BACK }
}

/// What an event of the access log says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum LogEntry {
    /// Lines were put into a batch.
    AccessLogBatched(Batch),
    /// Every line of a month was destroyed after its term. Its batches stay.
    AccessLogDestroyed {
        /// The month, as `2021-03`.
        month: String,
    },
}

/// The lines of one month that were written in these transactions, within this time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Batch {
    /// The month in UTC, as `2026-11`.
    pub month: String,
    /// The number of the first transaction.
    pub from: u64,
    /// The number after the last transaction. Lower than `from` if the database was restored into
    /// another PostgreSQL, which numbers its transactions from the start.
    pub until: u64,
    /// The line says that it was written at this instant or later.
    pub not_before: Timestamp,
    /// The line says that it was written at this instant or earlier.
    pub not_after: Timestamp,
    /// How many lines.
    pub lines: u64,
    /// The root of the Merkle tree over them (RFC 9162 §2.1), in the order of time, in hexadecimal.
    pub root: String,
}

impl LogEntry {
    fn event_type(&self) -> &'static str {
        match self {
            Self::AccessLogBatched(_) => "access-log-batched",
            Self::AccessLogDestroyed { .. } => "access-log-destroyed",
        }
    }
}

impl Batch {
    /// When it was made, by the clock of the server that made it. Its event says the same or a later time,
    /// since the times of a stream's events do not step back.
    pub fn made_at(&self) -> Timestamp {
        self.not_after - CLOCKS
    }

    /// Whether a line that was written in this transaction is one of it.
    pub fn has(&self, line: &Access, written_in: u64) -> bool {
        let is_of_these = if self.from <= self.until {
            (self.from..self.until).contains(&written_in)
        } else {
            written_in >= self.from || written_in < self.until
        };
        let at = line.position.at;
        is_of_these && self.not_before <= at && at <= self.not_after && month_of(at) == self.month
    }
}

/// The month of an instant in UTC, as `2026-11`.
fn month_of(at: Timestamp) -> String {
    instant(at)[..7].to_owned()
}

/// The root over these lines in their order, in hexadecimal.
pub(super) fn root<'a>(lines: impl IntoIterator<Item = &'a Access>) -> String {
    let leaves: Vec<TreeHash> = lines.into_iter().map(|line| record_hash(written(line).as_bytes())).collect();
    hex::encode(over(&leaves).0)
}

fn over(leaves: &[TreeHash]) -> TreeHash {
    match leaves {
        [] => TreeHash(Hash::default()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(over(left), over(right))
        }
    }
}

/// A line as it is hashed: its columns, as canonical JSON (`docs/AUDIT.md` lists them).
fn written(line: &Access) -> String {
    let by = &line.by;
    let mut columns = serde_json::json!({
        "access_id": line.position.access_id, "action": line.action, "actor": by.actor, "at": instant(line.position.at),
        "categories": line.categories, "client": by.client, "organisation": by.organisation, "outcome": line.outcome,
        "parent_span_id": by.trace.parent_span_id, "purpose": by.purpose, "role": by.role, "span_id": by.trace.span_id,
        "started_at": instant(line.started_at), "trace_id": by.trace.trace_id, "trajectories": line.trajectories,
    });
    if let Some(organisation) = &line.registration {
        columns["registration"] = organisation.as_str().into();
    }
    canonical(&columns).expect("texts and lists are JSON")
}

/// The number of a transaction that a row has beside a line.
pub(super) fn transaction(row: &PgRow) -> Result<u64, StoreError> {
    let number: String = row.try_get("transaction")?;
    Ok(number.parse().map_err(|error: std::num::ParseIntError| sqlx::Error::Decode(error.into()))?)
}

/// The batch that an event says; none if it says something else.
pub(super) fn batch_in(payload: &str) -> Option<Batch> {
    match serde_json::from_str(payload) {
        Ok(LogEntry::AccessLogBatched(batch)) => Some(batch),
        _ => None,
    }
}

impl Ledger {
    /// Puts the lines of the access log that are in no batch yet into one, unless the last batch is
    /// younger than this, or another server is doing it. Returns how many lines that were.
    ///
    /// # Errors
    /// If the database is out of reach, or the last batch is not what was recorded.
    pub async fn batch_access_log(&self, now: Timestamp, pace: SignedDuration) -> Result<u64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(28525, 12)");
        if !lock.fetch_one(&mut *transaction).await? {
            return Ok(0);
        }
        let mut before = last(&mut transaction, &self.mac_key, BATCHES).await?;
        // A clock that was set back does not stop it.
        let made_at = |last: &Last| batch_in(&last.payload).map_or(last.recorded_at, |batch| batch.made_at());
        if before.as_ref().is_some_and(|last| now.duration_since(made_at(last)).abs() < pace) {
            return Ok(0);
        }
        let mut lines = 0;
        for batch in new_batches(&mut transaction, before.as_ref(), now).await? {
            lines += batch.lines;
            let entry = LogEntry::AccessLogBatched(batch);
            let metadata = made_by("omklap");
            let event = Entry {
                stream: BATCHES,
                event_type: entry.event_type(),
                payload: &entry,
                metadata: &metadata,
                now,
            };
            append(&mut transaction, &self.mac_key, event, before.as_ref()).await?;
            before = last(&mut transaction, &self.mac_key, BATCHES).await?;
        }
        transaction.commit().await?;
        Ok(lines)
    }

    /// The months of the access log that ended before this day, as `2021-03`. Needs [the keeper's
    /// rights](crate::connect_as_keeper).
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn access_log_before(&self, day: Day) -> Result<Vec<String>, StoreError> {
        let months = sqlx::query_scalar("SELECT access_log_months_before($1)");
        Ok(months.bind(jiff_sqlx::Date::from(day.date())).fetch_all(&self.pool).await?)
    }

    /// Destroys the months of the access log that ended before this day, and returns their names as
    /// `2021-03`. Their batches stay, and an event says of each month that it was destroyed. Needs [the
    /// keeper's rights](crate::connect_as_keeper).
    ///
    /// # Errors
    /// If the database is out of reach, or the day is less than five years ago.
    pub async fn drop_access_log_before(
        &self,
        day: Day,
        access: &Line,
        by: &Metadata,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let months: Vec<String> = sqlx::query_scalar("SELECT access_log_drop_months_before($1)")
            .bind(jiff_sqlx::Date::from(day.date()))
            .fetch_all(&mut *transaction)
            .await?;
        for month in &months {
            let stream = StreamId { aggregate_type: KIND, aggregate_id: month };
            let entry = LogEntry::AccessLogDestroyed { month: month.clone() };
            let event = Entry { stream, event_type: entry.event_type(), payload: &entry, metadata: by, now };
            let before = last(&mut transaction, &self.mac_key, stream).await?;
            append(&mut transaction, &self.mac_key, event, before.as_ref()).await?;
        }
        if !months.is_empty() {
            write(&mut *transaction, std::slice::from_ref(access)).await?;
        }
        transaction.commit().await?;
        Ok(months)
    }
}

/// Who makes a batch: no partner.
fn made_by(actor: &str) -> Metadata {
    let known = [("actor", actor), ("purpose", "access-log")];
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// The lines of every transaction that has ended and is in no batch, by their months.
async fn new_batches(
    connection: &mut PgConnection,
    before: Option<&Last>,
    now: Timestamp,
) -> Result<Vec<Batch>, StoreError> {
    let (from, not_before) = match before {
        None => (0, Timestamp::UNIX_EPOCH),
        Some(last) => {
            let unreadable = || sqlx::Error::Decode("the last batch of the access log cannot be read".into());
            let batch = batch_in(&last.payload).ok_or_else(unreadable)?;
            (batch.until, next_not_before(batch.made_at(), now))
        }
    };
    let not_after = now + CLOCKS;
    let (until, lines) = lines_since(connection, from, not_before, not_after).await?;
    let months = lines.chunk_by(|one, next| month_of(one.position.at) == month_of(next.position.at));
    let batch = |lines: &[Access]| Batch {
        month: month_of(lines[0].position.at),
        from,
        until,
        not_before,
        not_after,
        lines: lines.len() as u64,
        root: root(lines),
    };
    Ok(months.map(batch).collect())
}

/// The number before which every transaction has ended, and the lines of those from this number on. Both
/// are of one snapshot: a line of a transaction that has ended is visible, or never will be.
async fn lines_since(
    connection: &mut PgConnection,
    from: u64,
    not_before: Timestamp,
    not_after: Timestamp,
) -> Result<(u64, Vec<Access>), StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        line::columns!(),
        ", horizon::text AS transaction
         FROM access_log, (SELECT access_log_number(pg_snapshot_xmin(pg_current_snapshot())) AS horizon) AS ended
         WHERE at >= $1 AND at <= $2
               AND CASE WHEN $3::text::xid8 <= horizon THEN written_in >= $3::text::xid8 AND written_in < horizon
                        ELSE written_in >= $3::text::xid8 OR written_in < horizon END
         ORDER BY at, access_id"
    ))
    .bind(jiff_sqlx::Timestamp::from(not_before))
    .bind(jiff_sqlx::Timestamp::from(not_after))
    .bind(from.to_string())
    .fetch_all(connection)
    .await?;
    let until = rows.first().map(transaction).transpose()?.unwrap_or(from);
    Ok((until, rows.iter().map(read).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_that_of_rfc_9162() {
        let leaves: Vec<TreeHash> = (0..5_u8).map(|number| record_hash(&[number])).collect();
        let pair = |first: usize| node_hash(leaves[first], leaves[first + 1]);
        assert_eq!(over(&leaves[..3]).0, node_hash(pair(0), leaves[2]).0);
        assert_eq!(over(&leaves[..4]).0, node_hash(pair(0), pair(2)).0);
        assert_eq!(over(&leaves).0, node_hash(node_hash(pair(0), pair(2)), leaves[4]).0);
    }
}
