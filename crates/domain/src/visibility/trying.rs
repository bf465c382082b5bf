//! What the refusal of a report may show its reporter (`docs/DOMAIN.md` §8.1, ADR 25).
//!
//! A report is checked against everything that is recorded, so a refusal can depend on facts to
//! which the reporter has no access. Two rules keep refusals from showing when those facts
//! happened:
//!
//! - A fact whose rules depend on hidden facts is only tried on the day on which it is reported. An
//!   earlier day is refused before any rule is applied.
//! - A broken rule that depends on hidden facts is not named. All of them together are
//!   [`Refusal::ReasonWithheld`].

use std::collections::BTreeSet;

use super::basis::{basis, reads, reads_the_phase};
use super::{AccessLevel, Category, Shown, View, Viewer, view};
use crate::day::Day;
use crate::ids::{SignalId, TrajectoryId};
use crate::trajectory::fact::{EventCorrected, Fact, FactType};
use crate::trajectory::phase::Leads;
use crate::trajectory::{History, Phase, Refusal, Refused, Trajectory};

/// Whether reported facts may be tried on the days on which they happened.
///
/// # Errors
/// The first fact that may not: it happened on an earlier day, and whether that was possible
/// depends on hidden facts.
pub fn may_be_tried(
    viewer: &Viewer,
    id: TrajectoryId,
    history: &History,
    facts: &[Fact],
    today: Day,
) -> Result<(), Box<Refused>> {
    // Nothing is hidden of a case that nobody opened.
    if history.version() == 0 {
        return Ok(());
    }
    let view = view(viewer, id, history);
    if FactType::ALL.iter().all(|kind| view.facts.contains(*kind)) {
        return Ok(());
    }
    let trying = Trying::of(view, history);
    for (index, fact) in facts.iter().enumerate() {
        if let Some(refusal) = trying.out_of_reach(fact, today) {
            let phase = history.state_on(fact.occurred_on()).phase;
            return Err(Refused { index, ..Refused::of(fact, phase, vec![refusal]) }.into());
        }
    }
    Ok(())
}

/// Limits a refusal to what its reporter may see: it names no rules that depend on hidden facts,
/// and no later fact that is hidden.
pub fn redact_refusal(view: &View, history: &History, refused: &mut Refused) {
    let withheld = refused
        .breaks
        .take_if(|step| history.wordings(step.sequence).any(|fact| view.show(fact) == Shown::Withheld));
    if withheld.is_some() {
        refused.refusals.retain(|refusal| *refusal != Refusal::LaterStepWouldBreak);
        refused.refusals.push(Refusal::ReasonWithheld);
    }
    if let Some(step) = &mut refused.breaks {
        withhold(view, step.fact_type, &mut step.refusals);
    }
    withhold(view, refused.fact_type, &mut refused.refusals);
    if !refused.refusals.contains(&Refusal::DwellingHeld) {
        refused.own_lease = None;
    }
}

fn withhold(view: &View, fact: FactType, refusals: &mut Vec<Refusal>) {
    let seen = |category: Category| view.sees(category) == AccessLevel::All;
    if !reads_the_phase(fact) && !seen(Category::Course) {
        // The request or claim that it reads instead implies the phase: outside it there is none to answer.
        let of_the_course = |refusal: &Refusal| basis(*refusal) == Some(Category::Course);
        if refusals.iter().any(of_the_course) {
            refusals.retain(|refusal| !of_the_course(refusal));
            if refusals.is_empty() {
                refusals.push(match fact {
                    FactType::GuaranteeFundSettled => Refusal::ClaimNotOpen,
                    _ => Refusal::ReturnNotRequested,
                });
            }
        }
    }
    let before = refusals.len();
    refusals.retain(|refusal| *refusal != Refusal::ReasonWithheld && basis(*refusal).is_none_or(seen));
    if refusals.len() < before {
        refusals.push(Refusal::ReasonWithheld);
    }
}

