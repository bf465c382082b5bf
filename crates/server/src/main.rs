//! The `omklap` command.

use std::process::ExitCode;

/// Histories are many small texts: with the allocator of the C library a fifth of the time went
/// into it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    omklap::cli::run()
}
