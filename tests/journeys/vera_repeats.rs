//! A message of VERA that is sent again, or is about something that is not there.

use omklap_tests::{Case, Ledger, sample_fact};
use reqwest::Method;
use serde_json::{Value, json};

use crate::complexes::corporation;
use crate::vera::{TODAY, get, lease, numbered, offer, patch, post, publication, published, vacancy};

#[test]
fn a_repeat_of_a_temporary_lease_gets_the_first_answer_and_is_no_flip() {
    let ledger = Ledger::empty();
    let mut case = accepted(&ledger);
    let mut temporary = lease(&case, TODAY, 400.0);
    temporary["detailSoort"] = json!({"code": "TIJ"});
    temporary["einddatum"] = json!("2027-10-31");
    temporary["extra-attributen"] = json!([{"naam": "omklap.traject", "waarde": case.id}]);
    let sent = |body: &Value| numbered(post(&ledger, "huurovereenkomsten", body), "L-1").answer();
    let first = sent(&temporary).with_status(201);
    let again = sent(&temporary).with_status(201);
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    temporary["einddatum"] = json!("2027-11-30");
    assert_eq!(sent(&temporary).with_status(409).body["code"], "idempotency-key-reused");
    case.read_again();
    assert_eq!(case.state()["phase"], "housed");
}

#[test]
fn a_repeat_of_the_flip_gets_the_first_answer_and_another_message_is_refused() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports_all(["aftercare-agreed", "flip-approved"]);
    let begins_on = case.next("contract-flipped")["ownLeaseStartsOn"].as_str().expect("a day").to_owned();
    let sent =
        |rent| numbered(post(&ledger, "huurovereenkomsten", &lease(&case, &begins_on, rent)), "L-2").answer();
    let first = sent(690.0).with_status(201);
    let version = case.state()["version"].clone();
    assert_eq!(sent(690.0).with_status(201).body, first.body);
    assert_eq!(sent(700.0).with_status(409).body["code"], "idempotency-key-reused");
    assert_eq!((&case.state()["version"], &case.state()["phase"]), (&version, &json!("follow-up")));
    assert!(version.is_u64(), "{version}");
}

#[test]
fn a_repeat_of_an_offer_or_a_change_is_not_held_against_what_came_later() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let path = format!("publicaties/{id}");
    let mut of_the_rent = offer(&case, &id);
    of_the_rent["rekenhuur"] = json!(400.0);
    let offers = || numbered(post(&ledger, "aanbiedingen", &of_the_rent), "A-1").answer();
    let first = offers().with_status(201);
    let later = json!({"opleverdatum": "2026-10-15", "eenheden": [{"rekenhuur": 410.0}]});
    let changes = || numbered(patch(&ledger, &path, &later), "B-2").answer();
    changes().with_status(200);
    assert_eq!(offers().with_status(201).body, first.body);
    let ended = json!({"status": {"code": "ING"}, "detailStatus": {"code": "REN"}});
    patch(&ledger, &path, &ended).answer().with_status(200);
    changes().with_status(200);
    assert_eq!(vacancy(&ledger, &id)["status"], "withdrawn");
}

#[test]
fn a_number_is_kept_although_no_fact_followed_but_not_from_a_refusal() {
    let ledger = Ledger::empty();
    let path = format!("publicaties/{}", published(&ledger));
    let sent = |body: &Value| numbered(patch(&ledger, &path, body), "B-3").answer();
    let unsaid = json!({"status": {"code": "AFG"}});
    sent(&unsaid).with_status(400);
    let by_hand = json!({"status": {"code": "ING"}, "detailStatus": {"code": "HAN"}});
    sent(&by_hand).with_status(200);
    let dearer = json!({"eenheden": [{"rekenhuur": 410.0}]});
    let reused = sent(&dearer).with_status(409);
    assert_eq!(reused.body["code"], "idempotency-key-reused");
    let words = reused.body["omschrijving"].as_str().expect("words");
    assert!(words.starts_with("Dit referentienummer hoort bij een ander verzoek."), "{words}");
    assert!(!words.contains("Idempotency-Key") && words.contains("dit `X-Stuurgegevens-Ref"), "{words}");
    patch(&ledger, &path, &json!({"status": {"code": "ING"}})).answer().with_status(200);
    sent(&by_hand).with_status(200);
}

