//! A client moves to another region: its agreements hold from the acceptance on, and each region counts what
//! happened while the client was there.

use omklap_domain::agreements::Status;
use omklap_domain::agreements::assess::assess;
use omklap_domain::figures::{Contribution, Figures, Period};

use crate::lookup::*;
use crate::vocabulary::*;

fn moved(story: Story) -> Story {
    story.then(transfer_proposed).then(transfer_accepted)
}

fn contributions(story: &Story) -> Vec<Contribution> {
    let on = code("2040-12-31");
    Contribution::of_each_region(&story.history, &assess(&story.history, &SETS), on, &SETS)
}

/// The figures of Amsterdam and of the north of Limburg, of all days.
fn figures(story: &Story) -> [Figures; 2] {
    let period = Period::new(code("2020-01-01"), code("2040-12-31"), code("2040-12-31")).expect("a period");
    let of = |region: &str| {
        let there: Vec<_> =
            contributions(story).into_iter().filter(|one| one.region.as_str() == region).collect();
        Figures::over(&there, period)
    };
    [of("amsterdam"), of("noord-limburg")]
}

#[test]
fn what_starts_after_the_acceptance_starts_under_the_agreements_of_the_other_region() {
    let story = moved(ready()).then(housing_requested);
    let request = instances(&story, "7.1");
    assert_eq!(request.last().map(|one| one.set.id.as_str()), Some("noord-limburg"));
    let proposed = ready().then(transfer_proposed).then(housing_requested);
    assert_eq!(instances(&proposed, "7.1").last().map(|one| one.set.id.as_str()), Some("amsterdam-2018"));
}

#[test]
fn the_day_by_which_a_home_is_offered_does_not_move_with_the_client() {
    let before = ready();
    let due = instances(&before, "1.4")[0].due();
    assert_eq!(instances(&moved(before), "1.4")[0].due(), due);
}

#[test]
fn a_proposal_changes_no_obligation() {
    let (before, proposed) = (housed(), housed().then(transfer_proposed));
    let on = before.next.plus_months(30);
    let statuses = |story: &Story| -> Vec<Status> {
        assess(&story.history, &SETS).iter().map(|one| one.status_on(on)).collect()
    };
    assert_eq!(statuses(&before), statuses(&proposed));
}

#[test]
fn a_move_counts_as_moved_out_in_one_region_and_as_moved_in_in_the_other_and_as_an_end_in_neither() {
    let [amsterdam, limburg] = figures(&moved(housed()));
    assert_eq!((amsterdam.moved_in, amsterdam.moved_out), (0, 1));
    assert_eq!((limburg.moved_in, limburg.moved_out), (1, 0));
    assert_eq!(amsterdam.end_to_end.others.get("moved-out"), Some(&1), "no failure, and not unknown");
    assert_eq!(limburg.end_to_end.of(), 0, "the client got a home elsewhere");
    assert_eq!((amsterdam.homes.r#let, limburg.homes.r#let), (1, 0), "the home stays where it was let");
}

#[test]
fn a_lease_that_runs_and_may_still_flip_goes_along() {
    let [amsterdam, limburg] = figures(&moved(housed()));
    assert_eq!((amsterdam.flip_rate.of(), limburg.flip_rate.of()), (0, 1));
}

#[test]
fn what_was_decided_before_the_move_counts_where_the_client_was() {
    let [amsterdam, limburg] = figures(&moved(matching().then(dwelling_offered).then(offer_refused)));
    assert_eq!((amsterdam.home_in_time.counted, limburg.home_in_time.counted), (1, 0));
    let [amsterdam, limburg] = figures(&moved(matching()));
    assert_eq!((amsterdam.home_in_time.of(), limburg.home_in_time.of()), (0, 1));
}

#[test]
fn a_client_who_comes_back_adds_to_each_region_once() {
    let back = |on| RegionTransferProposed { to: to_amsterdam(), ..transfer_proposed(on) };
    let returned = moved(housed())
        .then(back)
        .then(|on| RegionTransferAccepted { to: to_amsterdam(), ..transfer_accepted(on) });
    let regions: Vec<_> = contributions(&returned).iter().map(|one| one.region.to_string()).collect();
    assert_eq!(regions, ["noord-limburg", "amsterdam"], "the present region last");
    let [amsterdam, limburg] = figures(&returned);
    assert_eq!((amsterdam.moved_in, amsterdam.moved_out), (1, 1));
    assert_eq!((limburg.moved_in, limburg.moved_out), (1, 1));
    assert_eq!(amsterdam.end_to_end.unknown, 1, "the client is here again");
}

#[test]
fn a_case_that_never_moved_adds_to_its_region_alone() {
    for story in [housed(), completed(), housed().then(transfer_proposed)] {
        assert_eq!(contributions(&story).len(), 1);
    }
}
