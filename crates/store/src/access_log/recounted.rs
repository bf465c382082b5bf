//! Recounts the batches of the access log: a line that was changed, removed or added is found, with the
//! minute of its batch (ADR 42). Whether the events of the batches are what was recorded is checked for
//! the whole ledger by [`Tree::check`](crate::tree::Tree::check).

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::batches::{BATCHES, Batch, CLOCKS, KIND, batch_in, next_not_before, root, transaction};
use super::{Access, Unbatched, line, read};
use crate::database::restorations;
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;
use crate::tree::LATE;

/// How many batches are recounted at once.
const PAGE: i64 = 100;

/// How many lines that no batch covers are counted at most.
const NAMED: i64 = 1_000;

/// Something in the access log that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogFinding {
    /// A batch that this program cannot read, or that does not begin where the one before ended.
    #[error("access log: batch {batch} of {at:.0} does not follow the one before")]
    OutOfPlace {
        /// Its number.
        batch: u64,
        /// When it was made.
        at: Timestamp,
    },
    /// The lines of a batch are not those that were there when it was made.
    #[error("access log: batch {batch} of {at:.0} had {lines} lines; there are {there}, {how}")]
    Differs {
        /// Its number.
        batch: u64,
        /// When it was made.
        at: Timestamp,
        /// The month of its lines, as `2026-11`.
        month: String,
        /// How many lines it had.
        lines: u64,
        /// How many are there.
        there: u64,
        /// Whether lines are missing, were added, or changed.
        how: &'static str,
    },
    /// Lines of a time of which every line is in a batch, and these are in none.
    #[error("access log: {lines} lines of {minute:.0} are in no batch")]
    Added {
        /// Their minute.
        minute: Timestamp,
        /// How many.
        lines: u64,
    },
    /// Lines that this program cannot read, or of an instant at which none was written.
    #[error(
        "access log: {lines} lines cannot be read, or say that they are from before the log or from its end; the first is {access_id}"
    )]
    Unreadable {
        /// How many.
        lines: u64,
        /// The number of the first of them.
        access_id: Uuid,
    },
    /// The log goes on, and lines wait too long for a batch.
    #[error("access log: {lines} lines are in no batch yet; the first is of {since:.0}, and the log goes on")]
    Lags {
        /// How many.
        lines: u64,
        /// When the first of them was written.
        since: Timestamp,
    },
}

impl LogFinding {
    /// A stable code for this kind of finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfPlace { .. } => "log-batch-out-of-place",
            Self::Differs { .. } => "log-batch-differs",
            Self::Added { .. } => "log-line-added",
            Self::Unreadable { .. } => "log-line-unreadable",
            Self::Lags { .. } => "log-batch-lags",
        }
    }
}

/// What was recounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogChecked {
    /// How many batches.
    pub batches: u64,
    /// How many lines they had.
    pub lines: u64,
}

/// A batch as its event says it; none if the event says something else.
struct Kept {
    sequence: u64,
    at: Timestamp,
    batch: Option<Batch>,
}

/// A walk over the batches in their order.
#[derive(Default)]
struct Recount {
    /// Months whose lines were destroyed after their term.
    destroyed: HashSet<String>,
    /// The transactions of the batch before.
    before: Option<(u64, u64)>,
    /// Lines that were read and are in no batch so far, in the order of the log, each with its
    /// transaction.
    pending: BTreeMap<(Timestamp, Uuid), (Access, u64)>,
    /// Lines that cannot be read.
    unreadable: Vec<Uuid>,
    /// Every line up to here was read.
    read_until: Timestamp,
    /// When the last batch was made.
    made_at: Timestamp,
    checked: LogChecked,
    findings: Vec<LogFinding>,
}

