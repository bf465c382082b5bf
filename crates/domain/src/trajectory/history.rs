//! The history of a trajectory: ordered by what happened, not by who typed first.
//!
//! A history is ordered by `(occurredOn, sequence)`. The usual fact comes last and is held against the present
//! state. A late fact and a correction are admitted when the history with them in place is admissible from its first
//! fact. One mechanism serves both: walk the history as it would be, from the last snapshot before their place up to where
//! it is again what it was (`docs/adr/0022`).

use serde::{Deserialize, Serialize};

use super::admit::Rules;
use super::fact::Fact;
use super::order::{Happened, Order, Place, wording};
use super::refused::Refused;
use super::snapshots::{EVERY, Meter, Snapshots};
use super::state::Trajectory;
use crate::day::Day;

mod weigh;

/// Every fact of one trajectory in the order of recording, and what holds after all of them.
///
/// Serialised it is the list of its facts: what holds is always derived.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Fact>", into = "Vec<Fact>")]
pub struct History {
    recorded: Vec<Fact>,
    /// What counts, in the order of happening: corrected facts are replaced or gone.
    happened: Order,
    state: Trajectory,
    snapshots: Snapshots,
    meter: Meter,
}

/// One recorded fact with its number and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// Its number in the trajectory, from 1.
    pub sequence: u64,
    /// The fact as it was recorded.
    pub fact: &'a Fact,
    /// Whether a later correction changed it.
    pub mark: Mark,
}

/// What became of a recorded fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It stands.
    Stands,
    /// It never happened, says the correction with this number.
    RetractedBy(u64),
    /// It was otherwise, says the correction with this number.
    ReplacedBy(u64),
}

impl History {
    /// What holds after everything that happened.
    #[must_use]
    pub fn state(&self) -> &Trajectory {
        &self.state
    }

    /// How many facts were recorded: the version of the trajectory.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.recorded.len() as u64
    }

    /// How many steps of work this history took so far: facts held against the rules, and facts taken in.
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
            .map(|(sequence, fact)| Entry { sequence, fact, mark: Mark::Stands })
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

    /// The fact with this number as it was recorded, and everything that corrections put in its place.
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

    /// What held at the end of a day.
    #[must_use]
    pub fn state_on(&self, day: Day) -> Trajectory {
        let mut state = Trajectory::default();
        self.happened
            .iter()
            .take_while(|happened| happened.occurred_on <= day)
            .for_each(|happened| state.evolve(self.worded(*happened)));
        state
    }

    /// Admits one more fact and takes it in, or leaves the history as it is.
    ///
    /// # Errors
    /// Every rule broken, the phase on that day and what that phase admits; for a late fact or a correction, the later
    /// step that could not have happened.
    pub fn report(&mut self, fact: Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
        self.weigh(&fact, rules)?;
        self.record(fact);
        Ok(())
    }

    /// Takes in a fact that was admitted: one that is loaded from the ledger, or was just weighed.
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
        self.happened.last().is_none_or(|last| last.occurred_on <= fact.occurred_on())
    }

    fn evolve(&mut self, fact: &Fact) {
        self.meter.step();
        self.state.evolve(fact);
    }

    /// What held before this place, as far as a snapshot tells, and after how many facts that was.
    fn snapshot_before(&self, place: Place) -> (usize, Trajectory) {
        let snapshot = self.snapshots.before(place);
        snapshot.map_or_else(Default::default, |(at, state)| (self.happened.after(at), state.clone()))
    }

    /// Derives what holds where something changed between these places: up to where everything is again what it was. Leaves
    /// snapshots on the way.
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
                    .map_or(self.happened.len(), |next| self.happened.after(next))
            };
            if is_as_before.is_some() || (since_snapshot >= EVERY && next() - at > EVERY) {
                self.snapshots.keep(place, state.clone());
                since_snapshot = 0;
            }
        }
        self.state = state;
    }

    /// The wording that counts: the fact as it was recorded, or as the latest correction put it.
    fn worded(&self, happened: Happened) -> &Fact {
        wording(&self.recorded[index(happened.worded_in).expect("numbers start at 1")])
    }
}

fn index(sequence: u64) -> Option<usize> {
    usize::try_from(sequence.checked_sub(1)?).ok()
}

impl From<Vec<Fact>> for History {
    /// A history of facts that were admitted before, in the order of recording. What holds is derived once, at the end.
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
