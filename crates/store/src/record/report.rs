//! What is asked of the ledger, and what it answers.

use std::sync::Arc;

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::register::{Misnamed, Register};
use omklap_domain::trajectory::work::MOST_RECORDED;
use omklap_domain::trajectory::{Fact, History, Refused};
use omklap_domain::visibility::{NotTheirs, Viewer, may_be_tried, may_report, view};
use uuid::Uuid;

use crate::access_log::Line;
use crate::error::StoreError;
use crate::events::event::Metadata;
use crate::events::hash_chain::Hash;
use crate::opaque_tokens::VersionTag;
use crate::read_models::obligations::ObligationRow;
use crate::vault::OperatorKey;

/// Facts that are reported together, admitted whole or not at all.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whose facts.
    pub trajectory: Target,
    /// What happened, with texts as people wrote them.
    pub facts: Vec<Fact>,
    /// The partner that reports: it has to know the trajectory, and reports what is its own to report. None for who brings in
    /// a whole history, whoever's facts these are.
    pub reporter: Option<Viewer>,
    /// By whom and why. The ledger adds `agreementSet`.
    pub metadata: Metadata,
    /// Now. The ledger writes it in microseconds, and never earlier than the event before.
    pub recorded_at: Timestamp,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
    /// What makes a repeat of this report one.
    pub once: Option<Once>,
    /// Answer what would happen, and write nothing.
    pub dry_run: bool,
    /// The partners that are registered, against which the names in the facts are held; none where whoever reports has done so.
    pub register: Option<Arc<Register>>,
    /// What is written of it in the access log, together with the events.
    pub access: Line,
}

impl Report {
    /// Who has to know of the trajectory to report on it.
    pub(crate) fn has_to_know(&self) -> Option<&Viewer> {
        self.reporter.as_ref().filter(|_| matches!(self.trajectory, Target::Existing { .. }))
    }

    /// Whether the reporter may know of the trajectory.
    ///
    /// # Errors
    /// Where not.
    pub(crate) fn is_known(&self, history: &History) -> Result<(), RecordError> {
        let knows = |reporter| view(reporter, self.trajectory.id(), history).knows();
        if self.has_to_know().is_none_or(knows) { Ok(()) } else { Err(RecordError::NotFound) }
    }

    /// Whether every organisation that the facts name is a partner that can be named there.
    ///
    /// # Errors
    /// Each name that is wrong.
    pub(crate) fn names_partners(&self, history: &History, sets: &AgreementSets) -> Result<(), RecordError> {
        let Some(register) = &self.register else { return Ok(()) };
        let region = history.state().partners.as_ref().map(|partners| &partners.region);
        let misnamed = register.misnamed(&self.facts, region, sets, self.reporter.is_none());
        if misnamed.is_empty() { Ok(()) } else { Err(RecordError::Misnamed(misnamed)) }
    }

    /// Whether every fact is the reporter's to report.
    ///
    /// # Errors
    /// Where one is not.
    pub(crate) fn is_theirs(&self, history: &History) -> Result<(), RecordError> {
        let Some(reporter) = &self.reporter else { return Ok(()) };
        may_report(reporter, self.trajectory.id(), history, &self.facts).map_err(RecordError::NotTheirs)
    }

    /// Whether every fact may be tried on its day by the reporter.
    ///
    /// # Errors
    /// If one may not, because whether it is admitted depends on facts that are hidden from the reporter.
    pub(crate) fn may_be_tried(&self, history: &History) -> Result<(), RecordError> {
        let Some(reporter) = self.has_to_know() else { return Ok(()) };
        may_be_tried(reporter, self.trajectory.id(), history, &self.facts, self.today)
            .map_err(RecordError::Refused)
    }
}

/// The trajectory that is reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One that this report opens.
    New(TrajectoryId),
    /// One that is there.
    Existing {
        /// Which.
        id: TrajectoryId,
        /// The version that the caller has seen.
        seen: Seen,
    },
}

impl Target {
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
    /// This one, with its tag; another is an error.
    Version(u64, VersionTag),
    /// Whichever there is.
    Any,
}

/// What makes a repeat of a report one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Who chose the key; two clients may choose the same.
    pub client: String,
    /// The client's own key.
    pub key: String,
    /// SHA-256 of the whole request.
    pub request_hash: Hash,
}

impl Once {
    /// As it is kept: marks that only the operator's key can make. Nobody who reads the table can find out by trying what
    /// a client called its report, or what was in it.
    pub(crate) fn kept(&self, key: &OperatorKey) -> Self {
        let chosen = key.mark("idempotency-key", &[self.client.as_bytes(), self.key.as_bytes()]);
        let request_hash = key.mark("request", &[&self.request_hash]);
        Self { client: self.client.clone(), key: hex::encode(chosen), request_hash }
    }
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
    /// When they were recorded.
    pub recorded_at: Timestamp,
    /// The history up to and with this report. Its texts may be sealed or not.
    pub history: History,
    /// What the partners owe since this report, and did not owe before.
    pub became_due: Vec<ObligationRow>,
    /// Where the trajectory stands now, where this is a repeat: it may have moved on since.
    pub moved_on: Option<Box<History>>,
}

impl Recorded {
    /// Where the trajectory stands now: what somebody sees of it goes by this.
    #[must_use]
    pub fn stands(&self) -> &History {
        self.moved_on.as_deref().unwrap_or(&self.history)
    }

    /// Whether this is a repeat, and was recorded before.
    #[must_use]
    pub fn is_repeat(&self) -> bool {
        self.moved_on.is_some()
    }

    /// The trajectory's version that this report made.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.history.version()
    }
}

/// Why a report was not recorded. Nothing of it was written, but where the store is [out of reach](StoreError::Unavailable).
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A fact breaks a rule.
    #[error(transparent)]
    Refused(Box<Refused>),
    /// Facts that are not the reporter's to report.
    #[error("{} of the facts are not theirs to report", .0.len())]
    NotTheirs(Vec<NotTheirs>),
    /// Organisations or agreement sets that the facts name are not what their fields ask for.
    #[error("{} names in the facts are wrong", .0.len())]
    Misnamed(Vec<Misnamed>),
    /// Weighing them takes more steps than a report of this size may take.
    #[error("weighing these facts takes too many steps")]
    TooMuchWork {
        /// The fact that was not weighed any more, from 0.
        index: usize,
    },
    /// The trajectory would hold more facts than any may hold.
    #[error("the trajectory would hold more than {MOST_RECORDED} facts")]
    Full,
    /// Nobody waits for the answer any more.
    #[error("nobody waits for the answer any more")]
    GivenUp,
    /// There is no such trajectory, or the reporter may not know of it.
    #[error("there is no such trajectory")]
    NotFound,
    /// The trajectory that was to be opened is there.
    #[error("this trajectory was opened before")]
    AlreadyOpened,
    /// The trajectory has moved on since the caller looked.
    #[error("the trajectory is at version {version}")]
    Stale {
        /// Its version now.
        version: u64,
    },
    /// This ledger never made the version that the caller saw: it was restored from a backup since.
    #[error("the version that was seen is not of this ledger")]
    NotTheLedgerSeen,
    /// The client used this key for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// A private text was given as a reference to the vault; only the ledger writes those.
    #[error("a private text is reported as text")]
    SealedTextReported,
    /// Others were faster, every time.
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
