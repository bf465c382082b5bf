//! Which database it is, for messages to operators.

use std::path::PathBuf;

use thiserror::Error;

use crate::config::DatabaseUrl;

/// The database that this program uses.
#[derive(Clone, Debug, Error)]
pub enum DatabaseLocation {
    /// A private PostgreSQL.
    #[error(
        "That database is the private PostgreSQL in {}; it and the key files of its data folder belong together.",
        .0.display()
    )]
    Private(PathBuf),
    /// One that the operator configured.
    #[error("That database is {0}; every server on it needs the same two key files.")]
    Configured(Box<DatabaseUrl>),
}
