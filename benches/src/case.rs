//! The case that every system is given: twenty facts, and the one that is reported after them.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History, Rules};
use uuid::Uuid;

/// The length of the stream before the report.
pub const EVENTS_BEFORE: usize = 20;

/// The first twenty facts of a demo case.
pub fn before() -> Vec<Fact> {
    let demo = include_str!("../../demo/01-rachel-after-eight-years-in-a-group-home.ndjson");
    let facts: Vec<Fact> = demo
        .lines()
        .take(EVENTS_BEFORE)
        .map(|line| serde_json::from_str(line).expect("a demo fact"))
        .collect();
    let mut history = History::default();
    let sets = AgreementSets::shipped();
    for fact in &facts {
        history
            .report(fact.clone(), Rules { sets: &sets, today: today() })
            .expect("a demo case is admissible");
    }
    facts
}

/// The fact that is reported, with one private text.
pub fn report() -> serde_json::Value {
    serde_json::json!({
        "type": "case-discussed", "occurredOn": "2026-10-01", "bottleneck": "dwelling-supply",
        "outcome": "Nog geen passende woning; volgende maand opnieuw aan tafel.",
    })
}

/// The same, decoded.
pub fn reported() -> Fact {
    serde_json::from_value(report()).expect("the reported fact")
}

/// The day on which everything is reported.
pub fn today() -> Day {
    "2026-11-01".parse().expect("a date")
}

/// The trajectory for a number of a reporter.
pub fn trajectory(client: usize, number: usize) -> TrajectoryId {
    TrajectoryId(Uuid::from_u64_pair(
        0x0190_0000_0000_7000,
        0x8000_0000_0000_0000 | (client as u64) << 32 | number as u64,
    ))
}
