//! `omklap config`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::exit::CommandResult;
use super::output::{self, out};
use crate::config::{describe, in_force};

/// Print the settings in force with their sources, secrets hidden
#[derive(Debug, Args)]
pub(super) struct ShowConfig {}

impl ShowConfig {
    pub(super) fn run(file: Option<&Path>) -> CommandResult {
        if output::as_json() {
            out!("{}", in_force(file)?);
        } else {
            output::text(&describe(file)?);
        }
        Ok(ExitCode::SUCCESS)
    }
}
