//! `omklap asyncapi`.

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::http::asyncapi;

/// Print the messages of webhooks as an `AsyncAPI` document
#[derive(Debug, Args)]
pub(super) struct Asyncapi {}

impl Asyncapi {
    #[expect(clippy::disallowed_macros, reason = "the answer of the command")]
    #[expect(clippy::unnecessary_wraps, reason = "every command ends in the same way")]
    pub(super) fn run() -> Outcome {
        print!("{}", asyncapi::printed());
        Ok(ExitCode::SUCCESS)
    }
}
