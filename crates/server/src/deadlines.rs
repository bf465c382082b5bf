//! The job that tells of deadlines: of several servers one does it, and the next takes over where that one stops.

use std::sync::Arc;
use std::time::Duration;

use omklap_store::deadlines::Leadership;
use omklap_store::{Ledger, StoreError};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::clock::Clock;

/// How often it looks. A day passes at midnight, but a late report can bring a deadline at any time.
const EVERY: Duration = Duration::from_mins(1);

/// A job that runs until it is told to stop.
#[derive(Debug)]
pub struct DeadlinesJob(JoinHandle<()>);

impl DeadlinesJob {
    /// Begins.
    #[must_use]
    pub fn start(ledger: Arc<Ledger>, pool: PgPool, clock: Clock) -> Self {
        Self(tokio::spawn(async move {
            loop {
                if let Err(error) = lead(&ledger, &pool, &clock).await {
                    warn!(%error, "deadlines were not told; trying again");
                }
                sleep(EVERY).await;
            }
        }))
    }

    /// Stops, and lets go of the lead.
    pub async fn stop(self) {
        self.0.abort();
        // It was told to; that it did not come to its own end is no news.
        self.0.await.ok();
    }
}

/// Tells of deadlines for as long as nothing goes wrong; returns at once where another server leads.
async fn lead(ledger: &Ledger, pool: &PgPool, clock: &Clock) -> Result<(), StoreError> {
    let Some(mut leadership) = Leadership::take(pool).await? else { return Ok(()) };
    loop {
        let told = leadership.tell(ledger, clock.today(), clock.now()).await?;
        if told > 0 {
            info!(told, "deadlines told");
        }
        sleep(EVERY).await;
    }
}
