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
        broken by housed().then(rent_disclosed).when(client_agrees),
        kept by housed().then(flip_talk).then(rent_disclosed).when(client_agrees);
    a_talk_comes_before_a_postponement: NoFlipTalkHeld,
        broken by housed().when(flip_postponed),
        kept by housed().then(flip_talk).when(flip_postponed);
    a_talk_comes_before_a_cancellation: NoFlipTalkHeld,
        broken by housed().when(flip_cancelled),
        kept by housed().then(flip_talk).when(flip_cancelled);
    a_position_is_about_the_latest_talk: NotTheLatestTalk,
        broken by housed().then(flip_talk).then(second_flip_talk).then(rent_disclosed).when(client_agrees),
        kept by housed().then(second_flip_talk).then(flip_talk).then(rent_disclosed).when(client_agrees);
    a_postponement_names_the_latest_talk: NotTheLatestTalk,
        broken by housed().then(flip_talk).then(second_flip_talk).when(flip_postponed),
        kept by housed().then(second_flip_talk).then(flip_talk).when(flip_postponed);
    an_approval_names_the_latest_talk: NotTheLatestTalk,
        broken by agreed_to_flip().when(|on| FlipApproved { talk_id: SECOND_TALK, ..flip_approved(on) }),
        kept by agreed_to_flip().when(flip_approved);
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
        broken by housed().then(flip_talk).then(rent_disclosed).then(client_agrees).when(flip_approved),
        kept by agreed_to_flip().when(flip_approved);
    a_flip_is_approved_after_the_new_rent_was_shown: NewRentNotDisclosed beside FlipNotAgreedByAllThree,
        broken by housed().then(flip_talk).when(flip_approved),
        kept by agreed_to_flip().when(flip_approved);
    the_client_agrees_after_the_new_rent_was_shown: NewRentNotDisclosed,
        broken by housed().then(flip_talk).when(client_agrees),
        kept by housed().then(flip_talk).then(rent_disclosed).when(client_agrees);
    a_rent_that_was_shown_before_the_latest_talk_is_shown_again: NewRentNotDisclosed,
        broken by housed().then(rent_disclosed).then(flip_talk).when(client_agrees),
        kept by housed().then(flip_talk).then(rent_disclosed).when(client_agrees);
    the_contract_flips_at_the_rent_that_was_shown: RentNotAsDisclosed,
        broken by approved_to_flip().when(|on| ContractFlipped { rent_cents: euros(780), ..contract_flipped(on) }),
        kept by approved_to_flip().when(contract_flipped);
    the_contract_does_not_flip_half_a_year_after_the_approved_day: NotOnTheApprovedDay,
        broken by approved_to_flip().months_later(6).when(contract_flipped),
        kept by approved_to_flip().days_later(6).when(contract_flipped);
    the_contract_flips_within_a_week_of_the_approved_day: NotOnTheApprovedDay,
        broken by approved_to_flip().days_later(14).when(contract_flipped),
        kept by approved_to_flip().days_later(13).when(contract_flipped);
    the_contract_does_not_flip_long_before_the_approved_day: NotOnTheApprovedDay,
        broken by agreed_to_flip().then(aftercare).then(approved_for_later).when(contract_flipped),
        kept by agreed_to_flip().then(aftercare).then(approved_for_later).days_later(1).when(contract_flipped);
    the_contract_does_not_flip_while_the_lease_is_being_ended: LeaseIsBeingEnded,
        broken by approved_to_flip().then(termination_in_danger).when(contract_flipped),
        kept by approved_to_flip().then(termination_in_danger).then(prevented).when(contract_flipped);
    the_contract_does_not_flip_in_arrears_without_a_plan: ArrearsWithoutPlan,
        broken by approved_to_flip().then(rent_missed).when(contract_flipped),
        kept by approved_to_flip().then(rent_missed).then(arrears_plan).when(contract_flipped);
    a_plan_does_not_cover_a_rent_that_is_missed_later: ArrearsWithoutPlan,
        broken by approved_to_flip().then(rent_missed).then(arrears_plan).then(rent_missed).when(contract_flipped),
        kept by approved_to_flip().then(rent_missed).then(arrears_plan).when(contract_flipped);
    the_contract_does_not_flip_while_the_client_is_placed_elsewhere: PlacedElsewhere,
        broken by approved_to_flip().then(placement).when(contract_flipped),
        kept by approved_to_flip().then(placement).then(returned_home).when(contract_flipped);
    a_lease_that_was_always_the_clients_own_needs_no_flip_talk: LeaseIsOwn,
        broken by housed_under_own_lease().when(flip_talk),
        kept by housed().when(flip_talk);
    a_flip_is_approved_for_a_day_in_the_future: DateBeforeTheFact,
        broken by agreed_to_flip().when(|on| FlipApproved { flip_on: on.plus_days(-1), ..flip_approved(on) }),
        kept by agreed_to_flip().when(|on| FlipApproved { flip_on: on, ..flip_approved(on) });
    a_flip_waits_for_its_conditions: FlipConditionsNotSet,
        broken by approved_to_flip().then(conditions_not_understood).when(contract_flipped),
        kept by approved_to_flip().then(conditions_not_understood).then(flip_conditions).when(contract_flipped);
    a_flip_waits_for_aftercare: AftercareNotAgreed,
        broken by agreed_to_flip().then(flip_approved).when(contract_flipped),
        kept by agreed_to_flip().then(flip_approved).then(aftercare).when(contract_flipped);
    a_flip_waits_for_the_corporations_own_approval: FlipNotApproved,
        broken by agreed_to_flip().then(aftercare).when(contract_flipped),
        kept by approved_to_flip().when(contract_flipped);
    a_flip_waits_while_a_nuisance_case_is_at_level_two: NuisanceCaseOpen,
        broken by approved_to_flip().then(nuisance_reported).then(approach_agreed).then(escalated).when(contract_flipped),
        kept by approved_to_flip().then(nuisance_reported).then(approach_agreed).when(contract_flipped);
    the_head_lease_ends_on_the_day_of_the_flip_or_the_day_before: LeasesDoNotMeet,
        broken by approved_to_flip().when(|on| ContractFlipped { head_lease_ends_on: on.plus_days(-2), ..contract_flipped(on) }),
        kept by approved_to_flip().when(|on| ContractFlipped { head_lease_ends_on: on.plus_days(-1), sublease_ends_on: Some(on.plus_days(-1)), ..contract_flipped(on) });
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

