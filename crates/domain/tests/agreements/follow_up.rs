//! The follow-up, and the figures that are based on it.

use omklap_domain::agreements::assess;
use omklap_domain::figures::{Contribution, Figures, Period, Waiting};
use omklap_domain::follow_up::{CheckStatus, FollowUp, Retained, follow_up};

use CheckStatus::{Held, Missed, NotHeld, NotNeeded, Overdue, Planned};

use crate::lookup::{departure_from, today};
use crate::vocabulary::*;

fn followed(story: &Story) -> FollowUp<'static> {
    follow_up(&story.history, &SETS).expect("it has flipped")
}

fn checked(story: Story, month: u8, tenancy: Tenancy) -> Story {
    story.then(|on| FollowUpCheckHeld { month, tenancy, ..check_held(on) })
}

#[test]
fn a_case_that_has_not_flipped_is_not_followed() {
    assert_eq!(follow_up(&housed().history, &SETS), None);
}

#[test]
fn checks_are_planned_held_missed_or_forgotten() {
    let story = checked(flipped().months_later(3), 3, Tenancy::OwnTenancy)
        .months_later(3)
        .then(|on| FollowUpCheckMissed { month: 6, ..check_missed(on) })
        .months_later(12);
    let followed = followed(&story);
    let statuses: Vec<_> =
        followed.checks.iter().map(|check| check.status_on(story.next, followed.ended)).collect();
    assert_eq!(statuses, [Held, Missed, Overdue, Planned, Planned]);
}

#[test]
fn a_case_that_was_registered_by_mistake_is_in_no_figure() {
    let twice = ready().then(registered_by_mistake);
    let on = twice.next.plus_months(12);
    let assessed = assess(&twice.history, &SETS);
    assert_eq!(Contribution::of(&twice.history, &assessed, on, &SETS), None);
}

#[test]
fn a_home_found_by_the_regular_way_is_counted_apart() {
    let found = matching().then(ended_with(Outcome::MovedOnWell));
    let figures = figures([&found, &completed()]);
    assert_eq!((figures.own_homes, figures.homes.offered, figures.end_to_end.of()), (1, 1, 1));
}

#[test]
fn a_home_at_risk_that_the_client_kept_is_counted_apart() {
    let kept = nothing().then(home_at_risk).then(ended_with(Outcome::HomeKept));
    let figures = figures([&kept, &completed()]);
    assert_eq!((figures.kept_homes, figures.own_homes, figures.end_to_end.of()), (1, 0, 1));
}

#[test]
fn the_landlord_says_that_the_tenancy_ended_and_the_provider_where_the_client_lives() {
    let left = flipped().months_later(6).then(tenancy_ended);
    let (year, known_on) = (1, left.next.plus_months(12));
    assert_eq!(followed(&left).retained_after(year, known_on), Some(Retained::LeftOtherwise));
    let evicted = flipped().then(|on| TenancyEnded { ended_by: TenancyEnder::Landlord, ..tenancy_ended(on) });
    assert_eq!(followed(&evicted).retained_after(year, known_on), Some(Retained::Evicted));
    let well = left.months_later(6).then(follow_up_ended_with(Outcome::MovedOnWell));
    assert_eq!(followed(&well).retained_after(year, known_on), Some(Retained::MovedOnWell));
    let died = flipped().months_later(6).then(tenant_death_reported);
    assert_eq!(
        (died.phase(), followed(&died).retained_after(year, known_on)),
        (Phase::Ended, Some(Retained::Deceased))
    );
}

#[test]
fn a_check_that_was_passed_over_is_no_longer_required() {
    let story = checked(flipped().months_later(6), 6, Tenancy::OwnTenancy);
    let followed = followed(&story);
    let on = |day| followed.checks[0].status_on(day, followed.ended);
    assert_eq!([on(today(&story).plus_days(-1)), on(today(&story))], [Overdue, NotHeld]);
}

#[test]
fn a_figure_counts_a_check_from_its_own_day() {
    let story = checked(flipped().months_later(12).days_later(-15), 12, Tenancy::LeftTenancy);
    let (held_on, anniversary) = (today(&story), today(&flipped()).plus_months(12));
    assert_eq!(held_on, anniversary.plus_days(-14));
    let followed = followed(&story);
    assert_eq!(followed.retained_after(1, anniversary), Some(Retained::LeftOtherwise));
    let late = checked(flipped().months_later(12).days_later(30), 12, Tenancy::OwnTenancy);
    let followed = self::followed(&late);
    assert_eq!(followed.retained_after(1, today(&late).plus_days(-1)), Some(Retained::Unknown));
    assert_eq!(followed.retained_after(1, today(&late)), Some(Retained::OwnTenancy));
}

