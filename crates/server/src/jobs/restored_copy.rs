//! A copy of the ledger that was restored stays silent until an operator confirms that it is the
//! real one (ADR 27).

use std::error::Error;
use std::time::Duration;

use omklap_store::tree::CheckpointsFile;
use omklap_store::{Restorations, RestoredCopy, StoreError};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

use super::repeated_warnings::Repeated;

/// How often it checks whether an operator confirmed the copy, or marked the ledger as one.
const EVERY: Duration = Duration::from_secs(2);

/// What is reported about a copy.
const SILENT: &str = "this is a restored copy of the ledger: it answers reads, and records, signs and sends nothing until an \
                      operator confirms that it is the real one with `omklap restored confirm`";

/// Whether this server works on an unconfirmed restored copy. Clones share it.
#[derive(Clone, Debug)]
pub struct CopyState(watch::Sender<Option<RestoredCopy>>);

impl Default for CopyState {
    /// The real ledger.
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl CopyState {
    /// The unconfirmed copy; none if this is the real ledger.
    #[must_use]
    pub fn unconfirmed(&self) -> Option<RestoredCopy> {
        *self.0.borrow()
    }

    /// Remembers what the database says, and logs a change.
    pub fn set(&self, copy: Option<RestoredCopy>) {
        let changed = self.0.send_if_modified(|before| std::mem::replace(before, copy) != copy);
        match copy {
            Some(copy) if changed => warn!(reason = %copy.reason, since = %copy.noticed_at, "{SILENT}"),
            None if changed => info!("an operator confirmed that this is the real ledger"),
            _ => {}
        }
    }

    /// Runs a job that acts for the ledger while this is the real ledger. The job is dropped when
    /// the ledger is marked as a copy, and started again when an operator confirms it.
    pub async fn while_real<J: Future<Output = ()>>(self, job: impl Fn() -> J) {
        let mut state = self.0.subscribe();
        loop {
            if state.wait_for(Option::is_none).await.is_err() {
                return;
            }
            tokio::select! {
                () = job() => return,
                _ = state.wait_for(Option::is_some) => {}
            }
        }
    }
}

/// What the database and the checkpoint file say when a server starts.
///
/// # Errors
/// If one of them cannot be reached.
pub async fn at_start(
    pool: &PgPool,
    checkpoints_file: &CheckpointsFile,
    said: bool,
) -> Result<CopyState, StoreError> {
    let (restorations, state) = (Restorations::new(pool.clone()), CopyState::default());
    if said {
        restorations.mark().await?;
    }
    state.set(restorations.look(checkpoints_file).await?);
    Ok(state)
}

/// Checks repeatedly for as long as it is awaited.
pub async fn watch(state: CopyState, pool: PgPool) {
    let restorations = Restorations::new(pool);
    let repeated = Repeated::default();
    loop {
        sleep(EVERY).await;
        match restorations.unconfirmed().await {
            Ok(copy) => state.set(copy),
            Err(error) => repeated.warn("cannot check whether this is a restored copy", &error),
        }
    }
}

/// Refuses on a copy, because the response would be signed with the ledger's key.
///
/// # Errors
/// On a copy, and if the database cannot be reached.
pub async fn is_the_real_one(pool: &PgPool) -> Result<(), Box<dyn Error>> {
    match Restorations::new(pool.clone()).unconfirmed().await? {
        None => Ok(()),
        Some(copy) => Err(format!("{SILENT} ({})", copy.reason).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use omklap_store::database::restorations::Reason;
    use tokio::sync::Notify;

    use super::*;

    const COPY: Option<RestoredCopy> =
        Some(RestoredCopy { reason: Reason::Said, noticed_at: jiff::Timestamp::UNIX_EPOCH });

    #[tokio::test]
    async fn a_job_runs_while_the_ledger_is_the_real_one_and_again_when_that_is_confirmed() {
        let (state, times_begun, notified) =
            (CopyState::default(), Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        state.set(COPY);
        let (count, notify) = (Arc::clone(&times_begun), Arc::clone(&notified));
        let job = tokio::spawn(state.clone().while_real(move || {
            count.fetch_add(1, Ordering::SeqCst);
            notify.notify_one();
            std::future::pending()
        }));
        tokio::task::yield_now().await;
        assert_eq!(times_begun.load(Ordering::SeqCst), 0, "not on a copy");
        for times in 1..3 {
            state.set(None);
            notified.notified().await;
            assert_eq!(times_begun.load(Ordering::SeqCst), times);
            state.set(COPY);
            tokio::task::yield_now().await;
        }
        job.abort();
    }
}
