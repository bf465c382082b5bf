//! Which obligations a viewer sees. The answer depends on nothing that is hidden from the viewer.

use super::View;
use crate::agreements::assess::{Happened, assess_among};
use crate::agreements::field::FieldPath;
use crate::agreements::obligation::{Deadline, Obligation, Responsible};
use crate::agreements::pattern::{FactTypes, Pattern};
use crate::agreements::{AgreementSets, Assessed};
use crate::day::Day;
use crate::ids::SignalId;
use crate::trajectory::fact::{Fact, Party};
use crate::trajectory::{FactType, History};

/// The facts during which the clock of an obligation can stop.
const PAUSES: [FactType; 4] = [
    FactType::TemporaryPlacementStarted,
    FactType::ReturnedHome,
    FactType::AbsenceStarted,
    FactType::AbsenceEnded,
];

impl View {
    /// Whether the viewer sees an obligation of these parties, about what the reference says. A
    /// party sees its own obligations. Another viewer sees an obligation only with access to
    /// everything that decides it.
    #[must_use]
    pub fn sees_obligation(
        &self,
        obligation: &Obligation,
        responsible: &[Party],
        reference: Option<&str>,
    ) -> bool {
        let is_own = self.obliged_as.is_some_and(|party| responsible.contains(&party));
        let hidden = reference.and_then(|id| id.parse().ok()).is_some_and(|id| !self.sees_signal(id));
        self.knows && (is_own || !hidden && self.sees_what_decides(obligation))
    }

    /// Whether the viewer has access to this signal.
    #[must_use]
    pub fn sees_signal(&self, signal: SignalId) -> bool {
        self.knows && !self.hidden_signals.contains(&signal)
    }

    /// The obligations of a trajectory on a day, as the viewer sees them: hidden signals are left
    /// out before anything is assessed, so an obligation that started with nothing else has not
    /// started for this viewer.
    ///
    /// What has started is the same as in an assessment of everything, of which the viewer sees a
    /// part: each instance of an obligation about signals depends on [its own
    /// signal](Obligation::is_about_signals) and no other. So lists may store one assessment for
    /// all viewers.
    #[must_use]
    pub fn obligations<'s>(&self, history: &History, day: Day, sets: &'s AgreementSets) -> Vec<Assessed<'s>> {
        let is_shown = |one: &Assessed<'_>| {
            self.sees_obligation(one.obligation, &one.responsible, one.reference.as_deref())
        };
        let mut seen = assess_among(history, day, sets, |fact| !self.is_about_a_hidden_signal(fact));
        seen.retain(is_shown);
        for one in &mut seen {
            one.happened = self.what_happened(one);
        }
        seen
    }

    /// What of `kept-by` already happened, as far as the viewer sees it. A party sees its own
    /// obligations even if it does not see all that keeps them; a fact that it does not see is named
    /// as missing, whether it happened or not.
    #[must_use]
    pub fn what_happened(&self, one: &Assessed<'_>) -> Happened {
        one.happened.seen(&one.obligation.kept_by, |pattern| self.sees_pattern(pattern))
    }

    fn is_about_a_hidden_signal(&self, fact: &Fact) -> bool {
        match fact {
            Fact::SignalReported(signal) => !self.sees_signal(signal.signal_id),
            Fact::SignalAnswered(answer) => !self.sees_signal(answer.signal_id),
            _ => false,
        }
    }

    /// Whether the viewer sees all facts, and all of their fields, that start, keep, pause, pass on
    /// or end an obligation or set its deadline.
    fn sees_what_decides(&self, obligation: &Obligation) -> bool {
        let started = &obligation.starts_with;
        let mut patterns = started.iter().chain(obligation.kept_by.patterns()).chain(&obligation.ends_with);
        let mut fields = deadline_field(obligation).into_iter().chain(named_in(obligation));
        let of_the_start = |field: &FieldPath| {
            started.iter().flat_map(|pattern| pattern.facts.iter()).all(|kind| self.sees_field(kind, field))
        };
        let undone = obligation.undone_by.as_ref().is_none_or(|undone| {
            let keeps = obligation.kept_by.patterns().flat_map(|pattern| pattern.facts.iter());
            undone.facts.are_among(self.facts)
                && undone.facts.iter().chain(keeps).all(|kind| self.sees_field(kind, &undone.same))
        });
        let pauses = obligation.paused_by.is_empty() || FactTypes::of(&PAUSES).are_among(self.facts);
        // Another provider or municipality ends what is late, and starts it again.
        let transfers = [FactType::TrajectoryTransferred, FactType::RegionTransferAccepted];
        let replaced = FactTypes::of(&transfers).are_among(self.facts);
        pauses
            && undone
            && replaced
            && obligation.watches().are_among(self.facts)
            && patterns.all(|pattern| self.sees_pattern(pattern))
            && fields.all(of_the_start)
    }

    fn sees_pattern(&self, pattern: &Pattern) -> bool {
        let sees = |field: &FieldPath| pattern.facts.iter().all(|kind| self.sees_field(kind, field));
        pattern.facts.are_among(self.facts)
            && pattern.conditions.iter().all(|condition| sees(&condition.field))
    }

    /// Whether the viewer sees a field of facts of this kind. A field that they do not have says
    /// nothing.
    fn sees_field(&self, kind: FactType, field: &FieldPath) -> bool {
        let is_in = |other: &&str| {
            let mut steps = field.steps().iter();
            other.split('/').all(|name| steps.next().is_some_and(|step| step == name))
        };
        let named = kind.row().fields.iter().flat_map(|(category, fields)| {
            fields.split(' ').filter(is_in).map(move |other| (other.len(), *category))
        });
        named.max().is_none_or(|(_, category)| self.sees_all_of(kind, category))
    }
}

/// The field of the starting fact that sets the deadline.
fn deadline_field(obligation: &Obligation) -> Option<&FieldPath> {
    match &obligation.deadline {
        Some(Deadline::On { field, .. } | Deadline::MonthsBefore { field, .. }) => Some(field),
        _ => None,
    }
}

/// The field of the starting fact that says who is responsible.
fn named_in(obligation: &Obligation) -> Option<&FieldPath> {
    if let Responsible::NamedIn(field) = &obligation.responsible { Some(field) } else { None }
}
