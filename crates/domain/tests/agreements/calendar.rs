//! Working days, and arithmetic with months.

use omklap_domain::agreements::calendar::{Calendar, LiberationDay, days_between, months_before};

use crate::vocabulary::*;

const USUAL: Calendar = Calendar { good_friday: false, liberation_day: LiberationDay::EveryYear };

fn free(day: &str) -> bool {
    USUAL.is_holiday(code(day))
}

#[test]
fn the_holidays_of_2026_are_free() {
    for day in [
        "2026-01-01",
        "2026-04-05",
        "2026-04-06",
        "2026-04-27",
        "2026-05-05",
        "2026-05-14",
        "2026-05-24",
        "2026-05-25",
        "2026-12-25",
        "2026-12-26",
    ] {
        assert!(free(day), "{day}");
    }
    let free_days =
        (0..365).filter(|days| USUAL.is_holiday(code::<Day>("2026-01-01").plus_days(*days))).count();
    assert_eq!(free_days, 10);
}

#[test]
fn kings_day_moves_to_the_saturday_before_a_sunday() {
    assert!(free("2025-04-26") && !free("2025-04-27"));
    assert!(free("2014-04-26"), "the first King's Day was such a one");
    assert!(!free("2013-04-27"), "there was no king");
}

#[test]
fn liberation_day_and_good_friday_are_the_regions_own_choice() {
    let with = |liberation_day| Calendar { liberation_day, ..USUAL };
    let (lustrum, other) = (code("2025-05-05"), code("2026-05-05"));
    assert!(with(LiberationDay::EveryFiveYears).is_holiday(lustrum));
    assert!(!with(LiberationDay::EveryFiveYears).is_holiday(other));
    assert!(!with(LiberationDay::Never).is_holiday(lustrum));
    let good_friday = code("2026-04-03");
    assert!(!USUAL.is_holiday(good_friday));
    assert!(Calendar { good_friday: true, ..USUAL }.is_holiday(good_friday));
}

#[test]
fn two_working_days_after_a_friday_is_a_tuesday() {
    assert_eq!(USUAL.plus_working_days(code("2026-01-09"), 2), code("2026-01-13"));
    assert_eq!(USUAL.plus_working_days(code("2026-01-10"), 2), code("2026-01-13"), "from a Saturday as well");
}

#[test]
fn two_working_days_before_easter_end_after_it() {
    assert_eq!(USUAL.plus_working_days(code("2026-04-02"), 2), code("2026-04-07"));
    let strict = Calendar { good_friday: true, ..USUAL };
    assert_eq!(strict.plus_working_days(code("2026-04-02"), 2), code("2026-04-08"));
}

#[test]
fn a_day_that_a_month_does_not_have_becomes_its_last_day() {
    assert_eq!(code::<Day>("2024-02-29").plus_months(12), code("2025-02-28"));
    assert_eq!(months_before(code("2026-08-31"), 6), code("2026-02-28"));
    assert_eq!(months_before(code("2028-08-31"), 6), code("2028-02-29"));
}

#[test]
fn days_between_two_dates_ignore_daylight_saving() {
    assert_eq!(days_between(code("2026-03-28"), code("2026-03-30")), 2);
    assert_eq!(days_between(code("2026-10-24"), code("2026-10-26")), 2);
}
