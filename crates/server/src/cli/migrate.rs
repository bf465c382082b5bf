//! `omklap migrate`.

use std::process::ExitCode;

use clap::Args;

use super::CommandResult;
use super::ledger_keys;
use crate::config::Config;
use crate::database::Database;

/// Bring the database's schema up to date, and stop
#[derive(Debug, Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        // Opening the database migrates it.
        let database = Database::open(config).await?;
        let known = ledger_keys::register_existing(config, &database).await;
        database.close().await;
        known?;
        Ok(ExitCode::SUCCESS)
    }
}
