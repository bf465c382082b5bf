//! What each fact does to the level of a nuisance case. The protocol and the obligations of the
//! levels both follow it.

use super::Level;
use crate::agreements::field::{FieldPath, Scalar};
use crate::agreements::pattern::{Condition, FactTypes, Pattern};
use crate::ids::NuisanceCaseId;
use crate::trajectory::fact::{ContractModel, Fact, FactType, Party, RunningCaseTakenOver};

/// The level at which a fact leaves a case that it names. `None` if the case does not come to a
/// level, not even to its own again. `level` is `None` for a case that is not known yet.
pub(crate) fn level_after(level: Option<Level>, fact: &Fact) -> Option<Level> {
    if let Fact::NuisanceReported(_) = fact {
        return Some(Level::REPORTED);
    }
    let level = level?;
    match fact {
        Fact::ApproachAgreed(_) => (level < Level::APPROACH_AGREED).then_some(Level::APPROACH_AGREED),
        Fact::Escalated(up) => Some(up.to_level),
        Fact::Deescalated(down) => Some(down.to_level),
        // A warning at the level of warnings begins a new review. At a higher level it changes
        // nothing.
        Fact::WarningIssued(_) => (level <= Level::WARNED).then_some(Level::WARNED),
        Fact::LastChanceAgreed(_) => (level <= Level::LAST_CHANCE).then_some(Level::LAST_CHANCE),
        Fact::LeaseTerminationStarted(_) => Some(Level::ENDING_THE_LEASE),
        Fact::EvictionPrevented(_) => Some(Level::LAST_CHANCE),
        Fact::NuisanceReopened(_) => Some(level),
        _ => None,
    }
}

/// The facts that can bring a case to a level.
pub(crate) fn brings_to(level: Level) -> Vec<Pattern> {
    let has_case = Condition { field: FieldPath::named("caseId"), one_of: Vec::new() };
    let to_level = Condition {
        field: FieldPath::named("toLevel"),
        one_of: vec![Scalar::Number(i64::from(u8::from(level)))],
    };
    let pattern = |kind, conditions: Vec<Condition>| Pattern { facts: FactTypes::of(&[kind]), conditions };
    let own = match level {
        Level::REPORTED => vec![pattern(FactType::NuisanceReported, Vec::new())],
        Level::APPROACH_AGREED => vec![pattern(FactType::ApproachAgreed, Vec::new())],
        Level::WARNED => vec![pattern(FactType::WarningIssued, vec![has_case])],
        Level::LAST_CHANCE => vec![
            pattern(FactType::LastChanceAgreed, Vec::new()),
            pattern(FactType::EvictionPrevented, vec![has_case]),
        ],
        Level::ENDING_THE_LEASE => vec![pattern(FactType::LeaseTerminationStarted, vec![has_case])],
        _ => Vec::new(),
    };
    let moves = [FactType::Escalated, FactType::Deescalated];
    let moves = moves.into_iter().filter(|kind| match kind {
        FactType::Escalated => level > Level::APPROACH_AGREED,
        _ => level > Level::REPORTED && level < Level::LAST_CHANCE,
    });
    let moves = moves.map(|kind| pattern(kind, vec![to_level.clone()]));
    // A case that is resolved has an approach.
    let again = (level > Level::REPORTED && level < Level::ENDING_THE_LEASE)
        .then(|| pattern(FactType::NuisanceReopened, Vec::new()));
    own.into_iter().chain(moves).chain(again).collect()
}

/// Whether facts of this kind name the case they are about, so that a fact which names none is
/// about something else.
pub(crate) fn is_about_some_case(kind: FactType) -> bool {
    matches!(
        kind,
        FactType::WarningIssued
            | FactType::LeaseTerminationStarted
            | FactType::EvictionOrdered
            | FactType::EvictionPrevented
            | FactType::TemporaryPlacementStarted
    )
}

/// The case that a fact names.
pub(crate) fn case_of(fact: &Fact) -> Option<NuisanceCaseId> {
    match fact {
        Fact::NuisanceReported(fact) => Some(fact.case_id),
        Fact::ReporterInformed(fact) => Some(fact.case_id),
        Fact::ApproachAgreed(fact) => Some(fact.case_id),
        Fact::Escalated(fact) => Some(fact.case_id),
        Fact::Deescalated(fact) => Some(fact.case_id),
        Fact::WarningIssued(fact) => fact.case_id,
        Fact::LastChanceAgreed(fact) => Some(fact.case_id),
        Fact::NuisanceResolved(fact) => Some(fact.case_id),
        Fact::NuisanceReopened(fact) => Some(fact.case_id),
        Fact::NuisanceCaseClosed(fact) => Some(fact.case_id),
        Fact::NuisanceFoundUnfounded(fact) => Some(fact.case_id),
        Fact::NuisanceHandedOver(fact) => Some(fact.case_id),
        Fact::LeaseTerminationStarted(fact) => fact.case_id,
        Fact::EvictionOrdered(fact) => fact.case_id,
        Fact::EvictionPrevented(fact) => fact.case_id,
        Fact::TemporaryPlacementStarted(fact) => fact.nuisance_case,
        _ => None,
    }
}

/// The party that the client rents from after a fact.
pub(crate) fn landlord_after(landlord: Party, fact: &Fact) -> Party {
    match fact {
        Fact::HousedUnderIntermediaryLease(_) => Party::CareProvider,
        Fact::HousedUnderThreePartyLease(_)
        | Fact::HousedUnderTemporaryLease(_)
        | Fact::HousedUnderOwnLease(_)
        | Fact::ContractFlipped(_) => Party::HousingCorporation,
        Fact::RunningCaseTakenOver(case) => landlord_of(case),
        _ => landlord,
    }
}

fn landlord_of(case: &RunningCaseTakenOver) -> Party {
    let intermediary = case.lease.as_ref().is_some_and(|lease| lease.model == ContractModel::Intermediary);
    if intermediary && case.flipped_on.is_none() { Party::CareProvider } else { Party::HousingCorporation }
}
