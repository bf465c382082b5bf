//! An offer names its vacancy and keeps the weighing of its list of candidates; a lease lets the vacancy.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, SampleFact, sample_fact, shown_fact};
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};

const VACANCY: &str = "7ac00001-0000-4000-8000-000000000001";
const TODAY: &str = "2026-11-01";

#[test]
fn an_offer_keeps_the_weighing_that_the_list_gave_and_the_list_can_be_computed_again() {
    let (ledger, [mut first, _]) = two_candidates();
    let list = candidates(&ledger, "");
    ledger.minutes_pass(1);
    first.reports(offer(&list["items"][0])).leads_to("offered");
    let kept = shown_fact(first.timeline().last().expect("an offer"))["weighing"].clone();
    assert_eq!(kept, list["items"][0]["weighing"]);
    assert_eq!(
        (&kept["place"], &kept["eligible"], &kept["digest"]),
        (&json!(1), &list["eligible"], &list["digest"])
    );
    let now = candidates(&ledger, "");
    assert_eq!((&list["onOffer"], &now["onOffer"]), (&json!(false), &json!(true)));
    assert_eq!(now["items"][0].get("weighing"), None, "it is on offer to one client");
    ledger.minutes_pass(60);
    let then = format!("?validOn={TODAY}&knownAt={}", kept["knownAt"].as_str().expect("an instant"));
    assert_eq!(candidates(&ledger, &then)["digest"], kept["digest"]);
    assert_ne!(candidates(&ledger, "")["digest"], kept["digest"], "the first has an offer now");
}

