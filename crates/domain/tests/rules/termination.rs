//! Ending the lease, and preventing it (`docs/DOMAIN.md` §3.2 and §5).

use omklap_domain::agreements::AgreementSets;

use super::rules;
use crate::vocabulary::*;

rules! {
    a_lease_is_ended_after_a_last_chance: NoLastChance,
        broken by warned().when(termination),
        kept by warned().then(last_chance).when(termination);
    a_lease_is_ended_after_two_warnings: NotEnoughWarnings,
        broken by scaled_up().then(warning).then(last_chance).when(termination),
        kept by scaled_up().then(warning).days_later(13).then(warning).then(last_chance).when(termination);
    two_warnings_on_one_day_count_as_one: NotEnoughWarnings,
        broken by scaled_up().then(warning).days_later(-1).then(warning).then(last_chance).when(termination),
        kept by scaled_up().then(warning).days_later(13).then(warning).then(last_chance).when(termination);
    a_lease_is_ended_for_arrears_after_two_warnings: NotEnoughWarnings,
        broken by housed().then(rent_missed).then(warning_about_arrears).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    a_warning_in_a_nuisance_case_does_not_count_for_arrears: NotEnoughWarnings,
        broken by warned().then(rent_missed).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    warnings_in_one_week_count_as_one: NotEnoughWarnings,
        broken by scaled_up().then(warning).days_later(12).then(warning).then(last_chance).when(termination),
        kept by scaled_up().then(warning).days_later(13).then(warning).then(last_chance).when(termination);
    a_warning_on_another_ground_does_not_count_for_arrears: NotEnoughWarnings,
        broken by housed().then(rent_missed).then(warning_about_arrears).months_later(1).then(warning_about_subletting).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    warnings_about_arrears_that_were_paid_do_not_count_for_later_ones: NotEnoughWarnings,
        broken by warned_about_arrears().then(arrears_cleared).then(rent_missed).when(termination_for_arrears),
        kept by warned_about_arrears().then(arrears_plan).then(rent_missed).when(termination_for_arrears);
    warnings_of_an_earlier_landlord_do_not_count: NotEnoughWarnings,
        broken by warned_about_arrears().then(transferred).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    nobody_without_arrears_is_warned_about_arrears: NoArrears,
        broken by housed().when(warning_about_arrears),
        kept by housed().then(rent_missed).when(warning_about_arrears);
    nobody_loses_the_home_for_arrears_that_were_paid: NoArrears beside NotEnoughWarnings,
        broken by warned_about_arrears().then(arrears_cleared).when(termination_for_arrears),
        kept by warned_about_arrears().when(termination_for_arrears);
    a_warning_about_nuisance_names_its_case: GroundDoesNotFit,
        broken by scaled_up().when(|on| WarningIssued { case_id: None, ..warning(on) }),
        kept by scaled_up().when(warning);
    a_notice_for_arrears_names_no_case: GroundDoesNotFit,
        broken by on_a_last_chance().then(rent_missed).when(|on| LeaseTerminationStarted { ground: TerminationGround::Arrears, ..termination(on) }),
        kept by on_a_last_chance().then(rent_missed).when(termination);
    a_warning_on_another_ground_explains_it: ExplanationMissing,
        broken by housed().when(|on| WarningIssued { explanation: None, ..warning_about_subletting(on) }),
        kept by housed().when(warning_about_subletting);
    a_lease_is_ended_with_signed_agreements_on_file: NoSignedAgreements,
        broken by moved_in().when(termination_in_danger),
        kept by housed().when(termination_in_danger);
    in_danger_the_client_was_heard_when_the_case_was_scaled_up: NotScaledUp,
        broken by with_an_approach().when(acute_notice),
        kept by scaled_up().when(acute_notice);
    a_lease_is_ended_once: TerminationAlreadyStarted,
        broken by losing_the_home().when(termination),
        kept by on_a_last_chance().when(termination);
    a_notice_of_the_same_day_puts_nobody_out: NoticeTooShort,
        broken by on_a_last_chance().when(|on| LeaseTerminationStarted { notice_until: on, ..termination(on) }),
        kept by on_a_last_chance().when(termination);
    a_notice_of_less_than_three_months_is_too_short: NoticeTooShort,
        broken by on_a_last_chance().when(|on| LeaseTerminationStarted { notice_until: on.plus_months(3).plus_days(-1), ..termination(on) }),
        kept by on_a_last_chance().when(termination);
    in_danger_the_term_of_notice_is_a_month: NoticeTooShort,
        broken by housed().when(|on| LeaseTerminationStarted { notice_until: on.plus_months(1).plus_days(-1), ..termination_in_danger(on) }),
        kept by housed().when(|on| LeaseTerminationStarted { notice_until: on.plus_months(1), ..termination_in_danger(on) });
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
        broken by matching().when(termination_in_danger),
        kept by seeking_another_dwelling().when(termination_in_danger);
    an_eviction_is_prevented_only_after_a_termination_started: NoTerminationStarted,
        broken by on_a_last_chance().when(eviction_prevented),
        kept by losing_the_home().when(eviction_prevented);
    no_client_is_evicted_without_notice: NoTerminationStarted,
        broken by on_a_last_chance().when(ended_with(Outcome::Evicted)),
        kept by put_out().when(ended_with(Outcome::Evicted));
    no_client_is_evicted_without_notice_after_the_flip: NoTerminationStarted,
        broken by flipped().when(follow_up_ended_with(Outcome::Evicted)),
        kept by put_out_after_the_flip().when(follow_up_ended_with(Outcome::Evicted));
    no_client_is_evicted_before_the_notice_is_over: NoticeNotOver,
        broken by put_out().days_later(-3).when(ended_with(Outcome::Evicted)),
        kept by put_out().days_later(-2).when(ended_with(Outcome::Evicted));
    no_client_is_evicted_without_a_judgment: NoEvictionOrder,
        broken by losing_the_home().months_later(3).when(ended_with(Outcome::Evicted)),
        kept by put_out().when(ended_with(Outcome::Evicted));
    no_court_orders_the_eviction_of_a_client_without_notice: NoTerminationStarted,
        broken by on_a_last_chance().when(eviction_ordered),
        kept by losing_the_home().when(eviction_ordered);
    the_placement_of_a_client_with_a_lease_does_not_just_end: LeaseEndNotAgreed,
        broken by housed().when(ended_with(Outcome::PlacementEnded)),
        kept by leaving().when(ended_with(Outcome::PlacementEnded));
    the_placement_does_not_end_before_the_day_that_client_and_landlord_agreed: LeaseEndNotAgreed,
        broken by leaving().days_later(-2).when(ended_with(Outcome::PlacementEnded)),
        kept by leaving().days_later(-1).when(ended_with(Outcome::PlacementEnded));
    a_notice_without_a_judgment_does_not_end_the_placement: LeaseEndNotAgreed,
        broken by losing_the_home().months_later(3).when(ended_with(Outcome::PlacementEnded)),
        kept by put_out().when(ended_with(Outcome::PlacementEnded));
    a_lease_does_not_end_by_agreement_without_the_client: ClientOrLandlordDidNotSign,
        broken by housed().when(|on| LeaseEndAgreed { signed_by: vec![Party::CareProvider, Party::HousingCorporation], ..lease_end_agreed(on) }),
        kept by housed().when(lease_end_agreed);
    a_lease_does_not_end_by_agreement_without_the_landlord: ClientOrLandlordDidNotSign,
        broken by housed().when(|on| LeaseEndAgreed { signed_by: vec![Party::Client, Party::HousingCorporation], ..lease_end_agreed(on) }),
        kept by housed().when(lease_end_agreed);
    an_agreed_end_names_the_lease_that_runs: LeaseNotRunning,
        broken by housed().when(|on| LeaseEndAgreed { lease_id: OWN_LEASE, ..lease_end_agreed(on) }),
        kept by housed().when(lease_end_agreed);
}

