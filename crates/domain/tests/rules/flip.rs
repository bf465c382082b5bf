//! The flip: a talk, three positions, a decision (S0), and no surprise in the rent (S2 Den Haag).

use super::rules;
use crate::vocabulary::*;

rules! {
    a_flip_talk_is_held_by_all_three: OneOfTheThreeAbsent,
        broken by housed().when(|on| FlipTalkHeld { attended_by: vec![Party::Client, Party::HousingCorporation], ..flip_talk(on) }),
        kept by housed().when(flip_talk);
    two_talks_have_two_ids: FlipTalkIdTaken,
        broken by housed().then(flip_talk).when(flip_talk),
        kept by housed().then(flip_talk).when(second_flip_talk);
    a_talk_comes_before_a_position: NoFlipTalkHeld,
        broken by housed().when(client_agrees),
        kept by housed().then(flip_talk).when(client_agrees);
    a_talk_comes_before_a_postponement: NoFlipTalkHeld,
        broken by housed().when(flip_postponed),
        kept by housed().then(flip_talk).when(flip_postponed);
    a_talk_comes_before_a_cancellation: NoFlipTalkHeld,
        broken by housed().when(flip_cancelled),
        kept by housed().then(flip_talk).when(flip_cancelled);
    a_position_is_about_the_latest_talk: NotTheLatestTalk,
        broken by housed().then(flip_talk).then(second_flip_talk).when(client_agrees),
        kept by housed().then(second_flip_talk).then(flip_talk).when(client_agrees);
    a_postponement_names_the_latest_talk: NotTheLatestTalk,
        broken by housed().then(flip_talk).then(second_flip_talk).when(flip_postponed),
        kept by housed().then(second_flip_talk).then(flip_talk).when(flip_postponed);
    an_approval_names_the_latest_talk: NotTheLatestTalk,
        broken by agreed_to_flip().then(rent_disclosed).when(|on| FlipApproved { talk_id: SECOND_TALK, ..flip_approved(on) }),
        kept by agreed_to_flip().then(rent_disclosed).when(flip_approved);
    a_cancellation_names_the_latest_talk: NotTheLatestTalk,
        broken by housed().then(flip_talk).then(second_flip_talk).when(flip_cancelled),
        kept by housed().then(second_flip_talk).then(flip_talk).when(flip_cancelled);
    the_clients_own_lease_is_another_one: LeaseIdTaken,
        broken by approved_to_flip().when(|on| ContractFlipped { lease_id: LEASE, ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
    only_the_three_take_a_position: PartyHasNoPosition,
        broken by housed().then(flip_talk).when(position_of(Party::Municipality, Position::Agree)),
        kept by housed().then(flip_talk).when(position_of(Party::HousingCorporation, Position::Agree));
    a_party_that_says_not_yet_gives_a_reason: ReasonMissing,
        broken by housed().then(flip_talk).when(|on| FlipPositionGiven { position: Position::NotYet, reason: None, ..client_agrees(on) }),
        kept by housed().then(flip_talk).when(position_of(Party::Client, Position::NotYet));
    a_party_that_disagrees_gives_a_reason: ReasonMissing,
        broken by housed().then(flip_talk).when(|on| FlipPositionGiven { position: Position::Disagree, reason: None, ..client_agrees(on) }),
        kept by housed().then(flip_talk).when(position_of(Party::Client, Position::Disagree));
    the_next_talk_is_in_the_future: DateBeforeTheFact,
        broken by housed().then(flip_talk).when(|on| FlipPostponed { next_talk_on: on.plus_days(-1), ..flip_postponed(on) }),
        kept by housed().then(flip_talk).when(flip_postponed);
    a_flip_is_approved_after_all_three_agree: FlipNotAgreedByAllThree,
        broken by housed().then(flip_talk).then(client_agrees).then(rent_disclosed).when(flip_approved),
        kept by agreed_to_flip().then(rent_disclosed).when(flip_approved);
    a_flip_is_approved_after_the_new_rent_was_shown: NewRentNotDisclosed,
        broken by agreed_to_flip().when(flip_approved),
        kept by agreed_to_flip().then(rent_disclosed).when(flip_approved);
    a_flip_is_approved_for_a_day_in_the_future: DateBeforeTheFact,
        broken by agreed_to_flip().then(rent_disclosed).when(|on| FlipApproved { flip_on: on.plus_days(-1), ..flip_approved(on) }),
        kept by agreed_to_flip().then(rent_disclosed).when(|on| FlipApproved { flip_on: on, ..flip_approved(on) });
    a_flip_waits_for_its_conditions: FlipConditionsNotSet,
        broken by approved_to_flip().then(conditions_not_understood).when(contract_flipped),
        kept by approved_to_flip().then(conditions_not_understood).then(flip_conditions).when(contract_flipped);
    a_flip_waits_for_aftercare: AftercareNotAgreed,
        broken by agreed_to_flip().then(rent_disclosed).then(flip_approved).when(contract_flipped),
        kept by agreed_to_flip().then(rent_disclosed).then(flip_approved).then(aftercare).when(contract_flipped);
    a_flip_waits_for_the_corporations_own_approval: FlipNotApproved,
        broken by agreed_to_flip().then(rent_disclosed).then(aftercare).when(contract_flipped),
        kept by approved_to_flip().when(contract_flipped);
    a_flip_waits_while_a_nuisance_case_is_at_level_two: NuisanceCaseOpen,
        broken by approved_to_flip().then(nuisance_reported).then(approach_agreed).then(escalated).when(contract_flipped),
        kept by approved_to_flip().then(nuisance_reported).then(approach_agreed).when(contract_flipped);
    the_head_lease_ends_on_the_day_of_the_flip: LeasesDoNotMeet,
        broken by approved_to_flip().when(|on| ContractFlipped { head_lease_ends_on: on.plus_days(-1), ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
    the_sublease_ends_on_the_day_of_the_flip: LeasesDoNotMeet,
        broken by approved_to_flip().when(|on| ContractFlipped { sublease_ends_on: Some(on.plus_days(1)), ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
    an_intermediary_lease_has_a_sublease_that_ends: LeasesDoNotMeet,
        broken by approved_to_flip().when(|on| ContractFlipped { sublease_ends_on: None, ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
    the_own_lease_starts_on_the_day_of_the_flip: LeasesDoNotMeet,
        broken by approved_to_flip().when(|on| ContractFlipped { own_lease_starts_on: on.plus_days(1), ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
}

fn conditions_not_understood(on: Day) -> FlipConditionsSet {
    FlipConditionsSet { acknowledged_by_client: false, ..flip_conditions(on) }
}

#[test]
fn a_flip_names_everything_that_is_missing() {
    given(moved_in()).when(contract_flipped).refused([
        Refusal::FlipConditionsNotSet,
        Refusal::NoFlipTalkHeld,
        Refusal::FlipNotAgreedByAllThree,
        Refusal::NewRentNotDisclosed,
        Refusal::AftercareNotAgreed,
        Refusal::FlipNotApproved,
    ]);
}

#[test]
fn a_flip_waits_for_the_new_rent_to_be_shown() {
    given(agreed_to_flip().then(aftercare))
        .when(contract_flipped)
        .refused([Refusal::NewRentNotDisclosed, Refusal::FlipNotApproved]);
}

#[test]
fn a_party_that_changes_its_mind_undoes_the_approval() {
    let story = given(approved_to_flip()).then(position_of(Party::Client, Position::Disagree));
    story
        .clone()
        .when(contract_flipped)
        .refused([Refusal::FlipNotAgreedByAllThree, Refusal::FlipNotApproved]);
    story.then(client_agrees).when(contract_flipped).refused([Refusal::FlipNotApproved]);
}

#[test]
fn three_positions_on_different_talks_are_not_one_decision() {
    let story = given(agreed_to_flip()).then(second_flip_talk).then(rent_disclosed);
    story
        .when(|on| FlipApproved { talk_id: SECOND_TALK, ..flip_approved(on) })
        .refused([Refusal::FlipNotAgreedByAllThree]);
}

#[test]
fn the_rent_is_shown_again_after_a_postponement() {
    let story = given(agreed_to_flip()).then(rent_disclosed).then(flip_postponed).then(second_flip_talk);
    assert!(!story.state().flip.new_rent_disclosed);
    story.when(client_agrees).refused([Refusal::NotTheLatestTalk]);
}

#[test]
fn a_three_party_lease_flips_without_a_sublease() {
    let housed = given(contracting_in_the_north_of_limburg()).then(three_party_lease).then(flip_conditions);
    let agreed = all_agree(housed.then(flip_talk)).then(rent_disclosed).then(aftercare).then(flip_approved);
    let flipped = agreed.when(|on| ContractFlipped { sublease_ends_on: None, ..contract_flipped(on) });
    let lease = flipped.leads_to(Phase::FollowUp).state().tenancy.lease.clone();
    assert_eq!(lease.expect("the own lease").id, OWN_LEASE);
}
