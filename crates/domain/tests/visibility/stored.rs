//! Lists store one assessment for all viewers. The part that a viewer sees equals the assessment by
//! the viewer's own view.

use std::collections::BTreeSet;

use omklap_domain::agreements::assess::assess_until;
use omklap_domain::agreements::{AgreementSets, Assessed};
use omklap_domain::visibility::{View, view};

use crate::viewers::{ID, viewers};
use crate::vocabulary::*;

const SEEN: SignalId = SignalId(uuid::Uuid::from_u128(0x5160_0002));

/// Steps in any order: a hidden signal and a signal that others see, answers to them, and
/// departures that set obligations aside.
const STEPS: [fn(Day) -> Fact; 8] = [
    |on| about_health(SIGNAL, on).into(),
    |on| SignalReported { signal_id: SEEN, kind: SignalKind::Other, ..signal(on) }.into(),
    |on| signal_answered(on).into(),
    |on| SignalAnswered { signal_id: SEEN, ..signal_answered(on) }.into(),
    |on| DepartureAgreed { obligation: code("5.2"), ..departure(on) }.into(),
    |on| DepartureAgreed { obligation: code("2.3"), ..departure(on) }.into(),
    |on| GuidanceScaled { signal_id: Some(SIGNAL), ..guidance_scaled(on) }.into(),
    |on| GuidanceScaled { signal_id: None, ..guidance_scaled(on) }.into(),
];

#[test]
fn a_stored_obligation_equals_the_one_that_the_view_assesses() {
    let (mut compared, mut hidden) = (0, 0);
    for story in stories() {
        let day = story.next.plus_days(20);
        let all = assess_until(&story.history, day, &SETS);
        for viewer in viewers() {
            let view = view(&viewer, ID, &story.history);
            let stored = started(&shown(&view, all.clone()), day);
            let assessed = started(&view.obligations(&story.history, day, &SETS), day);
            assert_eq!(stored, assessed, "{} after {:#?}", viewer.role.as_str(), story.history.recorded());
            compared += stored.len();
            hidden += usize::from(view.knows() && !view.sees_signal(SIGNAL));
        }
    }
    assert!(compared > 10_000 && hidden > 500, "{compared}, {hidden}");
}

#[test]
fn a_departure_sets_aside_signals_that_are_open_and_none_that_come_later() {
    let set_aside = |story: &Story| {
        let all = assess_until(&story.history, story.next, &SETS);
        let of_seen = all
            .into_iter()
            .find(|one| one.obligation.id.as_str() == "5.2" && one.reference == Some(SEEN.to_string()));
        of_seen.expect("it started").closed.is_some()
    };
    assert!(set_aside(&housed().then(STEPS[1]).then(STEPS[4])));
    assert!(!set_aside(&housed().then(STEPS[4]).then(STEPS[1])));
    assert!(!set_aside(&housed().then(STEPS[0]).then(STEPS[4]).then(STEPS[1])));
}

#[test]
fn a_set_whose_obligations_would_depend_on_several_signals_is_refused() {
    let shipped = include_str!("../../../../agreements/amsterdam-2018.toml");
    let answer = "kept-by = [\"signal-answered\"]\nsame = \"signalId\"\n";
    for (was, instead) in [
        (answer, "kept-by = [\"signal-answered\"]\n"),
        (answer, "kept-by = [\"evaluation-held\"]\none-at-a-time = true\n"),
        (
            answer,
            "kept-by = [\"signal-answered\"]\nsame = \"signalId\"\ncounts-since = [\"signal-reported\"]\n",
        ),
    ] {
        let other = shipped.replacen(was, instead, 1);
        assert_ne!(other, shipped);
        let refused = AgreementSets::default().add(&other).expect_err(instead);
        assert!(refused.to_string().contains("signals are hidden one by one"), "{refused}");
    }
}

/// Every admitted order of up to three steps, in a trajectory with a home and in one after a flip.
fn stories() -> Vec<Story> {
    let mut stories = vec![housed(), flipped()];
    let mut longer = stories.clone();
    for _ in 0..3 {
        longer =
            longer.iter().flat_map(|story| STEPS.iter().filter_map(|step| admitted(story, *step))).collect();
        stories.extend(longer.iter().cloned());
    }
    stories
}

fn admitted(story: &Story, step: fn(Day) -> Fact) -> Option<Story> {
    let mut history = story.history.clone();
    history.report(step(story.next), rules()).ok()?;
    Some(Story { history, next: story.next.plus_days(1) })
}

/// A signal about health, which the provider is asked to answer.
fn about_health(signal_id: SignalId, on: Day) -> SignalReported {
    SignalReported { signal_id, kind: SignalKind::Health, asked: Party::CareProvider, ..signal(on) }
}

/// The part of a stored assessment that a list shows.
fn shown<'s>(view: &View, mut all: Vec<Assessed<'s>>) -> Vec<Assessed<'s>> {
    all.retain(|one| view.sees_obligation(one.obligation, &one.responsible, one.reference.as_deref()));
    all
}

/// The obligations that have started, with all that is shown of them.
fn started(all: &[Assessed<'_>], day: Day) -> BTreeSet<String> {
    let started = all.iter().filter(|one| one.start.is_some());
    let shown = started.map(|one| {
        let (start, status) = (one.start, one.status_on(day));
        format!(
            "{} {:?} {start:?} {status:?} {:?} {:?}",
            one.obligation.id,
            one.reference,
            one.due(),
            one.evidence()
        )
    });
    shown.collect()
}
