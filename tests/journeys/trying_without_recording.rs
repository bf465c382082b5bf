//! A dry run answers what a report would lead to, and records nothing.

use omklap_tests::{Case, Ledger, Request, sample_fact};
use serde_json::Value;

fn dry_run(ledger: &Ledger, case: &Case, fact: &Value) -> Request {
    ledger.post(&format!("{}?dryRun=true", case.events())).seen(&case.etag).json(fact)
}

fn all_rows(ledger: &Ledger) -> Vec<i64> {
    let tables = ["trajectories", "vault", "keys.data_keys", "idempotency_keys"];
    [ledger.facts()].into_iter().chain(tables.map(|table| ledger.rows(table))).collect()
}

#[test]
fn a_dry_run_is_answered_and_not_recorded() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let before = all_rows(&ledger);
    let answer =
        dry_run(&ledger, &case, &case.next("readiness-revoked")).once("try-1").answer().with_status(200);
    assert_eq!((&answer.body["recorded"], &answer.body["phase"]), (&false.into(), &"preparing".into()));
    assert_eq!((answer.header("etag"), answer.header("location")), (None, None));
    assert_eq!((all_rows(&ledger), case.state()["phase"].as_str()), (before, Some("ready")));
}

#[test]
fn a_dry_run_is_refused_like_a_report() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let assigned = case.next("corporation-assigned");
    let answer = dry_run(&ledger, &case, &assigned)
        .by("transferpunt")
        .in_role("matching-point")
        .answer()
        .with_status(409);
    assert_eq!(answer.errors(), [("not-admitted-in-phase", "/type")]);
    let earlier = case.etag.clone();
    case.reports("case-discussed");
    let stale = dry_run(&ledger, &case, &case.next("readiness-revoked")).seen(&earlier).answer();
    assert_eq!(stale.with_status(412).problem(), "stale");
}

#[test]
fn an_intake_can_be_tried_and_then_registered_under_the_same_key() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").happening("2021-01-04".parse().expect("a day"));
    let to = |path| ledger.post(path).once("intake-7").json(&intake).answer();
    assert_eq!(to("/v1/trajectories?dryRun=true").with_status(200).body["phase"], "preparing");
    assert_eq!(all_rows(&ledger), [0, 0, 0, 0, 0]);
    assert_eq!(to("/v1/trajectories?dryRun=false").with_status(201).body["recorded"], true);
}

#[test]
fn dry_run_is_true_or_false() {
    let ledger = Ledger::empty();
    let answer = ledger.post("/v1/trajectories?dryRun=yes").json(&Value::Null).answer().with_status(400);
    assert_eq!(answer.errors(), [("wrong-type", "dryRun")]);
}
