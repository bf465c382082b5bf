//! The log. It holds no personal data.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{Config, LogFormat};

/// The HTTP library logs every request that is not HTTP as an error, so anybody could fill the log.
const NOT_HTTP: &str = "actix_http::h1::dispatcher=off";

/// Starts logging to standard error; standard output stays free for what a command answers.
///
/// Called once, at the start of the program; a second call changes nothing.
///
/// # Errors
/// When `log` is not a filter, such as `info` or `warn,omklap=debug`.
pub fn start(config: &Config) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(format!("{NOT_HTTP},{}", config.log))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // If standard error is closed, nobody reads the log.
    let log = log.log_internal_errors(false);
    let started = match config.log_format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Pretty => log.with_ansi(stderr().is_terminal()).with_target(false).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had been started before");
    }
    Ok(())
}
