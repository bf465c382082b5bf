//! Intake, take-over and preparation.

use super::rules;
use crate::vocabulary::*;

rules! {
    a_trajectory_starts_with_an_intake: NotYetOpened,
        broken by nothing().when(profile),
        kept by nothing().when(intake);
    a_trajectory_starts_once: NotAdmittedInPhase,
        broken by preparing().when(intake),
        kept by preparing().when(profile);
    an_intake_names_a_known_set: AgreementSetUnknown,
        broken by nothing().when(|on| IntakeRegistered { agreement_set: bound_to("atlantis"), ..intake(on) }),
        kept by nothing().when(|on| IntakeRegistered { agreement_set: bound_to("almere"), ..intake(on) });
    care_started_before_the_intake: DateAfterTheFact,
        broken by nothing().when(|on| IntakeRegistered { care_started_on: Some(on.plus_days(1)), ..intake(on) }),
        kept by nothing().when(|on| IntakeRegistered { care_started_on: Some(on), ..intake(on) });
    an_announced_outflow_is_in_the_future: DateBeforeTheFact,
        broken by preparing().when(|on| OutflowAnnounced { occurred_on: on, expected_on: on.plus_days(-1) }),
        kept by preparing().when(|on| OutflowAnnounced { occurred_on: on, expected_on: on });
    consent_is_withdrawn_after_it_was_given: ConsentNotGiven,
        broken by preparing().when(consent_withdrawn),
        kept by preparing().then(consent_given).when(consent_withdrawn);
    consent_is_withdrawn_for_what_it_was_given: ConsentNotGiven,
        broken by preparing().then(consent_given)
            .when(|on| ConsentWithdrawn { scope: ConsentScope::Finances, ..consent_withdrawn(on) }),
        kept by preparing().then(consent_given).when(consent_withdrawn);

    no_case_is_taken_over_between_offer_and_keys: PhaseCannotBeTakenOver,
        broken by nothing().when(|on| taken_over_as(Phase::Offered, on)),
        kept by nothing().when(|on| taken_over_as(Phase::Matching, on));
    no_ended_case_is_taken_over: PhaseCannotBeTakenOver,
        broken by nothing().when(|on| taken_over_as(Phase::Ended, on)),
        kept by nothing().when(|on| taken_over_as(Phase::Ready, on));
    a_client_with_a_home_is_taken_over_with_a_lease: LeaseMissing,
        broken by nothing().when(|on| RunningCaseTakenOver { lease: None, ..taken_over_housed(on) }),
        kept by nothing().when(taken_over_housed);
    a_client_with_a_home_is_taken_over_with_a_corporation: LeaseMissing,
        broken by nothing().when(|on| RunningCaseTakenOver { corporation: None, ..taken_over_housed(on) }),
        kept by nothing().when(taken_over_housed);
    a_client_without_a_home_is_taken_over_without_a_lease: LeaseMissing,
        broken by nothing().when(|on| RunningCaseTakenOver { phase: Phase::Ready, ..taken_over_housed(on) }),
        kept by nothing().when(|on| taken_over_as(Phase::Ready, on));
    a_case_in_follow_up_is_taken_over_with_its_flip: FlipDateMissing,
        broken by nothing().when(|on| RunningCaseTakenOver { flipped_on: None, ..taken_over_flipped(on) }),
        kept by nothing().when(taken_over_flipped);
    a_case_before_the_flip_is_taken_over_without_one: FlipDateMissing,
        broken by nothing().when(|on| RunningCaseTakenOver { flipped_on: Some(on), ..taken_over_housed(on) }),
        kept by nothing().when(taken_over_housed);
    the_intake_was_before_the_case_was_taken_over: DateAfterTheFact,
        broken by nothing().when(|on| RunningCaseTakenOver { intake_on: on.plus_days(1), ..taken_over(on) }),
        kept by nothing().when(|on| RunningCaseTakenOver { intake_on: on, ..taken_over(on) });
    a_client_who_is_taken_over_with_a_home_moved_in_before: DateAfterTheFact,
        broken by nothing().when(|on| RunningCaseTakenOver { lease: Some(started(on.plus_days(1))), ..taken_over_housed(on) }),
        kept by nothing().when(|on| RunningCaseTakenOver { lease: Some(started(on)), ..taken_over_housed(on) });
    no_case_from_before_the_move_is_taken_over: BeforeMovingIn,
        broken by nothing().when(|on| RunningCaseTakenOver { open_nuisance_cases: vec![reported(on.plus_days(-401))], ..taken_over_housed(on) }),
        kept by nothing().when(|on| RunningCaseTakenOver { open_nuisance_cases: vec![reported(on.plus_days(-400))], ..taken_over_housed(on) });
    the_flip_was_before_the_case_was_taken_over: DateAfterTheFact,
        broken by nothing().when(|on| RunningCaseTakenOver { flipped_on: Some(on.plus_days(1)), ..taken_over_flipped(on) }),
        kept by nothing().when(|on| RunningCaseTakenOver { flipped_on: Some(on), ..taken_over_flipped(on) });
    an_obligation_listed_as_kept_was_kept_before_the_take_over: DateAfterTheFact,
        broken by nothing().when(|on| RunningCaseTakenOver {
            already_kept: vec![AlreadyKept { obligation: code("4.1"), kept_on: on.plus_days(1) }],
            ..taken_over_housed(on)
        }),
        kept by nothing().when(|on| RunningCaseTakenOver {
            already_kept: vec![AlreadyKept { obligation: code("4.1"), kept_on: on }],
            ..taken_over_housed(on)
        });
    only_a_known_obligation_is_listed_as_kept: KeptObligationUnknown,
        broken by nothing().when(|on| RunningCaseTakenOver {
            already_kept: vec![AlreadyKept { obligation: code("99.9"), kept_on: on }],
            ..taken_over_housed(on)
        }),
        kept by nothing().when(|on| RunningCaseTakenOver {
            already_kept: vec![AlreadyKept { obligation: code("4.1"), kept_on: on }],
            ..taken_over_housed(on)
        });
    a_lease_is_taken_over_with_its_own_provider: LeaseOfAnotherProvider,
        broken by nothing().when(|on| RunningCaseTakenOver { care_provider: code("het-anker"), ..taken_over_housed(on) }),
        kept by nothing().when(taken_over_housed);
    a_lease_is_taken_over_under_a_model_that_the_set_allows: ContractModelNotAgreed,
        broken by nothing().when(|on| RunningCaseTakenOver { agreement_set: bound_to("noord-limburg"), ..under_a(ContractModel::Temporary, on) }),
        kept by nothing().when(|on| under_a(ContractModel::Temporary, on));
}