/// All three agreed, the corporation approved the flip for 1 June, and the old leases end on this day.
fn flip_on_the_first_of_june(old_leases_end_on: &'static str) -> Attempt {
    let first = code("2027-06-01");
    let approved = agreed_to_flip()
        .then(aftercare)
        .on(code("2027-05-18"))
        .then(|on| FlipApproved { flip_on: first, ..flip_approved(on) });
    approved.on(first).when(|on| ContractFlipped {
        head_lease_ends_on: code(old_leases_end_on),
        sublease_ends_on: Some(code(old_leases_end_on)),
        own_lease_starts_on: first,
        ..contract_flipped(on)
    })
}

#[test]
fn old_leases_to_31_may_and_an_own_lease_from_1_june_are_one_flip() {
    let flipped = flip_on_the_first_of_june("2027-05-31").leads_to(Phase::FollowUp);
    assert_eq!(flipped.state().flip.flipped_on, Some(code("2027-06-01")));
    flip_on_the_first_of_june("2027-05-30").refused([Refusal::LeasesDoNotMeet]);
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

fn approved_for_later(on: Day) -> FlipApproved {
    FlipApproved { flip_on: on.plus_days(9), ..flip_approved(on) }
}

fn prevented(on: Day) -> EvictionPrevented {
    EvictionPrevented { case_id: None, ..eviction_prevented(on) }
}

#[test]
fn a_flip_waits_for_the_new_rent_to_be_shown() {
    given(housed().months_later(12).then(flip_talk).then(aftercare)).when(contract_flipped).refused([
        Refusal::FlipNotAgreedByAllThree,
        Refusal::NewRentNotDisclosed,
        Refusal::FlipNotApproved,
    ]);
}

/// Disclosed 520 in 2023, approved for 1 April 2026, flipped on 15 October at 780.
#[test]
fn a_flip_at_a_rent_that_nobody_saw_on_a_day_that_nobody_approved_is_refused() {
    let story = given(approved_to_flip()).months_later(6);
    story
        .when(|on| ContractFlipped { rent_cents: euros(780), ..contract_flipped(on) })
        .refused([Refusal::RentNotAsDisclosed, Refusal::NotOnTheApprovedDay]);
}

#[test]
fn another_rent_asks_for_a_new_position_of_the_client_and_a_new_approval() {
    let other = |on| RentAtFlipDisclosed { new_rent_cents: euros(780), ..rent_disclosed(on) };
    let dearer = |on| ContractFlipped { rent_cents: euros(780), ..contract_flipped(on) };
    let story = given(approved_to_flip()).then(other);
    story.clone().when(dearer).refused([Refusal::FlipNotAgreedByAllThree, Refusal::FlipNotApproved]);
    story.then(client_agrees).then(flip_approved).when(dearer).admitted();
}

#[test]
fn the_same_rent_may_be_shown_again() {
    given(approved_to_flip()).then(rent_disclosed).when(contract_flipped).admitted();
}

#[test]
fn another_day_asks_for_a_new_position_of_the_client() {
    let other = |on: Day| FlipApproved { flip_on: on.plus_months(2), ..flip_approved(on) };
    let story = given(approved_to_flip()).then(other);
    let then = story.clone().months_later(2);
    then.when(contract_flipped).refused([Refusal::FlipNotAgreedByAllThree]);
    story.then(client_agrees).months_later(2).when(contract_flipped).admitted();
}

#[test]
fn a_departure_that_every_party_agreed_to_lets_the_contract_flip_in_arrears() {
    let departed = |party| {
        move |on| DepartureAgreed {
            obligation: code("8.4"),
            agreed_by: vec![Party::CareProvider, Party::Client, party],
            ..departure(on)
        }
    };
    let story = given(approved_to_flip()).then(rent_missed).then(placement);
    let reasons = [Refusal::ArrearsWithoutPlan, Refusal::PlacedElsewhere];
    story.clone().when(contract_flipped).refused(reasons);
    story.clone().then(departed(Party::Municipality)).when(contract_flipped).refused(reasons);
    story.then(departed(Party::HousingCorporation)).when(contract_flipped).admitted();
}

#[test]
fn a_departure_belongs_to_one_decision() {
    let set_aside = |on| DepartureAgreed {
        obligation: code("8.4"),
        agreed_by: vec![Party::CareProvider, Party::HousingCorporation],
        ..departure(on)
    };
    let cancelled = given(approved_to_flip()).then(set_aside).then(flip_cancelled);
    assert!(cancelled.state().departures.is_empty());
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
    let story = given(agreed_to_flip()).then(flip_postponed).then(second_flip_talk);
    assert_eq!(story.state().flip.disclosed_rent, None);
    story.when(client_agrees).refused([Refusal::NotTheLatestTalk, Refusal::NewRentNotDisclosed]);
}

#[test]
fn a_three_party_lease_flips_without_a_sublease() {
    let housed = given(contracting_in_the_north_of_limburg()).then(three_party_lease).then(flip_conditions);
    let agreed = all_agree(housed.then(flip_talk).then(rent_disclosed)).then(aftercare).then(flip_approved);
    let flipped = agreed.when(|on| ContractFlipped { sublease_ends_on: None, ..contract_flipped(on) });
    let lease = flipped.leads_to(Phase::FollowUp).state().tenancy.lease.clone();
    assert_eq!(lease.expect("the own lease").id, OWN_LEASE);
}
