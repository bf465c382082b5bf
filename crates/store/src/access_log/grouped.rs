//! Writes the lines of many requests in one statement: what is handed in while a group is being written is
//! the next group. A lone line is written at once, and no line waits for a timer.
//!
//! A commit costs PostgreSQL several times what a row costs, so a server under load spends a fraction of
//! the work (`make bench` compares the two). The promise stays: nothing is shown before its lines are
//! committed (ADR 17).

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::line::Line;
use super::write;
use crate::error::StoreError;

/// How many lines a group has at most, unless one request alone has more.
const MOST: usize = 64;

/// How long a group is waited for. A connection may have gone silent; then each request tries another.
const PATIENCE: Duration = Duration::from_secs(8);

/// The lines that wait for the next group. Clones are the same queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupedLines(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether somebody is writing, who also writes what waits.
    has_writer: bool,
}

/// The lines of one request, and where it waits.
#[derive(Debug)]
struct Waiting {
    lines: Vec<Line>,
    written: oneshot::Sender<()>,
}

impl GroupedLines {
    /// Writes lines, all or none, with those of other requests.
    ///
    /// # Errors
    /// As [`write()`]. If a group fails, each of its requests writes for itself, so none fails for the lines
    /// of another.
    pub async fn write(&self, pool: &PgPool, lines: &[Line]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let (written, receiver) = oneshot::channel();
        if self.hand_in(Waiting { lines: lines.to_vec(), written }) {
            let writer = Writer::of(self);
            let pool = pool.clone();
            // Not in the request: one that is given up must not take the lines of others with it.
            tokio::spawn(async move { writer.write_all(&pool).await });
        }
        match receiver.await {
            Ok(()) => Ok(()),
            Err(_) => write(pool, lines).await,
        }
    }

    /// Queues lines; says whether nobody writes, so that the caller has to see to it.
    fn hand_in(&self, waiting: Waiting) -> bool {
        let mut queue = self.queue();
        queue.waiting.push(waiting);
        !mem::replace(&mut queue.has_writer, true)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes group after group until nothing waits.
struct Writer {
    lines: GroupedLines,
    is_done: bool,
}

impl Writer {
    fn of(lines: &GroupedLines) -> Self {
        Self { lines: lines.clone(), is_done: false }
    }

    async fn write_all(mut self, pool: &PgPool) {
        while let Some((lines, group)) = self.next_group() {
            if timeout(PATIENCE, write(pool, &lines)).await.is_ok_and(|written| written.is_ok()) {
                for waiting in group {
                    // A request that was given up does not wait.
                    waiting.written.send(()).ok();
                }
            }
        }
    }

    /// The lines of the next group and the requests that wait for them. If nothing waits, there is no
    /// writer from now on.
    fn next_group(&mut self) -> Option<(Vec<Line>, Vec<Waiting>)> {
        let mut queue = self.lines.queue();
        let mut count = 0;
        let fits = |waiting: &&Waiting| {
            let is_first = count == 0;
            count += waiting.lines.len();
            is_first || count <= MOST
        };
        let length = queue.waiting.iter().take_while(fits).count();
        if length == 0 {
            queue.has_writer = false;
            self.is_done = true;
            return None;
        }
        let mut group: Vec<Waiting> = queue.waiting.drain(..length).collect();
        let lines = group.iter_mut().flat_map(|waiting| mem::take(&mut waiting.lines)).collect();
        Some((lines, group))
    }
}

impl Drop for Writer {
    /// If the writer's thread ends before the writer has finished, each waiting request writes its own lines.
    fn drop(&mut self) {
        if !self.is_done {
            let mut queue = self.lines.queue();
            queue.has_writer = false;
            queue.waiting.clear();
        }
    }
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
        assert!(queue.hand_in(waiting(1)), "the first sees to it that its line is written");
        for lines in [MOST - 1, 1, 2 * MOST, 3] {
            assert!(!queue.hand_in(waiting(lines)));
        }
        let mut writer = Writer::of(&queue);
        let mut sizes = Vec::new();
        while let Some((lines, group)) = writer.next_group() {
            sizes.push((lines.len(), group.len()));
        }
        assert_eq!(sizes, [(MOST, 2), (1, 1), (2 * MOST, 1), (3, 1)]);
        assert!(queue.hand_in(waiting(1)), "there is no writer any more");
    }

    #[test]
    fn a_writer_that_ends_before_its_time_leaves_nobody_waiting() {
        let queue = GroupedLines::default();
        let (written, mut receiver) = oneshot::channel();
        queue.hand_in(Waiting { written, ..waiting(1) });
        drop(Writer::of(&queue));
        assert!(receiver.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Closed));
        assert!(queue.hand_in(waiting(1)));
    }
}
