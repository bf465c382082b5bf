//! The match: candidates for a vacancy, with reasons for and against, and the vacancies for a client.

use omklap_tests::{Browser, Case, Ledger, sample_fact};
use serde_json::{Value, json};

use crate::complexes::corporation;

const VACANCY: &str = "7ac00001-0000-4000-8000-000000000001";

#[test]
fn the_matching_point_gets_every_client_who_looks_for_a_home_with_reasons_for_and_against() {
    let (ledger, case) = one_case_and_a_vacancy(&home());
    let list = candidates(&ledger, "transferpunt", "matching-point", "");
    let items = list["items"].as_array().expect("candidates");
    assert_eq!(
        items.iter().map(|item| item["trajectoryId"].as_str()).collect::<Vec<_>>(),
        [Some(case.id.as_str())]
    );
    assert_eq!((&items[0]["place"], &items[0]["eligibility"]), (&json!(1), &json!("ask")));
    assert_eq!(
        check(&items[0], "area-excluded")["result"],
        "unknown",
        "a part of the municipality is excluded"
    );
    let rent = check(&items[0], "rent");
    assert_eq!(
        (&rent["result"], &rent["sort"], &rent["offers"]),
        (&json!("met"), &json!("hard"), &json!("40000"))
    );
    assert_eq!(list["order"][0], "hard-met");
    assert_eq!(list["digest"].as_str().map(str::len), Some(64));
}

#[test]
fn who_is_not_eligible_is_listed_on_request_and_counts_for_the_digest() {
    let mut dear = home();
    dear["rentCents"] = json!(250_000);
    let (ledger, _case) = one_case_and_a_vacancy(&dear);
    let short = candidates(&ledger, "transferpunt", "matching-point", "");
    assert_eq!(short["items"], json!([]));
    let long = candidates(&ledger, "transferpunt", "matching-point", "?include=not-eligible");
    assert_eq!(check(&long["items"][0], "rent")["result"], "not-met");
    assert_eq!(short["digest"], long["digest"]);
    let wrong =
        ledger.get(&format!("/v1/vacancies/{VACANCY}/candidates?include=all")).answer().with_status(400);
    assert_eq!(wrong.errors(), [("not-one-of", "include")]);
}

#[test]
fn a_person_of_the_matching_point_reads_who_seeks_and_why_a_home_fits() {
    let (ledger, case) = one_case_and_a_vacancy(&home());
    let _ = ledger.get("/v1/me").by("matching-point").in_role("matching-point").answer().with_status(200);
    let browser = Browser::at(ledger.address());
    browser.sign_in("Anne");
    let short = &case.id[case.id.len() - 6..];
    let seekers = browser.open("/seekers/amsterdam");
    assert_eq!(seekers.status, 200, "{}", seekers.html);
    assert!(seekers.html.contains(short) && seekers.html.contains("Woonklaar"), "{}", seekers.html);
    let list = browser.open("/vacancies");
    assert!(list.html.contains(&format!("/vacancies/{VACANCY}")), "{}", list.html);
    let home = browser.open(&format!("/vacancies/{VACANCY}"));
    assert_eq!(home.status, 200, "{}", home.html);
    for words in [short, "eerst navragen", "Voor", "Nog te vragen", "€ 400,00"] {
        assert!(home.html.contains(words), "{words}: {}", home.html);
    }
    for obstacle in ["overlastdossier", "eerder geweigerd"] {
        assert!(!home.html.contains(obstacle), "that there is none is no reason: {obstacle}");
    }
    let fitting = browser.open(&format!("/cases/{}/vacancies", case.id));
    assert_eq!(fitting.status, 200, "{}", fitting.html);
    assert!(
        fitting.html.contains("Welke woning past?") && fitting.html.contains("€ 400,00"),
        "{}",
        fitting.html
    );
}

