//! The nuisance protocol, level by level (`docs/DOMAIN.md` §5).

use super::rules;
use crate::vocabulary::*;

rules! {
    no_nuisance_is_reported_before_the_move: NoLease,
        broken by matching().when(nuisance_reported),
        kept by housed().when(nuisance_reported);
    nuisance_happens_before_it_is_reported: DateAfterTheFact,
        broken by housed().when(|on| NuisanceReported { happened_on: on.plus_days(1), ..nuisance_reported(on) }),
        kept by housed().when(|on| NuisanceReported { happened_on: on, ..nuisance_reported(on) });
    nuisance_from_before_the_move_was_somebody_elses: BeforeMovingIn,
        broken by moved_in().when(|on| NuisanceReported { happened_on: on.plus_days(-2), ..nuisance_reported(on) }),
        kept by moved_in().when(|on| NuisanceReported { happened_on: on.plus_days(-1), ..nuisance_reported(on) });
    two_cases_have_two_ids: NuisanceCaseIdTaken,
        broken by nuisance().when(nuisance_reported),
        kept by nuisance().when(|on| NuisanceReported { case_id: SECOND_CASE, ..nuisance_reported(on) });
    a_case_follows_one_that_is_over: EarlierCaseNotOver,
        broken by nuisance().when(following_the_first),
        kept by nuisance().then(nuisance_unfounded).when(following_the_first);
    a_case_that_is_quiet_is_not_over: EarlierCaseNotOver,
        broken by quiet().when(following_the_first),
        kept by quiet().months_later(2).then(nuisance_closed).when(following_the_first);
    a_reporter_is_informed_about_a_known_case: NuisanceCaseUnknown,
        broken by housed().when(reporter_informed),
        kept by nuisance().when(reporter_informed);
    an_approach_is_agreed_in_a_known_case: NuisanceCaseUnknown,
        broken by nuisance().when(|on| ApproachAgreed { case_id: SECOND_CASE, ..approach_agreed(on) }),
        kept by nuisance().when(approach_agreed);
    only_a_known_case_is_reopened: NuisanceCaseUnknown,
        broken by quiet().when(|on| NuisanceReopened { case_id: SECOND_CASE, ..nuisance_reopened(on) }),
        kept by quiet().when(nuisance_reopened);
    a_case_that_is_over_does_not_change: NuisanceCaseNotOpen,
        broken by nuisance().then(nuisance_unfounded).when(approach_agreed),
        kept by nuisance().when(approach_agreed);
    a_case_that_is_quiet_is_not_scaled_up: NuisanceCaseNotOpen,
        broken by quiet().when(escalated),
        kept by quiet().then(nuisance_reopened).when(escalated);
    the_approach_is_agreed_with_client_and_corporation: ApproachNotAgreedByTheThree,
        broken by nuisance().when(|on| ApproachAgreed { agreed_by: vec![Party::CareProvider, Party::HousingCorporation], ..approach_agreed(on) }),
        kept by nuisance().when(approach_agreed);
    nothing_is_resolved_without_an_approach: ApproachNotAgreed,
        broken by nuisance().when(nuisance_resolved),
        kept by with_an_approach().when(nuisance_resolved);
    without_danger_the_approach_comes_first: ApproachNotAgreed,
        broken by nuisance().when(escalated_to(1)),
        kept by nuisance().when(in_danger(2));
    a_report_is_unfounded_before_there_is_an_approach: ApproachAlreadyAgreed,
        broken by with_an_approach().when(nuisance_unfounded),
        kept by nuisance().when(nuisance_unfounded);
    scaling_up_raises_the_level: LevelDoesNotRise,
        broken by scaled_up().when(escalated_to(2)),
        kept by scaled_up().when(escalated_to(3));
    levels_rise_one_at_a_time: LevelSkipped,
        broken by with_an_approach().when(escalated_to(3)),
        kept by with_an_approach().when(in_danger(3));
    danger_does_not_lead_straight_to_the_last_chance: LevelSkipped,
        broken by with_an_approach().when(in_danger(4)),
        kept by with_an_approach().when(in_danger(2));
    the_client_is_heard_before_level_two: ClientNotHeard,
        broken by with_an_approach().when(|on| Escalated { client_heard_on: None, ..escalated(on) }),
        kept by with_an_approach().when(escalated);
    the_client_is_heard_even_in_danger: ClientNotHeard,
        broken by nuisance().when(|on| Escalated { client_heard_on: None, ..in_danger(2)(on) }),
        kept by nuisance().when(in_danger(2));
    the_client_is_heard_before_a_warning: ClientNotHeard,
        broken by scaled_up().when(|on| WarningIssued { client_heard_on: None, ..warning(on) }),
        kept by scaled_up().when(warning);
    the_client_was_heard_before_the_case_went_up: DateAfterTheFact,
        broken by with_an_approach().when(|on| Escalated { client_heard_on: Some(on.plus_days(1)), ..escalated(on) }),
        kept by with_an_approach().when(|on| Escalated { client_heard_on: Some(on), ..escalated(on) });
    the_client_is_heard_about_the_case: HeardBeforeTheReport,
        broken by with_an_approach().when(|on| Escalated { client_heard_on: Some(code("2020-01-01")), ..escalated(on) }),
        kept by with_an_approach().when(escalated);
    the_hearing_before_a_warning_is_about_the_case: HeardBeforeTheReport,
        broken by scaled_up().when(|on| WarningIssued { client_heard_on: Some(code("2020-01-01")), ..warning(on) }),
        kept by scaled_up().when(warning);
    the_review_is_about_the_level_that_the_case_leaves: ReviewedBeforeTheLevel,
        broken by scaled_up().when(|on| Deescalated { reviewed_on: on.plus_days(-2), ..deescalated(on) }),
        kept by scaled_up().when(|on| Deescalated { reviewed_on: on.plus_days(-1), ..deescalated(on) });
    scaling_down_lowers_the_level: LevelDoesNotFall,
        broken by scaled_up().when(deescalated_to(2)),
        kept by scaled_up().when(deescalated_to(1));
    an_agreed_approach_is_not_undone: LevelDoesNotFall,
        broken by scaled_up().when(deescalated_to(0)),
        kept by scaled_up().when(deescalated_to(1));
    a_level_falls_after_a_review: DateAfterTheFact,
        broken by scaled_up().when(|on| Deescalated { reviewed_on: on.plus_days(1), ..deescalated(on) }),
        kept by scaled_up().when(deescalated);
    a_warning_comes_after_scaling_up: NotScaledUp,
        broken by with_an_approach().when(warning),
        kept by scaled_up().when(warning);
    a_last_chance_comes_after_a_warning: NotWarned,
        broken by scaled_up().when(last_chance),
        kept by warned().when(last_chance);
    a_last_chance_is_signed_by_three: SignatureOfTheThreeMissing,
        broken by warned().when(|on| LastChanceAgreed { signed_by: vec![Party::CareProvider], ..last_chance(on) }),
        kept by warned().when(last_chance);
    a_last_chance_ends_after_it_starts: DateBeforeTheFact,
        broken by warned().when(|on| LastChanceAgreed { until: on.plus_days(-1), ..last_chance(on) }),
        kept by warned().when(last_chance);
    the_provider_warns_before_the_flip: NotTheLandlord,
        broken by scaled_up().when(by_the_corporation),
        kept by scaled_up().when(warning);
    the_corporation_warns_after_the_flip: NotTheLandlord,
        broken by flipped().when(warning_about_subletting),
        kept by flipped().when(|on| WarningIssued { by: Party::HousingCorporation, ..warning_about_subletting(on) });
    nobody_is_warned_about_a_lease_before_the_move: NoLease,
        broken by matching().when(warning_about_subletting),
        kept by housed().when(warning_about_subletting);
    the_client_was_heard_before_the_warning: DateAfterTheFact,
        broken by scaled_up().when(|on| WarningIssued { client_heard_on: Some(on.plus_days(1)), ..warning(on) }),
        kept by scaled_up().when(|on| WarningIssued { client_heard_on: Some(on), ..warning(on) });
    the_municipality_was_informed_before_the_last_chance: DateAfterTheFact,
        broken by warned().when(|on| LastChanceAgreed { municipality_told_on: on.plus_days(1), ..last_chance(on) }),
        kept by warned().when(last_chance);
    a_case_that_is_open_is_not_reopened: NuisanceCaseNotResolved,
        broken by with_an_approach().when(nuisance_reopened),
        kept by quiet().when(nuisance_reopened);
    a_case_that_is_open_is_not_closed: NuisanceCaseNotResolved,
        broken by with_an_approach().months_later(3).when(nuisance_closed),
        kept by quiet().months_later(3).when(nuisance_closed);
    a_case_is_closed_after_eight_quiet_weeks: QuietPeriodNotOver,
        broken by quiet().days_later(54).when(nuisance_closed),
        kept by quiet().days_later(55).when(nuisance_closed);
}

