//! Properties of any life: random lives, the same ones in every run.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use cqrs_es::test::TestFramework;
use omklap_domain::holds::holds;
use omklap_domain::trajectory::Trajectory;
use omklap_domain::trajectory::admit::admit;
use omklap_domain::trajectory::aggregate::{NotAdmitted, Reported};
use omklap_domain::trajectory::work::Work;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::drawn::{Dice, drawn};
use super::walk::{Walk, lives};
use crate::vocabulary::*;

fn few_and_always_the_same() -> ProptestConfig {
    ProptestConfig {
        cases: 150,
        rng_seed: RngSeed::Fixed(2018),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn reported(facts: &[Fact]) -> Reported {
    Reported { facts: facts.to_vec(), today: *TODAY, unfounded: Vec::new(), work: Work::default() }
}

/// What the aggregate writes when it handles these facts after the earlier ones.
fn handled(before: &[Fact], facts: &[Fact]) -> Vec<Fact> {
    TestFramework::<History>::with(Arc::new(SETS.clone()))
        .given(before.to_vec())
        .when(reported(facts))
        .inspect_result()
        .expect("a life is admissible")
}

/// Reports facts until no more of the rest are admitted.
fn reported_in_any_order(mut rest: Vec<Fact>) -> (History, Vec<Fact>) {
    let mut history = History::default();
    loop {
        let before = rest.len();
        rest.retain(|fact| history.report(fact.clone(), rules()).is_err());
        if rest.is_empty() || rest.len() == before {
            return (history, rest);
        }
    }
}

/// The life without its corrections, as far as it is admissible: every fact on its own day.
fn without_corrections(life: &Walk) -> History {
    let facts = life.history.recorded().iter().filter(|fact| !matches!(fact, Fact::EventCorrected(_)));
    reported_in_any_order(facts.cloned().collect()).0
}

/// Any fact on a day on which something happened.
fn drawn_late(history: &History, dice: &mut Dice) -> Fact {
    let days: Vec<_> = history.happened().map(|(_, fact)| fact.occurred_on()).collect();
    let kind = dice.one_of(&kinds_but_corrections());
    let on = if days.is_empty() { code("2026-01-05") } else { dice.one_of(&days) };
    drawn(kind, on, history, dice)
}

fn kinds_but_corrections() -> Vec<FactType> {
    FactType::ALL.iter().copied().filter(|kind| *kind != FactType::EventCorrected).collect()
}

/// The number of the first step that could not have happened, found by checking every step from the
/// first.
fn first_broken_step(history: &History, fact: &Fact) -> Option<u64> {
    let mut would_be = history.recorded().to_vec();
    would_be.push(fact.clone());
    let would_be = History::from(would_be);
    let mut state = Trajectory::default();
    for (sequence, step) in would_be.happened() {
        if admit(&state, step, &SETS).is_err() {
            return Some(sequence);
        }
        state.evolve(step);
    }
    None
}

proptest! {
    #![proptest_config(few_and_always_the_same())]

    #[test]
    fn a_replayed_life_has_the_state_of_the_reported_life(life in lives(80)) {
        let facts = life.history.recorded().to_vec();
        let at_once = History::from(facts.clone());
        prop_assert_eq!(at_once.state(), life.history.state());
        let mut one_by_one = History::default();
        for fact in facts {
            one_by_one.record(fact);
        }
        prop_assert_eq!(one_by_one.state(), life.history.state());
    }

    #[test]
    fn a_list_has_the_same_effect_as_its_facts_one_by_one(life in lives(60), cut in any::<prop::sample::Index>()) {
        let facts = life.history.recorded();
        let (first, rest) = facts.split_at(cut.index(facts.len() + 1));
        prop_assert_eq!(handled(&[], facts), facts);
        prop_assert_eq!(handled(first, rest), rest);
    }

    #[test]
    fn the_aggregate_and_the_history_have_the_same_state(life in lives(60)) {
        let facts = life.history.recorded();
        let mut aggregate = History::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let sink = EventSink::default();
            aggregate.handle(reported(facts), &Arc::new(SETS.clone()), &sink).await.expect("an admissible life");
        });
        prop_assert_eq!(aggregate.state(), life.history.state());
        prop_assert_eq!(aggregate.version(), life.history.version());
    }

    #[test]
    fn a_list_with_one_bad_fact_is_refused_at_that_fact(life in lives(40), at in any::<prop::sample::Index>()) {
        let mut facts = life.history.recorded().to_vec();
        let at = at.index(facts.len() + 1);
        facts.insert(at, intake(TODAY.plus_days(1)).into());
        let result = TestFramework::<History>::with(Arc::new(SETS.clone()))
            .given_no_previous_events()
            .when(reported(&facts))
            .inspect_result();
        let NotAdmitted::Refused(refused) = result.expect_err("a fact in the future") else {
            panic!("it breaks a rule");
        };
        prop_assert_eq!(refused.index, at);
    }

    #[test]
    fn facts_that_are_reported_late_lead_to_the_same_state(life in lives(50), order in any::<u64>()) {
        let in_order = without_corrections(&life);
        let mut facts = in_order.recorded().to_vec();
        facts.sort_by_key(|fact| order.rotate_left(u32::from(fact.occurred_on().date().day().unsigned_abs())));
        let (late, refused) = reported_in_any_order(facts);
        if refused.is_empty() {
            prop_assert_eq!(late.state(), in_order.state());
        }
    }

    #[test]
    fn a_late_fact_is_admitted_if_the_whole_history_is_admissible(life in lives(50), draws in vec(any::<u64>(), 20)) {
        let mut history = life.history;
        for draw in draws {
            let fact = drawn_late(&history, &mut Dice(draw));
            let broken = first_broken_step(&history, &fact);
            match history.report(fact, rules()) {
                Ok(()) => prop_assert_eq!(broken, None),
                Err(refused) => {
                    let step = refused.breaks.map_or(history.version() + 1, |step| step.sequence);
                    prop_assert_eq!(broken, Some(step));
                }
            }
        }
    }

    #[test]
    fn a_fact_that_is_retracted_never_happened(life in lives(50), which in any::<prop::sample::Index>()) {
        let mut history = without_corrections(&life);
        prop_assume!(history.version() > 1);
        let mut facts = history.recorded().to_vec();
        let which = which.index(facts.len());
        let retraction = retracted(which as u64 + 1)(*TODAY).into();
        facts.remove(which);
        if history.report(retraction, rules()).is_ok() {
            let (never, refused) = reported_in_any_order(facts);
            prop_assert!(refused.is_empty());
            prop_assert_eq!(history.state(), never.state());
        }
    }

    #[test]
    fn the_last_fact_can_always_be_retracted(life in lives(50)) {
        let mut history = without_corrections(&life);
        prop_assume!(history.version() > 1);
        let (last, fact) = history.happened().last().expect("two facts at least");
        prop_assume!(!fact.fact_type().is_about_the_record());
        let before = history.state_on(fact.occurred_on().plus_days(-1));
        prop_assert_eq!(history.report(retracted(last)(*TODAY).into(), rules()), Ok(()));
        prop_assert_eq!(history.state(), &before);
    }

    #[test]
    fn a_life_holds_at_most_an_offer_a_lease_and_a_temporary_home(life in lives(80)) {
        let held = holds(&life.history, &SETS);
        for hold in &held {
            prop_assert!(hold.until.is_none_or(|until| hold.since < until));
            prop_assert!(hold.opened_by <= life.history.version());
        }
        prop_assert!(held.iter().filter(|hold| hold.until.is_none()).count() <= 3);
        let again = holds(&History::from(life.history.recorded().to_vec()), &SETS);
        prop_assert_eq!(held, again);
    }

    #[test]
    fn the_state_of_the_last_day_is_the_current_state(life in lives(80)) {
        let last = life.history.happened().map(|(_, fact)| fact.occurred_on()).max();
        if let Some(last) = last {
            prop_assert_eq!(&life.history.state_on(last), life.history.state());
        }
    }

    #[test]
    fn the_state_on_a_day_is_the_state_after_the_facts_until_that_day(life in lives(40)) {
        let mut so_far = Vec::new();
        for (_, fact) in life.history.happened() {
            so_far.push(fact.clone());
        }
        for count in 1..so_far.len() {
            let day = so_far[count - 1].occurred_on();
            if so_far[count].occurred_on() > day {
                let known = History::from(so_far[..count].to_vec());
                prop_assert_eq!(&life.history.state_on(day), known.state());
            }
        }
    }

    #[test]
    fn a_serialised_fact_is_read_back_unchanged(life in lives(80)) {
        for fact in life.history.recorded() {
            let text = serde_json_canonicalizer::to_string(fact).expect("a fact can be written");
            let read: Fact = serde_json::from_str(&text).expect("what was written can be read");
            prop_assert_eq!(&read, fact);
            prop_assert_eq!(serde_json_canonicalizer::to_string(&read).expect("again"), text);
        }
    }

    #[test]
    fn a_serialised_history_is_read_back_unchanged(life in lives(60)) {
        let text = serde_json::to_string(&life.history).expect("a history can be written");
        let read: History = serde_json::from_str(&text).expect("what was written can be read");
        prop_assert_eq!(read.recorded(), life.history.recorded());
        prop_assert_eq!(read.state(), life.history.state());
    }
}
