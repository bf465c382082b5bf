//! Where the clients of a region live on a day.

use std::collections::BTreeMap;

use omklap_domain::agreements::assess::assess;
use omklap_domain::allocation::ComplexDescribed;
use omklap_domain::figures::{Contribution, Residents};

use crate::vocabulary::*;

/// The clients of these stories, and where they live.
fn residents(stories: &[Story]) -> Residents {
    let on = code("2026-03-31");
    let contribution = |story: &Story| {
        Contribution::of(&story.history, &assess(&story.history, &SETS), on, &SETS).expect("it is opened")
    };
    let contributions: Vec<_> = stories.iter().map(contribution).collect();
    Residents::of(&contributions, &BTreeMap::from([((code("stadswonen"), code("C-118")), described())]))
}

fn described() -> ComplexDescribed {
    ComplexDescribed {
        occurred_on: code("2025-01-01"),
        complex: code("C-118"),
        corporation: code("stadswonen"),
        region: code("amsterdam"),
        municipality: code("0363"),
        neighbourhood: Some(code("BU03630001")),
        homes: 24,
    }
}

/// How many live in Amsterdam, if nothing is withheld.
fn in_amsterdam(stories: &[Story]) -> u32 {
    let (_, municipalities) = residents(stories).published(1);
    municipalities.shown.get(&code("0363")).map_or(0, |(many, _)| *many)
}

#[test]
fn a_client_lives_in_the_home_that_was_offered_until_the_case_ends() {
    for (story, lives) in [
        (contracting(), 0),
        (moved_in(), 1),
        (flipped(), 1),
        (seeking_another_dwelling(), 1),
        (completed(), 0),
        (deceased(), 0),
    ] {
        assert_eq!(in_amsterdam(std::slice::from_ref(&story)), lives, "{}", story.phase());
    }
}

#[test]
fn who_lives_in_a_complex_is_counted_in_its_neighbourhood() {
    let other = |on| DwellingOffered { complex: None, ..dwelling_offered(on) };
    let alone = matching().then(other).then(offer_accepted).then(intermediary_lease);
    let stories = [vec![moved_in(); 6], vec![alone; 8]].concat();
    let (_, municipalities) = residents(&stories).published(5);
    let (all, neighbourhoods) = &municipalities.shown[&code("0363")];
    let (here, complexes) = &neighbourhoods.shown[&Some(code("BU03630001"))];
    assert_eq!((*all, *here, neighbourhoods.shown[&None].0), (14, 6, 8));
    assert_eq!(complexes.shown[&Some((code("stadswonen"), code("C-118")))].0, 6);
}

#[test]
fn the_few_outside_a_complex_cannot_be_computed_from_its_municipality() {
    let other = |on| DwellingOffered { complex: None, ..dwelling_offered(on) };
    let alone = matching().then(other).then(offer_accepted).then(intermediary_lease);
    let stories = [vec![moved_in(); 7], vec![alone; 2]].concat();
    let (_, municipalities) = residents(&stories).published(5);
    let (all, neighbourhoods) = &municipalities.shown[&code("0363")];
    assert_eq!((*all, neighbourhoods.shown.len(), neighbourhoods.others.count()), (9, 0, Some(9)));
}

#[test]
fn an_offer_of_another_home_moves_nobody_before_the_keys() {
    let elsewhere = |on| DwellingOffered { municipality: code("0344"), ..another_dwelling_offered(on) };
    let offered = seeking_another_dwelling().then(corporation_assigned).then(elsewhere);
    assert_eq!(in_amsterdam(&[offered]), 1);
}

#[test]
fn a_home_of_a_case_that_was_taken_over_is_counted_apart() {
    let counted = residents(&[vec![nothing().then(taken_over_housed); 5], vec![moved_in(); 6]].concat());
    let (known, _) = counted.published(5);
    assert_eq!((counted.of_unknown_place(5).count(), known.count()), (Some(5), Some(6)));
    let one = residents(&[nothing().then(taken_over_housed)]);
    assert_eq!(one.of_unknown_place(5).count(), None);
}

#[test]
fn a_place_where_few_live_is_not_named_and_cannot_be_computed() {
    let utrecht = contracting_elsewhere().then(intermediary_lease);
    let stories = [vec![moved_in(); 7], vec![utrecht; 2]].concat();
    let (all, municipalities) = residents(&stories).published(5);
    assert!(!municipalities.shown.contains_key(&code("0344")));
    let computed = all.count().is_some() && municipalities.shown.contains_key(&code("0363"));
    assert!(!computed, "two would be the difference");
}

fn contracting_elsewhere() -> Story {
    let elsewhere = |on| DwellingOffered { municipality: code("0344"), ..dwelling_offered(on) };
    matching().then(elsewhere).then(offer_accepted)
}
