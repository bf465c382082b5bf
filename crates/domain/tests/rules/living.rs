//! Living there.

use super::rules;
use crate::vocabulary::*;

rules! {
    an_evaluation_is_not_before_the_move: NoLease,
        broken by matching().when(evaluation),
        kept by housed().when(evaluation);
    a_review_is_not_before_the_move: NoLease,
        broken by matching().when(annual_review),
        kept by housed().when(annual_review);
    a_review_is_held_by_all_three: OneOfTheThreeAbsent,
        broken by housed().when(|on| AnnualReviewHeld {
            attended_by: vec![Party::CareProvider, Party::HousingCorporation, Party::Municipality],
            ..annual_review(on)
        }),
        kept by housed().when(annual_review);
    no_lease_is_extended_before_the_move: NoLease,
        broken by matching().when(lease_extended),
        kept by housed_under_temporary_lease().then(housing_requested).when(lease_extended);
    only_the_current_lease_is_extended: LeaseNotRunning,
        broken by housed_under_temporary_lease().when(|on| LeaseExtended { lease_id: OWN_LEASE, ..lease_extended(on) }),
        kept by housed_under_temporary_lease().when(lease_extended);
    only_a_temporary_lease_is_extended: LeaseNotTemporary,
        broken by housed().when(lease_extended),
        kept by housed_under_temporary_lease().when(lease_extended);
    an_extended_lease_ends_later: DateBeforeTheFact,
        broken by housed_under_temporary_lease().when(|on| LeaseExtended { ends_on: on.plus_months(23), ..lease_extended(on) }),
        kept by housed_under_temporary_lease().when(|on| LeaseExtended { ends_on: on.plus_months(24), ..lease_extended(on) });
    two_signals_have_two_ids: SignalIdTaken,
        broken by preparing().then(signal).when(signal),
        kept by preparing().then(signal).when(|on| SignalReported { signal_id: SignalId(uuid::Uuid::from_u128(2)), ..signal(on) });
    a_signal_is_reported_before_it_is_answered: SignalUnknown,
        broken by preparing().when(signal_answered),
        kept by preparing().then(signal).when(signal_answered);
    a_signal_is_reported_before_guidance_is_scaled_for_it: SignalUnknown,
        broken by preparing().when(|on| GuidanceScaled { signal_id: Some(SIGNAL), ..guidance_scaled(on) }),
        kept by preparing().then(signal).when(|on| GuidanceScaled { signal_id: Some(SIGNAL), ..guidance_scaled(on) });
    a_signal_is_answered_once: SignalAlreadyAnswered,
        broken by preparing().then(signal).then(signal_answered).when(signal_answered),
        kept by preparing().then(signal).when(signal_answered);
    a_client_who_is_placed_elsewhere_is_away: AlreadyAway,
        broken by housed().then(placement).when(absence),
        kept by housed().then(placement).then(returned_home).when(absence);
    a_client_who_is_absent_is_away: AlreadyAway,
        broken by housed().then(absence).when(placement),
        kept by housed().then(absence).then(absence_ended).when(placement);
    nobody_is_placed_elsewhere_before_the_move: NoLease,
        broken by matching().when(placement),
        kept by housed().when(placement);
    nobody_is_absent_before_the_move: NoLease,
        broken by matching().when(absence),
        kept by housed().when(absence);
    a_placement_is_expected_to_end_after_it_starts: DateBeforeTheFact,
        broken by housed().when(|on| TemporaryPlacementStarted { expected_until: Some(on.plus_days(-1)), ..placement(on) }),
        kept by housed().when(|on| TemporaryPlacementStarted { expected_until: None, ..placement(on) });
    an_absence_is_expected_to_end_after_it_starts: DateBeforeTheFact,
        broken by housed().when(|on| AbsenceStarted { expected_until: Some(on.plus_days(-1)), ..absence(on) }),
        kept by housed().when(|on| AbsenceStarted { expected_until: None, ..absence(on) });
    a_placement_names_a_known_case: NuisanceCaseUnknown,
        broken by housed().when(|on| TemporaryPlacementStarted { nuisance_case: Some(CASE), ..placement(on) }),
        kept by scaled_up().when(|on| TemporaryPlacementStarted { nuisance_case: Some(CASE), ..placement(on) });
    a_client_who_is_home_does_not_return: NotAway,
        broken by housed().when(returned_home),
        kept by housed().then(placement).when(returned_home);
    a_client_who_is_absent_does_not_return_from_a_placement: NotAway,
        broken by housed().then(absence).when(returned_home),
        kept by housed().then(absence).when(absence_ended);
    a_client_who_is_placed_elsewhere_does_not_return_from_an_absence: NotAway,
        broken by housed().then(placement).when(absence_ended),
        kept by housed().then(placement).when(returned_home);
}

#[test]
fn facts_of_living_are_admitted_while_another_dwelling_is_sought() {
    let story = given(seeking_another_dwelling()).then(annual_review).then(rent_missed).then(evaluation);
    story.when(nuisance_reported).leads_to(Phase::Matching);
}
