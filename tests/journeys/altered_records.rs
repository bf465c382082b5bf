//! What the database holds is not what was recorded: nothing of it is shown, and no report is
//! answered with a promise that was not kept.

use omklap_domain::visibility::Role;
use omklap_tests::{Answers, Ledger, Receiver, eventually};
use reqwest::Method;
use serde_json::json;
use sqlx::{Executor, PgConnection};

#[test]
fn a_changed_event_is_answered_with_a_problem_on_every_way_and_never_shown() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let changed = "UPDATE events SET payload = replace(payload::text, '202', '201')::json WHERE sequence = 1";
    run(&ledger, changed);
    for way in WAYS {
        let path = format!("/v1/trajectories/{}{way}", case.id);
        let answer = case.read_by(Role::Auditor, &path).with_status(500);
        assert_eq!(answer.problem(), "record-altered", "{path}");
        assert!(!answer.text.contains("201"), "{path}: {}", answer.text);
    }
    let fact = case.next("case-discussed");
    let answer = case.reporting(&fact).seen("*").answer().with_status(500);
    assert_eq!(answer.problem(), "record-altered");
    assert!(ledger.metrics().contains("omklap_altered_records_total"));
}

#[test]
fn what_was_sealed_and_does_not_open_is_an_alarm_where_it_is_shown_and_keeps_back_nothing_else() {
    let texts = &["", "/events", "/replay", "/case-file"];
    for (changed, shown_in) in [
        ("UPDATE vault SET sealed = '\\x00'", &texts[..]),
        ("UPDATE keys.data_keys SET wrapped_key = '\\x00'", texts),
        ("UPDATE own_references SET sealed = '\\x00'", &[""]),
    ] {
        let ledger = Ledger::empty();
        let case = ledger.preparing();
        let number = ledger.request(Method::PUT, &format!("{}/reference", case.path()));
        number.json(&json!({"reference": "ZV-1"})).answer().with_status(200);
        run(&ledger, changed);
        for way in WAYS {
            let answer = case.read_by(Role::CareProvider, &format!("{}{way}", case.path()));
            let expected = if shown_in.contains(way) { Some("record-altered") } else { None };
            assert_eq!(
                answer.body["type"].as_str().map(|_| answer.problem()),
                expected,
                "{way} after {changed}: {}",
                answer.text
            );
        }
        assert!(ledger.metrics().contains("omklap_altered_records_total"), "{changed}");
    }
}

#[test]
fn a_secret_that_does_not_open_stops_its_deliveries_and_is_an_alarm() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let subscription = receiver.subscribe(&ledger);
    ledger.until_waiting(1);
    run(&ledger, "UPDATE subscriptions SET secret = '\\x00'");
    let path = format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"));
    for change in ["pause", "resume"] {
        ledger.post(&format!("{path}/{change}")).answer().with_status(200);
    }
    eventually(|| ledger.metrics().contains("omklap_altered_records_total"));
    let _ = ledger.preparing();
    assert_eq!(receiver.arrived().len(), 0);
}

#[test]
fn a_report_whose_rows_are_dropped_is_an_error_and_leaves_nothing() {
    for dropped in ["events", "vault", "access_log"] {
        let ledger = Ledger::empty();
        let case = ledger.preparing();
        let before = ledger.facts();
        run(
            &ledger,
            &format!(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                 CREATE TRIGGER a BEFORE INSERT ON {dropped} FOR EACH ROW EXECUTE FUNCTION f()"
            ),
        );
        let fact = case.next("case-discussed");
        let answer = case.reporting(&fact).seen("*").answer().with_status(500);
        assert_eq!(answer.problem(), "record-altered", "{dropped}");
        assert_eq!(ledger.facts(), before, "{dropped}");
    }
}

