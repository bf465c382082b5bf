//! An organisation's own case number for a trajectory: it finds the trajectory, keeps it from being
//! registered twice, and nobody else sees it.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, Process, sample_fact};
use reqwest::Method;
use serde_json::{Value, json};

const NUMBER: &str = "ZV-2026/0041 A";

fn open(ledger: &Ledger, organisation: &str, number: &str) -> Answer {
    let intake = sample_fact("intake-registered").with("careProvider", organisation);
    let intake = intake.happening("2026-03-02".parse().expect("a day"));
    let request = ledger.post("/v1/trajectories").by(organisation).with_scopes(READ_AND_REPORT);
    request.header("omklap-reference", number).json(&intake).answer()
}

const READ_AND_REPORT: &str = "trajectories:read trajectories:report";

fn refer(case: &Case, ledger: &Ledger, role: Role, number: &str) -> Answer {
    let request = ledger.request(Method::PUT, &format!("{}/reference", case.path()));
    request.as_viewer(&case.partners.viewer(role, &case.id)).json(&json!({ "reference": number })).answer()
}

fn found(ledger: &Ledger, organisation: &str, number: &str) -> Vec<Value> {
    let number: String = number.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    let list = ledger.get(&format!("/v1/trajectories?reference={number}")).by(organisation);
    list.answer().with_status(200).body["items"].as_array().expect("items").clone()
}

#[test]
fn a_case_is_found_by_the_number_of_its_organisation_and_registered_once() {
    let ledger = Ledger::empty();
    let first = open(&ledger, "de-vaart", NUMBER).with_status(201).body["trajectoryId"].clone();
    let again = open(&ledger, "de-vaart", NUMBER).with_status(409);
    assert_eq!((again.problem(), &again.body["trajectoryId"]), ("reference-taken", &first));
    assert_eq!(ledger.rows("trajectories"), 1, "nobody was registered twice");

    let items = found(&ledger, "de-vaart", NUMBER);
    assert_eq!((items.len(), &items[0]["trajectoryId"], &items[0]["reference"]), (1, &first, &json!(NUMBER)));
    let other = open(&ledger, "het-anker", NUMBER).with_status(201).body["trajectoryId"].clone();
    assert_eq!(found(&ledger, "het-anker", NUMBER)[0]["trajectoryId"], other, "each has its own numbers");
    assert_eq!(found(&ledger, "de-vaart", "zv-2026/0041 a"), Vec::<Value>::new(), "capitals count");
}

#[test]
fn a_repeat_under_the_same_key_is_the_same_request_only_with_the_same_number() {
    let ledger = Ledger::empty();
    let intake = sample_fact("intake-registered").happening("2026-03-02".parse().expect("a day"));
    let open = |number: &str| {
        let request = ledger.post("/v1/trajectories").once("k-1").header("omklap-reference", number);
        request.json(&intake).answer()
    };
    let first = open("1").with_status(201).body["trajectoryId"].clone();
    assert_eq!(open("1").with_status(201).body["trajectoryId"], first);
    assert_eq!(open("2").with_status(409).problem(), "idempotency-key-reused");
}

/// The paths of a case, below its own.
const PARTS: &[&str] =
    &["", "/events", "/agreements", "/nuisance-cases", "/follow-up", "/replay", "/access-log", "/case-file"];

#[test]
fn no_other_organisation_and_no_client_reads_the_number_anywhere() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let _ = refer(&case, &ledger, Role::Guide, "planted-by-the-provider").with_status(200);
    let _ = refer(&case, &ledger, Role::HousingCorporation, "planted-by-the-corporation").with_status(200);
    for role in Role::ALL {
        let own = match role {
            Role::Guide | Role::CareProvider | Role::NuisanceDesk => Some("planted-by-the-provider"),
            Role::HousingCorporation | Role::NuisanceOfficer => Some("planted-by-the-corporation"),
            _ => None,
        };
        let mut read = String::new();
        for part in PARTS {
            read += &case.read_by(role, &format!("{}{part}", case.path())).text;
        }
        for list in ["/v1/trajectories", "/v1/worklist?region=amsterdam", "/v1/feed?detail=full"] {
            read += &case.read_by(role, list).text;
        }
        for number in ["planted-by-the-provider", "planted-by-the-corporation"] {
            assert_eq!(read.contains(number), own == Some(number), "{role:?} and {number}");
            let list = case.read_by(role, &format!("/v1/trajectories?reference={number}"));
            assert_eq!(list.text.contains(&case.id), own == Some(number), "{role:?} and {number}");
        }
    }
}

