//! The job that keeps the access log's months ahead of time and forgets the keys of old reports. Every server does it; doing
//! it twice does nothing.

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

/// Keeps house, for as long as it is awaited. Keys of reports are remembered for this many days.
pub async fn keep(ledger: Arc<Ledger>, pool: PgPool, clock: Clock, key_days: u16) {
    let repeated = Repeated::default();
    loop {
        if let Err(error) = tidy_up(&ledger, &pool, &clock, key_days).await {
            repeated.warn("housekeeping was not done; trying again", &error);
        }
        sleep(EVERY).await;
    }
}

async fn tidy_up(ledger: &Ledger, pool: &PgPool, clock: &Clock, key_days: u16) -> Result<(), StoreError> {
    access_log::make_months(pool, clock.today()).await?;
    let remembered = SignedDuration::from_hours(24 * i64::from(key_days));
    let forgotten = ledger.forget_keys_before(clock.now() - remembered).await?;
    if forgotten > 0 {
        info!(forgotten, "idempotency keys forgotten");
    }
    Ok(())
}
