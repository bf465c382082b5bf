//! A restored copy answers reads. It records, signs, judges and sends nothing until an operator
//! confirms it.

use std::fs;

use omklap_tests::{Answers, Case, Ledger, Process, Received, Receiver, eventually};
use reqwest::Method;
use serde_json::json;

#[test]
fn every_operation_of_a_copy_reads_or_is_refused() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    ledger.mark_as_restored_copy();
    let document = ledger.get("/v1/openapi.json").answer().body;
    let (mut refused, mut read) = (0, 0);
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            let needs_confirmation = method != "get"
                || matches!(path.as_str(), "/feed" | "/trajectories/{trajectoryId}/case-file");
            let method: Method = method.to_uppercase().parse().expect("a method");
            let filled = format!("/v1{}", path.replace("{trajectoryId}", &case.id).replace(['{', '}'], ""));
            let scopes =
                "trajectories:read trajectories:report trajectories:import figures:read audit:read admin";
            let answer = ledger.request(method.clone(), &filled).with_scopes(scopes).answer();
            let is_refused = answer.status == 503 && answer.problem() == "restored-copy";
            assert_eq!(is_refused, needs_confirmation, "{method} {path}: {}", answer.text);
            *(if needs_confirmation { &mut refused } else { &mut read }) += 1;
        }
    }
    assert!(refused > 10 && read > 10, "{refused} refused, {read} read");
    assert_eq!(ledger.facts(), i64::try_from(case.version).expect("few"), "nothing was recorded");
}

#[test]
fn a_restore_is_not_shown_without_a_token() {
    let ledger = Ledger::empty();
    ledger.mark_as_restored_copy();
    let request = ledger.post("/v1/trajectories").json(&json!({})).anonymous();
    assert_eq!(request.answer().with_status(401).problem(), "sign-in-required");
}

#[test]
fn a_copy_is_silent_until_it_is_confirmed_and_then_goes_on_where_it_was() {
    let mut ledger = Process::start_allowing("127.0.0.1");
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribe(&ledger);
    let case = ledger.ready();
    let sent = receiver.waits_for(3).len();
    let before = restart_as_copy(&mut ledger, &case);
    let case = case.on_server(&ledger);

    assert_eq!(ledger.get("/health/ready").answer().with_status(200).body["status"], "restored-copy");
    assert_eq!(case.state()["version"], case.version + 1, "it can be read");
    let refused = case.reporting(&case.next("consent-given")).seen("*").answer().with_status(503);
    assert_eq!(refused.problem(), "restored-copy");
    assert!(!ledger.omklap(&["retention", "run"]).status.success(), "it would sign certificates");
    assert_eq!(ledger.omklap(&["check", "--ledger", "--json"]).stdout, before, "nothing was signed");
    assert_eq!(receiver.arrived().len(), sent, "nothing was sent");

    succeeds(&ledger, &["restored", "confirm"]);
    let is_hold = |received: &Received| received.body["type"] == "nl.omklap.legal-hold-placed.v1";
    eventually(|| receiver.accepted().iter().any(is_hold));
    eventually(|| ledger.get("/health/ready").answer().body["status"] == "ready");
    case.reporting(&case.next("consent-given")).seen("*").answer().with_status(201);
    eventually(|| ledger.get("/v1/ledger/checkpoint").with_scopes("audit:read").answer().status == 200);
}

#[test]
fn a_server_falls_silent_when_its_ledger_is_marked_while_it_runs() {
    let ledger = Process::start();
    let case = ledger.ready();
    succeeds(&ledger, &["restored", "mark"]);
    eventually(|| case.reporting(&case.next("consent-given")).answer().status == 503);
    let version = || ledger.get(&case.path()).answer().with_status(200).body["version"].clone();
    let before = version();
    assert_eq!(case.reporting(&case.next("consent-given")).seen("*").answer().status, 503);
    assert_eq!(version(), before, "it can be read, and nothing is recorded");
}

/// Restarts the server on a ledger that is marked as a restored copy, and places a legal hold.
/// Returns the result of a check before the restart.
fn restart_as_copy(ledger: &mut Process, case: &Case) -> Vec<u8> {
    assert!(ledger.stop());
    // Every event would lead to a new checkpoint, so that signing would show at once.
    let settings = fs::read_to_string(ledger.directory().join("omklap.toml")).expect("readable");
    let settings = format!("{settings}checkpoint_events = 1\ncheckpoint_seconds = 0\n");
    fs::write(ledger.directory().join("omklap.toml"), settings).expect("writable");
    succeeds(ledger, &["restored", "mark"]);
    // An operator may change the record of a copy. The consequences wait.
    succeeds(ledger, &["retention", "hold", &case.id, "--ground", "complaint"]);
    let checked = ledger.omklap(&["check", "--ledger", "--json"]).stdout;
    ledger.restart();
    checked
}

fn succeeds(ledger: &Process, arguments: &[&str]) {
    let ran = ledger.omklap(arguments);
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}
