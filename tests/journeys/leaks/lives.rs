//! The told lives of the demo, walked as well: together they hold every kind of fact that partners tell.

use std::collections::BTreeSet;

use omklap_domain::trajectory::FactType;
use omklap_tests::{Ledger, demo_histories};
use serde_json::Value;

use super::sight::kind_of;
use super::table::Stage;
use super::walked_through;

/// Where the corporation stands to each of them at the end, by the beginning of its name.
const ENDS: [(&str, Stage); 16] = [
    ("01", Stage::Flipped),
    ("02", Stage::Flipped),
    ("03", Stage::Flipped),
    ("04", Stage::Flipped),
    // Moved on well.
    ("05", Stage::Unknown),
    // Back in the shelter, and the fund has paid.
    ("06", Stage::Unknown),
    ("07", Stage::Matched),
    ("08", Stage::Matched),
    ("09", Stage::Flipped),
    // Died, and the fund has paid.
    ("10", Stage::Unknown),
    ("11", Stage::Flipped),
    ("12", Stage::Flipped),
    ("13", Stage::Flipped),
    ("14", Stage::Matched),
    ("15", Stage::Matched),
    // Evicted, and the fund has paid.
    ("16", Stage::Unknown),
];

/// What the keeper of the ledger tells and no partner does: `restricted.rs`, `erasure.rs` and `retention.rs` are about these.
const OF_THE_KEEPER: [FactType; 5] = [
    FactType::ProcessingRestricted,
    FactType::RestrictionLifted,
    FactType::PersonalDataErased,
    FactType::LegalHoldPlaced,
    FactType::LegalHoldLifted,
];

fn lives() -> Vec<(Stage, Vec<Value>)> {
    let told = demo_histories().into_iter().zip(ENDS);
    told.map(|((path, told), (name, stage))| {
        assert!(path.contains(&format!("/{name}-")), "{path} is {name}");
        (stage, told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
    })
    .collect()
}

#[test]
fn the_demo_stories_have_every_kind_of_fact() {
    let lives = lives();
    let told: BTreeSet<_> = lives.iter().flat_map(|(_, facts)| facts).map(kind_of).collect();
    let walked: BTreeSet<_> = told.into_iter().chain(OF_THE_KEEPER).collect();
    assert_eq!(walked, FactType::ALL.iter().copied().collect());
}

#[test]
fn no_role_sees_more_of_a_demo_story_than_the_table_allows() {
    for (stage, facts) in lives() {
        // A ledger for each: the feed of one life fits on a page.
        let ledger = Ledger::empty();
        walked_through(&ledger.imports(&Value::Array(facts)), stage);
    }
}
