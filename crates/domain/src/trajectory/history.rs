//! The history of a trajectory, ordered by what happened and not by what was entered first.
//!
//! A history is ordered by `(occurredOn, sequence)`; on its day, a fact that ends the case comes last.
//! The usual fact comes last and is checked against the current state. A late fact or a correction is
//! admitted if the history that includes it is admissible from its first fact. One mechanism serves
//! both: walk that history from the last snapshot before the changed place up to the point at which the
//! state is the same again (ADR 22).
//!
//! Decision: ADR 2.

use serde::{Deserialize, Serialize};

use super::admit::Rules;
use super::fact::Fact;
use super::order::{Happened, Order, Place, wording};
use super::refused::Refused;
use super::snapshots::{EVERY, Meter, Snapshots};
use super::state::Trajectory;
use crate::day::Day;

mod check;

/// Every fact of one trajectory in the order of recording, and the state after all of them.
///
/// It is serialised as the list of its facts; the state is always derived.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Fact>", into = "Vec<Fact>")]
pub struct History {
    recorded: Vec<Fact>,
    /// The facts that count, in the order of happening. A corrected fact is replaced or left out.
    happened: Order,
    state: Trajectory,
    snapshots: Snapshots,
    meter: Meter,
}

/// One recorded fact with its number and its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// Its number in the trajectory, from 1.
    pub sequence: u64,
    /// The fact as it was recorded.
    pub fact: &'a Fact,
    /// Whether a later correction changed it.
    pub mark: Mark,
}

/// Whether a later correction changed a recorded fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No correction changed it.
    Uncorrected,
    /// The correction with this number says that it never happened.
    RetractedBy(u64),
    /// The correction with this number says that it happened differently.
    ReplacedBy(u64),
}

impl History {
    /// The state after everything that happened.
    #[must_use]
    pub fn state(&self) -> &Trajectory {
        &self.state
    }

    /// How many facts were recorded: the version of the trajectory.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.recorded.len() as u64
    }

    /// How many steps of work this history took so far. A step is one check against the rules, or
    /// one fact applied to the state.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.meter.steps()
    }

    /// Every fact as it was recorded.
    #[must_use]
    pub fn recorded(&self) -> &[Fact] {
        &self.recorded
    }

    /// Every recorded fact with its number and mark, in the order of recording.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<_> = (1..)
            .zip(&self.recorded)
            .map(|(sequence, fact)| Entry { sequence, fact, mark: Mark::Uncorrected })
            .collect();
        for (by, fact) in (1..).zip(&self.recorded) {
            if let Fact::EventCorrected(correction) = fact
                && let Some(entry) = index(correction.corrects).and_then(|at| entries.get_mut(at))
            {
                entry.mark = if correction.replacement.is_some() {
                    Mark::ReplacedBy(by)
                } else {
                    Mark::RetractedBy(by)
                };
            }
        }
        entries
    }

    /// The fact with this number as it was recorded, and every replacement that corrections gave
    /// for it.
    pub fn wordings(&self, sequence: u64) -> impl Iterator<Item = &Fact> {
        let recorded = index(sequence).and_then(|at| self.recorded.get(at));
        let instead = self.recorded.iter().filter_map(move |fact| match fact {
            Fact::EventCorrected(correction) if correction.corrects == sequence => {
                correction.replacement.as_deref()
            }
            _ => None,
        });
        recorded.into_iter().chain(instead)
    }

    /// The facts that count with their numbers, in the order of happening.
    pub fn happened(&self) -> impl Iterator<Item = (u64, &Fact)> {
        self.happened.iter().map(|happened| (happened.sequence, self.worded(*happened)))
    }

    /// The state at the end of a day.
    #[must_use]
    pub fn state_on(&self, day: Day) -> Trajectory {
        let mut state = Trajectory::default();
        self.happened
            .iter()
            .take_while(|happened| happened.occurred_on <= day)
            .for_each(|happened| state.evolve(self.worded(*happened)));
        state
    }

    /// Admits one more fact and records it, or leaves the history as it is.
    ///
    /// # Errors
    /// Every broken rule, with the phase on that day and the facts which that phase admits. For a
    /// late fact or a correction, also the later step that would break.
    pub fn report(&mut self, fact: Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
        self.check(&fact, rules)?;
        self.record(fact);
        Ok(())
    }

    /// Records a fact that is already admitted: either it was loaded from the ledger, or it was
    /// just checked.
    pub fn record(&mut self, fact: Fact) {
        let comes_last = !matches!(fact, Fact::EventCorrected(_)) && self.comes_last(&fact);
        if comes_last {
            self.evolve(&fact);
        }
        let change = self.happened.changed_by(&fact, self.version() + 1);
        self.happened.change(change);
        self.recorded.push(fact);
        if let Some(changed) = change.span().filter(|_| !comes_last) {
            self.derive_behind(changed);
        }
    }

    fn comes_last(&self, fact: &Fact) -> bool {
        let of_its_day = (fact.occurred_on(), fact.fact_type().ends_the_case());
        self.happened.last().is_none_or(|last| (last.occurred_on, last.ends) <= of_its_day)
    }

    fn evolve(&mut self, fact: &Fact) {
        self.meter.step();
        self.state.evolve(fact);
    }

    /// The state before this place, as far as a snapshot has it, and the number of facts that it
    /// covers.
    fn snapshot_before(&self, place: Place) -> (usize, Trajectory) {
        let snapshot = self.snapshots.before(place);
        snapshot.map_or_else(Default::default, |(at, state)| (self.happened.count_through(at), state.clone()))
    }

    /// Derives the state again after a change between these places, up to the point where it is
    /// again what it was. Keeps snapshots on the way.
    fn derive_behind(&mut self, (first, last): (Place, Place)) {
        let (start, mut state) = self.snapshot_before(first);
        self.snapshots.forget((first, last));
        let mut since_snapshot = 0;
        for at in start..self.happened.len() {
            let place = self.happened[at].place();
            self.meter.step();
            state.evolve(self.worded(self.happened[at]));
            since_snapshot += 1;
            let is_as_before = self.snapshots.at(place).map(|before| *before == state);
            if is_as_before == Some(true) {
                return;
            }
            let next = || {
                self.snapshots
                    .next_behind(place)
                    .map_or(self.happened.len(), |next| self.happened.count_through(next))
            };
            if is_as_before.is_some() || (since_snapshot >= EVERY && next() - at > EVERY) {
                self.snapshots.keep(place, state.clone());
                since_snapshot = 0;
            }
        }
        self.state = state;
    }

    /// The wording that counts: the fact as it was recorded, or its latest replacement.
    fn worded(&self, happened: Happened) -> &Fact {
        wording(&self.recorded[index(happened.worded_in).expect("numbers start at 1")])
    }
}

fn index(sequence: u64) -> Option<usize> {
    usize::try_from(sequence.checked_sub(1)?).ok()
}

impl From<Vec<Fact>> for History {
    /// A history of facts that are already admitted, in the order of recording. The state is
    /// derived once, at the end.
    fn from(facts: Vec<Fact>) -> Self {
        let mut history = Self::default();
        for fact in facts {
            let change = history.happened.changed_by(&fact, history.version() + 1);
            history.happened.change(change);
            history.recorded.push(fact);
        }
        let mut state = Trajectory::default();
        history.happened.iter().for_each(|happened| state.evolve(history.worded(*happened)));
        history.state = state;
        history
    }
}

impl From<History> for Vec<Fact> {
    fn from(history: History) -> Self {
        history.recorded
    }
}
