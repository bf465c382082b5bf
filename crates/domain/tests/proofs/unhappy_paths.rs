//! The unhappy paths that must work (`docs/DOMAIN.md` §3.3), each from the intake to where it
//! leaves the client.

use crate::vocabulary::*;

#[track_caller]
fn ended_as(story: &Story, outcome: Outcome) {
    assert_eq!((story.phase(), story.state().outcome), (Phase::Ended, Some(outcome)));
}

#[test]
fn not_ready_after_all() {
    let story = ready().then(housing_requested).then(readiness_revoked).then(preparation_step);
    assert_eq!(story.phase(), Phase::Preparing);
    let again = story.clone().then(readiness_confirmed).then(housing_requested);
    assert_eq!(again.phase(), Phase::Matching);
    ended_as(&story.then(ended_with(Outcome::NotReady)), Outcome::NotReady);
}

#[test]
fn the_request_is_incomplete() {
    let story = nominated().then(request_returned).then(profile).then(housing_requested);
    assert_eq!(story.phase(), Phase::Matching);
}

#[test]
fn the_only_offer_is_refused() {
    let story = offered().then(offer_refused).then(case_discussed);
    ended_as(&story.then(ended_with(Outcome::OfferRefused)), Outcome::OfferRefused);
}

#[test]
fn the_only_offer_expires() {
    let story = offered().months_later(1).then(offer_not_answered);
    story.when(another_dwelling_offered).leads_to(Phase::Offered);
}

#[test]
fn the_only_offer_is_withdrawn() {
    let story = offered().then(offer_withdrawn).then(another_dwelling_offered);
    assert_eq!(story.phase(), Phase::Offered);
}

#[test]
fn the_client_turns_out_not_to_be_ready_when_the_keys_are_near() {
    let story = contracting()
        .then(|on| OfferWithdrawn { ground: WithdrawalGround::ClientNotReady, ..offer_withdrawn(on) });
    story.when(readiness_revoked).leads_to(Phase::Preparing);
}

#[test]
fn nothing_within_three_months() {
    let story = matching()
        .months_later(3)
        .then(case_discussed)
        .then(|on| CorporationAssigned { corporation: code("de-key"), ..corporation_assigned(on) });
    let offer = |on| DwellingOffered { corporation: code("de-key"), ..dwelling_offered(on) };
    story.when(offer).leads_to(Phase::Offered);
}

#[test]
fn the_dwelling_is_a_mismatch_and_another_one_is_found() {
    let story = housed().then(case_discussed).then(housing_requested).then(corporation_assigned);
    let accepted = story
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) });
    let moved = accepted.then(|on| HousedUnderIntermediaryLease {
        terms: LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() },
        ..intermediary_lease(on)
    });
    assert_eq!(moved.phase(), Phase::Housed);
    assert_eq!(moved.state().tenancy.lease.as_ref().map(|lease| lease.unit.clone()), Some(code("VHE-00999")));
}

#[test]
fn the_rent_falls_behind_and_is_caught_up() {
    let story = housed().then(rent_missed).then(financial_support).then(arrears_plan).then(rent_missed);
    let caught_up = story.then(debt_arrangement).months_later(6).then(arrears_cleared);
    assert!(!caught_up.state().tenancy.in_arrears);
}

#[test]
fn a_relapse_and_a_stay_elsewhere() {
    let story = housed().then(relapse_plan).then(signal).then(guidance_scaled).then(placement);
    let home = story.months_later(1).then(returned_home).then(signal_answered);
    assert_eq!((home.phase(), home.state().tenancy.away), (Phase::Housed, None));
}

#[test]
fn the_placement_ends_early() {
    let agreed = housed().then(placement).then(lease_end_agreed).months_later(1);
    ended_as(&agreed.then(ended_with(Outcome::PlacementEnded)), Outcome::PlacementEnded);
}

#[test]
fn the_flip_is_postponed_twice_and_happens_after_all() {
    let first = housed().months_later(12).then(flip_talk).then(flip_postponed);
    let second = first
        .months_later(3)
        .then(second_flip_talk)
        .then(|on| FlipPostponed { talk_id: SECOND_TALK, ..flip_postponed(on) });
    let third = FlipTalkId(uuid::Uuid::from_u128(3));
    let agreed = THE_THREE.into_iter().fold(
        second
            .months_later(3)
            .then(|on| FlipTalkHeld { talk_id: third, ..flip_talk(on) })
            .then(rent_disclosed),
        |story, party| {
            let agrees = position_of(party, Position::Agree);
            story.then(|on| FlipPositionGiven { talk_id: third, ..agrees(on) })
        },
    );
    let approved = agreed.then(aftercare).then(|on| FlipApproved { talk_id: third, ..flip_approved(on) });
    approved.when(contract_flipped).leads_to(Phase::FollowUp);
}

