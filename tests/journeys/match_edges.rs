//! The edges of the match: quotas, fitting tests, offers that pass by the list, and vacancies that are not as
//! they were.

use omklap_domain::visibility::Role;
use omklap_tests::{Answer, Case, Ledger, SampleFact, sample_fact, shown_fact};
use serde_json::{Value, json};

use crate::complexes::corporation;

const VACANCY: &str = "7ac00001-0000-4000-8000-000000000001";
const AGAIN: &str = "7ac00002-0000-4000-8000-000000000001";
const TODAY: &str = "2026-11-01";

#[test]
fn a_quota_is_shown_beside_each_candidate_and_by_corporation_without_advice() {
    let (ledger, mut case) = a_client_and_a_home();
    agreed(&ledger, &json!([{"homes": 9}, {"corporation": "stadswonen", "homes": 4}]));
    let quota = |viewer: (&str, &str)| check(&candidates(&ledger, viewer)["items"][0], "quota");
    let none_let = json!({"code": "quota", "sort": "notice", "result": "met", "offers": "0/4"});
    assert_eq!(quota(("stadswonen", "housing-corporation")), none_let);
    assert_eq!(quota(("transferpunt", "matching-point")), none_let);
    moves_in(&ledger, &mut case);
    let other = ledger.matching();
    let mirror = |role| other.read_by(role, &format!("{}/vacancies", other.path())).with_status(200).body;
    open(&ledger, AGAIN, "VHE-7");
    let corporations = &mirror(Role::MatchingPoint)["byCorporation"];
    let of_one = json!({
        "corporation": "stadswonen", "quotaSoFar": {"homesLet": 1, "homes": 4, "left": 3}, "vacancyIds": [AGAIN]
    });
    assert_eq!(corporations, &json!([of_one]));
    let of_the_provider = mirror(Role::CareProvider);
    assert_eq!(of_the_provider.get("corporations"), None);
    assert_eq!(check(&of_the_provider["items"][0], "quota")["result"], "unknown");
}

#[test]
fn without_a_plan_the_quota_is_unknown() {
    let (ledger, _case) = a_client_and_a_home();
    let list = candidates(&ledger, ("transferpunt", "matching-point"));
    assert_eq!(check(&list["items"][0], "quota")["result"], "unknown");
}

#[test]
fn an_offer_of_a_vacant_home_cannot_pass_by_the_list() {
    let (ledger, mut case) = a_client_and_a_home();
    case.refuses("dwelling-offered", ["weighing-missing"]);
    case.refuses(
        sample_fact("dwelling-offered").without("complex").with("vacancy", VACANCY),
        ["weighing-missing"],
    );
    let elsewhere = sample_fact("dwelling-offered").with("unit", "VHE-00999");
    case.dry_run_by(Role::HousingCorporation, &case.next(elsewhere)).with_status(200);
    case.reports(weighed(&ledger)).leads_to("offered");
}

#[test]
fn neither_an_earlier_day_nor_a_correction_passes_by_the_list() {
    let (_ledger, mut case) = a_client_and_a_home();
    let plain = sample_fact("dwelling-offered").without("complex");
    // A day before the corporation reported the home as vacant.
    let report = |case: &Case, fact: &Value| case.dry_run_by(Role::HousingCorporation, fact);
    let earlier = report(&case, &case.next(plain.clone().with("occurredOn", "2026-09-30")));
    assert!(earlier.with_status(409).codes().contains("weighing-missing"));
    let elsewhere = plain.clone().with("unit", "VHE-00999");
    case.reports(elsewhere);
    let replacement = plain.happening(TODAY.parse().expect("a day"));
    let moved = sample_fact("event-corrected").with("corrects", case.timeline().len());
    let moved = case.next(moved.with("replacement", replacement));
    let refused = report(&case, &moved).with_status(409);
    assert!(refused.codes().contains("weighing-missing"), "{}", refused.text);
}

