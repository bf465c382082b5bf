//! `omklap openapi`.

use std::process::ExitCode;

use clap::Args;

use super::exit::CommandResult;
use super::output;
use crate::http::documents::openapi;
use crate::http::vera;

/// Print the API as an OpenAPI document
#[derive(Debug, Args)]
pub(super) struct Openapi {
    /// Print what the ledger offers of VERA instead
    #[arg(long)]
    vera: bool,
}

impl Openapi {
    #[expect(clippy::unnecessary_wraps, reason = "every command ends in the same way")]
    pub(super) fn run(&self) -> CommandResult {
        output::text(&if self.vera { vera::printed() } else { openapi::printed() });
        Ok(ExitCode::SUCCESS)
    }
}
