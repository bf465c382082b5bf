//! The cost of a report, in steps and not in seconds. Late facts are checked with the same result
//! as by a walk over everything, at a cost that grows no faster than what is reported and recorded.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use omklap_domain::agreements::{assess, assess_within};
use omklap_domain::trajectory::Trajectory;
use omklap_domain::trajectory::admit::admit;
use omklap_domain::trajectory::aggregate::{NotAdmitted, Reported};
use omklap_domain::trajectory::work::{MOST_RECORDED, Work, steps_allowed};
use omklap_domain::trajectory::{Refusal, Refused};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::drawn::{Dice, drawn};
use super::walk::lives;
use crate::vocabulary::*;

/// A fact that could not have happened, by its number, with the reasons.
type Broken = (u64, Vec<Refusal>);

/// The first step that could not have happened, found by checking every step from the first.
fn first_broken(history: &History, fact: &Fact) -> Option<Broken> {
    let mut would_be = history.recorded().to_vec();
    would_be.push(fact.clone());
    let would_be = History::from(would_be);
    let mut state = Trajectory::default();
    for (sequence, step) in would_be.happened() {
        if let Err(refusals) = admit(&state, step, &SETS) {
            return Some((sequence, refusals));
        }
        state.evolve(step);
    }
    None
}

/// What a refusal reports as broken.
fn broken(refused: Refused, newest: u64) -> Broken {
    refused.breaks.map_or((newest, refused.refusals), |step| (step.sequence, step.refusals))
}

/// Any fact on a day on which something happened, or a correction of a fact of that day.
fn drawn_late(history: &History, dice: &mut Dice) -> Fact {
    let happened: Vec<_> =
        history.happened().map(|(sequence, fact)| (sequence, fact.occurred_on())).collect();
    let (sequence, on) = dice.one_of(&happened);
    let kinds: Vec<_> =
        FactType::ALL.iter().copied().filter(|kind| *kind != FactType::EventCorrected).collect();
    let late = drawn(dice.one_of(&kinds), on, history, dice);
    match dice.pick(4) {
        0 => retracted(sequence)(*TODAY).into(),
        1 => replaced(sequence, late)(*TODAY).into(),
        _ => late,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60, rng_seed: RngSeed::Fixed(2022), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_late_fact_is_weighed_as_by_a_walk_over_everything(life in lives(300), draws in vec(any::<u64>(), 60)) {
        let mut history = life.history;
        prop_assume!(history.version() > 1);
        for draw in draws {
            let fact = drawn_late(&history, &mut Dice(draw));
            let newest = history.version() + 1;
            let (checked, slowly) = (history.check(&fact, rules()), first_broken(&history, &fact));
            let before_the_walk = checked.as_ref().is_err_and(|refused| is_refused_before_the_walk(&fact, refused));
            if !before_the_walk {
                prop_assert_eq!(checked.clone().err().map(|refused| broken(*refused, newest)), slowly);
            }
            if checked.is_ok() {
                history.record(fact);
                let rebuilt = History::from(history.recorded().to_vec());
                prop_assert_eq!(history.state(), rebuilt.state());
            }
        }
    }
}

/// Dates, and whether a fact can be corrected, are checked before anything is walked.
fn is_refused_before_the_walk(fact: &Fact, refused: &Refused) -> bool {
    let dates = [Refusal::OccurredInTheFuture, Refusal::OccurredBeforeIntake];
    let correction = matches!(fact, Fact::EventCorrected(_));
    correction && refused.breaks.is_none() || refused.refusals.iter().any(|refusal| dates.contains(refusal))
}

/// A fact of a reported list, by its place in it. The first of them gets this number.
type Family = fn(u64, u32) -> Fact;

const FAMILIES: [(&str, Family); 4] = [
    ("the same fact repeatedly", |_, _| guidance_plan(days_ago(0)).into()),
    ("each on the day before, all alike", |_, n| guidance_plan(days_ago(n)).into()),
    ("each on the day before, and each is remembered", |_, n| damage_of(n).into()),
    ("each corrects the first", |first, n| match n {
        0 => guidance_plan(days_ago(0)).into(),
        _ => replaced(first, guidance_plan(days_ago(n % 50)))(*TODAY).into(),
    }),
];

fn days_ago(days: u32) -> Day {
    TODAY.plus_days(-i32::try_from(days).expect("days of a life"))
}

fn damage_of(n: u32) -> DamageReported {
    DamageReported { damage_id: DamageId(uuid::Uuid::from_u128(n.into())), ..damage(days_ago(n)) }
}

/// The steps needed to handle this many facts of a family, and whether all of them were admitted.
fn handled(family: Family, facts: u32) -> (u64, Result<(), NotAdmitted>) {
    let mut history = housed().history;
    let (work, first) = (Work::default(), history.version() + 1);
    let facts = (0..facts).map(|n| family(first, n)).collect();
    let done = handle(&mut history, facts, work.clone());
    (work.steps(), done)
}

fn handle(history: &mut History, facts: Vec<Fact>, work: Work) -> Result<(), NotAdmitted> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (sets, sink) = (Arc::new(SETS.clone()), EventSink::default());
    runtime.block_on(history.handle(
        Reported { facts, today: *TODAY, unfounded: Vec::new(), work },
        &sets,
        &sink,
    ))
}

