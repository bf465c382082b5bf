//! Work that keeps a thread busy for a while. It runs on threads that answer no requests, a few
//! pieces at once, and only as long as a caller waits for it. How much of it a request took is
//! counted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::available_parallelism;

use omklap_domain::trajectory::work::Work;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, spawn_blocking};

use crate::error::StoreError;

/// The steps of work that reading one event takes.
pub(crate) const EACH_EVENT: u64 = 4;

/// The threads of this work, and the queue for them. If requests waited for a turn instead, it could fall to
/// one whose own thread is answering others, and be used by nobody meanwhile.
static THREADS: LazyLock<Runtime> = LazyLock::new(|| {
    let threads = Builder::new_current_thread().max_blocking_threads(threads()).build();
    threads.expect("a runtime without drivers can be built")
});

static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// How many pieces of work run at once: one processor is left for quick requests.
fn threads() -> usize {
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
    AT_WORK.load(Ordering::Relaxed)
}

/// A piece of work that runs.
struct AtWork;

impl AtWork {
    fn begins() -> Self {
        AT_WORK.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Work that waits for its turn. What it holds, such as a body, goes with its caller.
struct Queued<W>(Arc<Mutex<Option<W>>>);

impl<W> Queued<W> {
    fn take(&self) -> Option<W> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<W> Drop for Queued<W> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// Does work that may take long, in its turn, on a thread that answers no requests. The work is
/// given up when the caller stops waiting, and must look now and then whether it was.
///
/// # Panics
/// If the work does.
pub async fn apart<T: Send + 'static>(work: impl FnOnce(&Work) -> T + Send + 'static) -> T {
    let waiting = Waiting::default();
    let begun = waiting.0.clone();
    let queued = Queued(Arc::new(Mutex::new(Some(work))));
    let next = Queued(Arc::clone(&queued.0));
    let joined = THREADS.spawn_blocking(move || {
        let _counted = AtWork::begins();
        next.take().map(|work| work(&begun))
    });
    done(joined.await).expect("only its caller takes it away")
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
    use std::sync::mpsc::{Sender, TryRecvError, channel};
    use std::time::Duration;

    use tokio::task::yield_now;

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
    async fn work_has_its_turn_although_the_thread_of_its_request_is_busy() {
        let busy = every_thread_is_busy().await;
        let (worked, works) = channel();
        tokio::spawn(apart(move |_| worked.send(())));
        yield_now().await;
        drop(busy);
        // The only thread that could answer the request waits here.
        works.recv_timeout(Duration::from_mins(1)).expect("its turn came");
    }

    #[tokio::test]
    async fn work_is_not_begun_if_its_caller_is_gone_when_its_turn_comes() {
        let busy = every_thread_is_busy().await;
        let (begins, begun) = channel();
        let asked = tokio::spawn(apart(move |_| begins.send(())));
        yield_now().await;
        asked.abort();
        assert!(asked.await.is_err());
        assert_eq!(begun.try_recv(), Err(TryRecvError::Disconnected), "what it held is gone at once");
        drop(busy);
    }

    /// Occupies the threads until what it returns is dropped.
    async fn every_thread_is_busy() -> Vec<Sender<()>> {
        let occupied = (0..threads()).map(|_| {
            let (release, released) = channel();
            tokio::spawn(apart(move |_| released.recv()));
            release
        });
        let occupied = occupied.collect();
        yield_now().await;
        occupied
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
