//! Every organisation that a report names must be a registered partner of the right kind and
//! region.

use omklap_tests::{Answer, Document, Ledger, kinds, sample_fact, with_text};
use reqwest::Method;
use serde_json::{Value, json};

const UNKNOWN: &str = "nobody-of-that-name";

#[test]
fn every_field_of_every_fact_that_names_an_organisation_is_held_against_the_register() {
    let ledger = Ledger::empty();
    let document = Document::published(&ledger);
    let mut tried = 0;
    for kind in kinds() {
        for pointer in document.values_of(document.fact(kind), "OrganisationId") {
            let history = history_with(kind);
            let _ = try_import(&ledger, &history, Register::Named);
            let at = history.len() - 1;
            let mut wrong = history;
            wrong[at] = with_text(wrong[at].clone(), &pointer, UNKNOWN);
            let answer = try_import(&ledger, &wrong, Register::None).with_status(409);
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
fn one_lease_belongs_to_one_care_provider_in_all_trajectories() {
    let ledger = Ledger::empty();
    let _first = ledger.housed();
    let lease = |provider: &str, unit: &str| {
        let lease = json!({
            "model": "intermediary", "startedOn": "day-30",
            "terms": {
                "leaseId": "1ea50001-0000-4000-8000-000000000001", "careProvider": provider,
                "corporation": "stadswonen", "unit": unit, "rentCents": 62_000,
            },
        });
        let case = sample_fact("running-case-taken-over").with("careProvider", provider);
        case.with("phase", "housed").with("corporation", "stadswonen").with("lease", lease)
    };
    for path in ["/v1/trajectories?dryRun=true", "/v1/trajectories"] {
        let case = lease("het-anker", "VHE-00412").happening(omklap_tests::FIRST_DAY);
        let request = ledger.post(path).by("matching-point").in_role("matching-point");
        let answer = request.json(&case).answer().with_status(409);
        assert_eq!(answer.problem(), "wrong-names");
        assert_eq!(answer.errors(), [("lease-with-another-provider", "/lease/terms/leaseId")], "{path}");
    }
    // Two clients under one head lease of one provider.
    let _second = ledger.opens(lease("de-vaart", "VHE-00412"));
}

#[test]
fn a_code_that_was_miswritten_is_answered_with_the_nearest_one() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let transfer = case.next(sample_fact("trajectory-transferred").with("careProvider", "het-anker"));
    let _ = case.reporting(&transfer).seen("*");
    let typo = case.next(sample_fact("trajectory-transferred").with("careProvider", "het-ankr"));
    let answer = report_unregistered(&ledger, &case.events(), &typo).with_status(409);
    assert_eq!(answer.errors(), [("not-registered", "/careProvider")]);
    assert!(answer.text.contains("did you mean het-anker?"), "{}", answer.text);
    case.read_again();
    assert_eq!(case.state()["careProvider"], "de-vaart", "the provider still sees the case");
}

#[test]
fn a_corporation_is_no_municipality_and_a_partner_of_another_region_is_none_here() {
    let ledger = Ledger::empty();
    let _ = ledger.housed();
    register(
        &ledger,
        "far-away",
        &json!({"kind": "municipality", "regions": ["groningen"], "disabled": false}),
    );
    for (municipality, code) in
        [("stadswonen", "organisation-of-another-kind"), ("far-away", "organisation-of-another-region")]
    {
        let intake = sample_fact("intake-registered").with("municipality", municipality).on("2026-03-02");
        let intake = intake.happening("2026-03-02".parse().expect("a day"));
        let answer = report_unregistered(&ledger, "/v1/trajectories", &intake).with_status(409);
        assert_eq!(answer.errors(), [(code, "/municipality")]);
    }
}

#[test]
fn a_region_and_its_agreement_set_belong_together() {
    let ledger = Ledger::empty();
    let set = json!({"id": "groningen", "version": 1});
    let intake = sample_fact("intake-registered").with("agreementSet", set.clone());
    let intake = intake.happening("2026-03-02".parse().expect("a day"));
    let answer = ledger.post("/v1/trajectories").json(&intake).answer().with_status(409);
    assert_eq!(answer.errors(), [("set-of-another-region", "/agreementSet")]);
    let case = ledger.ready();
    let changed = case.next(sample_fact("agreement-set-changed").with("agreementSet", set));
    let answer = case.reporting(&changed).answer().with_status(409);
    assert_eq!(answer.errors(), [("set-of-another-region", "/agreementSet")]);
}

#[test]
fn a_partner_is_registered_for_existing_regions_only() {
    let ledger = Ledger::empty();
    let body = json!({"kind": "municipality", "name": "x", "regions": ["amsterdm"], "clients": []});
    let request = ledger.request(Method::PUT, "/v1/organisations/x").with_token(&ledger.administrator());
    let answer = request.header("if-none-match", "*").body(body.to_string()).answer().with_status(400);
    assert_eq!(answer.errors(), [("unknown-region", "/regions")]);
    assert!(answer.text.contains("did you mean amsterdam?"), "{}", answer.text);
}

#[test]
fn a_former_partner_is_named_by_an_imported_history_and_by_no_report() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    register(
        &ledger,
        "gone-by-now",
        &json!({"kind": "care-provider", "regions": ["amsterdam"], "disabled": true}),
    );
    let intake = sample_fact("intake-registered").with("careProvider", "gone-by-now");
    let history = vec![intake.happening("2021-01-04".parse().expect("a day"))];
    let _ = try_import(&ledger, &history, Register::None).with_status(200);
    let transfer = case.next(sample_fact("trajectory-transferred").with("careProvider", "gone-by-now"));
    let answer = report_unregistered(&ledger, &case.events(), &transfer).with_status(409);
    assert_eq!(answer.errors(), [("former-partner", "/careProvider")]);
    case.read_again();
}

#[test]
fn a_partner_that_was_registered_a_moment_ago_can_be_named_at_once() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let transfer = case.next(sample_fact("trajectory-transferred").with("careProvider", "brand-new"));
    let _ = report_unregistered(&ledger, &case.events(), &transfer).with_status(409);
    register(
        &ledger,
        "brand-new",
        &json!({"kind": "care-provider", "regions": ["amsterdam"], "disabled": false}),
    );
    let _ = report_unregistered(&ledger, &case.events(), &transfer).with_status(201);
}

