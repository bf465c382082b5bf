//! The job that signs the ledger's checkpoints. Every server runs it; a lock in the database lets
//! one of them sign at a time.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use omklap_store::events::mac::MacKey;
use omklap_store::tree::{CheckpointsFile, LedgerKeys, Pace, SigningState};
use omklap_store::{CheckpointSigner, Ledger, StoreError, Tree};
use sqlx::PgPool;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::repeated_warnings::Repeated;
use crate::clock::Clock;
use crate::config::Config;
use crate::http::Services;
use crate::witnesses::{NotAWitness, Unwitnessed, Witnesses};

/// The gauges of signing.
pub const UNSIGNED: &str = "omklap_unsigned_events";
/// The age of the oldest event that no checkpoint covers.
pub const SIGNING_LAG: &str = "omklap_signing_lag_seconds";
/// 1 if nothing is signed until an operator has looked.
pub const SIGNING_TROUBLE: &str = "omklap_signing_trouble";

/// The age of the oldest line of the access log that is in no batch.
pub const ACCESS_LOG_LAG: &str = "omklap_access_log_lag_seconds";

/// How many seconds ago the first checkpoint was signed that no quorum of witnesses has followed.
pub const WITNESS_LAG: &str = "omklap_witness_lag_seconds";
/// How many witnesses refuse to cosign, because they have seen another history.
pub const REFUSING_WITNESSES: &str = "omklap_refusing_witnesses";

/// How long signing may take when the server stops.
const LAST: Duration = Duration::from_secs(10);

/// How often it checks whether a checkpoint is due.
const EVERY: Duration = Duration::from_secs(5);

/// The tree of this database with its keys, and the place outside and the witnesses that the
/// configuration names.
///
/// # Errors
/// If the settings name no proper witnesses.
pub fn of(
    config: &Config,
    pool: PgPool,
    mac_key: MacKey,
    keys: LedgerKeys,
) -> Result<CheckpointSigner, NotAWitness> {
    let (tree, quorum) = (Tree::new(pool, mac_key), config.quorum()?);
    Ok(CheckpointSigner {
        tree,
        keys,
        checkpoints_file: CheckpointsFile::at(&config.checkpoints_file),
        quorum,
    })
}

/// The configured pace of signing.
#[must_use]
pub fn pace(config: &Config) -> Pace {
    let every = SignedDuration::from_secs(config.checkpoint_seconds.into());
    Pace { events: config.checkpoint_events.max(1), every }
}

/// How old a batch of the access log is before the next one is made.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Puts new lines of the access log into batches, and signs checkpoints at this pace, for as long as it
/// is awaited.
pub async fn sign(ledger: Arc<Ledger>, signer: Arc<CheckpointSigner>, pace: Pace, clock: Clock) {
    let repeated = Repeated::default();
    loop {
        if let Err(error) = ledger.batch_access_log(clock.now(), MINUTE).await {
            repeated.warn("no batch of the access log was made; trying again", &error);
        }
        let outcome = signer.sign(pace, clock.now()).await;
        report(&ledger, &signer, &clock).await;
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

/// Signs what was recorded last, when the server stops: an event or a line of the access log that no
/// checkpoint covers could be removed while no server runs.
pub async fn sign_the_rest(services: &Services) {
    let Services { ledger, signer, clock, copy, transparency, .. } = services;
    if copy.unconfirmed().is_some() {
        return;
    }
    let sign = || async {
        ledger.batch_access_log(clock.now(), SignedDuration::ZERO).await?;
        while signer.sign(Pace::AT_ONCE, clock.now()).await?.is_some() {}
        transparency.witnesses.cosign(signer).await
    };
    let signing = async {
        loop {
            match sign().await {
                // Connections that threads opened for requests have ended with these threads.
                Err(StoreError::Unavailable(_)) => sleep(Duration::from_millis(50)).await,
                signed => return signed,
            }
        }
    };
    match timeout(LAST, signing).await {
        Ok(Ok(missing)) => missing.iter().for_each(|why| warn!("{why}")),
        Ok(Err(error)) => warn!("the last events are not signed: {error}"),
        Err(_) => warn!("the last events are not signed: the database or a witness takes too long"),
    }
}

/// Asks the witnesses to cosign each new checkpoint, for as long as it is awaited.
pub async fn ask_witnesses(signer: Arc<CheckpointSigner>, witnesses: Arc<Witnesses>) {
    let repeated = Repeated::default();
    loop {
        match witnesses.cosign(&signer).await {
            Ok(missing) => {
                let refused =
                    missing.iter().filter(|why| matches!(why, Unwitnessed::SawAnother { .. })).count();
                metrics::gauge!(REFUSING_WITNESSES).set(u32::try_from(refused).unwrap_or(u32::MAX));
                for why in &missing {
                    match why {
                        Unwitnessed::SawAnother { .. } => {
                            repeated.error("a witness has seen another history of this ledger", why);
                        }
                        _ => repeated.warn("a witness has not cosigned; asking again", why),
                    }
                }
            }
            Err(error) => repeated.warn("no witness was asked; trying again", &error),
        }
        sleep(EVERY).await;
    }
}

/// Sets the gauges of signing. A database that is out of reach has warnings of its own.
async fn report(ledger: &Ledger, signer: &CheckpointSigner, clock: &Clock) {
    let age =
        |since: Option<Timestamp>| since.map_or(0.0, |since| clock.now().duration_since(since).as_secs_f64());
    if let Ok(unbatched) = ledger.unbatched(clock.now()).await {
        metrics::gauge!(ACCESS_LOG_LAG).set(age(unbatched.map(|lines| lines.since)).max(0.0));
    }
    let Ok(state) = signer.state().await else { return };
    let SigningState { unsigned, unsigned_since, unwitnessed_since, trouble } = state;
    metrics::gauge!(UNSIGNED).set(u32::try_from(unsigned).unwrap_or(u32::MAX));
    metrics::gauge!(SIGNING_LAG).set(age(unsigned_since));
    metrics::gauge!(WITNESS_LAG).set(age(unwitnessed_since));
    metrics::gauge!(SIGNING_TROUBLE).set(u32::from(trouble.is_some()));
}
