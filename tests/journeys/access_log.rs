//! Every read and every report is in the access log before the answer is sent.

use std::collections::BTreeMap;

use omklap_tests::{Api, Case, Ledger};
use serde_json::Value;
use sqlx::Executor;

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn log_of(api: &Api, case: &Case) -> Vec<Value> {
    api.pages(&format!("{}/access-log?limit=3", case.path())).concat()
}

fn action_and_outcome(line: &Value) -> (&str, &str) {
    (line["action"].as_str().unwrap_or_default(), line["outcome"].as_str().unwrap_or_default())
}

#[test]
fn every_read_and_every_report_adds_a_line_to_the_access_log() {
    let ledger = Ledger::empty();
    let case = case_with_requests(&ledger);
    let log = log_of(&ledger, &case);
    let lines: Vec<_> = log.iter().map(action_and_outcome).collect();
    let expected = [
        ("report", "given"),
        ("report", "given"),
        ("read", "given"),
        ("read", "given"),
        ("list", "given"),
        ("report", "refused"),
        ("try", "given"),
    ];
    assert_eq!(lines[..expected.len()], expected);
    assert!(lines[expected.len()..].iter().all(|(action, _)| *action == "read-access-log"), "{lines:?}");
    let consent = &log[1];
    assert_eq!(consent["categories"], serde_json::json!(["consents"]));
    assert_eq!((&consent["organisation"], &consent["purpose"]), (&"de-vaart".into(), &"case-work".into()));
}

/// A case with reports, reads and a dry run, each a minute after the one before.
fn case_with_requests(ledger: &Ledger) -> Case {
    let mut case = ledger.opens("intake-registered");
    let later = || ledger.minutes_pass(1);
    later();
    case.reports("consent-given");
    later();
    let _ = case.state();
    later();
    let _ = case.timeline();
    later();
    ledger.get("/v1/trajectories").answer().with_status(200);
    later();
    case.reporting(&case.next("offer-accepted")).answer().with_status(409);
    later();
    let dry_run = format!("{}?dryRun=true", case.events());
    ledger.post(&dry_run).seen("*").json(&case.next("consent-given")).answer().with_status(200);
    later();
    case
}

#[test]
fn a_line_has_the_trace_of_the_caller() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let answer = ledger.get(&case.path()).header("traceparent", TRACE).answer().with_status(200);
    let log = log_of(&ledger, &case);
    let line = log.iter().find(|line| line["parentSpanId"] == TRACE[36..52]).expect("its line");
    assert_eq!(line["traceId"], TRACE[3..35]);
    let span = line["spanId"].as_str().expect("a span");
    assert_eq!(answer.header("traceresponse"), Some(format!("00-{}-{span}-01", &TRACE[3..35]).as_str()));
}

#[test]
fn an_answer_that_cannot_be_logged_is_not_given() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let revoke = "REVOKE INSERT ON access_log FROM omklap_app";
    ledger.in_the_database(async |owner| owner.execute(revoke).await.expect("the owner may"));
    let events = ledger.facts();
    for answer in [
        ledger.get(&case.path()).answer(),
        ledger.get("/v1/trajectories").answer(),
        case.reporting(&case.next("consent-given")).answer(),
    ] {
        assert!(answer.status >= 500, "{}", answer.status);
        assert!(!answer.text.contains("de-vaart"), "{}", answer.text);
    }
    assert_eq!(ledger.facts(), events, "without a log line nothing is recorded");
}

#[test]
fn the_program_adds_lines_and_changes_none() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    ledger.in_the_database(async |owner| {
        owner.execute("SET ROLE omklap_app").await.expect("the program's role");
        for act in [
            "UPDATE access_log SET actor = 'somebody else'",
            "DELETE FROM access_log",
            "TRUNCATE access_log",
            "SELECT access_log_drop_months_before('2000-01-01')",
        ] {
            let refused = owner.execute(act).await.expect_err(act).to_string();
            assert!(refused.contains("permission denied"), "{act}: {refused}");
        }
    });
}

#[test]
fn a_line_outside_the_partitions_is_moved_when_its_month_is_made() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    let count = "SELECT count(*) FROM access_log_other";
    ledger.in_the_database(async |owner| {
        for act in [
            "INSERT INTO access_log SELECT (jsonb_populate_record(access_log, '{\"at\": \"2031-05-07T10:00:00Z\"}')).*
                 FROM access_log LIMIT 1",
            "SELECT access_log_months('2031-05-20', 0)",
            "SELECT access_log_months('2031-05-20', 0)",
        ] {
            owner.execute(act).await.expect(act);
        }
        let in_month = "SELECT count(*) FROM access_log_2031_05";
        assert_eq!(sqlx::query_scalar::<_, i64>(in_month).fetch_one(&mut *owner).await.expect("the partition of the month"), 1);
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut *owner).await.expect("the default partition"), 0);
    });
}

#[test]
fn no_lines_younger_than_five_years_can_be_dropped() {
    let ledger = Ledger::empty();
    ledger.in_the_database(async |owner| {
        let young = "SELECT access_log_drop_months_before(current_date - 400)";
        let refused = owner.execute(young).await.expect_err("too young").to_string();
        assert!(refused.contains("five years"), "{refused}");
        owner.execute("SELECT access_log_months('2015-03-01', 0)").await.expect("an old month");
        let old: Vec<String> = sqlx::query_scalar("SELECT access_log_drop_months_before('2016-01-01')")
            .fetch_all(owner)
            .await
            .expect("old enough");
        assert_eq!(old, ["2015-03"]);
    });
}

/// A new operation of the published API fails here until it logs what it shows.
#[test]
fn every_read_of_a_case_adds_one_line_to_the_access_log() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let document = ledger.get("/v1/openapi.json").answer().body;
    let mut lines: BTreeMap<String, i64> = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        if operations.get("get").is_none() || path.contains("organisations") || path.contains("case-file") {
            continue;
        }
        let filled = path.replace("{trajectoryId}", &case.id).replace("{region}", "amsterdam");
        let filled = filled
            .replace("{figure}", "end-to-end")
            .replace("{sequence}", "1")
            .replace("{hash}", &"0".repeat(64));
        let before = ledger.rows("access_log");
        let answer = ledger.get(&format!("/v1{filled}")).answer();
        assert!(answer.status != 500, "{path}: {}", answer.text);
        if answer.status == 200 {
            lines.insert(path.clone(), ledger.rows("access_log") - before);
        }
    }
    for path in ["/trajectories", "/trajectories/{trajectoryId}", "/trajectories/{trajectoryId}/events"] {
        assert_eq!(lines.get(path), Some(&1), "{path}: {lines:?}");
    }
    let of_one: Vec<_> = lines.iter().filter(|(path, _)| path.contains("{trajectoryId}")).collect();
    assert!(of_one.iter().all(|(_, lines)| **lines == 1), "{of_one:?}");
}
