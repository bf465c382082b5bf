//! `omklap config`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::CommandResult;
use super::output;
use crate::config::describe;

/// Print the settings in force with their sources, secrets hidden
#[derive(Debug, Args)]
pub(super) struct ShowConfig {}

impl ShowConfig {
    pub(super) fn run(file: Option<&Path>) -> CommandResult {
        output::text(&describe(file)?);
        Ok(ExitCode::SUCCESS)
    }
}