#[test]
fn only_the_corporation_gets_weighings_to_send_on() {
    let (ledger, _) = two_candidates();
    let path = format!("/v1/vacancies/{VACANCY}/candidates");
    let list = ledger.get(&path).by("transferpunt").in_role("matching-point").answer().with_status(200);
    assert_eq!(list.body["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(list.body["items"][0].get("weighing"), None);
}

#[test]
fn who_takes_another_than_the_first_says_why_and_others_do_not_read_it_in_clear() {
    let (ledger, [_, mut second]) = two_candidates();
    let item = candidates(&ledger, "")["items"][1].clone();
    second.refuses(offer(&item), ["why-missing"]);
    second.reports(offer(&item).with("why", "the first is on a long journey")).leads_to("offered");
    let stored = ledger.in_the_database(async |database| {
        let query = "SELECT payload::text FROM events WHERE event_type = 'dwelling-offered'";
        sqlx::query_scalar::<_, String>(query).fetch_one(database).await.expect("an offer")
    });
    assert!(!stored.contains("long journey"), "{stored}");
}

#[test]
fn a_weighing_of_another_list_place_or_client_is_refused_and_says_nothing_more() {
    let (ledger, [mut first, _]) = two_candidates();
    let list = candidates(&ledger, "");
    let (own, of_the_second) = (&list["items"][0], &list["items"][1]);
    first.refuses(offer(of_the_second).with("why", "so"), ["weighing-not-of-the-list"]);
    let wrong = [
        ("digest", json!("9f".repeat(32))),
        ("place", json!(2)),
        ("eligible", json!(9)),
        ("validOn", json!("2020-01-01")),
        ("knownAt", json!("2027-01-01T00:00:00Z")),
    ];
    for (field, value) in wrong {
        let mut item = own.clone();
        item["weighing"][field] = value;
        let refused = tried(&first, offer(&item).with("why", "so"));
        assert_eq!(refused.errors(), [("weighing-not-of-the-list", "/weighing")], "{field}");
        assert!(!refused.text.contains(of_the_second["trajectoryId"].as_str().expect("an id")));
    }
}

#[test]
fn an_offer_and_its_vacancy_are_of_one_home_and_each_difference_is_named() {
    let (ledger, [first, _]) = two_candidates();
    let item = candidates(&ledger, "")["items"][0].clone();
    let other = offer(&item).with("unit", "VHE-9").with("municipality", "0983").with("rentCents", 61_999);
    let expected = [
        ("unit-not-of-vacancy", "/unit"),
        ("complex-not-of-vacancy", "/complex"),
        ("municipality-not-of-vacancy", "/municipality"),
        ("rent-not-of-vacancy", "/rentCents"),
    ];
    assert_eq!(tried(&first, other.without("complex")).errors(), expected);
}

#[test]
fn a_vacancy_of_another_corporation_is_as_unknown_as_one_that_is_not_there() {
    let (ledger, [first, _]) = two_candidates();
    let item = candidates(&ledger, "")["items"][0].clone();
    let theirs = "7ac00009-0000-4000-8000-000000000001";
    let opened = with(with(vacancy(), "vacancyId", theirs), "corporation", "woonzorg");
    let opened = with_home(opened, "complex", Value::Null);
    let post = ledger.post("/v1/vacancies").json(&opened).by("woonzorg").in_role("housing-corporation");
    post.answer().with_status(201);
    let answers = [theirs, "7ac00008-0000-4000-8000-000000000001"].map(|id| {
        let refused = tried(&first, offer(&item).with("vacancy", id));
        assert_eq!(refused.errors(), [("vacancy-unknown", "/vacancy")]);
        with(refused.body, "instance", Value::Null)
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn a_vacancy_that_was_withdrawn_is_not_offered_and_its_open_offer_is_to_be_withdrawn() {
    let (ledger, [mut first, second]) = two_candidates();
    let list = candidates(&ledger, "");
    first.reports(offer(&list["items"][0]));
    ledger.minutes_pass(1);
    report(&ledger, &json!({"type": "vacancy-withdrawn", "occurredOn": TODAY, "ground": "not-to-be-let"}))
        .with_status(201);
    let refused = tried(&second, offer(&list["items"][1]).with("why", "so"));
    assert!(refused.errors().contains(&("vacancy-closed", "/vacancy")), "{}", refused.text);
    let worklist = first.read_by(Role::HousingCorporation, "/v1/worklist").with_status(200).body;
    let shown = &worklist["homes"][0];
    assert_eq!((&shown["matter"], &shown["what"]), (&json!("vacancy-withdrawn"), &json!("offer")));
    assert_eq!(shown["trajectoryId"], first.id.as_str());
    assert_eq!(candidates(&ledger, "")["items"], json!([]), "nobody can be offered it");
}

#[test]
fn a_client_who_moves_in_after_the_vacancy_was_withdrawn_lets_it_all_the_same() {
    let (ledger, [mut first, _]) = two_candidates();
    first.reports(offer(&candidates(&ledger, "")["items"][0]));
    ledger.minutes_pass(2 * 24 * 60);
    let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": TODAY, "ground": "not-to-be-let"});
    report(&ledger, &withdrawn).with_status(201);
    first.reports_all(["offer-accepted", "housed-under-intermediary-lease"]);
    assert_eq!((ids(&ledger, "withdrawn").len(), ids(&ledger, "let")), (0, vec![VACANCY.to_owned()]));
}

#[test]
fn a_lease_lets_the_vacancy_without_a_report_of_the_corporation() {
    let (ledger, [mut first, _]) = two_candidates();
    first.reports(offer(&candidates(&ledger, "")["items"][0]));
    ledger.minutes_pass(2 * 24 * 60);
    assert_eq!(ids(&ledger, "open"), [VACANCY]);
    first.reports_all(["offer-accepted", "housed-under-intermediary-lease"]);
    assert_eq!((ids(&ledger, "open").len(), ids(&ledger, "let")), (0, vec![VACANCY.to_owned()]));
    let status = |query: &str| {
        let path = format!("/v1/vacancies/{VACANCY}{query}");
        corporation(ledger.get(&path)).answer().with_status(200).body["vacancy"]["status"].clone()
    };
    assert_eq!((status(""), status("?validOn=2026-11-02")), (json!("let"), json!("open")));
    let elsewhere = json!({"type": "vacancy-let", "occurredOn": "2026-11-03", "to": "elsewhere"});
    assert_eq!(report(&ledger, &elsewhere).with_status(409).errors(), [("vacancy-let-to-outflow", "/to")]);
    let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": "2026-11-03", "ground": "other"});
    assert_eq!(report(&ledger, &withdrawn).with_status(409).errors(), [("vacancy-not-open", "/type")]);
    report(&ledger, &with(elsewhere, "to", "outflow")).with_status(201);
}

#[test]
fn a_home_is_in_one_open_vacancy_at_a_time() {
    let (ledger, _) = two_candidates();
    let again = with(vacancy(), "vacancyId", "7ac00002-0000-4000-8000-000000000001");
    let open = || corporation(ledger.post("/v1/vacancies").json(&again)).answer();
    assert_eq!(open().with_status(409).errors(), [("unit-vacant-already", "/home/unit")]);
    report(&ledger, &json!({"type": "vacancy-withdrawn", "occurredOn": TODAY, "ground": "other"}))
        .with_status(201);
    open().with_status(201);
}

#[test]
fn how_many_clients_live_in_the_complex_is_for_those_who_read_all_their_cases() {
    let ledger = Ledger::empty();
    corporation(ledger.post("/v1/complexes").json(&here())).answer().with_status(201);
    let _neighbour = ledger.housed();
    let other = with_home(vacancy(), "unit", "VHE-7");
    corporation(ledger.post("/v1/vacancies").json(&other)).answer().with_status(201);
    let case = ledger.matching();
    let of_list = |list: &Value| concentration(&list["items"][0]["checks"]);
    let counted = json!({"result": "met", "offers": "1/24"});
    assert_eq!(of_list(&candidates(&ledger, "?include=not-eligible")), counted);
    let mirror = |role| case.read_by(role, &format!("{}/vacancies", case.path())).with_status(200).body;
    assert_eq!(of_list(&mirror(Role::MatchingPoint)), counted);
    assert_eq!(of_list(&mirror(Role::CareProvider))["result"], "unknown");
    let then = format!("?include=not-eligible&knownAt={}", ledger.now());
    ledger.minutes_pass(1);
    let _second = ledger.housed();
    assert_eq!(of_list(&candidates(&ledger, "?include=not-eligible"))["offers"], "2/24");
    assert_eq!(of_list(&candidates(&ledger, &then)), counted, "as it was known then");
}

#[test]
fn who_lives_in_a_complex_changes_no_byte_of_what_a_provider_reads() {
    let answers = [false, true].map(|with_a_neighbour| {
        let ledger = Ledger::empty();
        corporation(ledger.post("/v1/complexes").json(&here())).answer().with_status(201);
        let _neighbour = with_a_neighbour.then(|| ledger.housed());
        let other = with_home(vacancy(), "unit", "VHE-7");
        corporation(ledger.post("/v1/vacancies").json(&other)).answer().with_status(201);
        let case = ledger.matching();
        let mirror = case.read_by(Role::CareProvider, &format!("{}/vacancies", case.path()));
        mirror.with_status(200).text.replace(&case.id, "ID")
    });
    assert_eq!(answers[0], answers[1]);
}

// The words of these tests.

/// A vacancy of Stadswonen, and two clients assigned to it who can get it today, in the order of its list.
fn two_candidates() -> (Ledger, [Case; 2]) {
    let ledger = Ledger::empty();
    corporation(ledger.post("/v1/complexes").json(&here())).answer().with_status(201);
    corporation(ledger.post("/v1/vacancies").json(&vacancy())).answer().with_status(201);
    let mut cases = [ledger.matching(), ledger.matching()];
    ledger.minutes_pass(1);
    let list = candidates(&ledger, "");
    if list["items"][0]["trajectoryId"] != cases[0].id.as_str() {
        cases.reverse();
    }
    for case in &mut cases {
        case.on(TODAY);
    }
    (ledger, cases)
}

fn vacancy() -> Value {
    let home = json!({
        "unit": "VHE-00412", "complex": "C-118", "municipality": "0363", "availableFrom": "2026-12-01",
        "certain": true, "rentCents": 62_000, "access": "wheelchair", "persons": {"min": 1, "max": 4},
        "contractModels": ["intermediary"], "nuisanceOnFile": false
    });
    json!({
        "type": "vacancy-opened", "occurredOn": "2026-10-01", "vacancyId": VACANCY, "corporation": "stadswonen",
        "region": "amsterdam", "home": home
    })
}

/// The list as the corporation reads it.
fn candidates(ledger: &Ledger, query: &str) -> Value {
    let path = format!("/v1/vacancies/{VACANCY}/candidates{query}");
    corporation(ledger.get(&path)).answer().with_status(200).body
}

/// An offer of the vacancy that keeps the weighing of a candidate, with an id of its own.
fn offer(item: &Value) -> SampleFact {
    let number = item["weighing"]["place"].as_u64().expect("a place");
    sample_fact("dwelling-offered")
        .with("offerId", format!("0ffe000{number}-0000-4000-8000-000000000001"))
        .with("vacancy", VACANCY)
        .with("weighing", item["weighing"].clone())
}

fn tried(case: &Case, fact: SampleFact) -> Answer {
    case.dry_run_by(Role::HousingCorporation, &case.next(fact)).with_status(409)
}

fn report(ledger: &Ledger, fact: &Value) -> Answer {
    corporation(ledger.post(&format!("/v1/vacancies/{VACANCY}/events")).json(fact)).seen("*").answer()
}

/// The ids of the vacancies of this status.
fn ids(ledger: &Ledger, status: &str) -> Vec<String> {
    let list = corporation(ledger.get(&format!("/v1/vacancies?status={status}"))).answer().with_status(200);
    let items = list.body["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["vacancyId"].as_str().expect("an id").to_owned()).collect()
}

fn concentration(checks: &Value) -> Value {
    let checks = checks.as_array().expect("checks");
    let check = checks.iter().find(|check| check["code"] == "concentration").expect("a check");
    let mut shown = json!({"result": check["result"]});
    if let Some(offers) = check.get("offers") {
        shown["offers"] = offers.clone();
    }
    shown
}

fn with(mut value: Value, field: &str, other: impl Into<Value>) -> Value {
    value[field] = other.into();
    value
}

/// Another value of a field of the home; null leaves it out.
fn with_home(mut opened: Value, field: &str, value: impl Into<Value>) -> Value {
    match value.into() {
        Value::Null => {
            opened["home"].as_object_mut().expect("an object").remove(field);
        }
        value => opened["home"][field] = value,
    }
    opened
}

/// The complex of the dwellings of these tests.
fn here() -> Value {
    let mut complex = complex();
    complex["region"] = json!("amsterdam");
    complex["municipality"] = json!("0363");
    complex["neighbourhood"] = json!("BU03630001");
    complex
}
