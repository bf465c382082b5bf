//! The diagrams in the docs are what the tables in the code say.

use std::path::Path;

use omklap_domain::diagram;
use omklap_domain::nuisance::protocol::nuisance_cases;

use crate::blessing::compare;
use crate::telling::*;

#[test]
fn the_phases_are_drawn_from_the_table() {
    page("phases", "The phases of a trajectory", &diagram::phases(), &diagram::admitted());
}

#[test]
fn the_nuisance_levels_are_drawn_from_the_amsterdam_set() {
    let set = SETS.get(&bound_to("amsterdam-2018")).expect("it comes with omklap");
    page("nuisance-levels", "The levels of the nuisance protocol", &diagram::nuisance_levels(set), "");
}

#[test]
fn every_arrow_between_levels_can_be_walked() {
    for (from, to, story) in [
        (0, 1, nuisance().then(approach_agreed)),
        (1, 2, with_an_approach().then(escalated)),
        (2, 3, scaled_up().then(warning)),
        (3, 4, warned().then(last_chance)),
        (4, 5, on_a_last_chance().then(termination)),
        (5, 4, losing_the_home().then(eviction_prevented)),
        (2, 1, scaled_up().then(deescalated_to(1))),
        (3, 2, warned().then(deescalated_to(2))),
        (4, 3, on_a_last_chance().then(deescalated_to(3))),
        (3, 1, warned().then(deescalated_to(1))),
        (4, 2, on_a_last_chance().then(deescalated_to(2))),
        (4, 1, on_a_last_chance().then(deescalated_to(1))),
    ] {
        let arrow = (format!("level_{from}"), format!("level_{to}"));
        assert!(
            diagram::ARROWS.iter().any(|(start, end, _)| (*start, *end) == (&arrow.0, &arrow.1)),
            "{arrow:?}"
        );
        let cases = nuisance_cases(&story.history, &SETS);
        assert_eq!(cases[0].level(), Some(level(to)), "{arrow:?}");
    }
}

#[test]
fn danger_is_drawn_from_every_level_at_which_it_skips_one() {
    let set = SETS.get(&bound_to("amsterdam-2018")).expect("it comes with omklap");
    let drawn = diagram::nuisance_levels(set);
    for (from, to, story) in [
        (0, 2, nuisance().then(in_danger(2))),
        (0, 3, nuisance().then(in_danger(3))),
        (1, 3, with_an_approach().then(in_danger(3))),
    ] {
        assert!(drawn.contains(&format!("level_{from} --> level_{to}: escalated (acute)")), "{drawn}");
        assert_eq!(nuisance_cases(&story.history, &SETS)[0].level(), Some(level(to)));
    }
}

fn page(name: &str, title: &str, drawn: &str, below: &str) {
    let text = format!(
        "# {title}\n\nDrawn from the code by a test of the domain crate; `OMKLAP_BLESS=1 cargo test -p omklap-domain` draws it anew.\n\n\
         ```mermaid\n{drawn}```\n{}{below}",
        if below.is_empty() { "" } else { "\n" },
    );
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/diagrams/{name}.md")), &text);
}