#[test]
fn the_flip_is_refused() {
    let story = agreed_to_flip().then(position_of(Party::HousingCorporation, Position::Disagree));
    let refused = story.then(rent_disclosed);
    refused.clone().when(flip_approved).refused([Refusal::FlipNotAgreedByAllThree]);
    refused.when(flip_cancelled).leads_to(Phase::Housed);
}

#[test]
fn the_flip_is_agreed_and_cancelled_because_of_the_rent() {
    let story = approved_to_flip().then(flip_cancelled);
    story.clone().when(contract_flipped).refused([
        Refusal::NoFlipTalkHeld,
        Refusal::FlipNotAgreedByAllThree,
        Refusal::NewRentNotDisclosed,
        Refusal::FlipNotApproved,
    ]);
    story.months_later(6).when(second_flip_talk).leads_to(Phase::Housed);
}

#[test]
fn an_eviction_threatens_and_is_prevented() {
    let story = losing_the_home().then(guidance_scaled).then(eviction_prevented).then(deescalated);
    let quiet = story.then(nuisance_resolved).months_later(2).then(nuisance_closed);
    assert_eq!(quiet.phase(), Phase::Housed);
}

#[test]
fn the_client_is_evicted() {
    let story = put_out().then(ended_with(Outcome::Evicted));
    ended_as(&story, Outcome::Evicted);
}

#[test]
fn back_to_shelter_before_the_flip() {
    ended_as(&allowed_to_return().then(returned_to_shelter), Outcome::ReturnedToShelter);
}

#[test]
fn back_to_shelter_after_the_flip() {
    let story = flipped().then(return_requested).then(test_done).then(returned_to_shelter);
    ended_as(&story, Outcome::ReturnedToShelter);
}

#[test]
fn back_to_shelter_after_the_follow_up_ended() {
    let story = completed().months_later(12).then(return_requested).then(test_done);
    ended_as(&story.then(returned_to_shelter), Outcome::FollowUpCompleted);
}

#[test]
fn a_new_trajectory_of_a_client_who_returned_names_the_old_one() {
    let old = Some(TrajectoryId(uuid::Uuid::from_u128(1)));
    let story = nothing().then(|on| IntakeRegistered { previous_trajectory: old, ..intake(on) });
    assert_eq!(story.phase(), Phase::Preparing);
}

#[test]
fn the_client_moves_away() {
    ended_as(&housed().then(ended_with(Outcome::MovedAway)), Outcome::MovedAway);
    ended_as(&flipped().then(follow_up_ended_with(Outcome::MovedAway)), Outcome::MovedAway);
}

#[test]
fn the_client_dies() {
    for phase in Phase::ALL.into_iter().filter(|phase| !matches!(phase, Phase::Unopened | Phase::Ended)) {
        ended_as(&life_in(phase).then(ended_with(Outcome::Deceased)), Outcome::Deceased);
    }
}

#[test]
fn consent_is_withdrawn_and_the_facts_stay() {
    let story = preparing().then(privacy_explained).then(consent_given).then(profile).then(consent_withdrawn);
    assert!(story.state().consents.is_empty());
    assert!(story.state().profile.is_some());
}

#[test]
fn the_client_is_out_of_sight_during_follow_up() {
    let story = flipped().months_later(3).then(check_missed).months_later(3);
    ended_as(&story.then(follow_up_ended_with(Outcome::OutOfSight)), Outcome::OutOfSight);
}

#[test]
fn the_provider_goes_bankrupt() {
    let story = agreed_to_flip().then(transferred).then(contact_person);
    // The new provider does not stand by the word of the old one: it gives its own.
    let agreed = story.then(position_of(Party::CareProvider, Position::Agree));
    let approved = agreed.then(rent_disclosed).then(aftercare).then(flip_approved);
    approved.when(contract_flipped).leads_to(Phase::FollowUp);
}

#[test]
fn a_wrong_registration_is_corrected() {
    let story = housed().then(replaced(
        8,
        HousedUnderIntermediaryLease {
            terms: LeaseTerms { care_agreement: Some(code("dms:care-agreement-5")), ..lease_terms() },
            ..intermediary_lease(code("2026-01-12"))
        },
    ));
    assert_eq!(story.phase(), Phase::Housed);
}

#[test]
fn the_agreement_set_changes_while_the_case_runs() {
    let story = housed().then(agreement_set_changed);
    assert_eq!(story.state().agreement_set, Some(bound_to("amsterdam-2020")));
    story.when(annual_review).leads_to(Phase::Housed);
}
