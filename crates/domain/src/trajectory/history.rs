//! The history of a trajectory: ordered by what happened, not by who typed first.
//!
//! A history is ordered by `(occurredOn, sequence)`. The usual fact comes last and is held against the present
//! state. A late fact and a correction are admitted when the history with them in place is admissible from its first
//! fact. One mechanism serves both: build the history as it would be, and walk it.

use serde::{Deserialize, Serialize};

use super::admit::{Rules, admit};
use super::fact::{EventCorrected, Fact};
use super::order::{Happened, Order, wording};
use super::phase::Phase;
use super::refusal::Refusal;
use super::refused::{Refused, Step};
use super::state::Trajectory;
use crate::day::Day;

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
            self.state.evolve(&fact);
        }
        self.happened.place(&fact, self.version() + 1);
        self.recorded.push(fact);
        if !comes_last {
            self.derive_state();
        }
    }

    /// Whether one more fact may be taken in.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub fn weigh(&self, fact: &Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
        let mut dates = Vec::new();
        if fact.occurred_on() > rules.today {
            dates.push(Refusal::OccurredInTheFuture);
        }
        if self.state.opened_on.is_some_and(|opened_on| fact.occurred_on() < opened_on) {
            dates.push(Refusal::OccurredBeforeIntake);
        }
        if !dates.is_empty() {
            if self.comes_last(fact) {
                dates.extend(admit(&self.state, fact, rules.sets).err().unwrap_or_default());
            }
            return Err(Refused::of(fact, self.state.phase, dates).into());
        }
        match fact {
            Fact::EventCorrected(correction) => self.weigh_correction(fact, correction, rules),
            _ if self.comes_last(fact) => admit(&self.state, fact, rules.sets)
                .map_err(|refusals| Refused::of(fact, self.state.phase, refusals).into()),
            _ => self.weigh_as_it_would_be(fact, rules),
        }
    }

    fn weigh_correction(
        &self,
        fact: &Fact,
        correction: &EventCorrected,
        rules: Rules<'_>,
    ) -> Result<(), Box<Refused>> {
        let mut refusals = admit(&self.state, fact, rules.sets).err().unwrap_or_default();
        if self.state.opened_on.is_some() {
            refusals.extend(self.not_to_be_corrected(correction.corrects));
            if let Some(replacement) = correction.replacement.as_deref() {
                refusals.extend(self.no_replacement(replacement, correction.corrects, rules.today));
            }
        }
        if !refusals.is_empty() {
            return Err(Refused::of(fact, self.state.phase, refusals).into());
        }
        self.weigh_as_it_would_be(fact, rules)
    }

    /// Why the fact with this number is not one that can be corrected.
    fn not_to_be_corrected(&self, sequence: u64) -> Option<Refusal> {
        match index(sequence).and_then(|at| self.recorded.get(at)) {
            None => Some(Refusal::CorrectedFactUnknown),
            Some(Fact::EventCorrected(_)) => Some(Refusal::CorrectionOfACorrection),
            Some(fact) if fact.fact_type().is_about_the_record() => Some(Refusal::FactAboutTheRecord),
            Some(_) => None,
        }
    }

    /// Why a fact cannot be what really happened, before the history is walked.
    fn no_replacement(
        &self,
        replacement: &Fact,
        corrected: u64,
        today: Day,
    ) -> impl Iterator<Item = Refusal> {
        let on = replacement.occurred_on();
        let of_the_opening = self.happened.iter().next().is_some_and(|first| first.sequence == corrected);
        let before_intake = !of_the_opening && self.state.opened_on.is_some_and(|opened_on| on < opened_on);
        [
            (matches!(replacement, Fact::EventCorrected(_)), Refusal::ReplacementIsACorrection),
            (replacement.fact_type().is_about_the_record(), Refusal::FactAboutTheRecord),
            (on > today, Refusal::OccurredInTheFuture),
            (before_intake, Refusal::OccurredBeforeIntake),
        ]
        .into_iter()
        .filter_map(|(broken, refusal)| broken.then_some(refusal))
    }

    /// Walks the history as it would be with this fact in its place. What stands before that place was admitted before.
    fn weigh_as_it_would_be(&self, fact: &Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
        let newest = self.version() + 1;
        let mut would_be = self.happened.clone();
        would_be.place(fact, newest);
        let unchanged =
            would_be.iter().zip(self.happened.iter()).take_while(|(one, other)| one == other).count();
        let mut state = Trajectory::default();
        for (at, happened) in would_be.iter().enumerate() {
            let step = if happened.worded_in == newest { wording(fact) } else { self.worded(*happened) };
            if at >= unchanged
                && let Err(refusals) = admit(&state, step, rules.sets)
            {
                let refused = if happened.worded_in == newest {
                    Refused::of(fact, state.phase, refusals)
                } else {
                    let (sequence, fact_type, occurred_on) =
                        (happened.sequence, step.fact_type(), happened.occurred_on);
                    let breaks = Some(Step { sequence, fact_type, occurred_on, refusals });
                    let would_break = vec![Refusal::LaterStepWouldBreak];
                    Refused { breaks, ..Refused::of(fact, self.state.phase, would_break) }
                };
                return Err(refused.into());
            }
            state.evolve(step);
        }
        if state.opened_on.is_none() {
            Err(Refused::of(fact, Phase::Unopened, vec![Refusal::NotYetOpened]).into())
        } else {
            Ok(())
        }
    }

    fn comes_last(&self, fact: &Fact) -> bool {
        self.happened.last().is_none_or(|last| last.occurred_on <= fact.occurred_on())
    }

    fn derive_state(&mut self) {
        let mut state = Trajectory::default();
        self.happened.iter().for_each(|happened| state.evolve(self.worded(*happened)));
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
            history.happened.place(&fact, history.version() + 1);
            history.recorded.push(fact);
        }
        history.derive_state();
        history
    }
}

impl From<History> for Vec<Fact> {
    fn from(history: History) -> Self {
        history.recorded
    }
}
