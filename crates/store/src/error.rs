//! Why the store could not do what was asked.

use std::fmt::Display;

use omklap_domain::ids::TrajectoryId;
use sqlx::Row;
use sqlx::postgres::PgRow;

use crate::database::failure::Trouble;
use crate::events::event::StreamId;
use crate::registry::check::RegistryFinding;
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
    /// An event is not what was recorded, or was not admitted by this ledger. It is not shown, and
    /// nothing is built on it.
    #[error("event {sequence} of {stream} {how}")]
    Altered {
        /// `trajectory ID` or `deadline ID`.
        stream: String,
        /// Its number in the stream.
        sequence: i64,
        /// What is wrong with it.
        how: Alteration,
    },
    /// Not everything that a statement had to write has arrived in the database.
    #[error("the database did not keep what was written: {0}")]
    NotKept(&'static str),
    /// A row of the read models does not follow from the events: nothing is recorded from it.
    #[error("a row of trajectory {trajectory} does not follow from its events; run: omklap check")]
    NotDerived {
        /// The trajectory.
        trajectory: TrajectoryId,
    },
    /// What is registered is not what somebody registered: nothing is built on it.
    #[error("{0}; run: omklap check, and for an organisation: omklap partner mend")]
    NotRegistered(RegistryFinding),
    /// A private text or data key does not open.
    #[error("a private text of trajectory {trajectory} does not open")]
    Vault {
        /// The trajectory.
        trajectory: TrajectoryId,
        /// The reason.
        source: VaultError,
    },
    /// A private text is gone, and no fact records that it was erased.
    #[error(
        "a private text of event {sequence} of trajectory {trajectory} is gone, and no fact records an erasure"
    )]
    TextGone {
        /// The trajectory.
        trajectory: TrajectoryId,
        /// The number of the event.
        sequence: u64,
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
    CheckpointsFile(#[source] std::io::Error),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

/// What is wrong with an event that is not what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Alteration {
    /// Its hash does not cover the bytes that are stored.
    #[error("is not what was recorded")]
    NotAsRecorded,
    /// It does not carry this ledger's MAC.
    #[error("was not admitted by this ledger")]
    NotAdmitted,
    /// It does not follow the event before it.
    #[error("does not follow the event before it")]
    OutOfPlace,
}

impl StoreError {
    pub(crate) fn altered(row: &PgRow, stream: StreamId<'_>, how: Alteration) -> Self {
        let StreamId { aggregate_type, aggregate_id } = stream;
        let stream = format!("{aggregate_type} {aggregate_id}");
        Self::Altered { stream, sequence: row.try_get("sequence").unwrap_or_default(), how }
    }

    /// Whether the database does not hold what was recorded or signed: an operator must look.
    #[must_use]
    pub fn is_alarming(&self) -> bool {
        matches!(
            self,
            Self::Altered { .. }
                | Self::NotKept(_)
                | Self::NotDerived { .. }
                | Self::NotRegistered(_)
                | Self::Vault { .. }
                | Self::TextGone { .. }
                | Self::Secret { .. }
                | Self::Tree(_)
        )
    }

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
