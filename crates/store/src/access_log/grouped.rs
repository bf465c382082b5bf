//! Writes the lines of many requests in one statement. The promise stays: nothing is shown before its lines
//! are committed (ADR 17).

use std::mem;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::types::Json;
use sqlx::{PgPool, Postgres};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::line::Line;
use super::write;
use crate::error::StoreError;
use crate::grouped::{Grouped, Writer};

/// How many lines a group has at most, unless one request alone has more.
const MOST: usize = 64;

/// How long a group is waited for. A connection may have gone silent; then each request tries another.
const PATIENCE: Duration = Duration::from_secs(8);

/// The lines that wait for the next group. Clones are the same queue.
pub(crate) type GroupedLines = Grouped<Waiting>;

/// The lines of one request, and where it waits. If that is dropped, they were not written.
#[derive(Debug)]
pub(crate) struct Waiting {
    lines: Vec<Line>,
    written: oneshot::Sender<()>,
}

impl GroupedLines {
    /// Writes lines, all or none, with those of other requests.
    ///
    /// # Errors
    /// As [`write()`]. If a group fails or takes too long, each of its requests writes for itself, so none
    /// fails for the lines of another.
    pub async fn write(&self, pool: &PgPool, lines: &[Line]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let (written, receiver) = oneshot::channel();
        if let Some(writer) = self.hand_in(Waiting { lines: lines.to_vec(), written }) {
            // Not in the request: one that is given up must not take the lines of others with it.
            tokio::spawn(write_all(writer, pool.clone()));
        }
        if receiver.await.is_ok() {
            return Ok(());
        }
        match write(pool, lines).await {
            // The group may have been committed after it was given up.
            Err(StoreError::Database(sqlx::Error::Database(refusal))) if refusal.is_unique_violation() => {
                are_there(pool, lines).await
            }
            written => written,
        }
    }
}

/// Whether all of these lines were committed.
async fn are_there(pool: &PgPool, lines: &[Line]) -> Result<(), StoreError> {
    let there = sqlx::query_scalar(
        "SELECT count(*) FROM jsonb_populate_recordset(NULL::access_log, $1) JOIN access_log USING (at, access_id)",
    );
    let there: i64 = there.bind(Json(lines)).fetch_one(pool).await?;
    if usize::try_from(there) == Ok(lines.len()) { Ok(()) } else { Err(StoreError::NotKept("access_log")) }
}

/// Writes group after group until nothing waits, on one connection as long as it serves.
async fn write_all(mut writer: Writer<Waiting>, pool: PgPool) {
    let mut connection = None;
    while let Some(mut group) = next_group(&mut writer) {
        let lines: Vec<Line> = group.iter_mut().flat_map(|waiting| mem::take(&mut waiting.lines)).collect();
        if let Ok(Ok(served)) = timeout(PATIENCE, write_on(connection.take(), &pool, &lines)).await {
            connection = Some(served);
            for waiting in group {
                // A request that was given up does not wait.
                waiting.written.send(()).ok();
            }
        }
    }
}

/// Writes lines on this connection or on one of the pool, and returns it.
async fn write_on(
    connection: Option<PoolConnection<Postgres>>,
    pool: &PgPool,
    lines: &[Line],
) -> Result<PoolConnection<Postgres>, StoreError> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => pool.acquire().await?,
    };
    write(&mut *connection, lines).await?;
    Ok(connection)
}

/// The requests of the next group: those whose lines fit in it together, and at least the first.
fn next_group(writer: &mut Writer<Waiting>) -> Option<Vec<Waiting>> {
    let mut count = 0;
    writer.next_group(|waiting| {
        let is_first = count == 0;
        count += waiting.lines.len();
        is_first || count <= MOST
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::access_log::{Accessor, Action, Trace};

    fn waiting(lines: usize) -> Waiting {
        let by = Accessor {
            actor: "k-12".to_owned(),
            organisation: "cosis".to_owned(),
            role: "guide".to_owned(),
            purpose: "care".to_owned(),
            client: "cosis".to_owned(),
            trace: Trace::begun_by(Uuid::nil()),
        };
        let line = Line::new(by, Action::Read, Timestamp::UNIX_EPOCH, Vec::new());
        Waiting { lines: vec![line; lines], written: oneshot::channel().0 }
    }

    #[test]
    fn what_waits_is_the_next_group_up_to_its_most_and_a_request_is_never_split() {
        let queue = GroupedLines::default();
        let mut writer = queue.hand_in(waiting(1)).expect("nobody writes");
        for lines in [MOST - 1, 1, 2 * MOST, 3] {
            assert!(queue.hand_in(waiting(lines)).is_none());
        }
        let mut sizes = Vec::new();
        while let Some(group) = next_group(&mut writer) {
            sizes.push((group.iter().map(|waiting| waiting.lines.len()).sum::<usize>(), group.len()));
        }
        assert_eq!(sizes, [(MOST, 2), (1, 1), (2 * MOST, 1), (3, 1)]);
    }

    #[test]
    fn a_writer_that_ends_before_its_time_leaves_nobody_waiting() {
        let queue = GroupedLines::default();
        let (written, mut receiver) = oneshot::channel();
        drop(queue.hand_in(Waiting { written, ..waiting(1) }));
        assert!(receiver.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Closed));
    }
}
