//! The diagrams in the docs match the tables in the code.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagram::{self, Arrows, DrawnState};
use omklap_domain::agreements::read::read;
use omklap_domain::nuisance::NuisanceStatus;

use crate::generated_files::compare;
use crate::sets::AMSTERDAM;
use crate::vocabulary::*;

#[test]
fn the_phases_are_drawn_from_the_table() {
    page("phases", "The phases of a trajectory", &diagram::phases(), &diagram::admitted());
}

#[test]
fn the_nuisance_levels_are_drawn_from_the_amsterdam_set_and_the_rules() {
    let set = SETS.get(&bound_to("amsterdam-2018")).expect("it comes with omklap");
    let drawn = diagram::nuisance_levels(set, &arrows());
    page("nuisance-levels", "The levels of the nuisance protocol", &drawn, "");
}

/// Every change of a nuisance case's state that the rules admit.
fn arrows() -> Arrows {
    let mut arrows = Arrows::new();
    for story in cases_in_every_state() {
        for (name, fact) in changes(story.next) {
            let mut history = story.history.clone();
            let admitted = history.report(fact, rules()).is_ok();
            let (from, to) = (drawn_state(&story.history), drawn_state(&history));
            if admitted && from != to {
                arrows.entry((from, to)).or_default().insert(name);
            }
        }
    }
    for facts in arrows.values_mut() {
        // A step that needs no danger is drawn without it.
        let plain = facts.clone();
        facts.retain(|name| name.strip_suffix(ACUTE).is_none_or(|name| !plain.contains(name)));
    }
    arrows
}

/// The reader of sets determines without the rules what can keep an obligation of a level. This test
/// compares it with the rules.
#[test]
fn an_obligation_of_a_level_can_be_kept_by_what_the_rules_admit_at_that_level_or_above() {
    let mut highest: BTreeMap<FactType, Option<Level>> = BTreeMap::new();
    for story in cases_in_every_state() {
        for (_, fact) in changes(story.next) {
            let known = highest.entry(fact.fact_type()).or_default();
            if let DrawnState::At(level) = drawn_state(&story.history)
                && story.history.clone().report(fact, rules()).is_ok()
            {
                *known = (*known).max(Some(level));
            }
        }
    }
    for (kind, highest) in highest {
        for level in Level::ALL {
            let can = highest.is_some_and(|highest| level <= highest);
            assert_eq!(is_done_by(level, kind), can, "{kind} at level {level}");
        }
    }
}

/// Whether a set is accepted in which this fact alone keeps an obligation of this level.
fn is_done_by(level: Level, kind: FactType) -> bool {
    let step = format!(
        "[[agreements.obligations]]\nid = \"6.99\"\ntext = {{ nl = \"x\", en = \"x\" }}\nresponsible = [\"landlord\"]\nlevel = {level}\n\
         deadline = {{ weeks = 1 }}\nkept-by = [\"{kind}\"]\nsource = [\"decision\"]\n\n"
    );
    read(&AMSTERDAM.replacen("[[agreements]]\nnumber = 7", &format!("{step}[[agreements]]\nnumber = 7"), 1))
        .is_ok()
}

const ACUTE: &str = " (acute)";

/// A case at every level, at the highest with and without notice, and one that is quiet after each.
fn cases_in_every_state() -> Vec<Story> {
    let open = [nuisance(), with_an_approach(), scaled_up(), warned(), on_a_last_chance(), losing_the_home()];
    let quiet = open.clone().into_iter().skip(1).take(4).map(|story| story.then(nuisance_resolved));
    let quiet_long_enough = quiet.clone().map(|story| story.months_later(3));
    let without_notice = on_a_last_chance().then(escalated_to(5));
    open.clone().into_iter().chain([without_notice]).chain(quiet).chain(quiet_long_enough).collect()
}

/// Every fact that may change the state of a case, by its name.
fn changes(on: Day) -> Vec<(String, Fact)> {
    let mut facts: Vec<Fact> = vec![
        approach_agreed(on).into(),
        warning(on).into(),
        last_chance(on).into(),
        termination(on).into(),
        eviction_prevented(on).into(),
        nuisance_resolved(on).into(),
        nuisance_reopened(on).into(),
        nuisance_closed(on).into(),
        nuisance_unfounded(on).into(),
        nuisance_handed_over(on).into(),
        trajectory_ended(on).into(),
    ];
    facts.extend((0..=5).map(|to| escalated_to(to)(on).into()));
    facts.extend((0..=5).map(|to| deescalated_to(to)(on).into()));
    let acute = Some(AcuteGround::Violence);
    let mut acutely: Vec<Fact> = vec![LeaseTerminationStarted { acute, ..termination(on) }.into()];
    acutely.extend((0..=5).map(|to| Escalated { acute, ..escalated_to(to)(on) }.into()));
    let plain = facts.into_iter().map(|fact| (fact.fact_type().to_string(), fact));
    plain.chain(acutely.into_iter().map(|fact| (format!("{}{ACUTE}", fact.fact_type()), fact))).collect()
}

fn drawn_state(history: &History) -> DrawnState {
    let state = history.state();
    let case = &state.nuisance[&CASE];
    match case.status {
        _ if state.phase == Phase::Ended => DrawnState::Over,
        NuisanceStatus::Open => DrawnState::At(case.level),
        NuisanceStatus::Resolved { .. } => DrawnState::Resolved,
        NuisanceStatus::Over => DrawnState::Over,
    }
}

fn page(name: &str, title: &str, drawn: &str, below: &str) {
    let text = format!(
        "# {title}\n\nDrawn from the code by a test of the domain crate; `OMKLAP_BLESS=1 cargo test -p omklap-domain` draws it again.\n\n\
         ```mermaid\n{drawn}```\n{}{below}",
        if below.is_empty() { "" } else { "\n" },
    );
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/diagrams/{name}.md")), &text);
}
