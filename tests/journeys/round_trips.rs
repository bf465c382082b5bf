//! What goes in comes out.

use omklap_store::hash_chain::canonical;
use omklap_tests::{Ledger, Process, demo_histories};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

#[test]
fn every_told_story_comes_out_as_it_went_in() {
    let ledger = Ledger::empty();
    for (name, told) in demo_histories() {
        let case = ledger.imports(&facts(&told));
        let lines = case
            .timeline()
            .iter()
            .map(|entry| canonical(&entry["fact"]).expect("JSON") + "\n")
            .collect::<String>();
        assert!(lines == told, "{name} comes out otherwise");
    }
}

#[test]
fn a_history_is_the_same_however_it_is_cut_up() {
    let ledger = Ledger::empty();
    let mut cuts = StdRng::seed_from_u64(7);
    for (name, told) in demo_histories() {
        let all = facts(&told);
        let whole = ledger.imports(&all);
        let mut rest = all.as_array().expect("a list").as_slice();
        let mut pieces = std::iter::from_fn(|| {
            let (piece, after) = rest.split_at_checked(cuts.random_range(1..12)).unwrap_or((rest, &[]));
            rest = after;
            (!piece.is_empty()).then(|| Value::from(piece))
        });
        let mut case = ledger.imports(&pieces.next().expect("a history begins"));
        for piece in pieces {
            case.version =
                case.reporting(&piece).answer().with_status(201).body["version"].as_u64().expect("a number");
        }
        assert_eq!(without_id(case.standing()), without_id(whole.standing()), "{name}");
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

fn without_id(mut standing: Value) -> Value {
    standing["trajectoryId"] = Value::Null;
    standing
}