fn following_the_first(on: Day) -> NuisanceReported {
    NuisanceReported { case_id: SECOND_CASE, earlier_case: Some(CASE), ..nuisance_reported(on) }
}

fn by_the_corporation(on: Day) -> WarningIssued {
    WarningIssued { by: Party::HousingCorporation, ..warning(on) }
}

fn worst_level(story: &Story) -> Option<u8> {
    story.state().worst_nuisance_level().map(u8::from)
}

#[test]
fn a_case_goes_through_the_levels_one_by_one() {
    let rungs =
        [nuisance(), with_an_approach(), scaled_up(), warned(), on_a_last_chance(), losing_the_home()];
    for (rung, story) in (0..).zip(rungs) {
        assert_eq!(worst_level(&story), Some(rung));
    }
}

#[test]
fn a_case_can_be_scaled_up_to_every_next_level() {
    for (story, to) in [(with_an_approach(), 2), (scaled_up(), 3), (warned(), 4), (on_a_last_chance(), 5)] {
        assert_eq!(worst_level(&story.then(escalated_to(to))), Some(to));
    }
}

#[test]
fn in_danger_a_case_goes_straight_to_level_two_or_three() {
    for to in [2, 3] {
        assert_eq!(worst_level(&nuisance().then(in_danger(to))), Some(to));
    }
    given(nuisance()).when(in_danger(4)).refused([Refusal::ApproachNotAgreed, Refusal::LevelSkipped]);
}

