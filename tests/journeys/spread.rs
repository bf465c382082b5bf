//! Where the clients of a region live on a day, by municipality and complex.

use omklap_tests::{Answer, Ledger};
use serde_json::{Value, json};

const PATH: &str = "/v1/regions/amsterdam/spread";

fn read_by(ledger: &Ledger, organisation: &str, role: &str, query: &str) -> Answer {
    ledger.get(&format!("{PATH}{query}")).by(organisation).in_role(role).answer()
}

#[test]
fn a_matching_point_reads_on_any_day_where_clients_live() {
    let ledger = Ledger::empty();
    let described = json!({
        "type": "complex-described", "occurredOn": "2020-02-02", "complex": "C-118", "corporation": "stadswonen",
        "region": "amsterdam", "municipality": "0363", "neighbourhood": "BU03630001", "homes": 24
    });
    let report = ledger.post("/v1/complexes").by("stadswonen").in_role("housing-corporation");
    report.json(&described).answer().with_status(201);
    let _cases = [(); 6].map(|()| ledger.housed());
    let now = read_by(&ledger, "transferpunt", "matching-point", "").with_status(200).body;
    let place = &now["municipalities"][0];
    assert_eq!(
        (&now["residents"], &place["municipality"], &place["residents"]),
        (&json!(6), &json!("0363"), &json!(6)),
        "{now:#}"
    );
    let complex = &place["neighbourhoods"][0]["complexes"][0];
    assert_eq!(
        (&complex["complex"], &complex["residents"], &complex["homes"]),
        (&json!("C-118"), &json!(6), &json!(24)),
        "{now:#}"
    );
    let before = read_by(&ledger, "transferpunt", "matching-point", "?on=2019-06-01").with_status(200).body;
    assert_eq!((&before["residents"], &before["on"]), (&json!(0), &json!("2019-06-01")));
    let future = read_by(&ledger, "transferpunt", "matching-point", "?on=2199-01-01").with_status(400);
    assert_eq!(future.errors(), [("still-to-come", "on")]);
}

#[test]
fn a_place_with_few_clients_is_not_named() {
    let ledger = Ledger::empty();
    let _cases = [ledger.housed(), ledger.flipped()];
    let few = read_by(&ledger, "transferpunt", "matching-point", "").with_status(200);
    assert_eq!(few.body["residents"], Value::Null);
    for hidden in ["C-118", "0363", "Sam de Boer", "trajectoryId"] {
        assert!(!few.text.contains(hidden), "{hidden}: {}", few.text);
    }
}

#[test]
fn everybody_else_reads_the_last_day_of_a_year_that_has_ended() {
    let ledger = Ledger::empty();
    let _cases = [(); 6].map(|()| ledger.housed());
    let reads = |query: &str| read_by(&ledger, "stadswonen", "housing-corporation", query);
    let last = reads("").with_status(200).body;
    assert_eq!((&last["on"], &last["residents"]), (&json!("2025-12-31"), &json!(0)), "nobody knew then");
    for wrong in ["?on=2025-06-30", "?on=2026-12-31"] {
        assert_eq!(reads(wrong).with_status(400).errors(), [("whole-years-only", "on")], "{wrong}");
    }
    ledger.minutes_pass(60 * 24 * 100);
    assert_eq!(reads("").with_status(200).body["residents"], 6);
    assert_eq!(reads("?on=2026-12-31").with_status(200).body["residents"], 6);
    let nowhere = ledger.get("/v1/regions/nowhere/spread").by("stadswonen").in_role("housing-corporation");
    assert_eq!(nowhere.answer().with_status(404).problem(), "no-such-region");
}

#[test]
fn what_holds_cases_up_is_counted_and_not_for_a_provider_that_could_report_some() {
    let ledger = Ledger::empty();
    for _ in 0..6 {
        ledger.preparing().reports("case-discussed");
    }
    ledger.minutes_pass(60 * 24 * 100);
    let stuck = |organisation: &str, role: &str| -> Vec<Value> {
        let spread = read_by(&ledger, organisation, role, "").with_status(200).body;
        let counts = spread["stuck"].as_array().expect("counts").iter();
        counts.map(|one| one["clients"].clone()).collect()
    };
    assert!(stuck("gemeente-amsterdam", "municipality").contains(&json!(6)));
    assert_eq!(stuck("de-vaart", "care-provider"), vec![Value::Null; 8]);
}
