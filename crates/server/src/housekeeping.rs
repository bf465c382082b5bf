//! The job that keeps the access log's months ahead of time and forgets the keys of old reports. Every server does it; doing
//! it twice does nothing.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use omklap_store::{Ledger, StoreError, access_log};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::clock::Clock;

/// How often it looks.
const EVERY: Duration = Duration::from_hours(1);

/// A job that runs until it is told to stop.
#[derive(Debug)]
pub struct Housekeeping(JoinHandle<()>);

impl Housekeeping {
    /// Begins. Keys of reports are remembered for this many days.
    #[must_use]
    pub fn start(ledger: Arc<Ledger>, pool: PgPool, clock: Clock, key_days: u16) -> Self {
        Self(tokio::spawn(async move {
            loop {
                if let Err(error) = keep(&ledger, &pool, &clock, key_days).await {
                    warn!(%error, "housekeeping was not done; trying again");
                }
                sleep(EVERY).await;
            }
        }))
    }

    /// Stops.
    pub async fn stop(self) {
        self.0.abort();
        // It was told to; that it did not come to its own end is no news.
        self.0.await.ok();
    }
}

async fn keep(ledger: &Ledger, pool: &PgPool, clock: &Clock, key_days: u16) -> Result<(), StoreError> {
    access_log::make_months(pool, clock.today()).await?;
    let remembered = SignedDuration::from_hours(24 * i64::from(key_days));
    let forgotten = ledger.forget_keys_before(clock.now() - remembered).await?;
    if forgotten > 0 {
        info!(forgotten, "idempotency keys forgotten");
    }
    Ok(())
}