#[test]
fn a_report_is_answered_with_a_receipt_and_a_repeat_with_the_same_one() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let fact = case.next("case-discussed");
    let tried = case.dry_run_by(Role::CareProvider, &fact).with_status(200);
    assert!(tried.body.get("receipt").is_none(), "nothing was promised");
    let answers = [(); 2].map(|()| case.reporting(&fact).seen("*").once("a-key").answer().with_status(201));
    let receipts = answers.map(|answer| answer.body["receipt"].as_str().expect("a receipt").to_owned());
    assert_eq!(receipts[0], receipts[1]);
    let lines: Vec<&str> = receipts[0].lines().collect();
    assert_eq!((lines[1], lines[2]), ("omklap-receipt/1", case.id.as_str()), "{lines:?}");
}

#[test]
fn a_receipt_is_redeemed_by_those_with_access_to_the_case() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let fact = case.next("case-discussed");
    let answer = case.reporting(&fact).seen("*").answer().with_status(201);
    let receipt = answer.body["receipt"].as_str().expect("a receipt").to_owned();
    let hash = receipt.lines().nth(5).expect("its last line");
    let path = format!("/v1/trajectories/{}/receipts/{hash}", case.id);
    let waiting = case.read_by(Role::Auditor, &path).with_status(200).body;
    assert_eq!((&waiting["state"], waiting.get("proof")), (&"waiting".into(), None), "{waiting}");
    case.read_by(Role::Auditor, &format!("/v1/trajectories/{}/case-file", case.id)).with_status(200);
    let redeemed = case.read_by(Role::Auditor, &path).with_status(200);
    assert_eq!(redeemed.body["state"], "signed");
    let keys = case.read_by(Role::Auditor, "/v1/ledger/keys").body;
    let key = [keys["publicKeys"][0].as_str().expect("a key").parse().expect("a key")];
    let kept = omklap_verifier::redeemed(&receipt, &redeemed.text, &key).expect("kept");
    assert_eq!(waiting["sequence"], kept.sequence);
    let other = redeemed.text.replace("\"leafIndex\":", "\"leafIndex\":1");
    omklap_verifier::redeemed(&receipt, &other, &key).expect_err("another leaf");
    let unproven = waiting.to_string();
    omklap_verifier::redeemed(&receipt, &unproven, &key).expect_err("no proof yet");
    for (wrong, status, problem) in [
        ("0".repeat(64), 404, "receipt-unknown"),
        (hash.to_uppercase(), 400, "malformed"),
        ("x".to_owned(), 400, "malformed"),
    ] {
        let unknown = format!("/v1/trajectories/{}/receipts/{wrong}", case.id);
        let answer = case.read_by(Role::Auditor, &unknown).with_status(status);
        assert_eq!(answer.problem(), problem, "{wrong}");
    }
    let elsewhere = format!("/v1/trajectories/{}/receipts/{hash}", ledger.preparing().id);
    assert_eq!(case.read_by(Role::Auditor, &elsewhere).problem(), "receipt-unknown");
}

#[test]
fn after_a_rollback_reads_and_reports_are_answered_and_the_rest_says_why_not() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let file = format!("/v1/trajectories/{}/case-file", case.id);
    case.read_by(Role::Auditor, &file).with_status(200);
    run(&ledger, "DELETE FROM checkpoints; DELETE FROM ledger_tiles");
    let health = ledger.get("/health/ready").answer().with_status(200).body;
    assert_eq!(health["reasons"], serde_json::json!(["database-behind-checkpoints-file"]));
    let detail = health["details"][0].as_str().expect("a sentence");
    assert!(detail.contains("was set back") && detail.contains("no case file is exported"), "{detail}");
    case.read_by(Role::Auditor, &format!("/v1/trajectories/{}", case.id)).with_status(200);
    let fact = case.next("case-discussed");
    case.reporting(&fact).seen("*").answer().with_status(201);
    assert_eq!(case.read_by(Role::Auditor, &file).status, 500);
}

// The words of these tests.

/// The ways to read a case, below its path.
const WAYS: &[&str] =
    &["", "/events", "/agreements", "/replay", "/case-file", "/follow-up", "/nuisance-cases"];

fn run(ledger: &Ledger, statements: &str) {
    ledger.in_the_database(async |owner: &mut PgConnection| {
        owner.execute(statements).await.expect("its owner may");
    });
}
