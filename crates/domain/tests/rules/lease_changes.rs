//! A lease that changes while it runs (`docs/DOMAIN.md` §3.6).

use super::rules;
use crate::vocabulary::*;

rules! {
    the_rent_of_the_lease_that_runs_changes: LeaseNotRunning,
        broken by housed().when(|on| RentChanged { lease_id: OWN_LEASE, ..rent_changed(on) }),
        kept by housed().when(rent_changed);
    nobody_pays_rent_before_the_move: NoLease beside NotAdmittedInPhase,
        broken by ready().when(rent_changed),
        kept by housed().when(rent_changed);
    a_client_who_is_away_does_not_move_into_a_temporary_home: AlreadyAway,
        broken by housed().then(placement).when(renovation_started),
        kept by housed().then(placement).then(returned_home).when(renovation_started);
    a_renovation_ends_after_it_started: NotAway,
        broken by housed().when(renovation_ended),
        kept by housed().then(renovation_started).when(renovation_ended);
    a_client_who_is_placed_elsewhere_does_not_come_back_from_a_renovation: NotAway,
        broken by housed().then(placement).when(renovation_ended),
        kept by housed().then(placement).when(returned_home);
    a_renovation_is_expected_to_end_later: DateBeforeTheFact,
        broken by housed().when(|on| RenovationStarted { expected_until: Some(on.plus_days(-1)), ..renovation_started(on) }),
        kept by housed().when(renovation_started);
    the_dwelling_of_the_lease_that_runs_is_merged_or_split: LeaseNotRunning,
        broken by housed().when(|on| DwellingRedivided { lease_id: OWN_LEASE, ..dwelling_redivided(on) }),
        kept by housed().when(dwelling_redivided);
    the_provider_that_guides_takes_over_the_head_lease: NotTheProviderThatGuides,
        broken by housed().when(head_lease_taken_over),
        kept by housed().then(transferred).when(head_lease_taken_over);
    a_head_lease_is_taken_over_from_another_provider: AlreadyHeadTenant,
        broken by housed().then(transferred).then(head_lease_taken_over).when(head_lease_taken_over),
        kept by housed().then(transferred).when(head_lease_taken_over);
    only_an_intermediary_lease_has_a_head_tenant: NoHeadLease,
        broken by housed_under_temporary_lease().then(transferred).when(head_lease_taken_over),
        kept by housed().then(transferred).when(head_lease_taken_over);
    progress_is_about_a_condition_that_was_set: NoSuchFlipCondition,
        broken by housed().when(|on| FlipConditionReviewed { kind: FlipConditionKind::Rent, ..condition_reviewed(on) }),
        kept by housed().when(condition_reviewed);
    there_is_no_progress_without_conditions: FlipConditionsNotSet,
        broken by moved_in().when(condition_reviewed),
        kept by moved_in().then(flip_conditions).when(condition_reviewed);
}

#[test]
fn a_renovation_leaves_the_lease_and_brings_the_client_back() {
    let story = given(housed()).then(renovation_started);
    assert!(story.state().tenancy.away.is_some());
    let back = story.months_later(3).then(renovation_ended).then(rent_changed).then(dwelling_redivided);
    let lease = back.state().tenancy.lease.clone().expect("the lease goes on");
    assert_eq!((lease.id, lease.rent, lease.unit), (LEASE, euros(640), code("VHE-00412-413")));
    assert_eq!(back.state().tenancy.away, None);
}

#[test]
fn conditions_set_before_the_keys_are_those_of_the_lease() {
    let story = given(contracting()).then(flip_conditions).then(intermediary_lease);
    story.when(condition_reviewed).admitted();
}

#[test]
fn a_case_that_was_taken_over_has_conditions_that_nobody_here_knows() {
    given(nothing()).then(taken_over_housed).when(condition_reviewed).admitted();
}

#[test]
fn an_indication_ends_before_and_after_the_flip() {
    given(ready()).when(indication_ended).admitted();
    given(flipped()).when(indication_ended).admitted();
}

/// Hoogezand: one building, one head lease, a sublease for each.
#[test]
fn one_of_several_clients_under_one_head_lease_flips_alone() {
    let head_lease = |story: &Story| {
        story.history.recorded().iter().find_map(|fact| match fact {
            Fact::HousedUnderIntermediaryLease(housed) => housed.head_lease.clone(),
            _ => None,
        })
    };
    let (flips, stays) = (flipped(), housed().months_later(13));
    assert_eq!(head_lease(&flips), head_lease(&stays));
    assert_eq!((flips.phase(), stays.phase()), (Phase::FollowUp, Phase::Housed));
    stays.when(annual_review).admitted();
}
