//! A line of the access log.

use jiff::Timestamp;
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::time_ordered_id::time_ordered_id;

/// What was done with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// One trajectory was read.
    Read,
    /// Trajectories were listed.
    List,
    /// Facts were reported.
    Report,
    /// A report was tried out: nothing was recorded.
    Try,
    /// The access log itself was read.
    ReadAccessLog,
    /// A whole case was exported.
    Export,
    /// Events were sent to a system that follows the ledger.
    Follow,
    /// A data subject got everything that is stored.
    SubjectExport,
    /// Processing was restricted, or the restriction was lifted.
    Restrict,
    /// Texts were erased.
    Erase,
    /// A legal hold was placed or lifted.
    Hold,
    /// A case was destroyed after its retention term.
    Destroy,
    /// An organisation was registered, or its registration changed. About nobody's case.
    Register,
}

/// How much was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessOutcome {
    /// Everything that was asked for.
    Given,
    /// Something was withheld.
    GivenInPart,
    /// Nothing.
    Refused,
}

/// The caller of a request: the same for everything that one request does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accessor {
    /// The person, under a pseudonym that the organisation chose.
    pub actor: String,
    /// The organisation.
    pub organisation: String,
    /// The role.
    pub role: String,
    /// The purpose.
    pub purpose: String,
    /// The program that sent the request.
    pub client: String,
    /// The trace (W3C trace context).
    #[serde(flatten)]
    pub trace: Trace,
}

/// The place of a request in a trace (W3C trace context).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The trace, over all systems.
    pub trace_id: Uuid,
    /// This request: sixteen hexadecimal digits.
    pub span_id: String,
    /// The caller's own span, if it sent one.
    pub parent_span_id: Option<String>,
}

impl Trace {
    /// A trace that begins here, under an id of its own.
    #[must_use]
    pub fn begun_by(id: Uuid) -> Self {
        Self { trace_id: id, span_id: format!("{:016x}", id.as_u64_pair().1), parent_span_id: None }
    }
}

/// A line of the access log that is not written yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    #[serde(serialize_with = "instant")]
    at: Timestamp,
    #[serde(serialize_with = "instant")]
    started_at: Timestamp,
    access_id: Uuid,
    action: Action,
    outcome: AccessOutcome,
    trajectories: Vec<TrajectoryId>,
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<OrganisationId>,
    #[serde(flatten)]
    by: Accessor,
}

impl Line {
    /// The trace it belongs to.
    #[must_use]
    pub fn trace_id(&self) -> Uuid {
        self.by.trace.trace_id
    }

    /// A line that says what was done with these trajectories at this instant.
    #[must_use]
    pub fn new(by: Accessor, action: Action, at: Timestamp, trajectories: Vec<TrajectoryId>) -> Self {
        let (outcome, categories, access_id) = (AccessOutcome::Given, Vec::new(), time_ordered_id(at));
        Self {
            at,
            started_at: at,
            access_id,
            action,
            outcome,
            trajectories,
            categories,
            registration: None,
            by,
        }
    }

    /// A line that says that this organisation was registered at this instant.
    #[must_use]
    pub fn registering(by: Accessor, at: Timestamp, organisation: OrganisationId) -> Self {
        Self { registration: Some(organisation), ..Self::new(by, Action::Register, at, Vec::new()) }
    }

    /// With these kinds of data.
    #[must_use]
    pub fn of(self, categories: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { categories: categories.into_iter().map(Into::into).collect(), ..self }
    }

    /// With this outcome.
    #[must_use]
    pub fn with(self, outcome: AccessOutcome) -> Self {
        Self { outcome, ..self }
    }

    /// For a request that began at this instant.
    #[must_use]
    pub fn since(self, started_at: Timestamp) -> Self {
        Self { started_at, ..self }
    }
}

/// The columns of a line that the program gives. The database itself adds the transaction in which it
/// was written (`migrations/0029_access_log_batches.sql`).
macro_rules! columns {
    () => {
        "at, started_at, access_id, action, outcome, trajectories, categories, actor, organisation, role, purpose, client,
         trace_id, span_id, parent_span_id, registration"
    };
}
pub(crate) use columns;

/// The common table expression that writes lines, given as a JSON array in this parameter.
macro_rules! write_lines {
    ($lines:literal) => {
        concat!(
            "logged AS (INSERT INTO access_log (",
            $crate::access_log::line::columns!(),
            ") SELECT ",
            $crate::access_log::line::columns!(),
            " FROM jsonb_populate_recordset(NULL::access_log, ",
            $lines,
            ") RETURNING access_id)"
        )
    };
}
pub(crate) use write_lines;

fn instant<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.to_string().serialize(serializer)
}