impl Ledger {
    /// Recounts every batch of the access log, as it is at one instant, and hands each finding to
    /// `report`.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn check_access_log(
        &self,
        now: Timestamp,
        mut report: impl FnMut(LogFinding),
    ) -> Result<LogChecked, StoreError> {
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let mut recount = Recount { destroyed: destroyed_months(&mut instant).await?, ..Recount::default() };
        let mut after = 0;
        loop {
            let page = page(&mut instant, after).await?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            recount.read_lines(&mut instant, &page).await?;
            for kept in page {
                recount.batch(kept);
            }
            recount.findings.drain(..).for_each(&mut report);
        }
        recount.left_behind(now);
        recount.rest(&mut instant, now).await?;
        instant.rollback().await?;
        recount.findings.into_iter().for_each(report);
        Ok(recount.checked)
    }
}

impl Recount {
    /// Reads the lines that can be in these batches.
    async fn read_lines(&mut self, database: &mut PgConnection, page: &[Kept]) -> Result<(), StoreError> {
        let latest = page.iter().filter_map(|kept| Some(kept.batch.as_ref()?.not_after)).max();
        let Some(latest) = latest.filter(|latest| *latest > self.read_until) else { return Ok(()) };
        let rows = sqlx::query(concat!(
            "SELECT ",
            line::columns!(),
            ", written_in::text AS transaction FROM access_log WHERE at > $1 AND at <= $2 ORDER BY at, access_id"
        ))
        .bind(jiff_sqlx::Timestamp::from(self.read_until))
        .bind(jiff_sqlx::Timestamp::from(latest))
        .fetch_all(database)
        .await?;
        for row in &rows {
            // A line that cannot be read is missing in its batch, and counted beside it.
            let Ok(line) = read(row) else {
                self.unreadable.push(row.try_get("access_id")?);
                continue;
            };
            self.pending.insert((line.position.at, line.position.access_id), (line, transaction(row)?));
        }
        self.read_until = latest;
        Ok(())
    }

    /// Compares a batch with its lines.
    fn batch(&mut self, Kept { sequence, at, batch }: Kept) {
        self.made_at = batch.as_ref().map_or(at, Batch::made_at);
        let before = self.before;
        // The batches of one round, a month each, are of the same transactions.
        let follows = |batch: &Batch| {
            before.is_none_or(|before| batch.from == before.1 || (batch.from, batch.until) == before)
        };
        let stands = batch.as_ref().map(|batch| (batch.from, batch.until));
        let Some(batch) = batch.filter(follows) else {
            self.findings.push(LogFinding::OutOfPlace { batch: sequence, at });
            // The next one is held against this one, so that one fault is one finding.
            self.before = stands.or(before);
            return;
        };
        self.before = Some((batch.from, batch.until));
        self.checked.batches += 1;
        self.checked.lines += batch.lines;
        let within = (batch.not_before, Uuid::nil())..=(batch.not_after, Uuid::max());
        let taken = self.pending.extract_if(within, |_, (line, number)| batch.has(line, *number));
        let lines: Vec<Access> = taken.map(|(_, (line, _))| line).collect();
        if self.destroyed.contains(&batch.month) && lines.is_empty() {
            return;
        }
        let there = lines.len() as u64;
        let how = match there.cmp(&batch.lines) {
            Ordering::Less => "lines are missing",
            Ordering::Greater => "lines were added",
            Ordering::Equal if root(&lines) == batch.root => return,
            Ordering::Equal => "a line was changed",
        };
        self.findings.push(LogFinding::Differs {
            batch: sequence,
            at,
            month: batch.month,
            lines: batch.lines,
            there,
            how,
        });
    }

    /// Lines that can be in no later batch.
    fn left_behind(&mut self, now: Timestamp) {
        let later = self.pending.split_off(&(next_not_before(self.made_at, now), Uuid::nil()));
        let left = std::mem::replace(&mut self.pending, later);
        self.findings.extend(added(left.keys().map(|(at, _)| *at)));
    }

