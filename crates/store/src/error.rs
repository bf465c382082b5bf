//! Why the store could not do what was asked.

use std::fmt::Display;

use omklap_domain::ids::TrajectoryId;

use crate::database::failure::Trouble;
use crate::vault::cipher::VaultError;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is out of reach, or the connection broke during a statement. What was being
    /// written may or may not be recorded: a repeat with the same idempotency key says which.
    #[error("the database is out of reach")]
    Unavailable(#[source] sqlx::Error),
    /// An event that this program cannot read: written by a newer one, or by hand.
    #[error("event {sequence} of trajectory {trajectory} cannot be read")]
    Unreadable {
        /// The stream of the event.
        trajectory: String,
        /// Its number.
        sequence: i64,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A private text or data key does not open.
    #[error("a private text of trajectory {trajectory} does not open")]
    Vault {
        /// The trajectory.
        trajectory: TrajectoryId,
        /// The reason.
        source: VaultError,
    },
    /// The secret of a subscription does not open.
    #[error("the secret of subscription {subscription} does not open")]
    Secret {
        /// The subscription.
        subscription: uuid::Uuid,
        /// The reason.
        source: VaultError,
    },
    /// The tree over all events, or a signed checkpoint of it, is not what it was. Nothing more is
    /// signed until an operator has looked.
    #[error("the tree of the ledger is not what was signed: {0}")]
    Tree(String),
    /// The checkpoints outside the database could not be written or read.
    #[error("the checkpoints outside the database")]
    Outside(#[source] std::io::Error),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether this passes by itself, so that a program that starts can wait.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unavailable(error) if Trouble::of(error) == Trouble::Passing)
    }

    /// The last checkpoint is not of this ledger.
    pub(crate) fn last_checkpoint(why: impl Display) -> Self {
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
