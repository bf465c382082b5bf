//! Why keys and database do not belong together.

use std::path::PathBuf;

use jiff::Timestamp;

use super::fingerprint::{Fingerprint, KeyKind};
use crate::error::StoreError;
use crate::tree::KeyError;

/// Why there are no keys for this database.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file holds a key that is not the one of this database.
    #[error("{} holds the {kind} with fingerprint {found}, but this database is written with {known}, known since {since:.0}", .file.display())]
    Another {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint of the key in the file.
        found: Fingerprint,
        /// The fingerprint that the database knows.
        known: Fingerprint,
        /// Since when the database knows it.
        since: Timestamp,
    },
    /// The file is missing, and the database knows its key.
    #[error("{} is missing: it held the {kind} with fingerprint {known}, with which this database is written since {since:.0}", .file.display())]
    Missing {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint that the database knows.
        known: Fingerprint,
        /// Since when the database knows it.
        since: Timestamp,
    },
    /// The file is missing, and something was written with its key before the database knew
    /// fingerprints.
    #[error("{}, the {kind}, is missing, and this ledger holds data written with it", .file.display())]
    Gone {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
    },
    /// The key does not fit what was written before the database knew fingerprints.
    #[error("{} holds the {kind} with fingerprint {found}, but the data in this database were not written with it", .file.display())]
    Unfit {
        /// Which key.
        kind: KeyKind,
        /// Its file.
        file: PathBuf,
        /// The fingerprint of the key in the file.
        found: Fingerprint,
    },
    /// The file of the operator's key cannot be read or made.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The file of the ledger's keys cannot be read or made.
    #[error(transparent)]
    Ledger(#[from] KeyError),
    /// The database is out of reach.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for KeysError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl KeysError {
    /// Whether the keys and the database do not belong together, and trying again changes nothing.
    #[must_use]
    pub fn is_a_mismatch(&self) -> bool {
        !matches!(self, Self::File(_) | Self::Ledger(_) | Self::Store(_))
    }
}
