//! What can still happen after a fact, by the table of phases. An obligation that nothing can start
//! or keep is an error of its set.

use std::sync::LazyLock;

use crate::agreements::pattern::FactTypes;
use crate::nuisance::Level;
use crate::trajectory::phase::{Leads, Phase};
use crate::trajectory::{FactType, fact};

/// The facts that can happen from each phase on, in the order of [`Phase::ALL`].
static FROM_PHASE: LazyLock<[FactTypes; Phase::ALL.len()]> = LazyLock::new(|| Phase::ALL.map(from_phase));

/// The facts that can happen after one of these.
pub(super) fn after(facts: FactTypes) -> FactTypes {
    let leads_to = |kind: FactType| kind.row().phases.iter().flat_map(move |phase| next(*phase, kind));
    facts
        .iter()
        .flat_map(leads_to)
        .map(|phase| FROM_PHASE[phase as usize])
        .fold(FactTypes::default(), FactTypes::or)
}

fn from_phase(phase: Phase) -> FactTypes {
    let mut phases = vec![phase];
    let mut reached = FactTypes::default();
    let mut at = 0;
    while let Some(phase) = phases.get(at).copied() {
        at += 1;
        for kind in FactType::ALL.iter().copied().filter(|kind| kind.row().phases.contains(&phase)) {
            reached = reached.or(FactTypes::of(&[kind]));
            for next in next(phase, kind) {
                if !phases.contains(&next) {
                    phases.push(next);
                }
            }
        }
    }
    reached
}

/// The phases that a fact leads to from a phase.
fn next(phase: Phase, kind: FactType) -> Vec<Phase> {
    match kind.row().leads {
        Leads::Nowhere => vec![phase],
        Leads::To(to) => vec![to],
        Leads::AsStated => Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened).collect(),
        Leads::BackFromMatching => vec![Phase::Ready, Phase::Housed],
    }
}

/// The highest level at which something can happen in an open nuisance case. `None` if it never
/// can. A test checks this against the rules.
pub(super) fn last_level(kind: FactType) -> Option<Level> {
    match kind {
        // The first opens another case; the others are about a case that is quiet.
        FactType::NuisanceReported | FactType::NuisanceReopened | FactType::NuisanceCaseClosed => None,
        FactType::NuisanceFoundUnfounded => Some(Level::REPORTED),
        FactType::Escalated
        | FactType::Deescalated
        | FactType::LastChanceAgreed
        | FactType::NuisanceResolved
        | FactType::NuisanceHandedOver => Some(Level::LAST_CHANCE),
        _ => after(FactTypes::of(&[FactType::NuisanceReported]))
            .contains(kind)
            .then_some(Level::ENDING_THE_LEASE),
    }
}

/// The facts that end a case, which also closes everything that they would start.
pub(super) const ENDS: [FactType; 5] = [
    FactType::TrajectoryEnded,
    FactType::RegisteredByMistake,
    FactType::FollowUpEnded,
    FactType::TenantDeathReported,
    FactType::ReturnedToShelter,
];

/// The only lease under which a fact happens, if there is just one.
pub(super) fn happens_under(kind: FactType) -> Option<fact::ContractModel> {
    match kind {
        FactType::HousedUnderIntermediaryLease => Some(fact::ContractModel::Intermediary),
        FactType::HousedUnderThreePartyLease => Some(fact::ContractModel::ThreeParty),
        FactType::HousedUnderOwnLease => Some(fact::ContractModel::Own),
        FactType::HousedUnderTemporaryLease | FactType::LeaseExtended => Some(fact::ContractModel::Temporary),
        _ => None,
    }
}
