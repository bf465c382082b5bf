//! Facts are read back as they were reported.

use omklap_domain::visibility::Role;
use omklap_store::events::hash_chain::canonical;
use omklap_tests::{Ledger, Process, demo_histories};
use serde_json::Value;

#[test]
fn every_demo_history_reads_back_as_it_was_imported() {
    let ledger = Ledger::empty();
    for (name, history) in demo_histories() {
        let case = ledger.imports(&facts(&history));
        let all = case.read_by(Role::NuisanceDesk, &format!("{}?limit=500", case.events())).with_status(200);
        let lines = all.body["items"]
            .as_array()
            .expect("a timeline")
            .iter()
            .map(|entry| canonical(&entry["fact"]).expect("JSON") + "\n")
            .collect::<String>();
        assert!(lines == history, "{name} reads back differently");
    }
}

#[test]
fn the_stock_library_reads_every_history_the_same_way() {
    let ledger = Process::start();
    for (_, history) in demo_histories() {
        let _ = ledger.imports(&facts(&history));
    }
    let checked = ledger.omklap(&["check", "--all", "--stock"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn checking_an_unknown_trajectory_fails() {
    let ledger = Process::start();
    let unknown = "0199d2c0-0000-7000-8000-000000000001";
    let checked = ledger.omklap(&["check", unknown]);
    assert!(!checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(said.contains(&format!("there is no such trajectory: {unknown}")), "{said}");
    let case = ledger.preparing();
    assert!(ledger.omklap(&["check", &case.id]).status.success());
}

fn facts(ndjson: &str) -> Value {
    ndjson.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect()
}
