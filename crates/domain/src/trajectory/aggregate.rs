//! The cqrs-es adapter: a trajectory's history is the aggregate, an admitted fact is the event.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};

use super::admit::Rules;
use super::fact::Fact;
use super::history::History;
use super::refusal::Refusal;
use super::refused::Refused;
use super::work::{MOST_RECORDED, Work, steps_allowed};
use crate::agreements::AgreementSets;
use crate::day::Day;

/// Facts that are reported together and admitted as a whole or not at all, with the day of the
/// report.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The facts, in the order in which they are recorded.
    pub facts: Vec<Fact>,
    /// Today, in Europe/Amsterdam.
    pub today: Day,
    /// The rules that facts break in the rest of the ledger, each with the index of its fact.
    pub unfounded: Vec<(usize, Refusal)>,
    /// Counts the steps that the report takes, and carries the caller's signal that nobody waits
    /// for the result any more.
    pub work: Work,
}

/// Why facts that were reported together are not admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// A fact breaks a rule.
    #[error(transparent)]
    Refused(Box<Refused>),
    /// Checking all of them takes more steps than a report of this size may take.
    #[error("checking the facts takes too many steps: {index} of them were checked")]
    TooMuchWork {
        /// The first fact that was not checked, counted from 0.
        index: usize,
    },
    /// The trajectory would hold more facts than the limit.
    #[error("the trajectory would hold more than {MOST_RECORDED} facts")]
    Full,
    /// The caller no longer waits for the result.
    #[error("the caller no longer waits for the result")]
    GivenUp,
}

impl Aggregate for History {
    const TYPE: &'static str = "trajectory";
    type Command = Reported;
    type Event = Fact;
    type Error = NotAdmitted;
    type Services = Arc<AgreementSets>;

    async fn handle(
        &mut self,
        reported: Reported,
        sets: &Arc<AgreementSets>,
        sink: &EventSink<Self>,
    ) -> Result<(), NotAdmitted> {
        admit(self, reported, sets, sink).await
    }

    fn apply(&mut self, fact: Fact) {
        self.record(fact);
    }
}

impl AsMut<Self> for History {
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

/// Admits facts to the history of an aggregate, one after another, and writes each of them to the
/// sink. An aggregate around a [`History`] must apply a fact by applying it to that history.
///
/// # Errors
/// The first reason not to admit one of them. The history then holds the facts before that one: it
/// must be dropped.
pub async fn admit<A: Aggregate<Event = Fact> + AsMut<History>>(
    aggregate: &mut A,
    reported: Reported,
    sets: &AgreementSets,
    sink: &EventSink<A>,
) -> Result<(), NotAdmitted> {
    let rules = Rules { sets, today: reported.today };
    let work = reported.work;
    let version = aggregate.as_mut().version();
    let most = steps_allowed(version, reported.facts.len());
    let is_ordinary = |fact: &Fact| !fact.fact_type().is_about_the_record();
    if version + reported.facts.len() as u64 > MOST_RECORDED && reported.facts.iter().any(is_ordinary) {
        return Err(NotAdmitted::Full);
    }
    // If a fact after the first is refused, this history holds only part of the report. The
    // framework drops it and commits nothing.
    for (index, fact) in reported.facts.into_iter().enumerate() {
        if work.is_given_up() {
            return Err(NotAdmitted::GivenUp);
        }
        if work.steps() > most {
            return Err(NotAdmitted::TooMuchWork { index });
        }
        let before = aggregate.as_mut().steps();
        let refused = |refused: Box<Refused>| NotAdmitted::Refused(Refused { index, ..*refused }.into());
        let of_this = reported.unfounded.iter().filter(|(of, _)| *of == index).map(|(_, refusal)| *refusal);
        let checked = founded(aggregate.as_mut(), &fact, of_this.collect(), rules).map_err(refused);
        if checked.is_ok() {
            sink.write(fact, aggregate).await;
        }
        work.add(aggregate.as_mut().steps() - before);
        checked?;
    }
    Ok(())
}

/// Checks one fact, also against the rules that it breaks in the rest of the ledger.
fn founded(
    history: &mut History,
    fact: &Fact,
    unfounded: Vec<Refusal>,
    rules: Rules<'_>,
) -> Result<(), Box<Refused>> {
    let checked = history.check(fact, rules);
    if unfounded.is_empty() {
        return checked;
    }
    let mut refused = match checked {
        Err(refused) => refused,
        Ok(()) => Refused::in_state(fact, &history.state_on(fact.occurred_on()), Vec::new()).into(),
    };
    refused.refusals.extend(
        unfounded.into_iter().filter(|refusal| !refused.refusals.contains(refusal)).collect::<Vec<_>>(),
    );
    Err(refused)
}

impl DomainEvent for Fact {
    fn event_type(&self) -> String {
        self.fact_type().as_str().to_owned()
    }

    fn event_version(&self) -> String {
        self.version().to_owned()
    }
}
