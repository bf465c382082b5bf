//! Makes a fact name what the case has: its lease, one of its nuisance cases, its flip talk.

use omklap_domain::trajectory::Trajectory;

use crate::vocabulary::*;

/// Names the lease of the case, and the provider that guides.
pub fn name_lease(fact: &mut Fact, state: &Trajectory) {
    let lease = state.tenancy.lease.as_ref().map_or(LEASE, |lease| lease.id);
    match fact {
        Fact::LeaseExtended(extended) => extended.lease_id = lease,
        Fact::RentChanged(changed) => changed.lease_id = lease,
        Fact::RenovationStarted(started) => started.lease_id = lease,
        Fact::RenovationEnded(ended) => ended.lease_id = lease,
        Fact::DwellingRedivided(redivided) => redivided.lease_id = lease,
        Fact::HeadLeaseTakenOver(taken_over) => {
            taken_over.lease_id = lease;
            if let Some(partners) = &state.partners {
                taken_over.care_provider = partners.care_provider.clone();
            }
        }
        Fact::LeaseEndAgreed(agreed) => agreed.lease_id = lease,
        Fact::TenancyEnded(ended) => ended.lease_id = lease,
        _ => {}
    }
}

/// Names a nuisance case, in the facts of the protocol.
pub fn name_nuisance_case(fact: &mut Fact, id: NuisanceCaseId) {
    match fact {
        Fact::ReporterInformed(informed) => informed.case_id = id,
        Fact::ApproachAgreed(approach) => approach.case_id = id,
        Fact::Escalated(up) => up.case_id = id,
        Fact::LastChanceAgreed(chance) => chance.case_id = id,
        Fact::Deescalated(down) => down.case_id = id,
        Fact::NuisanceResolved(resolved) => resolved.case_id = id,
        Fact::NuisanceReopened(again) => again.case_id = id,
        Fact::NuisanceCaseClosed(closed) => closed.case_id = id,
        Fact::NuisanceFoundUnfounded(finding) => finding.case_id = id,
        Fact::NuisanceHandedOver(handed) => handed.case_id = id,
        _ => {}
    }
}

/// Names a flip talk, in the facts that follow it.
pub fn name_talk(fact: &mut Fact, talk: FlipTalkId) {
    match fact {
        Fact::FlipPositionGiven(given) => given.talk_id = talk,
        Fact::FlipPostponed(postponed) => postponed.talk_id = talk,
        Fact::FlipApproved(approved) => approved.talk_id = talk,
        Fact::FlipCancelled(cancelled) => cancelled.talk_id = talk,
        _ => {}
    }
}

/// Names another region than the present one, or the one that was proposed.
pub fn name_region(fact: &mut Fact, state: &Trajectory) {
    let in_limburg = state.partners.as_ref().is_some_and(|partners| partners.region == to_limburg().region);
    let from_limburg = || RegionTerms { care_provider: code("leger-des-heils"), ..to_amsterdam() };
    let elsewhere = if in_limburg { from_limburg() } else { to_limburg() };
    match fact {
        Fact::RegionTransferProposed(proposed) => proposed.to = elsewhere,
        Fact::RegionTransferAccepted(accepted) => {
            accepted.to = state.proposed_transfer.clone().unwrap_or(elsewhere);
        }
        _ => {}
    }
}
