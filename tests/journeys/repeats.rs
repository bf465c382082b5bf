//! A report that is repeated under its idempotency key is recorded once.

use std::sync::Barrier;
use std::thread;

use omklap_tests::{Ledger, sample_fact};
use serde_json::json;

#[test]
fn a_repeat_is_answered_like_the_first_report() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let fact = case.next("housing-requested");
    let first_tag = case.etag.clone();
    let first = case.reporting(&fact).once("a-1").answer().with_status(201);
    case.update_version(&first);
    case.reports("corporation-assigned");
    ledger.minutes_pass(60);
    case.etag = first_tag;
    let again = case.reporting(&fact).once("a-1").answer().with_status(201);
    assert_eq!((&again.body, again.header("etag")), (&first.body, first.header("etag")));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(case.timeline().len(), 5);
}

#[test]
fn a_repeat_shows_nothing_after_access_to_the_case_is_lost() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let fact = case.next("case-discussed");
    let report =
        || case.reporting(&fact).seen("*").by("de-vaart").in_role("care-provider").once("e-1").answer();
    let mut moved = case.clone();
    moved.update_version(&report().with_status(201));
    moved.reports("trajectory-transferred");
    assert_eq!(report().with_status(404).problem(), "no-such-trajectory");
    assert_eq!(moved.timeline().len() as u64, moved.version, "nothing was recorded again");
}

#[test]
fn an_intake_that_is_sent_twice_opens_one_case() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").happening("2021-01-04".parse().expect("a day"));
    let send = || ledger.post("/v1/trajectories").once("intake-1").json(&intake).answer().with_status(201);
    assert_eq!(send().body, send().body);
    assert_eq!((ledger.facts(), ledger.rows("trajectories"), ledger.rows("keys.data_keys")), (1, 1, 1));
}

