//! The job that signs the ledger's checkpoints. Every server runs it; a lock in the database sees to it that one of them signs at
//! a time.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use omklap_store::tree::{KeyError, LedgerKeys, Outside, Pace};
use omklap_store::{Notary, StoreError, Tree};
use sqlx::PgPool;
use tokio::time::sleep;
use tracing::{error, info, warn};

use crate::clock::Clock;
use crate::config::Config;

/// How often it looks whether it is time.
const EVERY: Duration = Duration::from_secs(5);

/// The tree of this database with the keys and the place outside that the configuration names. A key is made where nothing was
/// signed yet, and never in the place of one that was lost.
///
/// # Errors
/// Where the database is out of reach, or the key file cannot be read or made.
pub async fn of(config: &Config, pool: PgPool) -> Result<Notary, Box<dyn Error>> {
    let tree = Tree::new(pool);
    let keys = keys(config, tree.newest().await?.is_some())?;
    Ok(Notary { tree, keys, outside: Outside::at(&config.checkpoints_file) })
}

/// The keys that the configuration names, of a ledger of which something was signed, or nothing yet.
///
/// # Errors
/// Where the key file cannot be read or made.
pub fn keys(config: &Config, was_signed: bool) -> Result<LedgerKeys, KeyError> {
    if was_signed || config.checkpoints_file.exists() {
        LedgerKeys::kept_in(&config.ledger_key_file)
    } else {
        LedgerKeys::from_file(&config.ledger_key_file, &config.ledger_origin)
    }
}

/// How often the configuration wants something signed.
#[must_use]
pub fn pace(config: &Config) -> Pace {
    let every = SignedDuration::from_secs(config.checkpoint_seconds.into());
    Pace { events: config.checkpoint_events.max(1), every }
}

/// Signs checkpoints at this pace, for as long as it is awaited.
pub async fn sign(notary: Arc<Notary>, pace: Pace, clock: Clock) {
    loop {
        match notary.sign(pace, clock.now()).await {
            // There may be more: a round takes in so many.
            Ok(Some(signed)) => {
                info!(leaves = signed.tree_size, "checkpoint signed");
                continue;
            }
            Ok(None) => {}
            Err(broken @ StoreError::Tree(_)) => {
                error!(error = %broken, "no checkpoint is signed until somebody has looked: omklap check");
            }
            Err(error) => warn!(%error, "no checkpoint was signed; trying again"),
        }
        sleep(EVERY).await;
    }
}
