//! The follow-up, and the way back.

use super::rules;
use crate::vocabulary::*;

rules! {
    a_check_is_held_once: FollowUpCheckAlreadyHeld,
        broken by flipped().months_later(3).then(check_held).when(check_held),
        kept by flipped().months_later(3).then(check_held).months_later(3).when(|on| FollowUpCheckHeld { month: 6, ..check_held(on) });
    a_check_that_was_held_was_not_missed: FollowUpCheckAlreadyHeld,
        broken by flipped().months_later(3).then(check_held).when(check_missed),
        kept by flipped().months_later(3).then(check_missed).when(check_held);
    a_check_is_held_around_its_month_and_not_before: CheckTooEarly,
        broken by flipped().months_later(3).days_later(-16).when(check_held),
        kept by flipped().months_later(3).days_later(-15).when(check_held);
    nobody_misses_a_check_that_is_still_to_come: CheckTooEarly,
        broken by flipped().months_later(33).when(declined(36)),
        kept by flipped().months_later(36).when(declined(36));
    three_years_of_follow_up_are_not_held_on_one_day: CheckOfALaterMonth,
        broken by flipped().months_later(36).when(|on| FollowUpCheckHeld { month: 24, ..check_held(on) }),
        kept by flipped().months_later(36).when(|on| FollowUpCheckHeld { month: 36, ..check_held(on) });
    tenants_are_followed_for_three_years: FollowUpNotOver,
        broken by flipped().months_later(36).days_later(-2).when(follow_up_ended),
        kept by flipped().months_later(36).days_later(-1).when(follow_up_ended);
    a_follow_up_does_not_end_before_the_move: OutcomeDoesNotFit,
        broken by flipped().when(follow_up_ended_with(Outcome::NotReady)),
        kept by flipped().when(follow_up_ended_with(Outcome::OutOfSight));
    a_client_who_was_never_housed_does_not_ask_to_return: NeverHoused,
        broken by matching().when(return_requested),
        kept by housed().when(return_requested);
    only_one_request_to_return_is_open_at_a_time: ReturnAlreadyRequested,
        broken by housed().then(return_requested).when(second_return_requested),
        kept by housed().then(return_requested).then(test_said_no).when(second_return_requested);
    two_requests_have_two_ids: ReturnAlreadyRequested,
        broken by housed().then(return_requested).then(test_said_no).when(return_requested),
        kept by housed().then(return_requested).then(test_said_no).when(second_return_requested);
    only_a_request_that_is_open_is_withdrawn: ReturnNotRequested,
        broken by housed().then(return_requested).then(return_request_withdrawn).when(return_request_withdrawn),
        kept by housed().then(return_requested).when(return_request_withdrawn);
    a_return_that_was_granted_may_be_withdrawn_and_one_that_was_refused_is_over: ReturnNotRequested,
        broken by housed().then(return_requested).then(test_said_no).when(return_request_withdrawn),
        kept by allowed_to_return().when(return_request_withdrawn);
    nobody_returns_on_a_request_that_was_withdrawn: ReturnNotGranted beside ReturnNotRequested,
        broken by allowed_to_return().then(return_request_withdrawn).when(returned_to_shelter),
        kept by allowed_to_return().when(returned_to_shelter);
    the_landlord_ends_the_tenancy_that_runs: LeaseNotRunning,
        broken by flipped().when(|on| TenancyEnded { lease_id: LEASE, ..tenancy_ended(on) }),
        kept by flipped().when(tenancy_ended);
    a_tenancy_ends_once: LeaseNotRunning,
        broken by flipped().then(tenancy_ended).when(tenancy_ended),
        kept by flipped().when(tenancy_ended);
    a_tenant_died_before_the_landlord_reports_it: DateAfterTheFact,
        broken by flipped().when(|on| TenantDeathReported { died_on: Some(on.plus_days(1)), ..tenant_death_reported(on) }),
        kept by flipped().when(|on| TenantDeathReported { died_on: Some(on.plus_days(-5)), ..tenant_death_reported(on) });
    nobody_completes_the_follow_up_of_a_tenancy_that_ended: OutcomeDoesNotFit,
        broken by flipped().then(tenancy_ended).months_later(36).when(follow_up_ended),
        kept by flipped().then(tenancy_ended).months_later(36).when(follow_up_ended_with(Outcome::MovedOnWell));
    a_request_comes_before_its_test: ReturnNotRequested,
        broken by housed().when(test_done),
        kept by housed().then(return_requested).when(test_done);
    a_request_is_tested_once: ReturnNotRequested,
        broken by housed().then(return_requested).then(test_said_no).when(test_done),
        kept by housed().then(return_requested).when(test_done);
    a_return_names_the_request_that_was_granted: ReturnNotRequested,
        broken by allowed_to_return().when(|on| ReturnedToShelter { request_id: SECOND_REQUEST, ..returned_to_shelter(on) }),
        kept by allowed_to_return().when(returned_to_shelter);
    a_return_follows_a_test_that_granted_it: ReturnNotGranted,
        broken by housed().then(return_requested).then(test_said_no).when(returned_to_shelter),
        kept by allowed_to_return().when(returned_to_shelter);
    a_trajectory_does_not_end_in_shelter_without_a_test: ReturnNotGranted,
        broken by housed().when(ended_with(Outcome::ReturnedToShelter)),
        kept by allowed_to_return().when(ended_with(Outcome::ReturnedToShelter));
    a_follow_up_does_not_end_in_shelter_without_a_test: ReturnNotGranted,
        broken by flipped().when(follow_up_ended_with(Outcome::ReturnedToShelter)),
        kept by flipped().then(return_requested).then(test_done).when(follow_up_ended_with(Outcome::ReturnedToShelter));
    a_client_who_has_died_does_not_ask_to_return: ClientDeceased,
        broken by deceased().when(return_requested),
        kept by completed().when(return_requested);
    a_client_who_has_died_does_not_return: ClientDeceased,
        broken by allowed_to_return().then(ended_with(Outcome::Deceased)).when(returned_to_shelter),
        kept by allowed_to_return().then(ended_with(Outcome::Withdrew)).when(returned_to_shelter);
}

fn declined(month: u8) -> impl FnOnce(Day) -> FollowUpCheckMissed {
    move |on| FollowUpCheckMissed { occurred_on: on, month, reason: MissedReason::Declined }
}

fn second_return_requested(on: Day) -> ReturnRequested {
    ReturnRequested { request_id: SECOND_REQUEST, ..return_requested(on) }
}

/// The party that does the test does not see the course. A refusal would disclose the death.
#[test]
fn a_test_is_recorded_even_if_the_client_has_died() {
    let died = given(housed()).then(return_requested).then(ended_with(Outcome::Deceased));
    assert!(died.when(test_done).reasons().is_empty());
}

#[test]
fn a_client_who_returns_after_the_end_keeps_the_earlier_outcome() {
    let back = given(completed()).then(return_requested).then(test_done).when(returned_to_shelter);
    assert_eq!(back.leads_to(Phase::Ended).state().outcome, Some(Outcome::FollowUpCompleted));
}

#[test]
fn every_end_of_the_follow_up_keeps_its_own_outcome() {
    use Outcome::{Deceased, MovedAway, MovedOnWell, OtherCare, OutOfSight};
    for outcome in [MovedOnWell, OtherCare, Deceased, MovedAway, OutOfSight] {
        let ended = given(flipped()).when(follow_up_ended_with(outcome)).leads_to(Phase::Ended);
        assert_eq!(ended.state().outcome, Some(outcome));
    }
}