/// What decides whether a viewer's fact may be tried on an earlier day. It depends on nothing that
/// is hidden.
struct Trying<'h> {
    view: View,
    history: &'h History,
    /// The phases of the trajectory and the day on which each began, for a viewer who sees the
    /// course.
    phases: Vec<(Day, Phase)>,
    /// Signals that are hidden from the viewer, who may have seen their ids once.
    hidden_signals: BTreeSet<SignalId>,
}

impl<'h> Trying<'h> {
    fn of(view: View, history: &'h History) -> Self {
        let (mut state, mut phases) = (Trajectory::default(), Vec::new());
        for (_, fact) in history.happened() {
            let before = state.phase;
            state.evolve(fact);
            if state.phase != before {
                phases.push((fact.occurred_on(), state.phase));
            }
        }
        let hidden_signals = hidden_signals(&view, history);
        Self { view, history, phases, hidden_signals }
    }

    /// Why a fact may not be tried on its day.
    fn out_of_reach(&self, fact: &Fact, today: Day) -> Option<Refusal> {
        let on = fact.occurred_on();
        match fact {
            Fact::SignalAnswered(answer) if self.hidden_signals.contains(&answer.signal_id) => {
                return Some(Refusal::SignalUnknown);
            }
            Fact::SignalReported(signal) if self.hidden_signals.contains(&signal.signal_id) => {
                return Some(Refusal::ReasonWithheld);
            }
            _ => {}
        }
        let barred = match fact {
            Fact::EventCorrected(correction) => {
                self.rests_on_hidden(fact.fact_type()) && on != today || self.moves_out_of_reach(correction)
            }
            _ if on == today => false,
            _ => self.rests_on_hidden(fact.fact_type()) || self.could_break_hidden(fact.fact_type(), on),
        };
        let why = if on > today { Refusal::OccurredInTheFuture } else { Refusal::PastDayNotTried };
        barred.then_some(why)
    }

    /// Whether a correction moves a fact to another day, or replaces its kind, and that depends on
    /// hidden facts. A correction that keeps day and kind can be tried: it shows no date.
    fn moves_out_of_reach(&self, correction: &EventCorrected) -> bool {
        let corrected = self.history.happened().find(|(sequence, _)| *sequence == correction.corrects);
        let (Some((_, corrected)), Some(instead)) = (corrected, correction.replacement.as_deref()) else {
            return false;
        };
        let (was, is) = (corrected.occurred_on(), instead.occurred_on());
        let kinds = [corrected.fact_type(), instead.fact_type()];
        if was == is && kinds[0] == kinds[1] {
            return false;
        }
        let (from, to) = (was.min(is), was.max(is));
        let course = self.view.sees(Category::Course) == AccessLevel::All;
        !course
            || kinds.iter().any(|kind| self.undoes_hidden(*kind, from))
            || kinds.iter().any(|kind| self.rests_on_hidden(*kind))
            || kinds.iter().map(|kind| self.targets(*kind)).filter(|targets| !targets.is_empty()).any(
                |targets| {
                    let phases = self.phases_between(Some(from), Some(to)).into_iter().chain(targets);
                    phases.into_iter().any(|phase| self.hidden_outside(phase, from))
                },
            )
    }

    /// Whether the rules for a fact of this kind read hidden facts that can exist here.
    fn rests_on_hidden(&self, kind: FactType) -> bool {
        let course = self.view.sees(Category::Course) == AccessLevel::All;
        let can_be = |category: Category| {
            let mut of_it = FactType::ALL.iter().filter(|kind| kind.category() == category);
            !course || of_it.any(|kind| self.can_be_since(*kind, None))
        };
        reads_the_phase(kind) && !course
            || reads(kind).iter().any(|read| self.view.sees(*read) != AccessLevel::All && can_be(*read))
    }

