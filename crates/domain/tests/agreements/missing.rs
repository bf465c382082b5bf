//! What is still missing of the facts that keep an open obligation.

use omklap_domain::agreements::assess::Assessed;
use omklap_domain::agreements::obligation::KeptBy;

use crate::lookup::*;
use crate::vocabulary::*;

/// What is missing of the latest instance of an obligation.
fn missing(story: &Story, id: &str) -> KeptBy {
    let one: Assessed<'_> = instances(story, id).pop().expect("the set has it");
    one.happened.missing_of(&one.obligation.kept_by)
}

/// The values in the conditions on the facts that must all happen.
fn all_of(missing: &KeptBy) -> Vec<String> {
    let conditions = missing.all.iter().flat_map(|pattern| &pattern.conditions);
    conditions.flat_map(|condition| &condition.one_of).map(ToString::to_string).collect()
}

#[test]
fn of_three_positions_of_which_two_were_given_the_third_is_missing() {
    let talked = housed().then(flip_talk).then(rent_disclosed);
    assert_eq!(all_of(&missing(&talked, "8.2")), ["client", "care-provider", "housing-corporation"]);
    let two = talked.then(client_agrees).then(position_of(Party::CareProvider, Position::Agree));
    let missing = missing(&two, "8.2");
    assert_eq!((all_of(&missing), missing.any.len()), (vec!["housing-corporation".to_owned()], 2));
}

#[test]
fn a_position_on_an_earlier_talk_is_missing_on_the_next_one() {
    let two = housed().then(flip_talk).then(rent_disclosed).then(client_agrees).then(second_flip_talk);
    assert_eq!(all_of(&missing(&two, "8.2")).len(), 3);
}

#[test]
fn a_flip_that_was_postponed_misses_positions_and_no_decision() {
    let postponed = housed().then(flip_talk).then(flip_postponed);
    let missing = missing(&postponed, "8.2");
    assert_eq!((all_of(&missing).len(), missing.any), (3, vec![]));
}

#[test]
fn of_five_steps_of_the_preparation_those_that_were_done_are_not_missing() {
    use PreparationStep::{DebtsInView, IncomeArranged};
    let two = preparing().then(step(IncomeArranged)).then(step(DebtsInView)).then(step(IncomeArranged));
    let rest = ["living-skills-training", "network-in-view", "day-activity-arranged"];
    assert_eq!(all_of(&missing(&two, "1.2")), rest);
    let retracted = two.then(retracted(3)).then(retracted(4));
    assert_eq!(all_of(&missing(&retracted, "1.2")).len(), 4, "a step that never was is missing again");
}

#[test]
fn the_contact_of_a_provider_that_was_replaced_is_missing_again() {
    let named = moved_in().then(contact_of(Party::CareProvider));
    assert_eq!(all_of(&missing(&named, "5.1")), ["housing-corporation"]);
    let replaced = named.then(transferred);
    assert_eq!(all_of(&missing(&replaced, "5.1")), ["care-provider", "housing-corporation"]);
}

#[test]
fn of_an_obligation_that_was_kept_or_has_not_started_the_whole_is_named() {
    let ready = prepared(preparing());
    assert_eq!(all_of(&missing(&ready, "1.2")).len(), 5);
    assert_eq!(all_of(&missing(&preparing(), "8.2")).len(), 3);
}
