//! The law of the assessment: its result for a day is the same whether or not the history continues
//! after it.

use std::collections::BTreeMap;

use omklap_domain::agreements::assess::{assess, assess_until};
use omklap_domain::agreements::{Assessed, Status};
use omklap_domain::follow_up::{follow_up, follow_up_until};
use omklap_domain::nuisance::protocol::{nuisance_cases, nuisance_cases_until};
use proptest::prelude::*;

use crate::golden::demo_cases;
use crate::proofs::walk::lives;
use crate::vocabulary::*;

/// What distinguishes one instance from another: set, obligation, start, the day from which it is
/// counted, and check.
type Key = (String, u16, ObligationId, (u64, Day), Option<u8>, Option<String>);

fn key(one: &Assessed<'_>) -> Option<Key> {
    let start = one.start.map(|start| (start.sequence, start.counted_from))?;
    let set = one.set.id.to_string();
    Some((set, one.set.version, one.obligation.id.clone(), start, one.month, one.reference.clone()))
}

/// The status of each instance that has started on a day, and the facts that it is based on.
fn statuses(assessed: &[Assessed<'_>], day: Day) -> BTreeMap<Key, (Status, Vec<u64>)> {
    let status = |one: &Assessed<'_>| Some((key(one)?, (one.status_on(day), one.evidence_on(day))));
    let started = assessed.iter().filter_map(status);
    started.filter(|(_, (status, _))| *status != Status::NotStarted).collect()
}

/// Days on which something can change: those of the facts, and those of the deadlines, each with
/// its neighbours.
fn days(history: &History, assessed: &[Assessed<'_>]) -> Vec<Day> {
    let facts = history.happened().map(|(_, fact)| fact.occurred_on());
    let dues = assessed.iter().filter_map(Assessed::due);
    let mut days: Vec<Day> =
        facts.chain(dues).flat_map(|day| [day.plus_days(-1), day, day.plus_days(1)]).collect();
    days.sort_unstable();
    days.dedup();
    days
}

#[test]
fn the_law_holds_for_every_demo_case_and_for_one_that_was_taken_over() {
    let taken_over = [taken_over_housed, taken_over_flipped].map(|case| {
        let story = nothing().then(case).months_later(3).then(nuisance_reported).then(approach_agreed);
        story.months_later(14).then(annual_review).history
    });
    for history in demo_cases().into_iter().map(|(_, history)| history).chain(taken_over) {
        let at_the_end = assess(&history, &SETS);
        for day in days(&history, &at_the_end) {
            let then = assess_until(&history, day, &SETS);
            assert_eq!(statuses(&at_the_end, day), statuses(&then, day), "on {day}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_status_on_a_day_does_not_depend_on_what_comes_after_it(life in lives(90)) {
        let history = &life.history;
        let at_the_end = assess(history, &SETS);
        for day in days(history, &at_the_end) {
            let then = assess_until(history, day, &SETS);
            prop_assert_eq!(statuses(&at_the_end, day), statuses(&then, day), "on {}", day);
        }
    }

    #[test]
    fn nuisance_and_follow_up_obey_the_same_law(life in lives(90)) {
        let history = &life.history;
        let (cases, followed) = (nuisance_cases(history, &SETS), follow_up(history, &SETS));
        for day in history.happened().map(|(_, fact)| fact.occurred_on()) {
            let cases_then = nuisance_cases_until(history, day, &SETS);
            for (case, then) in cases.iter().zip(&cases_then) {
                prop_assert_eq!(case.state_on(day), then.state_on(day));
                prop_assert_eq!(
                    case.level_on(day).map(|at| (at.settings.level, at.sequence)),
                    then.level_on(day).map(|at| (at.settings.level, at.sequence))
                );
                prop_assert_eq!(case.next_actions_on(day), then.next_actions_on(day));
            }
            if let (Some(followed), Some(then)) = (&followed, &follow_up_until(history, day, &SETS)) {
                for years in 1..=3 {
                    prop_assert_eq!(followed.retained_after(years, day), then.retained_after(years, day));
                }
            }
        }
    }

    #[test]
    fn the_protocol_and_the_rules_agree_on_every_case(life in lives(120)) {
        let state = life.history.state();
        for case in nuisance_cases(&life.history, &SETS) {
            let ruled = &state.nuisance[&case.id];
            prop_assert_eq!(case.level(), Some(ruled.level));
            prop_assert_eq!(&case.warned_on, &ruled.warned_on);
        }
    }

    #[test]
    fn every_cited_number_is_the_number_of_a_recorded_fact(life in lives(60)) {
        let last = life.history.version();
        for one in assess(&life.history, &SETS) {
            prop_assert!(one.evidence().iter().all(|number| (1..=last).contains(number)));
        }
    }
}
