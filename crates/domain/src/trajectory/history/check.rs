//! Whether one more fact may be added to a history.

use super::super::admit::{Rules, admit};
use super::super::fact::{EventCorrected, Fact};
use super::super::order::{Happened, wording};
use super::super::phase::Phase;
use super::super::refusal::Refusal;
use super::super::refused::{Refused, Step};
use super::super::state::Trajectory;
use super::{History, index};
use crate::day::Day;

impl History {
    /// Checks whether one more fact may be added.
    ///
    /// # Errors
    /// As for [`Self::report`].
    pub fn check(&self, fact: &Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
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
            Fact::EventCorrected(correction) => self.check_correction(fact, correction, rules),
            _ if self.comes_last(fact) => {
                self.meter.step();
                admit(&self.state, fact, rules.sets)
                    .map_err(|refusals| Refused::in_state(fact, &self.state, refusals).into())
            }
            _ => self.check_in_place(fact, rules),
        }
    }

    fn check_correction(
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
        self.check_in_place(fact, rules)
    }

    /// Why the fact with this number cannot be corrected.
    fn not_to_be_corrected(&self, sequence: u64) -> Option<Refusal> {
        match index(sequence).and_then(|at| self.recorded.get(at)) {
            None => Some(Refusal::CorrectedFactUnknown),
            Some(Fact::EventCorrected(_)) => Some(Refusal::CorrectionOfACorrection),
            Some(fact) if fact.fact_type().is_about_the_record() => Some(Refusal::FactAboutTheRecord),
            Some(_) => None,
        }
    }

    /// Why a fact cannot be a replacement, before the history is walked.
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

    /// Walks the history with this fact in its place. The facts before that place were already
    /// admitted. So were the facts behind the first place where the state is again what it was.
    fn check_in_place(&self, fact: &Fact, rules: Rules<'_>) -> Result<(), Box<Refused>> {
        let newest = self.version() + 1;
        let change = self.happened.changed_by(fact, newest);
        let Some((first, last)) = change.span() else { return Self::is_opened(&self.state, fact) };
        let (start, mut state) = self.snapshot_before(first);
        for happened in self.happened.with(change, start) {
            let place = happened.place();
            let is_newest = happened.worded_in == newest;
            let step = if is_newest { wording(fact) } else { self.worded(happened) };
            if place >= first {
                self.meter.step();
                if let Err(refusals) = admit(&state, step, rules.sets) {
                    let broken = (!is_newest).then_some((happened, step));
                    return Err(self.refused(fact, broken, &state, refusals).into());
                }
            }
            self.meter.step();
            state.evolve(step);
            if place > last && self.snapshots.at(place) == Some(&state) {
                return Self::is_opened(&self.state, fact);
            }
        }
        Self::is_opened(&state, fact)
    }

    /// The refusal of the fact itself, or of a later step that it would break.
    fn refused(
        &self,
        fact: &Fact,
        broken: Option<(Happened, &Fact)>,
        state: &Trajectory,
        refusals: Vec<Refusal>,
    ) -> Refused {
        let Some((Happened { sequence, occurred_on, .. }, step)) = broken else {
            return Refused::in_state(fact, state, refusals);
        };
        let breaks = Some(Step { sequence, fact_type: step.fact_type(), occurred_on, refusals });
        Refused { breaks, ..Refused::of(fact, self.state.phase, vec![Refusal::LaterStepWouldBreak]) }
    }

    fn is_opened(state: &Trajectory, fact: &Fact) -> Result<(), Box<Refused>> {
        if state.opened_on.is_some() {
            return Ok(());
        }
        Err(Refused::of(fact, Phase::Unopened, vec![Refusal::NotYetOpened]).into())
    }
}
