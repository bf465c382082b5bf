//! A list of facts is admitted as a whole or not at all.

use jiff::ToSpan;
use omklap_tests::{Case, Ledger, sample_fact};
use serde_json::{Value, json};

fn list(case: &Case, kinds: &[&str]) -> Value {
    kinds.iter().map(|kind| case.next(*kind)).collect()
}

#[test]
fn a_list_is_recorded_in_its_order() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let steps = list(&case, &["readiness-revoked", "preparation-step-completed", "readiness-confirmed"]);
    let answer = case.reporting(&steps).answer().with_status(201);
    assert_eq!((&answer.body["version"], &answer.body["phase"]), (&6.into(), &"ready".into()));
    let recorded: Vec<_> = answer.body["events"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| event["sequence"].clone())
        .collect();
    assert_eq!(recorded, [4, 5, 6]);
    assert_eq!(case.timeline().len(), 6);
}

#[test]
fn one_fact_that_is_refused_refuses_the_list() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let steps = list(&case, &["housing-requested", "readiness-confirmed", "preparation-step-completed"]);
    let answer = case.reporting(&steps).answer().with_status(409);
    assert!(answer.errors().iter().all(|(_, pointer)| pointer.starts_with("/1")), "{}", answer.text);
    assert_eq!((case.timeline().len(), case.state()["phase"].as_str()), (3, Some("ready")));
    assert_eq!((ledger.facts(), ledger.rows("idempotency_keys")), (3, 0));
}

#[test]
fn one_fact_that_is_written_wrong_refuses_the_list() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let mut steps = list(&case, &["housing-requested", "corporation-assigned", "dwelling-offered"]);
    steps[2]["rentCents"] = "six hundred".into();
    steps[2]["colour"] = "red".into();
    let answer = case.reporting(&steps).answer().with_status(400);
    let mut errors = answer.errors();
    errors.sort_unstable();
    assert_eq!(errors, [("unknown-field", "/2/colour"), ("wrong-type", "/2/rentCents")]);
    assert_eq!(ledger.facts(), 3);
}

#[test]
fn a_history_is_imported_whole_or_not_at_all() {
    let ledger = Ledger::empty();
    let day = "2021-01-04".parse().expect("a day");
    let fact = |kind: &str| sample_fact(kind).happening(day);
    let history =
        json!([fact("intake-registered"), fact("outflow-profile-set"), fact("readiness-confirmed")]);
    assert_eq!(ledger.imports(&history).state()["phase"], "ready");
    let impossible = json!([fact("intake-registered"), fact("housing-requested")]);
    let answer = ledger.post("/v1/trajectories").json(&impossible).answer().with_status(409);
    assert!(answer.errors().iter().all(|(_, pointer)| pointer.starts_with("/1")), "{}", answer.text);
    assert_eq!((ledger.rows("trajectories"), ledger.rows("keys.data_keys")), (1, 1));
}

#[test]
fn a_list_begins_with_the_fact_that_opens_it() {
    let ledger = Ledger::empty();
    let fact = sample_fact("rent-missed").happening("2021-01-04".parse().expect("a day"));
    let answer = ledger.post("/v1/trajectories").json(&fact).answer().with_status(409);
    assert_eq!(answer.errors(), [("not-yet-opened", "/type")]);
}

#[test]
fn a_list_that_takes_too_much_work_is_refused_at_the_fact_to_which_weighing_came() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.months_later(3);
    let (fact, last) = (case.next("damage-reported"), case.day());
    // Every damage changes the state on all days after it, so each fact takes more work.
    let damage = |n: i64| {
        let mut damage = fact.clone();
        damage["damageId"] = format!("00000000-0000-4000-8000-{n:012}").into();
        damage["occurredOn"] = (last - (n / 50).days()).to_string().into();
        damage
    };
    let damages = |facts: i64| -> Value { (0..facts).map(damage).collect() };
    let dry_run = format!("{}?dryRun=true", case.events());
    let answered = |facts| ledger.post(&dry_run).header("If-Match", "*").json(&damages(facts)).answer();
    answered(300).with_status(200);
    let refused = answered(3_000).with_status(413);
    assert_eq!(refused.problem(), "too-much-work");
    let [("not-weighed", place)] = refused.errors()[..] else { panic!("{}", refused.text) };
    assert!(place.trim_start_matches('/').parse::<u32>().is_ok_and(|at| at > 300), "{place}");
}

#[test]
fn a_list_holds_a_fact_and_ten_thousand_at_most() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    assert_eq!(case.reporting(&json!([])).answer().with_status(400).errors(), [("too-few", "")]);
    let fact = case.next("case-discussed");
    let too_many: Value = vec![fact.clone(); 10_001].into();
    assert_eq!(case.reporting(&too_many).answer().with_status(400).errors(), [("too-many", "")]);
    let many: Value = vec![fact; 10_000].into();
    assert_eq!(case.reporting(&many).answer().with_status(201).body["version"], 10_003);
}
