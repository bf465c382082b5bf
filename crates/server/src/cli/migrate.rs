//! `omklap migrate`.

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::config::Config;
use crate::database::Database;

/// Bring the database's schema up to date, and stop
#[derive(Debug, Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(self, config: &Config) -> Outcome {
        // Opening it is all: whoever opens the database brings it up to date.
        Database::open(config).await?.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