fn warned_about_arrears() -> Story {
    housed().then(rent_missed).then(warning_about_arrears).months_later(1).then(warning_about_arrears)
}

/// The lease is ended because of danger, in a nuisance case.
fn acute_notice(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted { acute: Some(AcuteGround::Fire), ..termination(on) }
}

fn put_out_after_the_flip() -> Story {
    let ordered = |on| EvictionOrdered { case_id: None, ..eviction_ordered(on) };
    flipped().then(termination_in_danger).then(ordered).months_later(3)
}

/// Client and provider agreed that the lease ends, and that day has passed.
fn leaving() -> Story {
    housed().then(lease_end_agreed).months_later(1)
}

#[test]
fn an_eviction_that_is_prevented_leaves_a_last_chance() {
    let story = given(losing_the_home()).then(eviction_prevented);
    assert_eq!(story.state().worst_nuisance_level(), Some(Level::LAST_CHANCE));
    assert_eq!(story.state().tenancy.termination, None);
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
fn a_set_may_evict_without_a_judgment() {
    let story = given(losing_the_home()).months_later(3);
    let set = include_str!("../../../../agreements/amsterdam-2018.toml");
    let mut sets = AgreementSets::default();
    sets.add(&set.replace("court-order = true", "court-order = false")).expect("a good set");
    let evicted = ended_with(Outcome::Evicted)(story.next).into();
    let admitted = story.history.check(&evicted, Rules { sets: &sets, today: *TODAY });
    admitted.expect("no judgment is needed");
}

#[test]
fn after_the_flip_the_warnings_of_the_old_lease_do_not_count() {
    let arrears = given(warned_about_arrears()).then(arrears_plan);
    let agreed = all_agree(arrears.then(flip_talk).then(rent_disclosed)).then(aftercare);
    let flipped = agreed.then(flip_approved).then(contract_flipped).then(rent_missed);
    let by_the_corporation =
        |on| WarningIssued { by: Party::HousingCorporation, ..warning_about_arrears(on) };
    let warned_once = flipped.then(by_the_corporation);
    warned_once.when(termination_for_arrears).refused([Refusal::NotEnoughWarnings]);
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
    moved.then(rent_missed).when(termination_for_arrears).refused([Refusal::NotEnoughWarnings]);
}
