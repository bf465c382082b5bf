//! The job that reports deadlines. Of several servers one runs it, and another takes over when that
//! one stops.

use std::sync::Arc;
use std::time::Duration;

use omklap_store::deadlines::Leadership;
use omklap_store::{Ledger, StoreError};
use sqlx::PgPool;
use tokio::time::sleep;
use tracing::info;

use super::repeated_warnings::Repeated;
use crate::clock::Clock;

/// How often it looks. A day passes at midnight, but a late report can bring a deadline at any
/// time.
const EVERY: Duration = Duration::from_mins(1);

/// Reports deadlines for as long as it is awaited. Dropping it gives up the lead.
pub async fn report(ledger: Arc<Ledger>, pool: PgPool, clock: Clock) {
    let repeated = Repeated::default();
    loop {
        if let Err(error) = lead(&ledger, &pool, &clock).await {
            repeated.warn("deadlines could not be judged; trying again", &error);
        }
        sleep(EVERY).await;
    }
}

/// Reports deadlines as soon as no other server does, until an error occurs.
async fn lead(ledger: &Ledger, pool: &PgPool, clock: &Clock) -> Result<(), StoreError> {
    let mut leadership = Leadership::candidate(pool).await?;
    while !leadership.take().await? {
        sleep(EVERY).await;
    }
    loop {
        let reported = leadership.record_due(ledger, clock.today(), clock.now()).await?;
        if reported > 0 {
            info!(reported, "deadlines reported");
        }
        sleep(EVERY).await;
    }
}
