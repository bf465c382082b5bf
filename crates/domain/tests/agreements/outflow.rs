//! The half year's notice for a region: how many clients are expected, when, and for which kind of home.

use omklap_domain::agreements::assess::assess;
use omklap_domain::figures::{
    Contribution, ExpectedInQuarter, SeekersCounted, counted_seekers, expected_outflow, last_quarter_ended,
};

use crate::vocabulary::*;

fn announced_for(expected_on: &'static str) -> Story {
    preparing().then(move |on| OutflowAnnounced { expected_on: code(expected_on), ..outflow_announced(on) })
}

fn with_profile(profile: Profile, story: Story) -> Story {
    story.then(move |on| OutflowProfileSet { profile, ..self::profile(on) })
}

/// The notice at the end of March 2026.
fn notice(stories: &[Story]) -> Vec<ExpectedInQuarter> {
    let on = code("2026-03-31");
    let contribution = |story: &Story| {
        Contribution::of(&story.history, &assess(&story.history, &SETS), on, &SETS).expect("it is opened")
    };
    let contributions: Vec<_> = stories.iter().map(contribution).collect();
    expected_outflow(&contributions, on, 5)
}

fn of_profile(quarter: &ExpectedInQuarter, profile: Profile) -> Option<u32> {
    quarter.by_profile.iter().find(|(one, _)| *one == profile).and_then(|(_, count)| count.count())
}

#[test]
fn a_notice_is_made_at_the_end_of_each_quarter() {
    for (today, ended) in [
        ("2026-03-31", "2025-12-31"),
        ("2026-04-01", "2026-03-31"),
        ("2026-11-29", "2026-09-30"),
        ("2027-01-01", "2026-12-31"),
    ] {
        assert_eq!(last_quarter_ended(code(today)), code::<Day>(ended), "{today}");
    }
}

#[test]
fn enough_clients_are_counted_in_the_quarter_and_for_the_home_that_fits() {
    let story = with_profile(Profile::P2, announced_for("2026-08-15"));
    let quarters = notice(&vec![story; 6]);
    let days: Vec<_> = quarters.iter().map(|quarter| (quarter.from, quarter.to)).collect();
    assert_eq!(days[0], (code("2026-04-01"), code("2026-06-30")));
    assert_eq!(days[3], (code("2027-01-01"), code("2027-03-31")));
    assert_eq!(quarters[1].clients.count(), Some(6));
    assert_eq!(of_profile(&quarters[1], Profile::P2), Some(6));
    assert_eq!((quarters[0].clients.count(), of_profile(&quarters[1], Profile::P1)), (Some(0), Some(0)));
}

#[test]
fn a_few_clients_are_not_counted_out_and_not_to_be_computed() {
    let two = vec![with_profile(Profile::P2, announced_for("2026-08-15")); 2];
    let quarters = notice(&two);
    assert_eq!((quarters[1].clients.count(), of_profile(&quarters[1], Profile::P2)), (None, None));
    let with_others = [two, vec![with_profile(Profile::P1, announced_for("2026-09-01")); 7]].concat();
    let summer = &notice(&with_others)[1];
    let shown = [summer.clients.count(), of_profile(summer, Profile::P1)];
    assert!(shown.contains(&None), "two would be the difference: {shown:?}");
    assert_eq!(of_profile(summer, Profile::P2), None);
}

#[test]
fn those_who_are_ready_or_stuck_are_counted_and_the_few_are_not() {
    let counted = |many: usize, story: &Story| {
        let contribution =
            Contribution::of(&story.history, &assess(&story.history, &SETS), code("2026-03-31"), &SETS);
        counted_seekers(&vec![contribution.expect("it is opened"); many], 5)
    };
    let stuck = |counted: &SeekersCounted| {
        let on = counted.stuck.iter().find(|(on, _)| *on == Bottleneck::DwellingSupply);
        on.map(|(_, clients)| clients.count())
    };
    let story = ready().then(case_discussed);
    let (many, few) = (counted(6, &story), counted(4, &story));
    assert_eq!((many.ready.count(), stuck(&many)), (Some(6), Some(Some(6))));
    assert_eq!((few.ready.count(), stuck(&few)), (None, Some(None)));
    assert_eq!(counted(6, &housed()).ready.count(), Some(0), "they have a home");
    assert_eq!(counted(6, &announced_for("2026-08-15")).ready.count(), Some(0), "they come later");
}

#[test]
fn who_has_a_home_or_left_or_fits_none_is_not_expected() {
    let day = "2026-08-15";
    let announced = || with_profile(Profile::P1, announced_for(day));
    let later =
        announced().then(|on| OutflowAnnounced { expected_on: code("2026-12-01"), ..outflow_announced(on) });
    let gone = announced().then(ended_with(Outcome::Withdrew));
    let not_yet = with_profile(Profile::P0, announced_for(day));
    let housed = announced()
        .then(readiness_confirmed)
        .then(housing_requested)
        .then(corporation_assigned)
        .then(dwelling_offered)
        .then(offer_accepted)
        .then(intermediary_lease);
    for (story, autumn) in [(later, 6), (gone, 0), (not_yet, 0), (housed, 0)] {
        let quarters = notice(&vec![story; 6]);
        assert_eq!(quarters[1].clients.count(), Some(0));
        assert_eq!(quarters[2].clients.count(), Some(autumn), "the last announcement counts");
    }
}
