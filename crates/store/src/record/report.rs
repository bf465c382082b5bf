//! A report, and what recording it leads to.

use std::sync::Arc;

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::register::{Misnamed, Register};
use omklap_domain::trajectory::work::MOST_RECORDED;
use omklap_domain::trajectory::{Fact, History, Refused};
use omklap_domain::visibility::{NotTheirs, Viewer};
use uuid::Uuid;

use super::idempotency::Once;
use crate::access_log::line::Line;
use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::events::metadata::Metadata;
use crate::opaque_tokens::VersionTag;
use crate::own_references::ReferenceOf;
use crate::read_models::obligations::ObligationRow;

/// Facts that are reported together, and admitted together or not at all.
#[derive(Clone, Debug)]
pub struct Report {
    /// The trajectory.
    pub trajectory: Target,
    /// What happened, with private texts in clear.
    pub facts: Vec<Fact>,
    /// The partner that reports: it needs access to the trajectory, and reports facts that are its
    /// own to report. None for an operator who imports a whole history.
    pub reporter: Option<Viewer>,
    /// Who reports, and why. The ledger adds `agreementSet`.
    pub metadata: Metadata,
    /// Now. The ledger records it in microseconds, and never earlier than the event before.
    pub recorded_at: Timestamp,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
    /// The idempotency key, if the client gave one.
    pub once: Option<Once>,
    /// Return what would happen, and write nothing.
    pub dry_run: bool,
    /// The registered partners, by which the names in the facts are checked; none if that was done
    /// before.
    pub register: Option<Arc<Register>>,
    /// The case number that an organisation itself has for the trajectory that this opens.
    pub reference: Option<ReferenceOf>,
    /// The line for the access log, written together with the events.
    pub access: Line,
}

impl Report {
    /// The reporter, if this is one that needs access to the trajectory to report on it.
    pub(crate) fn needs_access(&self) -> Option<&Viewer> {
        self.reporter.as_ref().filter(|_| matches!(self.trajectory, Target::Existing { .. }))
    }
}

/// The trajectory that is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One that this report opens.
    New(TrajectoryId),
    /// One that exists.
    Existing {
        /// Its id.
        id: TrajectoryId,
        /// The version that the caller has seen.
        seen: Seen,
    },
}

impl Target {
    /// The version that the caller has seen: 0 of a new trajectory, none if the caller does not
    /// say.
    pub(crate) fn version_seen(self) -> Option<u64> {
        match self {
            Self::New(_) => Some(0),
            Self::Existing { seen: Seen::Version(version, _), .. } => Some(version),
            Self::Existing { seen: Seen::Any, .. } => None,
        }
    }

    /// The trajectory's id.
    #[must_use]
    pub fn id(self) -> TrajectoryId {
        match self {
            Self::New(id) | Self::Existing { id, .. } => id,
        }
    }
}

/// The version of a trajectory that a caller has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// This one, with its tag; any other is an error.
    Version(u64, VersionTag),
    /// Any.
    Any,
}

/// What a report led to.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The trajectory.
    pub trajectory: TrajectoryId,
    /// The number of the first fact of this report.
    pub first_sequence: u64,
    /// The ids of the events, in the order of the facts.
    pub event_ids: Vec<Uuid>,
    /// Their places in the ledger; none of a dry run.
    pub positions: Vec<i64>,
    /// Their hashes.
    pub hashes: Vec<Hash>,
    /// When they were recorded.
    pub recorded_at: Timestamp,
    /// The history up to and including this report. Its texts may be sealed or not.
    pub history: History,
    /// The obligations that this report opened.
    pub became_due: Vec<ObligationRow>,
    /// The whole history now, if this is a repeat: there may be later facts.
    pub moved_on: Option<Box<History>>,
}

impl Recorded {
    /// The whole history now: it decides what a viewer sees.
    #[must_use]
    pub fn current(&self) -> &History {
        self.moved_on.as_deref().unwrap_or(&self.history)
    }

    /// Whether this report was recorded before.
    #[must_use]
    pub fn is_repeat(&self) -> bool {
        self.moved_on.is_some()
    }

    /// The trajectory's version after this report.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.history.version()
    }
}

/// Why a report was not recorded. Nothing was written, except perhaps after
/// [`StoreError::Unavailable`].
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A fact breaks a rule.
    #[error(transparent)]
    Refused(Box<Refused>),
    /// Facts that are not the reporter's to report.
    #[error("{} of the facts are not the reporter's to report", .0.len())]
    NotTheirs(Vec<NotTheirs>),
    /// Facts name organisations or agreement sets that their fields do not allow.
    #[error("{} names in the facts are wrong", .0.len())]
    Misnamed(Vec<Misnamed>),
    /// Checking the facts takes more steps than a report of this size may take.
    #[error("checking these facts takes too many steps")]
    TooMuchWork {
        /// The first fact that was not checked, from 0.
        index: usize,
    },
    /// The trajectory would hold more facts than any trajectory may hold.
    #[error("the trajectory would hold more than {MOST_RECORDED} facts")]
    Full,
    /// Nobody waits for the answer any more.
    #[error("nobody waits for the answer any more")]
    GivenUp,
    /// There is no such trajectory, or the reporter has no access to it.
    #[error("there is no such trajectory")]
    NotFound,
    /// The trajectory that the report would open exists.
    #[error("this trajectory was opened before")]
    AlreadyOpened,
    /// The organisation has its own number for the new trajectory on another one.
    #[error("the organisation has this number on another trajectory")]
    ReferenceTaken(TrajectoryId),
    /// The trajectory has a later version than the caller has seen.
    #[error("the trajectory is at version {version}")]
    Stale {
        /// Its version now.
        version: u64,
    },
    /// This ledger never made the version that the caller saw: it was restored from a backup since.
    #[error("this ledger never made the version that the caller has seen")]
    NotTheLedgerSeen,
    /// The client used this key for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// A private text was given as a reference to the vault; only the ledger writes those.
    #[error("a private text is reported as text")]
    SealedTextReported,
    /// Other reports came first, every time.
    #[error("others keep reporting on this trajectory")]
    Crowded,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
