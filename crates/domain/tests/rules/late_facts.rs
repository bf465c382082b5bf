//! Late facts: the order is that of happening, not of reporting.

use super::rules;
use crate::vocabulary::*;

rules! {
    a_late_fact_is_checked_against_the_state_of_its_day: NoLease,
        broken by housed().on(code("2026-01-08")).when(rent_missed),
        kept by housed().on(code("2026-01-12")).when(rent_missed);
    a_late_fact_leaves_an_admissible_history: LaterStepWouldBreak,
        broken by nominated().on(code("2026-01-07")).when(readiness_revoked),
        kept by nominated().on(code("2026-01-07")).when(guidance_plan);
}

/// The case ended on 10 June; the rent of 10 June is booked a day later.
#[test]
fn a_fact_of_the_day_of_the_end_may_be_reported_after_the_end() {
    let ended = given(housed()).on(code("2026-06-10")).then(ended_with(Outcome::MovedAway));
    ended.clone().when(rent_missed).refused([Refusal::NotAdmittedInPhase]);
    let late = ended.days_later(-1).then(rent_missed);
    let order: Vec<_> = late.history.happened().map(|(_, fact)| fact.fact_type()).collect();
    assert_eq!(order[10..], [FactType::RentMissed, FactType::TrajectoryEnded]);
    assert_eq!((late.phase(), late.state().tenancy.in_arrears), (Phase::Ended, true));
}

#[test]
fn every_fact_of_a_running_case_may_be_reported_after_the_end_of_its_day() {
    for kind in Phase::Housed.admits() {
        let on = housed().next;
        let before = housed().when(|_| fact_of(kind, on)).reasons();
        let after = housed().then(ended_with(Outcome::MovedAway)).on(on);
        let same_day = after.when(|_| fact_of(kind, on)).reasons();
        if before.is_empty() && !kind.ends_the_case() {
            assert_eq!(same_day, before, "{kind}");
        }
    }
}

#[test]
fn the_later_step_that_would_break_is_named() {
    given(nominated()).on(code("2026-01-07")).when(readiness_revoked).breaks(
        4,
        FactType::HousingRequested,
        [Refusal::NotAdmittedInPhase, Refusal::ReadinessNotConfirmed],
    );
}

#[test]
fn a_late_fact_takes_its_place_in_the_order_of_happening() {
    let story = given(ready()).on(code("2026-01-06")).then(privacy_explained);
    let order: Vec<_> = story.history.happened().map(|(sequence, _)| sequence).collect();
    assert_eq!(order, [1, 2, 4, 3]);
    assert_eq!(story.history.recorded().last().map(Fact::fact_type), Some(FactType::PrivacyExplained));
}

#[test]
fn a_late_profile_makes_the_request_admissible() {
    let story = given(preparing()).then(readiness_confirmed).then(guidance_plan);
    story.clone().when(housing_requested).refused([Refusal::NoOutflowProfile]);
    let late = story.on(code("2026-01-05")).then(profile);
    late.on(code("2026-01-08")).when(housing_requested).leads_to(Phase::Matching);
}
