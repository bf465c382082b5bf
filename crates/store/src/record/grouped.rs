//! Writes the reports of many requests in one statement: what is handed in while a group is being written is
//! the next group. A lone report is written at once, and no report waits for a timer (ADR 56).
//!
//! A commit costs PostgreSQL several times what a row costs, so a server under load spends a fraction of the
//! work (`make bench` compares the two). Each report is still recorded whole or not at all, and no report
//! fails for another.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::insert::{Rows, insert};
use crate::error::StoreError;

/// How many reports a group has at most.
const MOST: usize = 64;

/// How long the next reports wait for a group. Its connection may have gone silent; then another writer
/// begins beside it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The reports that wait for the next group. Clones are the same queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupedReports(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether somebody is writing, who also writes what waits.
    has_writer: bool,
}

/// A report, and where it waits for the positions of its events.
#[derive(Debug)]
struct Waiting {
    rows: Arc<Rows>,
    written: oneshot::Sender<Result<Vec<i64>, NotWritten>>,
}

/// Why a report was not written.
#[derive(Debug)]
enum NotWritten {
    /// It was in a group, and the database refused one of the group.
    Together,
    /// Alone.
    Alone(StoreError),
}

impl GroupedReports {
    /// Writes a report, with those of other requests. Returns the positions of its events. The connection is
    /// used, or given back to the pool.
    ///
    /// # Errors
    /// As [`insert`]. If the database refuses a group, each of its reports is written alone.
    pub(super) async fn write(
        &self,
        pool: &PgPool,
        connection: PoolConnection<Postgres>,
        rows: Rows,
    ) -> Result<Vec<i64>, StoreError> {
        let rows = Arc::new(rows);
        let (written, receiver) = oneshot::channel();
        if self.hand_in(Waiting { rows: Arc::clone(&rows), written }) {
            let (writer, pool) = (Writer::of(self), pool.clone());
            // Not in the request: one that is given up must not take the reports of others with it.
            tokio::spawn(async move { writer.write_all(connection, pool).await });
        } else {
            drop(connection);
        }
        match receiver.await {
            Ok(Ok(positions)) => Ok(positions),
            Ok(Err(NotWritten::Alone(error))) => Err(error),
            Ok(Err(NotWritten::Together)) => insert(&mut *pool.acquire().await?, &[&rows]).await,
            Err(_) => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
        }
    }

    /// Queues a report; says whether nobody writes, so that the caller has to see to it.
    fn hand_in(&self, waiting: Waiting) -> bool {
        let mut queue = self.queue();
        queue.waiting.push(waiting);
        !std::mem::replace(&mut queue.has_writer, true)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes group after group until nothing waits.
struct Writer {
    reports: GroupedReports,
    is_done: bool,
}

impl Writer {
    fn of(reports: &GroupedReports) -> Self {
        Self { reports: reports.clone(), is_done: false }
    }

    async fn write_all(mut self, mut connection: PoolConnection<Postgres>, pool: PgPool) {
        while let Some(group) = self.next_group() {
            let (rows, waiting): (Vec<_>, Vec<_>) =
                group.into_iter().map(|one| (one.rows, one.written)).unzip();
            let rows: Vec<&Rows> = rows.iter().map(Arc::as_ref).collect();
            let written = {
                let mut statement = pin!(insert(&mut connection, &rows));
                if let Ok(written) = timeout(PATIENCE, &mut statement).await {
                    written
                } else {
                    self.let_others_go_on(&pool);
                    statement.await
                }
            };
            let is_broken = matches!(written, Err(StoreError::Unavailable(_)));
            answer(written, &rows, waiting);
            if self.is_done {
                return;
            }
            if is_broken {
                let Ok(other) = pool.acquire().await else { return };
                connection = other;
            }
        }
    }

    /// The reports of the next group, in the order in which every server locks their rows: no two are on one
    /// trajectory. If nothing waits, there is no writer from now on.
    fn next_group(&mut self) -> Option<Vec<Waiting>> {
        let mut queue = self.reports.queue();
        let mut known = HashSet::new();
        let fits = |one: &mut Waiting| known.len() < MOST && known.insert(one.rows.trajectory);
        let mut group: Vec<Waiting> = queue.waiting.extract_if(.., fits).collect();
        if group.is_empty() {
            queue.has_writer = false;
            self.is_done = true;
            return None;
        }
        group.sort_by_key(|one| one.rows.trajectory);
        Some(group)
    }

    /// Another writer takes what waits and what comes. This one ends with its group.
    fn let_others_go_on(&mut self, pool: &PgPool) {
        self.is_done = true;
        let mut queue = self.reports.queue();
        queue.has_writer = !queue.waiting.is_empty();
        if queue.has_writer {
            let (next, pool) = (Self::of(&self.reports), pool.clone());
            tokio::spawn(async move {
                if let Ok(connection) = pool.acquire().await {
                    next.write_all(connection, pool).await;
                }
            });
        }
    }
}

impl Drop for Writer {
    /// If the writer ends before it has finished, each waiting report is written alone: none of them was sent.
    fn drop(&mut self) {
        if !self.is_done {
            let mut queue = self.reports.queue();
            queue.has_writer = false;
            for waiting in queue.waiting.drain(..) {
                waiting.written.send(Err(NotWritten::Together)).ok();
            }
        }
    }
}

/// Sends each report of a group its result. If the connection broke, the result is not known.
fn answer(
    written: Result<Vec<i64>, StoreError>,
    rows: &[&Rows],
    waiting: Vec<oneshot::Sender<Result<Vec<i64>, NotWritten>>>,
) {
    let mut positions = match written {
        Ok(positions) => positions.into_iter(),
        Err(error) => {
            let is_unknown = matches!(error, StoreError::Unavailable(_));
            let mut error = Some(error).filter(|_| is_unknown || rows.len() == 1);
            for waiting in waiting {
                let unavailable = || StoreError::Unavailable(sqlx::Error::WorkerCrashed);
                let why = match error.take() {
                    Some(error) => NotWritten::Alone(error),
                    None if is_unknown => NotWritten::Alone(unavailable()),
                    None => NotWritten::Together,
                };
                waiting.send(Err(why)).ok();
            }
            return;
        }
    };
    for (rows, waiting) in rows.iter().zip(waiting) {
        let own = positions.by_ref().take(rows.batch.sequences.len()).collect();
        // A request that was given up does not wait.
        waiting.send(Ok(own)).ok();
    }
}