/// An older ledger may hold such checks: they decide nothing about the years that they name.
#[test]
fn three_years_of_checks_on_one_day_say_nothing_about_the_years_to_come() {
    let mut facts: Vec<_> = flipped().history.into();
    let on = today(&flipped()).plus_days(1);
    facts.extend([12, 24, 36].map(|month| FollowUpCheckHeld { month, ..check_held(on) }.into()));
    let history = History::from(facts);
    let followed = follow_up(&history, &SETS).expect("it has flipped");
    let later = on.plus_months(40);
    assert_eq!([1, 2, 3].map(|years| followed.retained_after(years, later)), [Some(Retained::Unknown); 3]);
}

#[test]
fn a_check_that_was_not_planned_is_listed_with_the_others() {
    let story = checked(flipped().months_later(9), 9, Tenancy::OwnTenancy);
    let months: Vec<_> = followed(&story).checks.iter().map(|check| (check.month, check.planned)).collect();
    assert_eq!(months, [(3, true), (6, true), (9, false), (12, true), (24, true), (36, true)]);
}

#[test]
fn no_check_is_needed_after_a_death() {
    let story = flipped().months_later(2).then(follow_up_ended_with(Outcome::Deceased));
    let followed = followed(&story);
    let later = story.next.plus_months(40);
    assert!(
        followed.checks.iter().all(|check| check.status_on(later, followed.ended) == CheckStatus::NotNeeded)
    );
    assert_eq!(followed.retained_after(1, later), Some(Retained::Deceased));
}

#[test]
fn a_check_that_was_forgotten_before_the_end_is_no_longer_required() {
    let story = flipped().months_later(4).then(follow_up_ended_with(Outcome::Deceased));
    let followed = followed(&story);
    let statuses =
        |day| followed.checks.iter().map(|check| check.status_on(day, followed.ended)).collect::<Vec<_>>();
    assert_eq!(statuses(today(&story).plus_days(-1))[..2], [Overdue, Planned]);
    assert_eq!(statuses(today(&story))[..2], [NotHeld, NotNeeded]);
}

#[test]
fn retention_is_unknown_on_its_anniversary_and_absent_before_it() {
    let story = flipped();
    let flip = today(&story);
    assert_eq!(followed(&story).retained_after(1, flip.plus_months(12).plus_days(-1)), None);
    assert_eq!(followed(&story).retained_after(1, flip.plus_months(12)), Some(Retained::Unknown));
}

#[test]
fn a_later_check_shows_that_the_client_still_lived_there() {
    let story = checked(flipped().months_later(24), 24, Tenancy::OwnTenancy);
    let followed = followed(&story);
    assert_eq!(followed.retained_after(1, story.next), Some(Retained::OwnTenancy));
    assert_eq!(followed.retained_after(2, story.next), Some(Retained::OwnTenancy));
}

#[test]
fn a_check_that_the_client_has_left_decides_every_later_year() {
    let story = checked(flipped().months_later(6), 6, Tenancy::LeftTenancy);
    assert_eq!(followed(&story).retained_after(1, story.next.plus_months(30)), Some(Retained::LeftOtherwise));
}

#[test]
fn three_years_in_the_own_tenancy_are_three_years_of_retention() {
    let story = completed();
    for years in 1..=3 {
        assert_eq!(followed(&story).retained_after(years, story.next), Some(Retained::OwnTenancy));
    }
}

/// The figures of these stories from 2026 to 2040.
fn figures<'s>(stories: impl IntoIterator<Item = &'s Story>) -> Figures {
    figures_over(stories, code("2026-01-01"), code("2040-12-31"), code("2040-12-31"))
}

/// The figures of these stories over a period, as reported on a day.
fn figures_over<'s>(stories: impl IntoIterator<Item = &'s Story>, from: Day, to: Day, on: Day) -> Figures {
    let contribution = |story: &Story| {
        Contribution::of(&story.history, &assess(&story.history, &SETS), on, &SETS).expect("it is opened")
    };
    let contributions: Vec<_> = stories.into_iter().map(contribution).collect();
    Figures::over(&contributions, Period::new(from, to, on).expect("it begins first"))
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    let (first, last, later) = (code("2026-01-31"), code("2026-02-01"), code("2026-03-01"));
    assert!(Period::new(last, first, later).is_err());
    assert!(Period::new(last, later, first).is_err(), "it begins after the day of reporting");
}

#[test]
fn a_period_ends_on_the_day_of_reporting() {
    let story = ready();
    let (first, on) = (code("2020-01-01"), today(&story));
    let reported = figures_over([&story], first, code("2060-12-31"), on);
    assert_eq!(Period::new(first, code("2060-12-31"), on).expect("it begins first").to(), on);
    assert_eq!(reported.home_in_time.of(), 0, "its last day is still to come");
    let reported = figures_over([&housed()], first, code("2060-12-31"), today(&housed()));
    assert_eq!(reported.flip_rate.of(), 0, "no flip is expected yet");
}

