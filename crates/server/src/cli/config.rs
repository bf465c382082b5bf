//! `omklap config`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::config::describe;

/// Print the settings in force and where each comes from, secrets hidden
#[derive(Debug, Args)]
pub(super) struct ShowConfig {}

impl ShowConfig {
    #[expect(clippy::disallowed_macros, reason = "the answer of the command")]
    pub(super) fn run(file: Option<&Path>) -> Outcome {
        print!("{}", describe(file)?);
        Ok(ExitCode::SUCCESS)
    }
}
