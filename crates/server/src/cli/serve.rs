//! `omklap serve`.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use omklap_store::{Ledger, OperatorKey};
use tracing::info;

use super::Outcome;
use super::signals::Signals;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::deadlines::DeadlinesJob;
use crate::http::{self, Listening, Services};
use crate::messaging::Messaging;
use crate::messaging::job::DeliveryJob;
use crate::notary::{self, CheckpointsJob};

/// Start the server: the database where none is configured, then HTTP
#[derive(Debug, Args)]
pub(super) struct Serve {}

impl Serve {
    pub(super) async fn run(self, config: Config) -> Outcome {
        let listen = config.loopback()?;
        // Before anything is started: a signal that comes while PostgreSQL starts still stops it cleanly.
        let mut signals = Signals::listen()?;
        let database = Database::open(&config).await?;
        let served = answer(&config, &database, listen, &mut signals).await;
        database.close().await;
        served.map(|()| ExitCode::SUCCESS)
    }
}

/// Answers requests until a signal comes, and lets those that run end.
async fn answer(
    config: &Config,
    database: &Database,
    listen: SocketAddr,
    signals: &mut Signals,
) -> Result<(), Box<dyn Error>> {
    let operator_key = OperatorKey::from_file(&config.operator_key_file)?;
    let ledger = Ledger::new(database.pool.clone(), operator_key, Arc::new(config.agreement_sets()?));
    ledger.check_operator_key().await?;
    let (ledger, clock) = (Arc::new(ledger), Clock::running());
    let messaging = Messaging::new(Arc::clone(&ledger), database.pool.clone(), config.messaging());
    let notary = Arc::new(notary::of(config, database.pool.clone())?);
    let services = Services { ledger, notary, pool: database.pool.clone(), clock, messaging };
    let deadlines =
        DeadlinesJob::start(Arc::clone(&services.ledger), database.pool.clone(), services.clock.clone());
    let deliveries = DeliveryJob::of(&services);
    let checkpoints =
        CheckpointsJob::start(Arc::clone(&services.notary), notary::pace(config), services.clock.clone());
    let Listening { address, server } =
        http::serve(services, listen).map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    info!("listening on http://{address}");
    let handle = server.handle();
    let server = tokio::spawn(server);
    let signal = signals.told_to_stop().await;
    info!(%signal, "stopping");
    deadlines.stop().await;
    deliveries.stop().await;
    checkpoints.stop().await;
    handle.stop(true).await;
    server.await??;
    Ok(())
}
