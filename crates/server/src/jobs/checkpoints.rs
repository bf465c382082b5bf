//! The job that signs the ledger's checkpoints. Every server runs it; a lock in the database lets
//! one of them sign at a time.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use omklap_store::events::mac::MacKey;
use omklap_store::tree::{CheckpointsFile, LedgerKeys, Pace, SigningState};
use omklap_store::{CheckpointSigner, Tree};
use sqlx::PgPool;
use tokio::time::sleep;
use tracing::info;

use super::repeated_warnings::Repeated;
use crate::clock::Clock;
use crate::config::Config;

/// The gauges of signing.
pub const UNSIGNED: &str = "omklap_unsigned_events";
/// The age of the oldest event that no checkpoint covers.
pub const SIGNING_LAG: &str = "omklap_signing_lag_seconds";
/// 1 if nothing is signed until an operator has looked.
pub const SIGNING_TROUBLE: &str = "omklap_signing_trouble";

/// How often it checks whether a checkpoint is due.
const EVERY: Duration = Duration::from_secs(5);

/// The tree of this database with its keys and the place outside that the configuration names.
#[must_use]
pub fn of(config: &Config, pool: PgPool, mac_key: MacKey, keys: LedgerKeys) -> CheckpointSigner {
    CheckpointSigner {
        tree: Tree::new(pool, mac_key),
        keys,
        checkpoints_file: CheckpointsFile::at(&config.checkpoints_file),
    }
}

/// The configured pace of signing.
#[must_use]
pub fn pace(config: &Config) -> Pace {
    let every = SignedDuration::from_secs(config.checkpoint_seconds.into());
    Pace { events: config.checkpoint_events.max(1), every }
}

/// Signs checkpoints at this pace, for as long as it is awaited.
pub async fn sign(signer: Arc<CheckpointSigner>, pace: Pace, clock: Clock) {
    let repeated = Repeated::default();
    loop {
        let outcome = signer.sign(pace, clock.now()).await;
        report(&signer, &clock).await;
        match outcome {
            // There may be more, because a round is limited.
            Ok(Some(checkpoint)) => {
                info!(leaves = checkpoint.tree_size, "checkpoint signed");
                continue;
            }
            Ok(None) => {}
            Err(broken) if broken.is_alarming() => {
                repeated.error("no checkpoint is signed until an operator has run: omklap check", &broken);
            }
            Err(error) => repeated.warn("no checkpoint was signed; trying again", &error),
        }
        sleep(EVERY).await;
    }
}

/// Sets the gauges of signing. A database that is out of reach has warnings of its own.
async fn report(signer: &CheckpointSigner, clock: &Clock) {
    let Ok(SigningState { unsigned, unsigned_since, trouble }) = signer.state().await else { return };
    let lag = unsigned_since.map_or(0.0, |since| clock.now().duration_since(since).as_secs_f64());
    metrics::gauge!(UNSIGNED).set(u32::try_from(unsigned).unwrap_or(u32::MAX));
    metrics::gauge!(SIGNING_LAG).set(lag);
    metrics::gauge!(SIGNING_TROUBLE).set(u32::from(trouble.is_some()));
}
