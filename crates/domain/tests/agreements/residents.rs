//! Where the clients of a region live on a day.

use omklap_domain::agreements::assess::assess;
use omklap_domain::figures::{Contribution, Residents};

use crate::vocabulary::*;

/// The clients of these stories, and where they live.
fn residents(stories: &[Story]) -> Residents {
    let on = code("2026-03-31");
    let contribution = |story: &Story| {
        Contribution::of(&story.history, &assess(&story.history, &SETS), on, &SETS).expect("it is opened")
    };
    let contributions: Vec<_> = stories.iter().map(contribution).collect();
    Residents::of(&contributions)
}

fn in_amsterdam(stories: &[Story]) -> u32 {
    residents(stories).spread.municipalities.get(&code("0363")).copied().unwrap_or(0)
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
        assert_eq!(in_amsterdam(&[story.clone()]), lives, "{}", story.phase());
    }
    let complexes = residents(&[moved_in()]).spread.complexes;
    assert_eq!(complexes.get(&Some(code("C-118"))), Some(&1));
}

#[test]
fn an_offer_of_another_home_moves_nobody_before_the_keys() {
    let elsewhere = |on| DwellingOffered { municipality: code("0344"), ..another_dwelling_offered(on) };
    let offered = seeking_another_dwelling().then(corporation_assigned).then(elsewhere);
    assert_eq!(in_amsterdam(&[offered]), 1);
}

#[test]
fn a_home_of_a_case_that_was_taken_over_is_counted_apart() {
    let counted = residents(&[nothing().then(taken_over_housed), moved_in()]);
    assert_eq!((counted.of_unknown_place, counted.spread.municipalities.len()), (1, 1));
}

#[test]
fn a_place_where_few_live_is_not_named_and_cannot_be_computed() {
    let utrecht = contracting_elsewhere().then(intermediary_lease);
    let stories = [vec![moved_in(); 7], vec![utrecht; 2]].concat();
    let (all, municipalities, _) = residents(&stories).spread.published(5);
    assert!(!municipalities.shown.contains_key(&code("0344")));
    let computed = all.count().is_some() && municipalities.shown.contains_key(&code("0363"));
    assert!(!computed, "two would be the difference");
    let (many, municipalities, _) = residents(&vec![moved_in(); 7]).spread.published(5);
    assert_eq!((many.count(), municipalities.shown.get(&code("0363"))), (Some(7), Some(&7)));
}

fn contracting_elsewhere() -> Story {
    let elsewhere = |on| DwellingOffered { municipality: code("0344"), ..dwelling_offered(on) };
    matching().then(elsewhere).then(offer_accepted)
}
