//! `omklap serve`.

use std::process::ExitCode;

use clap::Args;
use tracing::info;

use super::Outcome;
use super::signals::Signals;
use crate::config::Config;
use crate::database::Database;

/// Start the server: the database where none is configured, then HTTP
#[derive(Debug, Args)]
pub(super) struct Serve {}

impl Serve {
    pub(super) async fn run(self, config: Config) -> Outcome {
        let listen = config.loopback()?;
        // Before anything is started: a signal that comes while PostgreSQL starts still stops it cleanly.
        let mut signals = Signals::listen()?;
        let database = Database::open(&config).await?;
        info!("listening on http://{listen}");
        let signal = signals.told_to_stop().await;
        info!(%signal, "stopping");
        database.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