/// With about a hundred bytes per fact, these are 8 KB and 512 KB.
const SMALL: u32 = 80;
const LARGE: u32 = 64 * SMALL;

#[test]
fn the_cost_of_a_list_is_linear_in_its_length() {
    for (name, family) in FAMILIES {
        let [small, large] = [SMALL, LARGE].map(|facts| handled(family, facts).0);
        assert!(large <= 3 * 64 * small, "{name}: {small} steps for {SMALL} facts, {large} for {LARGE}");
    }
}

#[test]
fn late_facts_that_leave_what_follows_as_it_was_are_all_admitted() {
    for (name, family) in FAMILIES.into_iter().filter(|(name, _)| !name.contains("remembered")) {
        let (steps, done) = handled(family, 6_000);
        assert_eq!(done, Ok(()), "{name}");
        assert!(steps < 6_000 * 200, "{name}: {steps} steps");
    }
}

#[test]
fn a_list_that_takes_too_many_steps_is_refused_at_the_first_unchecked_fact() {
    let (steps, done) = handled(FAMILIES[2].1, LARGE);
    let Err(NotAdmitted::TooMuchWork { index }) = done else { panic!("{done:?}") };
    let allowed = steps_allowed(housed().history.version(), LARGE as usize);
    assert!((300..4_000).contains(&index), "{index}");
    assert!((allowed..allowed + 10_000).contains(&steps), "{steps} of {allowed}");
}

#[test]
fn a_list_is_not_checked_further_when_the_caller_no_longer_waits() {
    let (mut history, work) = (housed().history, Work::default());
    let facts = (0..SMALL).map(|n| damage_of(n).into()).collect();
    work.give_up();
    assert_eq!(handle(&mut history, facts, work.clone()), Err(NotAdmitted::GivenUp));
    assert_eq!(work.steps(), 0);
}

/// A housed client's history with these facts, whether they would be admitted or not.
fn at_home_with(facts: impl IntoIterator<Item = Fact>) -> History {
    History::from(housed().history.recorded().iter().cloned().chain(facts).collect::<Vec<_>>())
}

fn signal_of(n: u32) -> SignalId {
    SignalId(uuid::Uuid::from_u128(n.into()))
}

#[test]
fn assessing_signals_that_are_answered_in_the_end_costs_as_much_as_there_are_of_them() {
    for count in [SMALL, LARGE] {
        let reported = |n| SignalReported { signal_id: signal_of(n), ..signal(days_ago(1)) }.into();
        let answered = |n| SignalAnswered { signal_id: signal_of(n), ..signal_answered(days_ago(0)) }.into();
        let history = at_home_with((0..count).map(reported).chain((0..count).map(answered)));
        assert!(assess_within(&history, &SETS, 40 * u64::from(count)).is_some(), "{count} signals");
    }
}

#[test]
fn an_assessment_that_takes_too_many_steps_is_given_up() {
    let talk = |n: u32| FlipTalkHeld {
        talk_id: FlipTalkId(uuid::Uuid::from_u128(n.into())),
        ..flip_talk(days_ago(2))
    };
    let away = |_| [Fact::from(absence(days_ago(1))), absence_ended(days_ago(0)).into()];
    let history = at_home_with((0..SMALL).map(talk).map(Fact::from).chain((0..SMALL).flat_map(away)));
    assert!(assess_within(&history, &SETS, 2_000).is_none());
    let all = assess_within(&history, &SETS, u64::MAX);
    assert_eq!(all, Some(assess(&history, &SETS)));
}

#[test]
fn a_trajectory_that_is_full_takes_no_more_facts_but_those_about_its_record() {
    let full = MOST_RECORDED - housed().history.version();
    let mut history = at_home_with((0..full).map(|_| guidance_plan(days_ago(0)).into()));
    let one_more = vec![guidance_plan(days_ago(0)).into()];
    assert_eq!(handle(&mut history, one_more, Work::default()), Err(NotAdmitted::Full));
    assert_eq!(handle(&mut history, vec![restricted(days_ago(0)).into()], Work::default()), Ok(()));
}
