//! Two clocks: the state on a day, and what was known at a moment. What was known is what had been
//! recorded by then.

use crate::vocabulary::*;

/// The phase on a day, as it was known after the first `known` facts were recorded.
fn phase_on(story: &Story, day: &str, known: usize) -> Phase {
    History::from(story.history.recorded()[..known].to_vec()).state_on(code(day)).phase
}

#[test]
fn the_state_of_a_day_is_the_state_at_its_end() {
    let story = given(offered());
    for (day, phase) in [
        ("2026-01-04", Phase::Unopened),
        ("2026-01-05", Phase::Preparing),
        ("2026-01-07", Phase::Ready),
        ("2026-01-09", Phase::Matching),
        ("2026-01-10", Phase::Offered),
        ("2040-01-01", Phase::Offered),
    ] {
        assert_eq!(phase_on(&story, day, 6), phase, "{day}");
    }
}

#[test]
fn a_correction_counts_from_its_own_recording_on_and_not_before() {
    let story = given(ready()).months_later(1).then(retracted(3));
    assert_eq!(phase_on(&story, "2026-01-07", 3), Phase::Ready);
    assert_eq!(phase_on(&story, "2026-01-07", 4), Phase::Preparing);
}

#[test]
fn a_replacement_moves_what_happened_to_the_day_it_happened() {
    let story = given(ready()).months_later(1).then(replaced(3, readiness_confirmed(code("2026-01-20"))));
    assert_eq!(phase_on(&story, "2026-01-10", 3), Phase::Ready);
    assert_eq!(phase_on(&story, "2026-01-10", 4), Phase::Preparing);
    assert_eq!(phase_on(&story, "2026-01-20", 4), Phase::Ready);
}

#[test]
fn a_late_end_is_known_late_and_applies_from_its_day() {
    let story = given(housed()).on(code("2026-06-01")).then(ended_with(Outcome::MovedAway));
    let known = story.history.recorded().len();
    assert_eq!(phase_on(&story, "2026-06-01", known - 1), Phase::Housed);
    assert_eq!(phase_on(&story, "2026-05-31", known), Phase::Housed);
    assert_eq!(phase_on(&story, "2026-06-01", known), Phase::Ended);
}

#[test]
fn facts_of_one_day_apply_in_the_order_of_recording() {
    let one_day = code("2026-01-05");
    let story = given(preparing()).on(one_day).then(profile).on(one_day).then(readiness_confirmed);
    let requested = story.on(one_day).then(housing_requested);
    assert_eq!(phase_on(&requested, "2026-01-05", 4), Phase::Matching);
    assert_eq!(phase_on(&requested, "2026-01-05", 3), Phase::Ready);
}
