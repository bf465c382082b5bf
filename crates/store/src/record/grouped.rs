//! Writes the reports of many requests in one statement (ADR 56). Each report is still recorded whole or not
//! at all, and no report fails for another.

use std::collections::HashSet;
use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::insert::{Rows, insert};
use crate::error::StoreError;
use crate::grouped::{Grouped, Writer};

/// How many reports a group has at most.
const MOST: usize = 64;

/// How long the next reports wait for a group. Its connection may have gone silent; then another writer
/// begins beside it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The reports that wait for the next group. Clones are the same queue.
pub(crate) type GroupedReports = Grouped<Waiting>;

/// A report, and where it waits for the positions of its events. If that is dropped, the report was not
/// sent or its group was refused, and its request writes it alone.
#[derive(Debug)]
pub(crate) struct Waiting {
    rows: Arc<Rows>,
    written: oneshot::Sender<Result<Vec<i64>, StoreError>>,
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
        if let Some(writer) = self.hand_in(Waiting { rows: Arc::clone(&rows), written }) {
            // Not in the request: one that is given up must not take the reports of others with it.
            tokio::spawn(write_all(writer, connection, pool.clone()));
        } else {
            drop(connection);
        }
        match receiver.await {
            Ok(written) => written,
            Err(_) => insert(&mut *pool.acquire().await?, &[&rows]).await,
        }
    }
}

/// Writes group after group until nothing waits.
async fn write_all(mut writer: Writer<Waiting>, mut connection: PoolConnection<Postgres>, pool: PgPool) {
    while let Some(group) = next_group(&mut writer) {
        let (rows, sent): (Vec<_>, Vec<_>) = group.into_iter().map(|one| (one.rows, one.written)).unzip();
        let rows: Vec<&Rows> = rows.iter().map(Arc::as_ref).collect();
        let sent = Sent(sent);
        let written = {
            let mut statement = pin!(insert(&mut connection, &rows));
            if let Ok(written) = timeout(PATIENCE, &mut statement).await {
                written
            } else {
                if let Some(next) = writer.hand_over() {
                    begin_beside(next, &pool);
                }
                statement.await
            }
        };
        let is_broken = matches!(written, Err(StoreError::Unavailable(_)));
        sent.answer(written, &rows);
        if writer.is_done() {
            return;
        }
        if is_broken {
            let Ok(other) = pool.acquire().await else { return };
            connection = other;
        }
    }
}

/// Another writer takes what waits, on another connection.
fn begin_beside(next: Writer<Waiting>, pool: &PgPool) {
    let pool = pool.clone();
    tokio::spawn(async move {
        if let Ok(connection) = pool.acquire().await {
            write_all(next, connection, pool).await;
        }
    });
}

/// The reports of the next group, in the order in which every server locks their rows: no two are on one
/// trajectory.
fn next_group(writer: &mut Writer<Waiting>) -> Option<Vec<Waiting>> {
    let mut known = HashSet::new();
    let mut group = writer.next_group(|one| known.len() < MOST && known.insert(one.rows.trajectory))?;
    group.sort_by_key(|one| one.rows.trajectory);
    Some(group)
}

/// Where the reports of a group wait that was sent. Until they are answered nobody knows whether they were
/// recorded.
struct Sent(Vec<oneshot::Sender<Result<Vec<i64>, StoreError>>>);

impl Sent {
    /// Sends each report its result; one that was refused with others is written alone.
    fn answer(mut self, written: Result<Vec<i64>, StoreError>, rows: &[&Rows]) {
        let mut positions = match written {
            Ok(positions) => positions.into_iter(),
            // Not known of any of them.
            Err(StoreError::Unavailable(_)) if rows.len() > 1 => return,
            Err(error) => {
                let alone = self.0.pop().filter(|_| rows.len() == 1);
                if let Some(alone) = alone {
                    alone.send(Err(error)).ok();
                }
                self.0.clear();
                return;
            }
        };
        for (rows, waiting) in rows.iter().zip(mem::take(&mut self.0)) {
            let own = positions.by_ref().take(rows.batch.sequences.len()).collect();
            // A request that was given up does not wait.
            waiting.send(Ok(own)).ok();
        }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        for waiting in self.0.drain(..) {
            waiting.send(Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed))).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_was_sent_is_never_left_to_be_written_alone() {
        let (waiting, mut written) = oneshot::channel();
        drop(Sent(vec![waiting]));
        assert!(matches!(written.try_recv(), Ok(Err(StoreError::Unavailable(_)))));
    }
}
