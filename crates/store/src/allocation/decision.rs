//! Whether a report on a stream may be recorded. It reads and writes nothing: cqrs-es calls it between
//! loading and committing, as for a trajectory (ADR 3).

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{
    BrokenRule, History, MOST_IN_A_STREAM, NotTheirs, Refusal, Stream, StreamFact,
};
use omklap_domain::register::Misnamed;
use omklap_domain::trajectory::fact::Party;
use serde::{Deserialize, Serialize};

use super::record::{StreamReport, StreamTarget};
use crate::error::StoreError;
use crate::opaque_tokens;
use crate::record::idempotency::EarlierReport;
use crate::record::report::Seen;
use crate::vault::OperatorKey;

/// A stream as a report finds it: the aggregate of cqrs-es while a report is recorded.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Found<S: Stream> {
    /// Before the decision without the facts of the report, after it with them.
    pub history: History<S>,
    /// When each fact that was loaded was recorded.
    #[serde(skip)]
    pub recorded_at: Vec<Timestamp>,
    /// The party that reported each fact.
    #[serde(skip)]
    pub reported_by: Vec<Option<Party>>,
    /// What the facts of the report rest on and the ledger does not have, by their index.
    #[serde(skip)]
    pub unfounded: Vec<(usize, Refusal)>,
}

impl<S: Stream> Default for Found<S> {
    fn default() -> Self {
        Self {
            history: History::default(),
            recorded_at: Vec::new(),
            reported_by: Vec::new(),
            unfounded: Vec::new(),
        }
    }
}

