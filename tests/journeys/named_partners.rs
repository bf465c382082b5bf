//! Every organisation that a report names is a registered partner, of the kind and in the region that the field asks for.

use omklap_tests::{Answer, Document, Ledger, kinds, told, with_text};
use reqwest::Method;
use serde_json::{Value, json};

const NOBODY: &str = "nobody-of-that-name";

#[test]
fn every_field_of_every_fact_that_names_an_organisation_is_held_against_the_register() {
    let ledger = Ledger::empty();
    let document = Document::published(&ledger);
    let mut tried = 0;
    for kind in kinds() {
        for pointer in document.organisations(document.fact(kind)) {
            let history = history_with(kind);
            let _ = tries(&ledger, &history, Register::First);
            let at = history.len() - 1;
            let mut wrong = history;
            wrong[at] = with_text(wrong[at].clone(), &pointer, NOBODY);
            let answer = tries(&ledger, &wrong, Register::Nobody).with_status(409);
            assert_eq!(answer.problem(), "wrong-names", "{kind} {pointer}");
            assert!(
                answer.errors().contains(&("not-registered", &format!("/{at}{pointer}"))),
                "{}",
                answer.text
            );
            tried += 1;
        }
    }
    assert!(tried >= 15, "{tried} fields");
}

#[test]
fn a_code_that_was_miswritten_is_answered_with_the_nearest_one() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let transfer = case.next(told("trajectory-transferred").with("careProvider", "het-anker"));
    let _ = case.reporting(&transfer).seen("*");
    let typo = case.next(told("trajectory-transferred").with("careProvider", "het-ankr"));
    let answer = as_written(&ledger, &case.events(), &typo).with_status(409);
    assert_eq!(answer.errors(), [("not-registered", "/careProvider")]);
    assert!(answer.text.contains("het-anker?"), "{}", answer.text);
    case.read_again();
    assert_eq!(case.standing()["careProvider"], "de-vaart", "the provider still sees the case");
}

#[test]
fn a_corporation_is_no_municipality_and_a_partner_of_another_region_is_none_here() {
    let ledger = Ledger::empty();
    let _ = ledger.housed();
    registers(
        &ledger,
        "far-away",
        &json!({"kind": "municipality", "regions": ["groningen"], "disabled": false}),
    );
    for (municipality, code) in
        [("stadswonen", "organisation-of-another-kind"), ("far-away", "organisation-of-another-region")]
    {
        let intake = told("intake-registered").with("municipality", municipality).on("2026-03-02");
        let intake = intake.happening("2026-03-02".parse().expect("a day"));
        let answer = as_written(&ledger, "/v1/trajectories", &intake).with_status(409);
        assert_eq!(answer.errors(), [(code, "/municipality")]);
    }
}

#[test]
fn a_region_and_its_agreement_set_belong_together() {
    let ledger = Ledger::empty();
    let set = json!({"id": "groningen", "version": 1});
    let intake = told("intake-registered").with("agreementSet", set.clone());
    let intake = intake.happening("2026-03-02".parse().expect("a day"));
    let answer = ledger.post("/v1/trajectories").telling(&intake).answer().with_status(409);
    assert_eq!(answer.errors(), [("set-of-another-region", "/agreementSet")]);
    let case = ledger.ready();
    let changed = case.next(told("agreement-set-changed").with("agreementSet", set));
    let answer = case.reporting(&changed).answer().with_status(409);
    assert_eq!(answer.errors(), [("set-of-another-region", "/agreementSet")]);
}

#[test]
fn a_partner_is_registered_for_regions_that_there_are() {
    let ledger = Ledger::empty();
    let body = json!({"kind": "municipality", "name": "x", "regions": ["amsterdm"], "clients": []});
    let request = ledger.request(Method::PUT, "/v1/organisations/x").with_token(&ledger.administrator());
    let answer = request.header("if-none-match", "*").writing(body.to_string()).answer().with_status(400);
    assert_eq!(answer.errors(), [("unknown-region", "/regions")]);
    assert!(answer.text.contains("amsterdam?"), "{}", answer.text);
}

#[test]
fn a_former_partner_is_named_by_an_imported_history_and_by_no_report() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    registers(
        &ledger,
        "gone-by-now",
        &json!({"kind": "care-provider", "regions": ["amsterdam"], "disabled": true}),
    );
    let intake = told("intake-registered").with("careProvider", "gone-by-now");
    let history = vec![intake.happening("2021-01-04".parse().expect("a day"))];
    let _ = tries(&ledger, &history, Register::Nobody).with_status(200);
    let transfer = case.next(told("trajectory-transferred").with("careProvider", "gone-by-now"));
    let answer = as_written(&ledger, &case.events(), &transfer).with_status(409);
    assert_eq!(answer.errors(), [("former-partner", "/careProvider")]);
    case.read_again();
}

#[test]
fn a_partner_that_was_registered_a_moment_ago_can_be_named_at_once() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let transfer = case.next(told("trajectory-transferred").with("careProvider", "brand-new"));
    let _ = as_written(&ledger, &case.events(), &transfer).with_status(409);
    registers(
        &ledger,
        "brand-new",
        &json!({"kind": "care-provider", "regions": ["amsterdam"], "disabled": false}),
    );
    let _ = as_written(&ledger, &case.events(), &transfer).with_status(201);
}

// --- the vocabulary ---------------------------------------------------------------------------

/// Who is registered before a history is tried.
#[derive(Clone, Copy, PartialEq)]
enum Register {
    /// Everybody whom it names.
    First,
    /// Nobody.
    Nobody,
}

/// An opening, and a fact of this kind after it; the opening alone if that is the kind.
fn history_with(kind: &str) -> Vec<Value> {
    let on = "2021-01-04".parse().expect("a day");
    let mut fact = told(kind).happening(on);
    if kind == "running-case-taken-over" {
        let terms = told("housed-under-intermediary-lease").happening(on)["terms"].clone();
        fact["lease"] = json!({"model": "intermediary", "startedOn": "2021-01-04", "terms": terms});
    }
    let opens = ["intake-registered", "running-case-taken-over"].contains(&kind);
    if opens { vec![fact] } else { vec![told("intake-registered").happening(on), fact] }
}

/// Tries to import a history.
fn tries(ledger: &Ledger, history: &[Value], register: Register) -> Answer {
    let request = ledger.post("/v1/trajectories?dryRun=true");
    let history = Value::from(history);
    if register == Register::First {
        request.telling(&history).answer()
    } else {
        request.writing(history.to_string()).answer()
    }
}

/// Reports a fact for the care provider, and registers nobody for it.
fn as_written(ledger: &Ledger, path: &str, fact: &Value) -> Answer {
    ledger.post(path).seen("*").writing(fact.to_string()).answer()
}

fn registers(ledger: &Ledger, name: &str, organisation: &Value) {
    let mut body = organisation.clone();
    body["name"] = name.into();
    body["clients"] = json!([]);
    let request = ledger.request(Method::PUT, &format!("/v1/organisations/{name}"));
    let request = request.with_token(&ledger.administrator()).header("if-none-match", "*");
    request.writing(body.to_string()).answer().with_status(201);
}