    /// Lines of which no batch speaks: those that wait too long, and those of times that cannot be.
    async fn rest(&mut self, database: &mut PgConnection, now: Timestamp) -> Result<(), StoreError> {
        let unread = sqlx::query_scalar(
            "SELECT at FROM access_log WHERE at > $1 AND (at < $2 OR at > $3) AND at < '2300-01-01Z'
             ORDER BY at, access_id LIMIT $4",
        )
        .bind(jiff_sqlx::Timestamp::from(self.read_until))
        .bind(jiff_sqlx::Timestamp::from(now - LATE))
        .bind(jiff_sqlx::Timestamp::from(now + CLOCKS))
        .bind(NAMED);
        let unread: Vec<jiff_sqlx::Timestamp> = unread.fetch_all(&mut *database).await?;
        self.unreadable.extend(out_of_time(database).await?);
        if let Some(access_id) = self.unreadable.first().copied() {
            let lines = self.unreadable.len() as u64;
            self.findings.push(LogFinding::Unreadable { lines, access_id });
        }
        let pending = self.pending.keys().map(|(at, _)| *at).filter(|at| *at < now - LATE);
        let left: Vec<Timestamp> =
            pending.chain(unread.into_iter().map(jiff_sqlx::Timestamp::to_jiff)).collect();
        let (ahead, waiting): (Vec<_>, Vec<_>) = left.into_iter().partition(|at| *at > now);
        self.findings.extend(added(ahead));
        let Some(since) = waiting.first().copied() else { return Ok(()) };
        // A copy makes no batches until it is confirmed.
        let is_copy = restorations::is_unconfirmed(&mut *database).await?;
        if !is_copy && (Unbatched { since, latest: latest(database, now).await? }).lags() {
            self.findings.push(LogFinding::Lags { lines: waiting.len() as u64, since });
        }
        Ok(())
    }
}

/// When the newest line was written.
async fn latest(database: &mut PgConnection, now: Timestamp) -> Result<Timestamp, StoreError> {
    let latest = sqlx::query_scalar("SELECT max(at) FROM access_log WHERE at <= $1");
    let latest: Option<jiff_sqlx::Timestamp> =
        latest.bind(jiff_sqlx::Timestamp::from(now + CLOCKS)).fetch_one(database).await?;
    Ok(latest.map_or(now, jiff_sqlx::Timestamp::to_jiff))
}

/// The lines of instants at which none was written: before there was a log, or after every calendar.
async fn out_of_time(database: &mut PgConnection) -> Result<Vec<Uuid>, StoreError> {
    let lines = "SELECT access_id FROM access_log WHERE at <= '1970-01-01Z' OR at >= '2300-01-01Z' ORDER BY at, access_id LIMIT $1";
    Ok(sqlx::query_scalar(lines).bind(NAMED).fetch_all(database).await?)
}

/// A finding for each minute of these lines.
fn added(lines: impl IntoIterator<Item = Timestamp>) -> impl Iterator<Item = LogFinding> {
    let mut minutes: BTreeMap<Timestamp, u64> = BTreeMap::new();
    for at in lines {
        let minute = at - SignedDuration::new(at.as_second().rem_euclid(60), at.subsec_nanosecond());
        *minutes.entry(minute).or_default() += 1;
    }
    minutes.into_iter().map(|(minute, lines)| LogFinding::Added { minute, lines })
}

/// The months whose lines were destroyed after their term.
async fn destroyed_months(database: &mut PgConnection) -> Result<HashSet<String>, StoreError> {
    let months: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT aggregate_id FROM events WHERE aggregate_type = $1 AND aggregate_id <> $2",
    )
    .bind(KIND)
    .bind(BATCHES.aggregate_id)
    .fetch_all(database)
    .await?;
    Ok(months.into_iter().collect())
}

/// The batches after this number.
async fn page(database: &mut PgConnection, after: u64) -> Result<Vec<Kept>, StoreError> {
    let rows = sqlx::query(
        "SELECT sequence, recorded_at, payload FROM events
         WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence > $3 ORDER BY sequence LIMIT $4",
    )
    .bind(KIND)
    .bind(BATCHES.aggregate_id)
    .bind(after.cast_signed())
    .bind(PAGE)
    .fetch_all(database)
    .await?;
    let kept = |row: &PgRow| {
        let batch = batch_in(event::stored_text(row, "payload")?);
        Ok(Kept { sequence: event::sequence(row)?, at: event::recorded_at(row)?, batch })
    };
    rows.iter().map(kept).collect()
}
