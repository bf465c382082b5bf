//! Corrections: the fact stays readable, and the history with the correction in place counts.

use omklap_domain::trajectory::Mark;

use super::rules;
use crate::vocabulary::*;

rules! {
    a_correction_names_a_recorded_fact: CorrectedFactUnknown,
        broken by ready().when(retracted(4)),
        kept by ready().when(retracted(3));
    numbers_start_at_one: CorrectedFactUnknown,
        broken by ready().when(retracted(0)),
        kept by ready().when(retracted(2));
    a_correction_is_not_corrected: CorrectionOfACorrection,
        broken by ready().then(retracted(3)).when(retracted(4)),
        kept by ready().then(retracted(3)).when(replaced(3, readiness_confirmed(code("2026-01-07"))));
    a_fact_is_replaced_by_a_fact: ReplacementIsACorrection,
        broken by ready().when(replaced(3, retracted(2)(code("2026-01-07")))),
        kept by ready().when(replaced(3, readiness_confirmed(code("2026-01-07"))));
    a_replacement_does_not_happen_in_the_future: OccurredInTheFuture,
        broken by ready().when(replaced(3, readiness_confirmed(TODAY.plus_days(1)))),
        kept by ready().when(replaced(3, readiness_confirmed(*TODAY)));
    a_replacement_happened_after_the_intake: OccurredBeforeIntake,
        broken by ready().when(replaced(2, profile(code("2026-01-04")))),
        kept by ready().when(replaced(2, profile(code("2026-01-05"))));
    nothing_is_corrected_before_the_intake: NotYetOpened,
        broken by nothing().when(corrected),
        kept by ready().when(corrected);
    a_correction_leaves_an_admissible_history: LaterStepWouldBreak,
        broken by matching().when(retracted(2)),
        kept by matching().when(replaced(2, profile(code("2026-01-05"))));
    the_intake_is_not_retracted: LaterStepWouldBreak,
        broken by ready().when(retracted(1)),
        kept by ready().when(replaced(1, intake(code("2026-01-01"))));
    the_only_fact_is_not_retracted: NotYetOpened,
        broken by preparing().when(retracted(1)),
        kept by preparing().when(replaced(1, taken_over(code("2026-01-05"))));
    a_replacement_is_checked_against_the_rules_of_its_day: ReasonMissing,
        broken by housed().then(flip_talk).then(rent_disclosed).then(client_agrees).when(replaced(13, without_a_reason(code("2026-01-20")))),
        kept by housed().then(flip_talk).then(rent_disclosed).then(client_agrees).when(replaced(13, client_agrees(code("2026-01-20"))));
}

fn without_a_reason(on: Day) -> FlipPositionGiven {
    FlipPositionGiven { position: Position::NotYet, reason: None, ..client_agrees(on) }
}

#[test]
fn the_step_that_would_break_is_named() {
    given(matching()).when(retracted(2)).breaks(4, FactType::HousingRequested, [Refusal::NoOutflowProfile]);
    given(ready()).when(retracted(1)).breaks(2, FactType::OutflowProfileSet, [Refusal::NotYetOpened]);
}

#[test]
fn everything_that_is_wrong_with_a_correction_is_named() {
    given(ready())
        .when(replaced(9, readiness_confirmed(TODAY.plus_days(1))))
        .refused([Refusal::CorrectedFactUnknown, Refusal::OccurredInTheFuture]);
}

#[test]
fn a_corrected_fact_stays_readable_and_is_marked() {
    let story = given(ready()).then(replaced(2, profile(code("2026-01-05")))).then(retracted(3));
    let marks: Vec<_> = story.history.entries().iter().map(|entry| entry.mark).collect();
    assert_eq!(
        marks,
        [Mark::Uncorrected, Mark::ReplacedBy(4), Mark::RetractedBy(5), Mark::Uncorrected, Mark::Uncorrected]
    );
    assert_eq!(story.history.recorded()[2], readiness_confirmed(code("2026-01-07")).into());
    assert_eq!(story.phase(), Phase::Preparing);
}

#[test]
fn the_latest_correction_counts() {
    let story = given(offered())
        .then(replaced(
            6,
            DwellingOffered { unit: code("VHE-00002"), ..dwelling_offered(code("2026-01-10")) },
        ))
        .then(replaced(
            6,
            DwellingOffered { unit: code("VHE-00003"), ..dwelling_offered(code("2026-01-10")) },
        ));
    let open = story.state().offers.open.clone().expect("an open offer");
    assert_eq!(open.unit, code("VHE-00003"));
    assert_eq!(story.history.happened().count(), 6);
}

#[test]
fn a_fact_that_was_retracted_can_be_put_back() {
    let story = given(ready()).then(retracted(3));
    assert_eq!(story.phase(), Phase::Preparing);
    let back = story.when(replaced(3, readiness_confirmed(code("2026-01-07"))));
    back.leads_to(Phase::Ready);
}

#[test]
fn a_case_that_ended_by_mistake_continues() {
    given(deceased()).when(retracted(11)).leads_to(Phase::Housed);
}