#[test]
fn the_same_json_written_in_another_way_is_the_same_request() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("housing-requested");
    let fields: Vec<_> = fact.as_object().expect("an object").iter().collect();
    let (mut forth, mut back) = (String::from("{"), String::from("\n{\t"));
    for (written, order) in [(&mut forth, fields.clone()), (&mut back, fields.into_iter().rev().collect())] {
        let parts: Vec<_> = order.iter().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
        *written += &parts.join(" ,\r\n");
        *written += " }";
    }
    assert_ne!(forth, back);
    let send = |body: String| {
        let request = case.reporting(&fact).once("j-1").header("content-type", "application/json");
        request.body(body).answer()
    };
    let first = send(forth).with_status(201);
    assert_eq!(send(back.clone()).with_status(201).body, first.body);
    assert_eq!(case.timeline().len(), 4, "recorded once");
    let other = send(back.replace("{\t", "[{").replace(" }", " }]")).with_status(409);
    assert_eq!(other.problem(), "idempotency-key-reused", "a list of one fact is answered in another way");
    let subscribe = |body: &str| {
        let request = ledger.post("/v1/subscriptions").once("j-2").header("content-type", "application/json");
        request.body(body.to_owned()).answer()
    };
    let url = r#""url":"https://hooks.example.org/in""#;
    let made = subscribe(&format!(r#"{{{url},"types":[]}}"#)).with_status(201).body;
    let again = subscribe(&format!("{{ \"types\" : [ ],\n{url} }}")).with_status(201).body;
    for same in ["subscriptionId", "secret", "types"] {
        assert_eq!(again[same], made[same], "{same}: a cursor differs each time");
    }
    assert_eq!(subscribe(&format!("{{{url}}}")).with_status(409).problem(), "idempotency-key-reused");
}

#[test]
fn a_key_belongs_to_one_request() {
    let ledger = Ledger::empty();
    let (case, other) = (ledger.ready(), ledger.ready());
    let fact = case.next("housing-requested");
    case.reporting(&fact).once("b-1").answer().with_status(201);
    let another_fact = case.reporting(&case.next("consent-given")).once("b-1").seen("*").answer();
    assert_eq!(another_fact.with_status(409).problem(), "idempotency-key-reused");
    let another_case = other.reporting(&fact).once("b-1").answer();
    assert_eq!(another_case.with_status(409).problem(), "idempotency-key-reused");
    assert_eq!(ledger.facts(), 7);
}

#[test]
fn two_programs_of_one_organisation_may_use_the_same_key() {
    let ledger = Ledger::empty();
    let programs = ["twee-huizen-ecd", "twee-huizen-crm"];
    let clients = programs.map(|client| json!({"clientId": client, "roles": ["care-provider"]}));
    let organisation =
        json!({"kind": "care-provider", "name": "Twee Huizen", "regions": ["amsterdam"], "clients": clients});
    let register = ledger.request(reqwest::Method::PUT, "/v1/organisations/twee-huizen");
    let register = register.with_token(&ledger.administrator()).header("if-none-match", "*");
    let _ = register.json(&organisation).answer().with_status(201);
    let opened = programs.map(|client| {
        let claims = json!({"client_id": client, "role": "care-provider"});
        let intake = sample_fact("intake-registered").with("careProvider", "twee-huizen");
        let open = ledger.post("/v1/trajectories").with_token(&ledger.token_claiming(&claims)).once("d-1");
        let intake = intake.happening("2021-01-04".parse().expect("a day"));
        open.json(&intake).answer().with_status(201).body["trajectoryId"].clone()
    });
    assert_ne!(opened[0], opened[1]);
}

#[test]
fn two_organisations_may_use_the_same_key() {
    let ledger = Ledger::empty();
    let case = ledger.matching();
    let report = |by, role| {
        let discussed = case.reporting(&case.next("case-discussed")).seen("*").once("c-1");
        discussed.by(by).in_role(role).answer().with_status(201).body["version"].clone()
    };
    assert_eq!(
        (report("de-vaart", "care-provider"), report("stadswonen", "housing-corporation")),
        ((case.version + 1).into(), (case.version + 2).into())
    );
}

#[test]
fn two_reports_at_once_under_one_key_are_recorded_once() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for round in 0..5 {
        let start = Barrier::new(2);
        let report = || {
            let request = case.reporting(&case.next("consent-given")).seen("*").once(&format!("d-{round}"));
            start.wait();
            request.answer().with_status(201).body
        };
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(report);
            (report(), other.join().expect("an answer"))
        });
        assert_eq!(one, other);
    }
    assert_eq!(case.timeline().len(), 8);
}

#[test]
fn two_intakes_at_once_under_one_key_open_one_case() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").happening("2021-01-04".parse().expect("a day"));
    for round in 1..=5 {
        let start = Barrier::new(2);
        let open = || {
            let request = ledger.post("/v1/trajectories").once(&format!("f-{round}")).json(&intake);
            start.wait();
            request.answer().with_status(201).body
        };
        let (one, other) = thread::scope(|scope| {
            let other = scope.spawn(open);
            (open(), other.join().expect("an answer"))
        });
        assert_eq!(one, other);
        assert_eq!((ledger.rows("trajectories"), ledger.rows("keys.data_keys")), (round, round));
    }
}

#[test]
fn a_refused_report_can_be_sent_again_under_its_key() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let fact = case.next("corporation-assigned");
    case.reporting(&fact).once("e-1").answer().with_status(409);
    case.reports("housing-requested");
    case.days_later(-1);
    case.reporting(&fact).once("e-1").answer().with_status(201);
}

#[test]
fn a_key_is_visible_ascii() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").happening("2021-01-04".parse().expect("a day"));
    for wrong in ["", "a key", &"k".repeat(129)] {
        let answer = ledger.post("/v1/trajectories").once(wrong).json(&intake).answer().with_status(400);
        assert_eq!(answer.errors(), [("not-as-agreed", "Idempotency-Key")], "{wrong}");
    }
    ledger.post("/v1/trajectories").once(&"k".repeat(128)).json(&intake).answer().with_status(201);
}