#[test]
fn many_reports_of_a_home_do_not_hide_that_it_is_vacant() {
    let (ledger, mut case) = a_client_and_a_home();
    // Ids that a corporation chooses, later in the order than the one of the open vacancy.
    for number in 0..51 {
        let decoy = format!("ffff{number:04x}-0000-4000-8000-000000000001");
        let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": TODAY, "ground": "other"});
        if number == 0 {
            report(&ledger, VACANCY, &withdrawn).with_status(201);
        }
        open(&ledger, &decoy, "VHE-00412");
        report(&ledger, &decoy, &withdrawn).with_status(201);
    }
    open(&ledger, AGAIN, "VHE-00412");
    case.refuses("dwelling-offered", ["weighing-missing"]);
}

#[test]
fn an_auditor_reads_place_and_digest_of_an_offer_and_not_which_home_it_was() {
    let (ledger, mut case) = a_client_and_a_home();
    case.reports(weighed(&ledger));
    let timeline = case.read_by(Role::Auditor, &format!("{}/events", case.path())).with_status(200).body;
    let events = timeline["items"].as_array().expect("events");
    let offer = shown_fact(events.last().expect("an offer"));
    assert_eq!(offer["weighing"]["place"], 1, "{offer}");
    assert_eq!(offer["weighing"]["digest"].as_str().map(str::len), Some(64));
    assert!(offer.get("unit").is_none() && offer.get("vacancy").is_none(), "{offer}");
}

#[test]
fn two_open_vacancies_of_one_home_are_disputed_until_one_is_put_right() {
    let (ledger, _case) = a_client_and_a_home();
    let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": TODAY, "ground": "other"});
    report(&ledger, VACANCY, &withdrawn).with_status(201);
    open(&ledger, AGAIN, "VHE-00412");
    assert_eq!(worklist(&ledger, "stadswonen", "housing-corporation").get("vacancies"), None);
    let retracted = json!({"type": "event-corrected", "occurredOn": TODAY, "corrects": 2});
    report(&ledger, VACANCY, &retracted).with_status(201);
    let of_one = |id: &str, other: &str| json!({"vacancyId": id, "corporation": "stadswonen", "unit": "VHE-00412", "matter": "disputed", "otherVacancies": [other]});
    for (organisation, role) in [("stadswonen", "housing-corporation"), ("transferpunt", "matching-point")] {
        let found = worklist(&ledger, organisation, role)["vacancies"].clone();
        assert_eq!(found, json!([of_one(VACANCY, AGAIN), of_one(AGAIN, VACANCY)]), "{role}");
    }
    assert_eq!(worklist(&ledger, "de-vaart", "care-provider").get("vacancies"), None);
    report(&ledger, AGAIN, &withdrawn).with_status(201);
    assert_eq!(worklist(&ledger, "stadswonen", "housing-corporation").get("vacancies"), None);
}

#[test]
fn a_rent_that_changed_under_an_open_offer_is_on_the_worklist() {
    let (ledger, mut case) = a_client_and_a_home();
    case.reports(weighed(&ledger));
    ledger.minutes_pass(1);
    let homes = |case: &Case| {
        case.read_by(Role::HousingCorporation, "/v1/worklist").with_status(200).body["homes"].clone()
    };
    assert_eq!(homes(&case), Value::Null);
    let mut home = home("VHE-00412");
    home["rentCents"] = json!(63_000);
    let changed = json!({"type": "vacancy-changed", "occurredOn": TODAY, "home": home});
    report(&ledger, VACANCY, &changed).with_status(201);
    assert_eq!(homes(&case)[0]["matter"], "rent-changed");
}

#[test]
fn the_matching_point_does_not_retract_what_the_municipality_reported() {
    let ledger = Ledger::empty();
    agreed(&ledger, &json!([{"homes": 9}]));
    let path = "/v1/regions/amsterdam/plans/2026/events";
    let by = |organisation: &str, role: &str, fact: &Value| {
        ledger.post(path).by(organisation).in_role(role).seen("*").json(fact).answer()
    };
    let lettings = json!({
        "type": "lettings-reported", "occurredOn": "2026-10-01", "region": "amsterdam", "year": 2026,
        "corporation": "stadswonen", "lettings": 300
    });
    by("gemeente-amsterdam", "municipality", &lettings).with_status(201);
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-10-02", "corrects": 2});
    let refused = by("transferpunt", "matching-point", &retracted).with_status(403);
    assert_eq!(refused.problem(), "not-yours-to-report");
    by("gemeente-amsterdam", "municipality", &retracted).with_status(201);
}

