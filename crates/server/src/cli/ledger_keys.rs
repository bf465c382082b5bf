//! The keys of the ledger that a command works on: those registered in its database.

use omklap_store::database::key_fingerprints::{register, settle};
use omklap_store::{KeyFiles, Keys, KeysError};
use thiserror::Error;

use crate::config::Config;
use crate::database::{Database, DatabaseLocation};

/// Why a command has no keys to work with, and what to do.
#[derive(Debug, Error)]
pub enum NoKeys {
    /// The keys and the database do not belong together.
    #[error("{mismatch}\n{place}\n{advice}", advice = advice(place.as_ref()))]
    Mismatch {
        /// What does not fit.
        #[source]
        mismatch: Box<KeysError>,
        /// Which database it is.
        place: Box<DatabaseLocation>,
    },
    /// A file or the database cannot be reached.
    #[error(transparent)]
    Trouble(KeysError),
}

/// How an operator can go on.
fn advice(location: &DatabaseLocation) -> &'static str {
    match location {
        DatabaseLocation::Private(_) => {
            "Put the file back from its backup. Or begin again with an empty ledger: `omklap clean-data` removes this \
                 PostgreSQL and its data folder with every case in them."
        }
        DatabaseLocation::Configured(_) => {
            "Copy the file from the server that made it, or put it back from its backup. Or name another database."
        }
    }
}

/// The configured keys, registered in the database. They are created if neither the database nor
/// the folder has any.
///
/// # Errors
/// If they are not those of this database, or a file or the database cannot be reached.
pub async fn open(config: &Config, database: &Database) -> Result<Keys, NoKeys> {
    settle(&database.pool, &files(config)).await.map_err(|error| explained(error, database))
}

/// Registers the existing keys in the database and creates none: `omklap migrate` may run on
/// another machine than the server.
///
/// # Errors
/// As [`open`].
pub async fn register_existing(config: &Config, database: &Database) -> Result<(), NoKeys> {
    register(&database.pool, &files(config)).await.map_err(|error| explained(error, database))
}

fn files(config: &Config) -> KeyFiles {
    KeyFiles {
        operator: config.operator_key_file.clone(),
        ledger: config.ledger_key_file.clone(),
        ledger_origin: config.ledger_origin.clone(),
        checkpoints: config.checkpoints_file.clone(),
    }
}

fn explained(error: KeysError, database: &Database) -> NoKeys {
    if error.is_a_mismatch() {
        NoKeys::Mismatch { mismatch: Box::new(error), place: Box::new(database.place()) }
    } else {
        NoKeys::Trouble(error)
    }
}
