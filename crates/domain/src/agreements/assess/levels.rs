//! The obligations of the levels of the nuisance protocol. They start when a case comes to their
//! level, also when it comes back there, and end when it goes below their level or when nothing is
//! to be done about it any more.

use super::open::{PlacedFact, responsible};
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Obligation;
use crate::ids::NuisanceCaseId;
use crate::nuisance::Level;
use crate::nuisance::course::{brings_to, case_of, level_after};
use crate::trajectory::fact::{Fact, RunningCaseTakenOver};

/// Applies a fact to the levels.
pub(super) fn moves(walk: &mut Walk<'_, '_>, placed: PlacedFact<'_>) {
    let Some(case) = case_of(placed.fact) else { return };
    if let Some(level) = level_after(walk.levels.get(&case).copied(), placed.fact) {
        comes_to(walk, case, level, placed, |obligation| obligation.is_started_by(placed.fact));
    } else if let Some(from) = left_from(placed.fact) {
        close(walk, case, from, placed);
    }
}

/// The lowest level whose obligations fall away. A quiet case needs no review, but its reporter must
/// still be informed. A case that is closed or handed over needs nothing.
fn left_from(fact: &Fact) -> Option<Level> {
    match fact {
        Fact::NuisanceResolved(_) => Some(Level::APPROACH_AGREED),
        Fact::NuisanceCaseClosed(_) | Fact::NuisanceHandedOver(_) => Some(Level::REPORTED),
        _ => None,
    }
}

/// Cases that were open when the trajectory was taken over. What is to be done counts from the
/// take-over.
pub(super) fn taken_over(walk: &mut Walk<'_, '_>, running: &RunningCaseTakenOver, placed: PlacedFact<'_>) {
    for open in &running.open_nuisance_cases {
        comes_to(walk, open.case_id, open.level, placed, |obligation| {
            starts_without_a_fact(obligation, open.level)
        });
    }
}

/// Whether it starts at a level however the case came there. Of a case that was taken over nothing is
/// known but its level.
fn starts_without_a_fact(obligation: &Obligation, level: Level) -> bool {
    obligation.starts_with.iter().any(|pattern| pattern.conditions.is_empty())
        || obligation.starts_with == brings_to(level)
}

/// A case comes to a level. What is still to be done at the levels below stays to be done.
fn comes_to(
    walk: &mut Walk<'_, '_>,
    case: NuisanceCaseId,
    level: Level,
    placed: PlacedFact<'_>,
    is_started: impl Fn(&Obligation) -> bool,
) {
    close(walk, case, level, placed);
    walk.levels.insert(case, level);
    let Some(set) = walk.set else { return };
    let is_taken_over = matches!(placed.fact, Fact::RunningCaseTakenOver(_));
    for (agreement, obligation) in set.obligations_at(level).filter(|(_, obligation)| is_started(obligation))
    {
        let starting = Starting {
            start: Start { sequence: placed.sequence, on: placed.on, counted_from: placed.on },
            fact: (!is_taken_over).then_some(placed.fact),
            reference: Some(Scalar::of_case(case)),
            responsible: responsible(&obligation.responsible, placed.fact, walk.landlord),
        };
        walk.start(set, agreement, obligation, &starting);
    }
}

/// Ends the obligations of a level in a case, and those of the levels above it.
fn close(walk: &mut Walk<'_, '_>, case: NuisanceCaseId, from: Level, placed: PlacedFact<'_>) {
    let of_levels: Vec<usize> = walk.referring.at_levels(from, &Scalar::of_case(case)).collect();
    walk.steps += of_levels.len() as u64;
    for ordinal in of_levels {
        if let Some(instance) = walk.instances.get_mut(&ordinal) {
            instance.open.close(Closing::FellAway, placed.on, vec![placed.sequence]);
        }
        walk.put_away(ordinal);
    }
}