    /// Whether a fact that leads to another phase on this day could make a later hidden fact
    /// impossible.
    fn could_break_hidden(&self, kind: FactType, on: Day) -> bool {
        self.targets(kind).iter().any(|phase| self.hidden_outside(*phase, on)) || self.undoes_hidden(kind, on)
    }

    /// Whether a fact that changes what the rules of ending a lease read could make a later hidden
    /// fact impossible: other agreements ask more, and a new provider has not warned yet.
    fn undoes_hidden(&self, kind: FactType, on: Day) -> bool {
        let read_by = match kind {
            FactType::AgreementSetChanged | FactType::RegionTransferAccepted => FactType::Escalated,
            FactType::TrajectoryTransferred => FactType::LeaseTerminationStarted,
            _ => return false,
        };
        self.view.sees(Category::NuisanceCourse) != AccessLevel::All && self.can_be_since(read_by, Some(on))
    }

    /// Whether there can be hidden facts since this day that this phase would not admit.
    fn hidden_outside(&self, phase: Phase, since: Day) -> bool {
        FactType::ALL.iter().any(|kind| {
            !self.view.facts.contains(*kind)
                && !kind.row().phases.contains(&phase)
                && self.can_be_since(*kind, Some(since))
        })
    }

    /// Whether there can be a fact of this kind, by the phases since a day; without a day, ever.
    fn can_be_since(&self, kind: FactType, since: Option<Day>) -> bool {
        let admitted = kind.row().phases;
        let lived_somewhere =
            self.phases.iter().any(|(_, phase)| matches!(phase, Phase::Housed | Phase::FollowUp));
        (lived_somewhere || !needs_a_home(kind))
            && self.phases_between(since, None).iter().any(|phase| admitted.contains(phase))
    }

    /// The phases of the trajectory between two days, both included.
    fn phases_between(&self, from: Option<Day>, to: Option<Day>) -> Vec<Phase> {
        let is_before = |on: Day| from.is_some_and(|from| on < from);
        let before = self.phases.iter().take_while(|(on, _)| is_before(*on)).last();
        let within = self.phases.iter().filter(|(on, _)| !is_before(*on) && to.is_none_or(|to| *on <= to));
        before.into_iter().chain(within).map(|(_, phase)| *phase).collect()
    }

    /// The phases to which a fact of this kind can lead.
    fn targets(&self, kind: FactType) -> Vec<Phase> {
        match kind.row().leads {
            Leads::Nowhere => Vec::new(),
            Leads::To(phase) => vec![phase],
            Leads::BackFromMatching | Leads::AsStated => {
                let lived = self.phases.iter().any(|(_, phase)| *phase == Phase::Housed);
                vec![if lived { Phase::Housed } else { Phase::Ready }]
            }
        }
    }
}

/// The IDs of the signals that a viewer does not see, also IDs that a correction replaced.
fn hidden_signals(view: &View, history: &History) -> BTreeSet<SignalId> {
    let wordings = history.recorded().iter().filter_map(|fact| match fact {
        Fact::EventCorrected(correction) => correction.replacement.as_deref(),
        fact => Some(fact),
    });
    let hidden = wordings.filter_map(|fact| match fact {
        Fact::SignalReported(signal) if view.show(fact) == Shown::Withheld => Some(signal.signal_id),
        _ => None,
    });
    hidden.collect()
}

/// Whether facts of this kind are admitted only while the client has a home, also during the search
/// for another.
fn needs_a_home(kind: FactType) -> bool {
    let phases = kind.row().phases;
    let of_matching = matches!(
        kind,
        FactType::RequestReturned
            | FactType::CorporationAssigned
            | FactType::AssignmentReturned
            | FactType::SecondOfferGranted
            | FactType::DwellingOffered
            | FactType::OfferAccepted
            | FactType::OfferRefused
            | FactType::OfferWithdrawn
            | FactType::FittingTestDone
    );
    phases.contains(&Phase::Matching) && !phases.contains(&Phase::Ready) && !of_matching
}
