//! Why the ledger could not answer.

use omklap_domain::ids::TrajectoryId;

use crate::database::failure::Trouble;
use crate::tree::NotSigned;
use crate::vault::VaultError;

/// The ledger could not answer, whatever was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is out of reach, or went away while it was asked. What was being written may or may not be there: a
    /// repeat with the same idempotency key tells.
    #[error("the database is out of reach")]
    Unavailable(#[source] sqlx::Error),
    /// An event that this program cannot read: written by a newer one, or by hand.
    #[error("event {sequence} of trajectory {trajectory} cannot be read")]
    Unreadable {
        /// Whose event.
        trajectory: String,
        /// Its number.
        sequence: i64,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A private text or key that does not open.
    #[error("a private text of trajectory {trajectory} does not open")]
    Vault {
        /// Whose text.
        trajectory: TrajectoryId,
        /// Why not.
        source: VaultError,
    },
    /// The secret of a subscription does not open.
    #[error("the secret of subscription {subscription} does not open")]
    Secret {
        /// Whose secret.
        subscription: uuid::Uuid,
        /// Why not.
        source: VaultError,
    },
    /// The tree over all events, or what was signed of it, is not what it was: nothing more is signed until somebody looked.
    #[error("the tree of the ledger is not what was signed: {0}")]
    Tree(String),
    /// What is signed could not be written outside the database, or not be read there.
    #[error("the checkpoints outside the database")]
    Outside(#[source] std::io::Error),
    /// The database refused a statement that should have been right.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether this passes by itself, so that a program that starts waits for it.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unavailable(error) if Trouble::of(error) == Trouble::Passing)
    }

    /// The last checkpoint is none of this ledger's.
    pub(crate) fn last_checkpoint(why: NotSigned) -> Self {
        Self::Tree(format!("the last checkpoint: {why}"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match Trouble::of(&error) {
            Trouble::Passing | Trouble::Connection => Self::Unavailable(error),
            Trouble::Final => Self::Database(error),
        }
    }
}