/// Why a report on a stream was not recorded. Nothing was written, except perhaps after
/// [`StoreError::Unavailable`].
#[derive(Debug, thiserror::Error)]
pub enum NotRecorded {
    /// A fact breaks rules.
    #[error("fact {index} is refused: {}", codes(.broken))]
    Refused {
        /// The index of the fact in the list, from 0.
        index: usize,
        /// Every rule that it breaks.
        broken: Vec<BrokenRule>,
    },
    /// Facts that are not the reporter's to report, each with its index in the list, from 0.
    #[error("{} of the facts are not the reporter's to report", .0.len())]
    NotTheirs(Vec<(usize, NotTheirs)>),
    /// Facts name organisations or municipalities that their fields do not allow.
    #[error("{} names in the facts are wrong", names.len())]
    Misnamed {
        /// The names.
        names: Vec<Misnamed>,
        /// The rules that the first fact which breaks any breaks besides, with its index.
        broken: Option<(usize, Vec<BrokenRule>)>,
    },
    /// There is no such stream, or the reporter may not read it.
    #[error("there is no such stream")]
    NotFound,
    /// The stream that the report would begin is there.
    #[error("this stream is there already")]
    AlreadyThere,
    /// The stream has a later version than the caller has seen.
    #[error("the stream is at version {version}")]
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
    /// The stream would hold more facts than any stream may hold.
    #[error("the stream would hold more than {MOST_IN_A_STREAM} facts")]
    Full,
    /// Other reports came first, every time.
    #[error("others keep reporting on this stream")]
    Crowded,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How the frame ends without a record: a repeat, or an error.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error("this report was recorded before")]
    Repeat(EarlierReport),
    #[error(transparent)]
    Failed(#[from] NotRecorded),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// What a decision rests on besides the stream.
#[derive(Clone)]
pub(super) struct DecidesBy {
    pub operator_key: Arc<OperatorKey>,
    pub sets: Arc<AgreementSets>,
}

impl<S: Stream> Aggregate for Found<S> {
    const TYPE: &'static str = S::KIND.as_str();
    type Command = Arc<StreamReport<S>>;
    type Event = S::Fact;
    type Error = Ended;
    type Services = DecidesBy;

    /// The decision. The order of its checks is part of the API: the first that fails is the answer.
    async fn handle(
        &mut self,
        report: Arc<StreamReport<S>>,
        DecidesBy { operator_key, sets }: &DecidesBy,
        sink: &EventSink<Self>,
    ) -> Result<(), Ended> {
        self.is_read_by_the_reporter(&report)?;
        self.is_at_the_version_seen(&report, operator_key, sets)?;
        self.is_the_reporters_to_report(&report, sets)?;
        let names = report.register.misnamed_in_stream(&self.history.state(), &report.facts, sets);
        if self.history.version() + report.facts.len() as u64 > MOST_IN_A_STREAM {
            return Err(NotRecorded::Full.into());
        }
        let broken = self.first_broken(&report, sets);
        if !names.is_empty() {
            return Err(NotRecorded::Misnamed { names, broken }.into());
        }
        if let Some((index, broken)) = broken {
            return Err(NotRecorded::Refused { index, broken }.into());
        }
        for fact in &report.facts {
            sink.write(fact.clone(), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, fact: S::Fact) {
        self.history.record(fact);
    }
}

impl<S: Stream> Found<S> {
    fn is_read_by_the_reporter(&self, report: &StreamReport<S>) -> Result<(), NotRecorded> {
        let is_new = matches!(report.target, StreamTarget::New(_));
        let reads = is_new || self.history.state().is_read_by(&report.reporter);
        if reads { Ok(()) } else { Err(NotRecorded::NotFound) }
    }

    /// A stream in which nothing counts any more may begin again, by the organisation whose it was: its
    /// facts stay readable to whose it is. Whether one is there is said only to a reporter who could have
    /// begun it.
    fn is_at_the_version_seen(
        &self,
        report: &StreamReport<S>,
        key: &OperatorKey,
        sets: &AgreementSets,
    ) -> Result<(), NotRecorded> {
        let version = self.history.version();
        match report.target {
            StreamTarget::New(_) => {
                self.is_the_reporters_to_report(report, sets)?;
                let is_there = self.history.state().place().is_some();
                let was = self.history.as_recorded();
                let owner = was.place().and_then(|place| place.organisation);
                let was_of_another = owner.is_some_and(|owner| *owner != report.reporter.organisation);
                if is_there || was_of_another { Err(NotRecorded::AlreadyThere) } else { Ok(()) }
            }
            StreamTarget::Existing { seen: Seen::Any, .. } => Ok(()),
            StreamTarget::Existing { id, seen: Seen::Version(seen, tag) } => {
                let index = usize::try_from(seen).ok().and_then(|seen| seen.checked_sub(1));
                let made_at = index.and_then(|index| self.recorded_at.get(index));
                let was_made_here = made_at.is_some_and(|at| opaque_tokens::tag(key, id, seen, *at) == tag);
                match was_made_here {
                    false => Err(NotRecorded::NotTheLedgerSeen),
                    true if seen != version => Err(NotRecorded::Stale { version }),
                    true => Ok(()),
                }
            }
        }
    }

    fn is_the_reporters_to_report(
        &self,
        report: &StreamReport<S>,
        sets: &AgreementSets,
    ) -> Result<(), NotRecorded> {
        let mut state = self.history.state();
        let mut theirs = Vec::new();
        for (index, fact) in report.facts.iter().enumerate() {
            let corrected = fact.correction().and_then(|correction| self.recorded_as(correction.corrects));
            let reported = [Some(fact), corrected].into_iter().flatten();
            let mut refused = reported.map(|fact| state.may_report(&report.reporter, fact, sets));
            let ground = refused.find_map(Result::err).or(self.corrects_another_party(report, fact));
            theirs.extend(ground.map(|ground| (index, ground)));
            // What a list begins, its later facts are about.
            if state.place().is_none() {
                state.evolve(fact);
            }
        }
        if theirs.is_empty() { Ok(()) } else { Err(NotRecorded::NotTheirs(theirs)) }
    }

    /// Why a correction is not theirs: another party reported the fact. The matching point does not retract
    /// what a municipality reported.
    fn corrects_another_party(&self, report: &StreamReport<S>, fact: &S::Fact) -> Option<NotTheirs> {
        let index = usize::try_from(fact.correction()?.corrects).ok()?.checked_sub(1)?;
        let by = *self.reported_by.get(index)?;
        (by.is_some() && by != report.reporter.role.party())
            .then_some(NotTheirs::SpeaksForAnother("/corrects"))
    }

    /// The fact that was recorded under this number. Only who may report it may correct it.
    fn recorded_as(&self, number: u64) -> Option<&S::Fact> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.history.recorded().get(index)
    }

    /// The first fact of the report that breaks a rule after those before it, and every rule that it breaks.
    fn first_broken(
        &self,
        report: &StreamReport<S>,
        sets: &AgreementSets,
    ) -> Option<(usize, Vec<BrokenRule>)> {
        let by_report = S::broken_by_report(&report.facts, report.today);
        let mut history = self.history.clone();
        for (index, fact) in report.facts.iter().enumerate() {
            let checked = history.check(report.target.id(), fact, report.today);
            let mut broken = checked.err().unwrap_or_default();
            let of_this = self.unfounded.iter().filter(|(of, _)| *of == index);
            broken.extend(of_this.map(|(_, refusal)| BrokenRule::from(*refusal)));
            let of_report = by_report.iter().filter(|(of, _)| *of == index);
            broken.extend(of_report.map(|(_, rule)| rule.clone()));
            broken.extend(broken_by_agreement(&history, fact, sets));
            if !broken.is_empty() {
                return Some((index, broken));
            }
            history.record(fact.clone());
        }
        None
    }
}

fn broken_by_agreement<S: Stream>(
    history: &History<S>,
    fact: &S::Fact,
    sets: &AgreementSets,
) -> Vec<BrokenRule> {
    let state = history.state();
    let region = state.reporters(fact).region;
    S::broken_by_agreement(fact, region.and_then(|region| sets.of_region(region)))
}

fn codes(broken: &[BrokenRule]) -> String {
    broken.iter().map(BrokenRule::code).collect::<Vec<_>>().join(", ")
}