#[test]
fn a_fitting_test_is_reported_by_the_party_that_did_it_and_is_a_notice_for_other_rents() {
    let (ledger, mut case) = a_client_and_a_home();
    case.reports(weighed(&ledger));
    ledger.minutes_pass(4 * 24 * 60);
    let test = sample_fact("fitting-test-done").with("result", "does-not-fit");
    let of_another = case.next(test.clone().with("testedBy", "care-provider"));
    case.dry_run_by(Role::HousingCorporation, &of_another).with_status(403);
    case.reports(test);
    case.reports(sample_fact("offer-withdrawn").with("ground", "income-too-low"));
    ledger.minutes_pass(1);
    let list = candidates(&ledger, ("stadswonen", "housing-corporation"));
    let fitting = check(&list["items"][0], "fitting");
    assert_eq!((&fitting["result"], &fitting["needs"]), (&json!("not-met"), &json!("62000")));
    assert_ne!(list["items"][0]["eligibility"], "not-eligible", "a notice decides nothing");
}

// The words of these tests.

/// A vacancy of Stadswonen, and a client assigned to it who can get it today.
fn a_client_and_a_home() -> (Ledger, Case) {
    let ledger = Ledger::empty();
    open(&ledger, VACANCY, "VHE-00412");
    let mut case = ledger.matching();
    ledger.minutes_pass(1);
    case.on(TODAY);
    (ledger, case)
}

fn home(unit: &str) -> Value {
    json!({
        "unit": unit, "municipality": "0363", "availableFrom": "2026-12-01", "certain": true,
        "rentCents": 62_000, "access": "wheelchair", "persons": {"min": 1, "max": 4},
        "contractModels": ["intermediary"], "nuisanceOnFile": false
    })
}

fn open(ledger: &Ledger, id: &str, unit: &str) {
    let opened = json!({
        "type": "vacancy-opened", "occurredOn": "2026-10-01", "vacancyId": id, "corporation": "stadswonen",
        "region": "amsterdam", "home": home(unit)
    });
    corporation(ledger.post("/v1/vacancies").json(&opened)).answer().with_status(201);
}

fn report(ledger: &Ledger, vacancy: &str, fact: &Value) -> Answer {
    corporation(ledger.post(&format!("/v1/vacancies/{vacancy}/events")).json(fact)).seen("*").answer()
}

fn agreed(ledger: &Ledger, homes: &Value) {
    let quota = json!({
        "type": "quota-agreed", "occurredOn": "2025-11-20", "region": "amsterdam", "year": 2026,
        "document": "dms:quota-2026", "homes": homes
    });
    let report = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point");
    report.json(&quota).answer().with_status(201);
}

fn candidates(ledger: &Ledger, (organisation, role): (&str, &str)) -> Value {
    let path = format!("/v1/vacancies/{VACANCY}/candidates?include=not-eligible");
    ledger.get(&path).by(organisation).in_role(role).answer().with_status(200).body
}

fn check(item: &Value, code: &str) -> Value {
    let checks = item["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["code"] == code).expect("a check").clone()
}

/// An offer with the weighing of the first candidate.
fn weighed(ledger: &Ledger) -> SampleFact {
    let weighing = candidates(ledger, ("stadswonen", "housing-corporation"))["items"][0]["weighing"].clone();
    sample_fact("dwelling-offered").without("complex").with("vacancy", VACANCY).with("weighing", weighing)
}

fn moves_in(ledger: &Ledger, case: &mut Case) {
    case.reports(weighed(ledger));
    ledger.minutes_pass(2 * 24 * 60);
    case.reports_all(["offer-accepted", "housed-under-intermediary-lease"]);
}

fn worklist(ledger: &Ledger, organisation: &str, role: &str) -> Value {
    ledger.get("/v1/worklist").by(organisation).in_role(role).answer().with_status(200).body
}