#[test]
fn the_number_of_a_message_about_a_case_is_kept_although_no_fact_followed() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let old = format!("huurovereenkomsten/{}.1ea50001-0000-4000-8000-000000000001", case.id);
    let sent = |body: &Value| numbered(patch(&ledger, &old, body), "L-3").answer();
    let renamed = json!({"eindeReden": {"code": "OPZ"}, "eindeDetailReden": {"code": "WIJ"}});
    sent(&renamed).with_status(200);
    sent(&renamed).with_status(200);
    let ended = json!({"eindeReden": {"code": "OPZ"}, "einddatum": "2026-12-31"});
    assert_eq!(sent(&ended).with_status(409).body["code"], "idempotency-key-reused");
}

#[test]
fn a_publication_that_was_withdrawn_is_followed_by_a_new_one_with_another_key() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let path = format!("publicaties/{id}");
    patch(&ledger, &path, &json!({"status": {"code": "ING"}})).answer().with_status(200);
    let changed = patch(&ledger, &path, &json!({"status": {"code": "GEP"}})).answer();
    let whole = ledger.request(Method::PUT, &format!("/vera/v4/{path}")).json(&publication());
    for answer in [changed, corporation(whole).answer()] {
        let refused = answer.with_status(400);
        assert!(refused.text.contains("/status [geen-feit]"), "{}", refused.text);
        assert!(refused.text.contains("POST /publicaties"), "{}", refused.text);
    }
    let mut new = publication();
    new["idExtern"] = json!("PUB-2");
    post(&ledger, "publicaties", &new).answer().with_status(201);
    assert_eq!(vacancy(&ledger, &id)["status"], "withdrawn");
}

#[test]
fn an_offer_of_another_rent_than_its_vacancy_is_refused() {
    let ledger = Ledger::empty();
    let id = published(&ledger);
    let case = ledger.matching();
    let mut other = offer(&case, &id);
    other["rekenhuur"] = json!(399.99);
    other["eenheid"] = json!("https://vastgoed.example/v4/eenheden/VHE-78");
    let refused = post(&ledger, "aanbiedingen", &other).answer().with_status(400);
    for place in ["/rekenhuur [spreekt-iets-tegen]", "/eenheid [spreekt-iets-tegen]"] {
        assert!(refused.text.contains(place), "{place}: {}", refused.text);
    }
    assert_eq!(get(&ledger, "aanbiedingen").with_status(200).body, json!([]));
}

#[test]
fn an_offer_or_a_lease_that_is_not_there_or_is_anothers_is_not_found() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    let lease = format!("{}.1ea50001-0000-4000-8000-000000000001", case.id);
    let no_part = format!("{}.1ea50001-0000-4000-8000-0000000000ff", case.id);
    let no_case = "01900000-0000-7000-8000-0000000000ff.1ea50001-0000-4000-8000-000000000001";
    let still_open = json!({"status": {"code": "AAN"}});
    let renamed = json!({"eindeReden": {"code": "OPZ"}, "eindeDetailReden": {"code": "WIJ"}});
    let annulled = |key: &str| json!({"huurovereenkomst": {"id": key}, "status": {"code": "GEA"}});
    for key in [no_part.as_str(), no_case] {
        for answer in [
            patch(&ledger, &format!("aanbiedingen/{key}"), &still_open).answer(),
            patch(&ledger, &format!("huurovereenkomsten/{key}"), &renamed).answer(),
            post(&ledger, "huuropzeggingen", &annulled(key)).answer(),
        ] {
            assert_eq!(answer.with_status(404).body["code"], "no-such-trajectory", "{key}");
        }
    }
    post(&ledger, "huuropzeggingen", &annulled(&lease)).answer().with_status(200);
    let theirs =
        ledger.request(Method::PATCH, &format!("/vera/v4/huurovereenkomsten/{lease}")).json(&renamed);
    let theirs = theirs.by("woonzorg").in_role("housing-corporation").answer();
    assert_eq!(theirs.with_status(404).body["code"], "no-such-trajectory");
}

/// A case whose client accepted an offer of the dwelling of these tests.
fn accepted(ledger: &Ledger) -> Case {
    let id = published(ledger);
    let mut case = ledger.matching();
    let offered = post(ledger, "aanbiedingen", &offer(&case, &id)).answer().with_status(201);
    let key = offered.body["id"].as_str().expect("an id").to_owned();
    let offer_id = key.split_once('.').expect("a case and an offer").1;
    case.read_again();
    case.on(TODAY).reports(sample_fact("offer-accepted").with("offerId", offer_id)).leads_to("contracting");
    case
}
