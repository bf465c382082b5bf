//! Whether a report may be recorded. Everything that decides on it is here, and reads and writes
//! nothing: cqrs-es calls it between loading and committing (ADR 3).

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::aggregate::{NotAdmitted, Reported, admit};
use omklap_domain::trajectory::work::Work;
use omklap_domain::trajectory::{Fact, History, Refusal};
use omklap_domain::visibility::{may_be_tried, may_report, view};
use serde::{Deserialize, Serialize};

use super::idempotency::EarlierReport;
use super::report::{RecordError, Report, Seen, Target};
use crate::error::StoreError;
use crate::opaque_tokens;
use crate::read_models::Derived;
use crate::vault::OperatorKey;

/// A trajectory as a report finds it: the aggregate of cqrs-es while a report is recorded.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Case {
    /// Before the decision without the facts of the report, after it with them.
    pub history: History,
    /// When each fact that was loaded was recorded.
    #[serde(skip)]
    pub recorded_at: Vec<Timestamp>,
    /// The rows of the read models before the report.
    #[serde(skip)]
    pub before: Derived,
}

/// The command of cqrs-es.
pub(crate) struct Record {
    pub report: Arc<Report>,
    /// The rules that its offers break in the rest of the ledger, each with the index of its fact.
    pub unfounded: Vec<(usize, Refusal)>,
    /// The steps that the decision takes, and whether anybody still waits for it.
    pub work: Work,
}

/// What a decision goes by besides the case and the report.
pub(crate) struct Standards {
    pub sets: Arc<AgreementSets>,
    pub derives_by: Arc<AgreementSets>,
    pub operator_key: Arc<OperatorKey>,
}

/// Why the frame ended without recording the report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRecorded {
    /// It was recorded before, under the same idempotency key.
    #[error("this report was recorded before")]
    Repeat(EarlierReport),
    /// Its trajectory has too long a history to decide on this thread.
    #[error("the history is too long for this thread")]
    LongHistory,
    #[error(transparent)]
    Failed(#[from] RecordError),
}

impl Aggregate for Case {
    const TYPE: &'static str = History::TYPE;
    type Command = Record;
    type Event = Fact;
    type Error = NotRecorded;
    type Services = Standards;

    /// The decision. The order of its checks is part of the API: the first that fails is the
    /// answer.
    async fn handle(
        &mut self,
        Record { report, unfounded, work }: Record,
        standards: &Standards,
        sink: &EventSink<Self>,
    ) -> Result<(), NotRecorded> {
        self.is_known_to_the_reporter(&report)?;
        self.is_at_the_version_seen(report.trajectory, &standards.operator_key)?;
        self.is_the_reporters_to_report(&report)?;
        names_partners(&self.history, &report, &standards.sets)?;
        self.may_be_tried(&report)?;
        self.before = Derived::of(report.trajectory.id(), &self.history, &standards.derives_by);
        let reported = Reported { facts: report.facts.clone(), today: report.today, unfounded, work };
        admit(self, reported, &standards.sets, sink).await.map_err(RecordError::from)?;
        Ok(())
    }

    fn apply(&mut self, fact: Fact) {
        self.history.apply(fact);
    }
}

impl AsMut<History> for Case {
    fn as_mut(&mut self) -> &mut History {
        &mut self.history
    }
}

impl Case {
    fn is_known_to_the_reporter(&self, report: &Report) -> Result<(), RecordError> {
        let knows = |reporter| view(reporter, report.trajectory.id(), &self.history).knows();
        if report.needs_access().is_none_or(knows) { Ok(()) } else { Err(RecordError::NotFound) }
    }

    fn is_at_the_version_seen(&self, target: Target, key: &OperatorKey) -> Result<(), RecordError> {
        let version = self.history.version();
        match (target, version) {
            (Target::New(_), 0) => Ok(()),
            (Target::New(_), _) => Err(RecordError::AlreadyOpened),
            (Target::Existing { .. }, 0) => Err(RecordError::NotFound),
            (Target::Existing { seen: Seen::Any, .. }, _) => Ok(()),
            (Target::Existing { id, seen: Seen::Version(seen, tag) }, _) => {
                let index = usize::try_from(seen).ok().and_then(|seen| seen.checked_sub(1));
                let made_at = index.and_then(|index| self.recorded_at.get(index));
                let was_made_here = made_at.is_some_and(|at| opaque_tokens::tag(key, id, seen, *at) == tag);
                match was_made_here {
                    false => Err(RecordError::NotTheLedgerSeen),
                    true if seen != version => Err(RecordError::Stale { version }),
                    true => Ok(()),
                }
            }
        }
    }

