//! `omklap openapi`.

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::http::openapi;

/// Print the API as an OpenAPI document
#[derive(Debug, Args)]
pub(super) struct Openapi {}

impl Openapi {
    #[expect(clippy::disallowed_macros, reason = "the answer of the command")]
    #[expect(clippy::unnecessary_wraps, reason = "every command ends in the same way")]
    pub(super) fn run() -> Outcome {
        print!("{}", openapi::printed());
        Ok(ExitCode::SUCCESS)
    }
}
