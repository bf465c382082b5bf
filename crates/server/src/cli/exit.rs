//! How a command ends.

use std::error::Error;
use std::process::ExitCode;

/// The exit code for the shell, or why the command failed.
pub(super) type CommandResult = Result<ExitCode, Box<dyn Error>>;

/// The exit code of a check that could not run; 1 means that it found differences.
pub(super) const COULD_NOT_LOOK: u8 = 2;
