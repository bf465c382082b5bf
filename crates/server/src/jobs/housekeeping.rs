//! The job that creates the access log's months ahead of time and deletes the idempotency keys of
//! old reports. Every server runs it; running it twice changes nothing.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use omklap_store::{Ledger, StoreError, access_log};
use sqlx::PgPool;
use tokio::time::sleep;
use tracing::info;

use super::repeated_warnings::Repeated;
use crate::clock::Clock;

/// How often it looks.
const EVERY: Duration = Duration::from_hours(1);

/// Runs for as long as it is awaited. Idempotency keys are kept for this many days.
pub async fn run(ledger: Arc<Ledger>, pool: PgPool, clock: Clock, key_days: u16) {
    let repeated = Repeated::default();
    loop {
        if let Err(error) = tidy_up(&ledger, &pool, &clock, key_days).await {
            repeated.warn("housekeeping failed; trying again", &error);
        }
        sleep(EVERY).await;
    }
}

async fn tidy_up(ledger: &Ledger, pool: &PgPool, clock: &Clock, key_days: u16) -> Result<(), StoreError> {
    access_log::make_months(pool, clock.today()).await?;
    let remembered = SignedDuration::from_hours(24 * i64::from(key_days));
    let deleted = ledger.forget_keys_before(clock.now() - remembered).await?;
    if deleted > 0 {
        info!(deleted, "idempotency keys deleted");
    }
    Ok(())
}
