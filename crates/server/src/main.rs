//! The `omklap` command.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    omklap::cli::run().await
}