#[test]
fn a_case_can_be_scaled_down_from_every_level_that_was_scaled_up() {
    for story in [scaled_up(), warned(), on_a_last_chance()] {
        assert_eq!(worst_level(&story.then(deescalated)), Some(1));
    }
    given(with_an_approach()).when(deescalated).refused([Refusal::LevelDoesNotFall]);
}

#[test]
fn a_case_is_resolved_from_every_level_but_the_first_and_the_last() {
    for story in [with_an_approach(), scaled_up(), warned(), on_a_last_chance()] {
        assert_eq!(worst_level(&story.then(nuisance_resolved)), None);
    }
}

#[test]
fn a_reopened_case_keeps_its_level() {
    let story = given(warned()).then(nuisance_resolved).then(nuisance_reopened);
    assert_eq!(worst_level(&story), Some(3));
}

#[test]
fn a_warning_in_a_case_at_a_higher_level_does_not_lower_it() {
    assert_eq!(worst_level(&on_a_last_chance().then(warning)), Some(4));
}

#[test]
fn a_case_that_is_over_is_never_opened_again() {
    let closed = quiet().months_later(2).then(nuisance_closed);
    for over in [closed, nuisance().then(nuisance_unfounded), nuisance().then(nuisance_handed_over)] {
        over.clone().when(nuisance_reopened).refused([Refusal::NuisanceCaseNotResolved]);
        over.when(following_the_first).admitted();
    }
}

#[test]
fn a_case_can_be_handed_over_from_every_level_below_the_last() {
    for story in [nuisance(), with_an_approach(), scaled_up(), warned(), on_a_last_chance()] {
        story.when(nuisance_handed_over).admitted();
    }
}
