//! Work that keeps a thread busy for a while. It runs on threads that answer no requests, a few
//! pieces at once, and only as long as a caller waits for it. How much of it a request took is
//! counted.

use std::sync::LazyLock;
use std::thread::available_parallelism;

use omklap_domain::trajectory::work::Work;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{JoinError, spawn_blocking};

use crate::error::StoreError;

/// The steps of work that reading one event takes.
pub(crate) const EACH_EVENT: u64 = 4;

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(turns()));

/// How many pieces of work run at once: one processor is left for quick requests.
fn turns() -> usize {
    available_parallelism().map_or(1, |processors| processors.get().saturating_sub(1).max(1))
}

tokio::task_local! {
    /// The work for the request that this task answers.
    static OF_THE_REQUEST: Work;
}

/// Answers a request, and counts in `work` the steps [spent](spend) on it.
pub async fn counting<F: Future>(work: Work, request: F) -> F::Output {
    OF_THE_REQUEST.scope(work, request).await
}

/// Counts steps for the request that this task answers, if it answers one.
pub fn spend(steps: u64) {
    // A task that answers no request has no budget.
    OF_THE_REQUEST.try_with(|work| work.add(steps)).unwrap_or_default();
}

/// Work that a caller waits for. When the caller stops waiting, the work is given up and counted,
/// whether it is done or not.
#[derive(Debug, Default)]
pub(crate) struct Waiting(pub Work);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.give_up();
        spend(self.0.steps());
    }
}

/// How many pieces of work run now.
#[must_use]
pub fn at_work() -> usize {
    turns() - TURNS.available_permits()
}

/// The turn of one piece of work. A caller that waits for it must hold nothing that others need.
pub(crate) async fn turn() -> SemaphorePermit<'static> {
    TURNS.acquire().await.expect("nobody closes it")
}

/// Does work that may take long, in its turn, on a thread that answers no requests. The work is
/// given up when the caller stops waiting, and must look now and then whether it was.
pub async fn apart<T: Send + 'static>(work: impl FnOnce(&Work) -> T + Send + 'static) -> T {
    let (turn, waiting) = (turn().await, Waiting::default());
    let begun = waiting.0.clone();
    let joined = spawn_blocking(move || {
        let _turn = turn;
        work(&begun)
    });
    done(joined.await)
}

/// Does work on a thread that answers no requests, without waiting for a turn.
pub(crate) async fn in_the_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    done(spawn_blocking(work).await)
}

/// The result of finished work. A panic in the work continues in the caller.
pub(crate) fn done<T>(joined: Result<T, JoinError>) -> T {
    joined.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_ends() {
        let ((begins, begun), (ends, ended)) = (channel(), channel());
        let asked = tokio::spawn(apart(move |work| {
            begins.send(()).expect("somebody listens");
            while !work.is_given_up() {
                std::thread::yield_now();
            }
            ends.send(()).expect("somebody listens");
        }));
        spawn_blocking(move || begun.recv()).await.expect("no panic").expect("it begins");
        asked.abort();
        spawn_blocking(move || ended.recv()).await.expect("no panic").expect("it ends");
    }

    #[tokio::test]
    async fn work_is_charged_to_the_request_that_caused_it() {
        let work = Work::default();
        spend(1);
        counting(work.clone(), async {
            spend(2);
            apart(|work| work.add(3)).await;
        })
        .await;
        assert_eq!(work.steps(), 5);
    }
}
