//! What goes in comes out.

use omklap_domain::visibility::Role;
use omklap_store::hash_chain::canonical;
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

fn facts(ndjson: &str) -> Value {
    ndjson.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect()
}