#[test]
fn a_number_is_changed_and_taken_back() {
    let ledger = Ledger::empty();
    let (one, other) = (ledger.ready(), ledger.ready());
    let write = |case: &Case, number: &str| refer(case, &ledger, Role::CareProvider, number);
    let _ = write(&one, "A").with_status(200);
    let taken = write(&other, "A").with_status(409);
    assert_eq!((taken.problem(), &taken.body["trajectoryId"]), ("reference-taken", &json!(one.id)));
    assert_eq!(write(&one, "B").with_status(200).body["reference"], "B");
    let _ = write(&other, "A").with_status(200);
    let remove = ledger.request(Method::DELETE, &format!("{}/reference", other.path()));
    let _ = remove.answer().with_status(204);
    assert_eq!(other.state().get("reference"), None);
    assert_eq!(one.state()["reference"], "B");
}

#[test]
fn a_case_that_an_organisation_no_longer_sees_is_not_named_by_its_number() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    let _ = refer(&case, &ledger, Role::CareProvider, NUMBER).with_status(200);
    case.reports("trajectory-transferred");
    assert_eq!(found(&ledger, "de-vaart", NUMBER), Vec::<Value>::new());
    let again = open(&ledger, "de-vaart", NUMBER).with_status(409);
    assert_eq!((again.problem(), again.body.get("trajectoryId")), ("reference-taken", None));
    let stranger = ledger.request(Method::PUT, &format!("{}/reference", case.path())).by("de-vaart");
    let stranger = stranger.json(&json!({ "reference": "C" })).answer().with_status(404);
    assert_eq!(stranger.problem(), "no-such-trajectory");
}

#[test]
fn a_number_that_is_empty_huge_or_a_citizen_service_number_is_refused_everywhere() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let huge = "9".repeat(2_000);
    for (number, code) in [
        ("", "not-as-agreed"),
        (huge.as_str(), "too-long"),
        ("111222333", "possible-citizen-service-number"),
        ("bsn 111222333", "citizen-service-number"),
    ] {
        let opened = open(&ledger, "de-vaart", number).with_status(400);
        assert_eq!(opened.errors(), [(code, "Omklap-Reference")], "{number}");
        let listed = ledger.get(&format!("/v1/trajectories?reference={}", number.replace(' ', "%20")));
        assert_eq!(listed.answer().with_status(400).errors(), [(code, "reference")], "{number}");
        let _ = refer(&case, &ledger, Role::CareProvider, number).with_status(400);
    }
    let in_a_word = open(&ledger, "de-vaart", "ZV111222333").with_status(400);
    assert!(in_a_word.text.contains("citizen-service-number"), "{}", in_a_word.text);
    let _ = open(&ledger, "de-vaart", "zaaknummer 111222333").with_status(201);
    for role in [Role::Client, Role::Auditor] {
        assert_eq!(refer(&case, &ledger, role, "1").with_status(403).problem(), "role-not-admitted");
    }
}

#[test]
fn a_number_goes_with_the_texts_of_a_case_and_says_nothing_while_it_is_restricted() {
    let ledger = Process::start();
    let case = ledger.ready();
    let put = ledger.request(Method::PUT, &format!("{}/reference", case.path()));
    let _ = put.json(&json!({ "reference": "planted-number" })).answer().with_status(200);
    assert!(!ledger.dump().contains("planted-number"), "it is stored sealed");
    let restrict =
        ["subject", "restrict", &case.id, "--ground", "accuracy-contested", "--asked-by", "client"];
    assert!(ledger.omklap(&restrict).status.success());
    let list = || ledger.get("/v1/trajectories?reference=planted-number").answer().with_status(200).body;
    assert_eq!(list()["items"], json!([]));
    assert!(ledger.omklap(&["subject", "lift", &case.id]).status.success());
    assert_eq!(list()["items"][0]["trajectoryId"], case.id);
    let erase = ["subject", "erase", &case.id, "--ground", "consent-withdrawn"];
    assert!(ledger.omklap(&erase).status.success());
    assert_eq!(list()["items"], json!([]), "the number went with the texts");
}