#[test]
fn every_clock_counts_in_exactly_one_of_two_consecutive_periods() {
    let last_day = today(&ready()).plus_months(3);
    let stopped_on =
        |on: Day| ready().then(housing_requested).then(corporation_assigned).on(on).then(dwelling_offered);
    let clocks = [
        (stopped_on(last_day.plus_days(-9)), "in time"),
        (stopped_on(last_day), "in time"),
        (stopped_on(last_day.plus_days(40)), "late"),
        (ready().on(last_day.plus_days(40)).then(readiness_revoked), "never"),
        (ready(), "not-yet"),
    ];
    let (first, on) = (last_day.plus_days(-60), last_day.plus_days(90));
    for (story, what) in &clocks {
        for cut in -20..60 {
            let (cut, next) = (last_day.plus_days(cut), last_day.plus_days(cut + 1));
            let over = |from, to| figures_over([story], from, to, on).home_in_time;
            let (before, after, both) = (over(first, cut), over(next, on), over(first, on));
            assert_eq!((both.of(), before.of() + after.of()), (1, 1), "{what}, cut after {cut}");
            assert_eq!(both.counted, u32::from(*what == "in time"));
            assert!(*what == "in time" || both.others[what] == 1, "{what}: {both:?}");
        }
    }
}

#[test]
fn a_later_result_of_a_clock_does_not_move_it_to_another_year() {
    let (last_day, on) = (today(&ready()).plus_months(3), today(&ready()).plus_months(9));
    let late =
        ready().then(housing_requested).then(corporation_assigned).months_later(5).then(dwelling_offered);
    let over = |story: &Story, on| figures_over([story], last_day.plus_days(-30), last_day, on).home_in_time;
    assert_eq!(over(&ready(), on).others["not-yet"], 1);
    assert_eq!(over(&late, on).others["late"], 1);
}

#[test]
fn four_lives_make_four_figures() {
    let figures = figures(&[completed(), deceased(), housed().then(trajectory_ended), housed()]);
    let flips = &figures.flip_rate;
    assert_eq!((flips.counted, flips.of(), flips.deceased), (1, 3, 1));
    assert_eq!(flips.others["not-flipped-yet"], 1);
    assert_eq!((figures.retention[2].counted, figures.retention[2].of()), (1, 1));
    let end = &figures.end_to_end;
    assert_eq!((end.counted, end.of(), end.unknown, end.deceased), (1, 3, 1, 1));
    assert_eq!((figures.home_in_time.counted, figures.home_in_time.of()), (4, 4));
    assert_eq!((figures.homes.offered, figures.homes.r#let), (4, 4));
    assert_eq!(figures.to_offer, Some(Waiting { counted: 4, median: 3, percentile_80: 3, percentile_95: 3 }));
}

#[test]
fn a_home_that_came_late_or_never_is_not_in_time() {
    let late =
        ready().months_later(4).then(housing_requested).then(corporation_assigned).then(dwelling_offered);
    let not_ready = ready().then(readiness_revoked);
    let figures = figures(&[late, ready(), not_ready]);
    let share = &figures.home_in_time;
    assert_eq!((share.counted, share.of(), share.others["late"], share.others["not-yet"]), (0, 2, 1, 1));
}

#[test]
fn an_obligation_that_death_ended_counts_against_nobody() {
    let story = housed().then(signal).months_later(2).then(ended_with(Outcome::Deceased));
    assert_eq!(figures(&[story]).agreements.get(&5), None);
    let story = housed().then(signal).months_later(2).then(trajectory_ended);
    assert!(figures(&[story]).agreements[&5].overdue > 0);
}

#[test]
fn a_late_obligation_counts_on_the_day_it_became_late_whatever_its_result() {
    let requested = housed().then(return_requested);
    let late = today(&requested).plus_weeks(2).plus_days(1);
    let later = || requested.clone().on(late.plus_days(60));
    let stories = [
        (requested.clone(), [1, 0, 0]),
        (later().then(test_done), [0, 1, 0]),
        (later().then(departure_from("9.3")), [0, 0, 1]),
        (later().then(trajectory_ended), [1, 0, 0]),
    ];
    for (story, as_what) in &stories {
        let counted = |from, to| {
            let counts = figures_over([story], from, to, late.plus_days(90)).agreements[&9];
            [counts.overdue, counts.late, counts.set_aside]
        };
        assert_eq!(counted(late.plus_days(-30), late.plus_days(-1)), [0; 3]);
        assert_eq!(counted(late, late), *as_what);
        assert_eq!(counted(late.plus_days(1), late.plus_days(90)), [0; 3], "{as_what:?}");
    }
}

#[test]
fn waiting_times_are_given_as_median_and_percentiles() {
    let waiting = Waiting::of((1..=20).collect()).expect("twenty were counted");
    assert_eq!((waiting.median, waiting.percentile_80, waiting.percentile_95), (10, 16, 19));
    assert_eq!(Waiting::of(Vec::new()), None);
}

#[test]
fn figures_of_few_cases_are_suppressed() {
    let published = figures(&[completed(), housed(), housed()]).published(5);
    assert_eq!(published.flip_rate.counted.count(), None);
    assert_eq!(published.flip_rate.of.count(), None);
    assert_eq!(published.to_offer, None);
    assert_eq!(published.offered.count(), None);
}