#[test]
fn a_corporation_gets_only_those_assigned_to_it() {
    let ledger = Ledger::empty();
    open(&ledger, &home());
    let ready = ledger.ready();
    let of_corporation = || candidates(&ledger, "stadswonen", "housing-corporation", "?include=not-eligible");
    assert_eq!(of_corporation()["items"], json!([]), "not yet assigned");
    let assigned = ledger.matching();
    let ids: Vec<_> = of_corporation()["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["trajectoryId"].clone())
        .collect();
    assert_eq!(ids, [json!(assigned.id)]);
    let all = candidates(&ledger, "transferpunt", "matching-point", "?include=not-eligible").to_string();
    assert!(all.contains(&ready.id) && all.contains(&assigned.id));
    let other = ledger
        .get(&format!("/v1/vacancies/{VACANCY}/candidates"))
        .by("woonzorg")
        .in_role("housing-corporation");
    assert_eq!(other.answer().with_status(404).problem(), "no-such-stream");
}

#[test]
fn what_a_viewer_does_not_see_changes_neither_its_list_nor_its_digest() {
    let lists = [json!("any-floor"), json!("wheelchair")].map(|access| {
        let ledger = Ledger::empty();
        open(&ledger, &home());
        let mut case = ledger.preparing();
        case.reports(sample_fact("outflow-profile-set").with("access", access));
        case.reports("readiness-confirmed");
        let list = candidates(&ledger, "transferpunt", "auditor", "?include=not-eligible");
        without_ids(&list, &case)
    });
    assert_eq!(lists[0], lists[1]);
}

#[test]
fn a_list_of_the_past_has_the_digest_that_it_had_then() {
    let (ledger, mut case) = one_case_and_a_vacancy(&home());
    let then = candidates(&ledger, "transferpunt", "matching-point", "");
    let recorded_at = case.answer["recordedAt"].as_str().expect("an instant").to_owned();
    let query = format!("?knownAt={recorded_at}&validOn={}", then["on"].as_str().expect("a day"));
    ledger.minutes_pass(60);
    case.reports_all(["dwelling-offered"]);
    let again = candidates(&ledger, "transferpunt", "matching-point", &query);
    let now = candidates(&ledger, "transferpunt", "matching-point", "");
    assert_eq!(now["items"], json!([]), "the client has an offer");
    assert_eq!(again["digest"], then["digest"]);
}

#[test]
fn the_mirror_shows_a_provider_what_fits_its_client_without_the_unit() {
    let (ledger, case) = one_case_and_a_vacancy(&home());
    let path = format!("{}/vacancies", case.path());
    let mirror = ledger.get(&path).answer().with_status(200);
    assert_eq!(mirror.body["items"][0]["vacancy"]["vacancyId"], VACANCY);
    assert_eq!(mirror.body["items"][0]["eligibility"], "ask");
    assert!(!mirror.text.contains("VHE-77"), "{}", mirror.text);
    let stranger = ledger.get(&path).by("een-ander").answer();
    assert_eq!((stranger.status, stranger.problem()), (404, "no-such-trajectory"));
}

#[test]
fn who_read_the_candidates_is_in_the_access_log_of_each_of_them() {
    let (ledger, case) = one_case_and_a_vacancy(&home());
    let before = ledger.accesses(&case).len();
    candidates(&ledger, "transferpunt", "matching-point", "");
    assert_eq!(ledger.accesses(&case).len(), before + 1);
}

// --- the vocabulary ---------------------------------------------------------------------------

fn one_case_and_a_vacancy(home: &Value) -> (Ledger, Case) {
    let ledger = Ledger::empty();
    open(&ledger, home);
    let case = ledger.matching();
    (ledger, case)
}

/// Stadswonen has this dwelling in Amsterdam.
fn open(ledger: &Ledger, home: &Value) {
    let opened = json!({
        "type": "vacancy-opened", "occurredOn": "2021-01-04", "vacancyId": VACANCY, "corporation": "stadswonen",
        "region": "amsterdam", "home": home
    });
    corporation(ledger.post("/v1/vacancies").json(&opened)).answer().with_status(201);
}

fn home() -> Value {
    json!({
        "unit": "VHE-77", "municipality": "0363", "availableFrom": "2026-12-01", "certain": true, "rentCents": 40_000,
        "access": "wheelchair", "quiet": true, "persons": {"min": 1, "max": 4},
        "contractModels": ["intermediary", "three-party", "temporary", "own"], "nuisanceOnFile": false
    })
}

fn candidates(ledger: &Ledger, organisation: &str, role: &str, query: &str) -> Value {
    let path = format!("/v1/vacancies/{VACANCY}/candidates{query}");
    ledger.get(&path).by(organisation).in_role(role).answer().with_status(200).body
}

fn check<'c>(candidate: &'c Value, code: &str) -> &'c Value {
    let checks = candidate["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["code"] == code).expect("a check")
}

/// A list without what differs between two ledgers.
fn without_ids(list: &Value, case: &Case) -> String {
    list.to_string().replace(&case.id, "ID").replace(list["digest"].as_str().expect("a digest"), "DIGEST")
}
