//! What goes in comes out.

use omklap_domain::visibility::Role;
use omklap_store::events::hash_chain::canonical;
use omklap_tests::{Ledger, Process, demo_histories};
use serde_json::Value;

#[test]
fn every_told_story_comes_out_as_it_went_in() {
    let ledger = Ledger::empty();
    for (name, told) in demo_histories() {
        let case = ledger.imports(&facts(&told));
        let all = case.read_by(Role::NuisanceDesk, &format!("{}?limit=500", case.events())).with_status(200);
        let lines = all.body["items"]
            .as_array()
            .expect("a timeline")
            .iter()
            .map(|entry| canonical(&entry["fact"]).expect("JSON") + "\n")
            .collect::<String>();
        assert!(lines == told, "{name} comes out otherwise");
    }
}

#[test]
fn the_stock_library_reads_every_history_alike() {
    let ledger = Process::start();
    for (_, told) in demo_histories() {
        let _ = ledger.imports(&facts(&told));
    }
    let checked = ledger.omklap(&["check", "--all", "--stock"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn what_is_to_be_checked_and_is_not_there_is_no_success() {
    let ledger = Process::start();
    let nobody = "0199d2c0-0000-7000-8000-000000000001";
    let checked = ledger.omklap(&["check", nobody]);
    assert!(!checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(said.contains(&format!("there is no such trajectory: {nobody}")), "{said}");
    let case = ledger.preparing();
    assert!(ledger.omklap(&["check", &case.id]).status.success());
}

fn facts(ndjson: &str) -> Value {
    ndjson.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect()
}
