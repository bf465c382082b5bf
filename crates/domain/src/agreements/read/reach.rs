//! What can still happen after a fact, by the table of phases: an obligation that nothing can start or keep is an
//! error of its set.

use crate::agreements::pattern::FactTypes;
use crate::trajectory::phase::{Leads, Phase};
use crate::trajectory::{FactType, fact};

/// The facts that can happen after one of these.
pub(super) fn after(facts: FactTypes) -> FactTypes {
    let mut phases: Vec<Phase> = facts.iter().flat_map(phases_after).collect();
    let mut reached = FactTypes::default();
    let mut at = 0;
    while let Some(phase) = phases.get(at).copied() {
        at += 1;
        let admitted = phase.admits();
        reached = reached.or(FactTypes::of(&admitted));
        for next in admitted.iter().flat_map(|kind| phases_after(*kind)).collect::<Vec<_>>() {
            if !phases.contains(&next) {
                phases.push(next);
            }
        }
    }
    reached
}

fn phases_after(kind: FactType) -> Vec<Phase> {
    let row = kind.row();
    match row.leads {
        Leads::Nowhere => row.phases.to_vec(),
        Leads::To(phase) => vec![phase],
        Leads::AsStated => Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened).collect(),
        Leads::BackFromMatching => vec![Phase::Ready, Phase::Housed],
    }
}

/// Under which lease a fact moves the client in, if it does.
pub(super) fn moves_in_under(kind: FactType) -> Option<fact::ContractModel> {
    match kind {
        FactType::HousedUnderIntermediaryLease => Some(fact::ContractModel::Intermediary),
        FactType::HousedUnderThreePartyLease => Some(fact::ContractModel::ThreeParty),
        FactType::HousedUnderTemporaryLease => Some(fact::ContractModel::Temporary),
        _ => None,
    }
}