    fn is_the_reporters_to_report(&self, report: &Report) -> Result<(), RecordError> {
        let Some(reporter) = &report.reporter else { return Ok(()) };
        may_report(reporter, report.trajectory.id(), &self.history, &report.facts)
            .map_err(RecordError::NotTheirs)
    }

    /// Not every fact may be tried on every day: whether it is admitted could depend on facts that
    /// are hidden from the reporter.
    fn may_be_tried(&self, report: &Report) -> Result<(), RecordError> {
        let Some(reporter) = report.needs_access() else { return Ok(()) };
        may_be_tried(reporter, report.trajectory.id(), &self.history, &report.facts, report.today)
            .map_err(RecordError::Refused)
    }
}

/// Every organisation that the facts name must be a registered partner that can be named there.
fn names_partners(history: &History, report: &Report, sets: &AgreementSets) -> Result<(), RecordError> {
    let Some(register) = &report.register else { return Ok(()) };
    let region = history.state().partners.as_ref().map(|partners| &partners.region);
    let misnamed = register.misnamed(&report.facts, region, sets, report.reporter.is_none());
    if misnamed.is_empty() { Ok(()) } else { Err(RecordError::Misnamed(misnamed)) }
}

impl From<NotAdmitted> for RecordError {
    fn from(not_admitted: NotAdmitted) -> Self {
        match not_admitted {
            NotAdmitted::Refused(refused) => Self::Refused(refused),
            NotAdmitted::TooMuchWork { index } => Self::TooMuchWork { index },
            NotAdmitted::Full => Self::Full,
            NotAdmitted::GivenUp => Self::GivenUp,
        }
    }
}

impl From<StoreError> for NotRecorded {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::access_log::{Accessor, Action, Line, Trace};
    use crate::events::metadata::Metadata;
    use omklap_domain::ids::TrajectoryId;

    const CASE: TrajectoryId = TrajectoryId(Uuid::from_u128(1));

    #[tokio::test]
    async fn a_trajectory_without_events_is_not_found() {
        let target = Target::Existing { id: CASE, seen: Seen::Any };
        let refused = decided(Case::default(), target, intake()).await.expect_err("there is nothing");
        assert!(matches!(refused, RecordError::NotFound), "{refused}");
    }

    #[tokio::test]
    async fn a_new_trajectory_holds_the_facts_of_its_report() {
        let case = decided(Case::default(), Target::New(CASE), intake()).await.expect("admitted");
        assert_eq!(case.history.version(), 1);
    }

    #[tokio::test]
    async fn whether_a_trajectory_exists_is_asked_before_its_facts_are_admitted() {
        let case = decided(Case::default(), Target::New(CASE), intake()).await.expect("admitted");
        let again = decided(case, Target::New(CASE), intake()).await.expect_err("it exists");
        assert!(matches!(again, RecordError::AlreadyOpened), "{again}");
    }

    // The words of these tests.

    async fn decided(mut case: Case, trajectory: Target, fact: Fact) -> Result<Case, RecordError> {
        let sets = Arc::new(AgreementSets::shipped());
        let operator_key = Arc::new(OperatorKey::generate());
        let standards = Standards { sets: Arc::clone(&sets), derives_by: sets, operator_key };
        let command = Record {
            report: Arc::new(report(trajectory, fact)),
            unfounded: Vec::new(),
            work: Work::default(),
        };
        match case.handle(command, &standards, &EventSink::default()).await {
            Ok(()) => Ok(case),
            Err(NotRecorded::Failed(error)) => Err(error),
            Err(other) => unreachable!("a decision does not end with {other}"),
        }
    }

    fn report(trajectory: Target, fact: Fact) -> Report {
        let [actor, organisation, role, purpose, client] =
            ["u-7f3a", "de-vaart", "care-provider", "case-work", "de-vaart-ecd"].map(str::to_owned);
        let trace = Trace::begun_by(Uuid::from_u128(7));
        let by = Accessor { actor, organisation, role, purpose, client, trace };
        let now = "2026-03-02T09:00:00Z".parse().expect("an instant");
        Report {
            trajectory,
            facts: vec![fact],
            reporter: None,
            metadata: Metadata::new(),
            recorded_at: now,
            today: "2026-03-02".parse().expect("a day"),
            once: None,
            dry_run: false,
            register: None,
            reference: None,
            access: Line::new(by, Action::Report, now, vec![trajectory.id()]),
        }
    }

    fn intake() -> Fact {
        let fact = json!({
            "type": "intake-registered", "occurredOn": "2026-02-02", "clientName": "Ada de Wit",
            "origin": "sheltered-housing", "careProvider": "de-vaart", "municipality": "venlo",
            "region": "noord-limburg", "agreementSet": {"id": "noord-limburg", "version": 1}
        });
        serde_json::from_value(fact).expect("a fact")
    }
}
