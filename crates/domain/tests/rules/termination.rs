//! Ending the lease, and preventing it (`docs/DOMAIN.md` §3.2 and §5).

use super::rules;
use crate::vocabulary::*;

rules! {
    a_lease_is_ended_after_a_last_chance: NoLastChance,
        broken by warned().when(termination),
        kept by warned().then(last_chance).when(termination);
    a_lease_is_ended_after_two_warnings: NotEnoughWarnings,
        broken by scaled_up().then(warning).then(last_chance).when(termination),
        kept by scaled_up().then(warning).then(warning).then(last_chance).when(termination);
    two_warnings_on_one_day_count_as_one: NotEnoughWarnings,
        broken by scaled_up().then(warning).days_later(-1).then(warning).then(last_chance).when(termination),
        kept by scaled_up().then(warning).then(warning).then(last_chance).when(termination);
    a_lease_is_ended_for_arrears_after_two_warnings: NotEnoughWarnings,
        broken by housed().then(rent_missed).then(warning_about_the_lease).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    a_warning_in_a_nuisance_case_does_not_count_for_arrears: NotEnoughWarnings,
        broken by warned().when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    a_lease_is_ended_with_signed_agreements_on_file: NoSignedAgreements,
        broken by moved_in().when(in_danger),
        kept by housed().when(in_danger);
    in_danger_the_client_was_heard_when_the_case_was_scaled_up: NotScaledUp,
        broken by with_an_approach().when(|on| LeaseTerminationStarted { case_id: Some(CASE), ..in_danger(on) }),
        kept by scaled_up().when(|on| LeaseTerminationStarted { case_id: Some(CASE), ..in_danger(on) });
    a_lease_is_ended_once: TerminationAlreadyStarted,
        broken by losing_the_home().when(termination),
        kept by on_a_last_chance().when(termination);
    notice_ends_after_it_is_given: DateBeforeTheFact,
        broken by on_a_last_chance().when(|on| LeaseTerminationStarted { notice_until: on.plus_days(-1), ..termination(on) }),
        kept by on_a_last_chance().when(termination);
    a_case_whose_lease_is_being_ended_is_not_resolved: LeaseIsBeingEnded,
        broken by losing_the_home().when(nuisance_resolved),
        kept by losing_the_home().then(eviction_prevented).when(nuisance_resolved);
    a_case_whose_lease_is_being_ended_is_not_scaled_down: LeaseIsBeingEnded,
        broken by losing_the_home().when(deescalated),
        kept by losing_the_home().then(eviction_prevented).when(deescalated);
    a_case_whose_lease_is_being_ended_is_not_handed_over: LeaseIsBeingEnded,
        broken by losing_the_home().when(nuisance_handed_over),
        kept by losing_the_home().then(eviction_prevented).when(nuisance_handed_over);
    no_last_chance_is_agreed_while_the_lease_is_being_ended: LeaseIsBeingEnded,
        broken by losing_the_home().when(last_chance),
        kept by losing_the_home().then(eviction_prevented).when(last_chance);
    only_a_client_with_a_lease_can_lose_it: NoLease beside NoSignedAgreements,
        broken by matching().when(in_danger),
        kept by seeking_another_dwelling().when(in_danger);
    an_eviction_is_prevented_only_after_a_termination_started: NoTerminationStarted,
        broken by on_a_last_chance().when(eviction_prevented),
        kept by losing_the_home().when(eviction_prevented);
    no_client_is_evicted_without_notice: NoTerminationStarted,
        broken by on_a_last_chance().when(ended_with(Outcome::Evicted)),
        kept by losing_the_home().when(ended_with(Outcome::Evicted));
    no_client_is_evicted_without_notice_after_the_flip: NoTerminationStarted,
        broken by flipped().when(follow_up_ended_with(Outcome::Evicted)),
        kept by flipped().then(in_danger).when(follow_up_ended_with(Outcome::Evicted));
}

fn warned_about_arrears() -> Story {
    housed().then(rent_missed).then(warning_about_the_lease).months_later(1).then(warning_about_the_lease)
}

/// The lease itself is ended because of danger.
fn in_danger(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted { acute: Some(AcuteGround::Fire), ..termination_for_arrears(on) }
}

#[test]
fn an_eviction_that_is_prevented_leaves_a_last_chance() {
    let story = given(losing_the_home()).then(eviction_prevented);
    assert_eq!(story.state().worst_nuisance_level(), Some(Level::LAST_CHANCE));
    assert_eq!(story.state().tenancy.ending, None);
    story.when(termination).admitted();
}

#[test]
fn an_eviction_for_arrears_is_prevented_without_a_case() {
    let story = given(warned_about_arrears()).then(termination_for_arrears);
    story.clone().when(eviction_prevented).refused([Refusal::NoTerminationStarted]);
    story.when(|on| EvictionPrevented { case_id: None, ..eviction_prevented(on) }).admitted();
}

#[test]
fn an_eviction_can_be_prevented_after_scaling_up_to_the_last_level() {
    let story = given(on_a_last_chance()).then(escalated_to(5)).then(eviction_prevented);
    assert_eq!(story.state().worst_nuisance_level(), Some(Level::LAST_CHANCE));
}

#[test]
fn an_eviction_can_be_prevented_in_a_case_taken_over_at_the_last_level() {
    let story = given(nothing()).then(|on| RunningCaseTakenOver {
        open_nuisance_cases: vec![RunningNuisanceCase {
            case_id: CASE,
            level: Level::ENDING_THE_LEASE,
            reported_on: on.plus_days(-300),
        }],
        ..taken_over_housed(on)
    });
    story.then(eviction_prevented).when(nuisance_resolved).admitted();
}

#[test]
fn warnings_about_an_earlier_dwelling_do_not_count() {
    let moved = given(warned_about_arrears()).then(housing_requested).then(corporation_assigned);
    let moved = moved
        .then(another_dwelling_offered)
        .then(|on| OfferAccepted { offer_id: SECOND_OFFER, ..offer_accepted(on) })
        .then(living_agreements)
        .then(|on| HousedUnderIntermediaryLease {
            terms: LeaseTerms { lease_id: OWN_LEASE, unit: code("VHE-00999"), ..lease_terms() },
            ..intermediary_lease(on)
        });
    moved.when(termination_for_arrears).refused([Refusal::NotEnoughWarnings]);
}