fn started(started_on: Day) -> RunningLease {
    RunningLease { model: ContractModel::Intermediary, terms: lease_terms(), started_on }
}

fn under_a(model: ContractModel, on: Day) -> RunningCaseTakenOver {
    let lease = RunningLease { model, terms: lease_terms(), started_on: on.plus_days(-400) };
    RunningCaseTakenOver { lease: Some(lease), ..taken_over_housed(on) }
}

#[test]
fn a_case_is_taken_over_in_its_current_phase() {
    for phase in [Phase::Preparing, Phase::Ready, Phase::Matching] {
        given(nothing()).when(|on| taken_over_as(phase, on)).leads_to(phase);
    }
    given(nothing()).when(taken_over_housed).leads_to(Phase::Housed);
    given(nothing()).when(taken_over_flipped).leads_to(Phase::FollowUp);
}

#[test]
fn a_case_that_was_taken_over_continues_as_if_it_had_started_here() {
    let taken_over = given(nothing()).then(taken_over_housed).then(annual_review).then(flip_talk);
    let agreed = all_agree(taken_over.then(rent_disclosed)).then(aftercare).then(flip_approved);
    agreed.when(contract_flipped).leads_to(Phase::FollowUp);
}

#[test]
fn a_nuisance_case_that_was_taken_over_keeps_its_level() {
    let story = given(nothing()).then(|on| RunningCaseTakenOver {
        open_nuisance_cases: vec![RunningNuisanceCase {
            case_id: CASE,
            level: Level::SCALED_UP,
            reported_on: on.plus_days(-30),
        }],
        ..taken_over_housed(on)
    });
    assert_eq!(story.state().worst_nuisance_level(), Some(Level::SCALED_UP));
    story.when(warning).admitted();
}

#[test]
fn a_home_at_risk_is_the_start_of_a_case_like_any_other() {
    let story =
        nothing().then(home_at_risk).then(representative).then(discussed_by_three).then(client_journey);
    story.then(profile).then(readiness_confirmed).when(housing_requested).leads_to(Phase::Matching);
}

fn reported(reported_on: Day) -> RunningNuisanceCase {
    RunningNuisanceCase { case_id: CASE, level: Level::APPROACH_AGREED, reported_on }
}

#[test]
fn a_young_person_comes_from_youth_care_with_a_guardian() {
    let story = nothing().then(|on| IntakeRegistered { origin: Origin::YouthCare, ..intake(on) });
    let guardian = |on| RepresentativeAppointed { capacity: Capacity::Guardian, ..representative(on) };
    story.when(guardian).leads_to(Phase::Preparing);
}
