//! What every partner can look up: itself, the others, the agreements, one fact, and what codes are
//! called.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Ledger, kinds};
use reqwest::Method;
use serde_json::{Value, json};

fn me(ledger: &Ledger, claims: &Value, role: Option<&str>) -> Answer {
    let request = ledger.get("/v1/me").with_token(&ledger.token_claiming(claims));
    role.into_iter().fold(request, |request, role| request.header("omklap-role", role)).answer()
}

#[test]
fn a_program_reads_for_whom_and_in_which_roles_it_acts() {
    let ledger = Ledger::empty();
    let own = me(&ledger, &json!({"scope": "figures:read elsewhere"}), None).with_status(200).body;
    assert_eq!(own["organisation"]["organisationId"], "de-vaart");
    assert_eq!(own["organisation"]["kind"], "care-provider");
    assert!(own["organisation"]["regions"].as_array().is_some_and(|regions| !regions.is_empty()), "{own}");
    assert_eq!((&own["role"], &own["roles"]), (&json!("care-provider"), &json!(["care-provider"])));
    assert_eq!((&own["scopes"], &own["purpose"]), (&json!(["figures:read"]), &json!("case-work")));
    assert_eq!((&own["clientId"], &own["actor"]), (&json!("de-vaart"), &json!("u-7f3a")));
}

#[test]
fn a_person_with_several_roles_picks_one_for_each_request() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let several = json!({"role": null, "roles": ["guide", "nuisance-desk", "role-of-another-service"]});
    let open = me(&ledger, &several, None).with_status(200).body;
    assert_eq!((&open["role"], &open["roles"]), (&Value::Null, &json!(["guide", "nuisance-desk"])));
    let token = ledger.token_claiming(&several);
    let ask = |role: &str| ledger.get(&case.path()).with_token(&token).header("omklap-role", role).answer();
    for role in ["guide", "nuisance-desk", "guide"] {
        let _ = ask(role).with_status(200);
        assert_eq!(me(&ledger, &several, Some(role)).with_status(200).body["role"], role);
    }
    for role in ["care-provider", "auditor", "neighbour", "Guide", ""] {
        let refused = ask(role).with_status(403);
        assert_eq!(refused.errors(), [("not-one-of", "Omklap-Role")], "{role}");
        assert!(refused.text.contains("guide, nuisance-desk"), "{}", refused.text);
        let _ = me(&ledger, &several, Some(role)).with_status(403);
    }
    let none = ledger.get(&case.path()).with_token(&token).answer().with_status(403);
    assert_eq!(none.errors(), [("not-one-of", "Authorization")], "one has to be picked");
}

#[test]
fn the_role_that_is_picked_is_the_one_that_is_recorded() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let token = ledger.token_claiming(&json!({"role": "guide", "roles": ["care-provider"]}));
    let report = case.reporting(&case.next("consent-given")).with_token(&token);
    let _ = report.header("omklap-role", "care-provider").answer().with_status(201);
    case.read_again();
    let report = case.reporting(&case.next("consent-withdrawn")).with_token(&token);
    let _ = report.answer().with_status(201);
    let recorded: Vec<_> = case.timeline().iter().rev().take(2).map(|entry| entry["role"].clone()).collect();
    assert_eq!(recorded, ["guide", "care-provider"], "`role` is the default, the header comes first");
}