// Vocabulary.

/// The partners that are registered before a history is tried.
#[derive(Clone, Copy, PartialEq)]
enum Register {
    /// All partners that the history names.
    Named,
    /// No partner.
    None,
}

/// An intake and a fact of this kind, or only this fact if it opens a case.
fn history_with(kind: &str) -> Vec<Value> {
    let on = "2021-01-04".parse().expect("a day");
    let mut fact = sample_fact(kind).happening(on);
    if kind == "running-case-taken-over" {
        let terms = sample_fact("housed-under-intermediary-lease").happening(on)["terms"].clone();
        fact["lease"] = json!({"model": "intermediary", "startedOn": "2021-01-04", "terms": terms});
    }
    let opens = ["intake-registered", "running-case-taken-over"].contains(&kind);
    if opens { vec![fact] } else { vec![sample_fact("intake-registered").happening(on), fact] }
}

/// Imports a history as a dry run, as the matching point.
fn try_import(ledger: &Ledger, history: &[Value], register: Register) -> Answer {
    let request = ledger.post("/v1/trajectories?dryRun=true").by("matching-point").in_role("matching-point");
    let history = Value::from(history);
    if register == Register::Named {
        request.json(&history).answer()
    } else {
        request.body(history.to_string()).answer()
    }
}

/// Reports a fact as the care provider, without registering the partners that it names.
fn report_unregistered(ledger: &Ledger, path: &str, fact: &Value) -> Answer {
    ledger.post(path).seen("*").body(fact.to_string()).answer()
}

fn register(ledger: &Ledger, name: &str, organisation: &Value) {
    let mut body = organisation.clone();
    body["name"] = name.into();
    body["clients"] = json!([]);
    let request = ledger.request(Method::PUT, &format!("/v1/organisations/{name}"));
    let request = request.with_token(&ledger.administrator()).header("if-none-match", "*");
    request.body(body.to_string()).answer().with_status(201);
}
