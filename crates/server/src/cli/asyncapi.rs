//! `omklap asyncapi`.

use std::process::ExitCode;

use clap::Args;

use super::exit::CommandResult;
use super::output;
use crate::http::documents::asyncapi;

/// Print the messages of webhooks as an `AsyncAPI` document
#[derive(Debug, Args)]
pub(super) struct Asyncapi {}

impl Asyncapi {
    #[expect(clippy::unnecessary_wraps, reason = "every command ends in the same way")]
    pub(super) fn run() -> CommandResult {
        output::text(&asyncapi::printed());
        Ok(ExitCode::SUCCESS)
    }
}