#[test]
fn every_partner_finds_every_other_and_only_administrators_see_their_programs() {
    let ledger = Ledger::empty();
    let desk = json!({"nuisance-desk": "020 555 0100, day and night"});
    let body = json!({
        "kind": "housing-corporation", "name": "Haag Wonen", "regions": ["haaglanden"], "contactPoints": desk,
        "clients": [{"clientId": "haag-wonen-erp", "roles": ["housing-corporation"], "purpose": "tenancy"}],
    });
    let put = ledger.request(Method::PUT, "/v1/organisations/haag-wonen").json(&body);
    let _ = put.with_token(&ledger.administrator()).header("if-none-match", "*").answer().with_status(201);
    for path in ["/v1/organisations/haag-wonen", "/v1/organisations"] {
        let partner = ledger.get(path).with_scopes("").answer().with_status(200);
        assert!(partner.text.contains("020 555 0100") && partner.text.contains("Haag Wonen"), "{path}");
        assert!(!partner.text.contains("haag-wonen-erp") && !partner.text.contains("clients"), "{path}");
        let administrator = ledger.get(path).with_token(&ledger.administrator()).answer().with_status(200);
        assert!(administrator.text.contains("haag-wonen-erp"), "{path}");
    }
    let put = ledger.request(Method::PUT, "/v1/organisations/haag-wonen").json(&body);
    assert_eq!(put.seen("*").answer().with_status(403).problem(), "insufficient-scope");
}

#[test]
fn every_partner_reads_the_agreements_with_their_texts() {
    let ledger = Ledger::empty();
    let list = |language: &str| {
        let list = ledger.get("/v1/agreement-sets?region=amsterdam").header("accept-language", language);
        list.answer().with_status(200).body["items"].clone()
    };
    let (dutch, english) = (list("nl"), list("en"));
    let text = "/0/agreements/0/obligations/0/text";
    assert!(dutch.pointer(text).is_some() && dutch.pointer(text) != english.pointer(text));
    let current =
        |sets: &Value| sets.as_array().expect("sets").iter().filter(|set| set["current"] == true).count();
    assert_eq!(current(&english), 1, "a region has one set now");
    let nowhere = ledger.get("/v1/agreement-sets?region=nowhere").answer().with_status(200);
    assert_eq!(nowhere.body["items"], json!([]));
}

#[test]
fn one_fact_reads_as_it_does_in_the_timeline_in_every_role() {
    let ledger = Ledger::empty();
    let case = ledger.scaled_up();
    for role in Role::ALL {
        let timeline = case.read_by(role, &format!("{}?limit=500", case.events()));
        let items = timeline.body["items"].as_array().cloned().unwrap_or_default();
        for item in &items {
            let one = case.read_by(role, &format!("{}/{}", case.events(), item["sequence"]));
            assert_eq!(&one.with_status(200).body, item, "{role:?}");
        }
        if timeline.status == 404 {
            let one = case.read_by(role, &format!("{}/1", case.events())).with_status(404);
            assert_eq!(one.problem(), "no-such-trajectory", "{role:?}");
        }
    }
    let beyond = (case.version + 1).to_string();
    for number in [beyond.as_str(), "0", "-1", "01", "1.0", "x", "99999999999999999999"] {
        let none = ledger.get(&format!("{}/{number}", case.events())).answer().with_status(404);
        assert_eq!(none.problem(), "no-such-event", "{number}");
    }
    let before = format!("{}/{}?knownAt=2001-01-01T00:00:00Z", case.events(), 1);
    assert_eq!(ledger.get(&before).answer().with_status(404).problem(), "nothing-then");
}

#[test]
fn every_kind_of_fact_and_every_value_has_a_label_in_both_languages() {
    let ledger = Ledger::empty();
    let labels = ledger.get("/v1/labels").answer().with_status(200).body;
    let facts = labels["items"].as_array().expect("tables").iter().find(|table| table["type"] == "FactType");
    let facts = facts.expect("kinds of facts")["labels"].as_array().expect("labels").clone();
    for kind in kinds() {
        let label = facts.iter().find(|label| label["code"] == kind).expect(kind);
        assert!(label["nl"].is_string() && label["en"].is_string(), "{label}");
    }
    let grounds = ledger.get("/v1/labels?type=RefusalGround").answer().with_status(200).body;
    assert_eq!(grounds["items"].as_array().map(Vec::len), Some(1));
    let none = ledger.get("/v1/labels?type=NoSuchCode").answer().with_status(400);
    assert_eq!(none.errors(), [("not-one-of", "type")]);
    assert!(none.text.contains("RefusalGround"), "{}", none.text);
}
