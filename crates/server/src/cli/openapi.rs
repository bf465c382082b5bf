//! `omklap openapi`.

use std::process::ExitCode;

use clap::Args;

use super::exit::CommandResult;
use super::output;
use crate::http::documents::openapi;

/// Print the API as an OpenAPI document
#[derive(Debug, Args)]
pub(super) struct Openapi {}

impl Openapi {
    #[expect(clippy::unnecessary_wraps, reason = "every command ends in the same way")]
    pub(super) fn run() -> CommandResult {
        output::text(&openapi::printed());
        Ok(ExitCode::SUCCESS)
    }
}
