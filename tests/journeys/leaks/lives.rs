//! The same checks for the demo stories, which together have every kind of fact that partners
//! report.

use std::collections::BTreeSet;

use omklap_domain::trajectory::FactType;
use omklap_tests::{Ledger, demo_histories};
use serde_json::Value;

use super::check_every_role;
use super::sight::kind_of;
use super::table::Stage;

/// The stage of the corporation at the end of each story, by the number in the file name.
const ENDS: &[(&str, Stage)] = &[
    ("01", Stage::Flipped),
    ("02", Stage::Flipped),
    ("03", Stage::Flipped),
    ("04", Stage::Flipped),
    // Moved on well.
    ("05", Stage::Unknown),
    // Back in the shelter; the fund has paid.
    ("06", Stage::Unknown),
    ("07", Stage::Matched),
    ("08", Stage::Matched),
    ("09", Stage::Flipped),
    // Died; the fund has paid.
    ("10", Stage::Unknown),
    ("11", Stage::Flipped),
    ("12", Stage::Flipped),
    ("13", Stage::Flipped),
    ("14", Stage::Matched),
    ("15", Stage::Matched),
    // Evicted after a fire: who pays for the damage is not settled.
    ("16", Stage::Settling),
    // A lease of their own from the first day.
    ("25", Stage::Flipped),
    ("26", Stage::Flipped),
    ("27", Stage::Matched),
    ("31", Stage::Matched),
    ("32", Stage::Matched),
    // Three friends in one house.
    ("33", Stage::Matched),
    ("34", Stage::Matched),
    ("35", Stage::Matched),
    // Never lived with a corporation of the case.
    ("41", Stage::Unknown),
    ("42", Stage::Unknown),
    // Gave notice, and died.
    ("43", Stage::Unknown),
    ("44", Stage::Unknown),
    // In another region.
    ("51", Stage::Matched),
];

/// Facts that the operator records and no partner reports. `restricted.rs`, `erasure.rs` and
/// `retention.rs` test these.
const BY_THE_OPERATOR: [FactType; 5] = [
    FactType::ProcessingRestricted,
    FactType::RestrictionLifted,
    FactType::PersonalDataErased,
    FactType::LegalHoldPlaced,
    FactType::LegalHoldLifted,
];

fn stories() -> Vec<(Stage, Vec<Value>)> {
    let files = demo_histories().into_iter();
    files.map(|(path, lines)| (stage_of(&path), lines.lines().map(alone).collect())).collect()
}

fn stage_of(path: &str) -> Stage {
    let name = path.rsplit('/').next().expect("a file name");
    let row = ENDS.iter().find(|(number, _)| name.starts_with(&format!("{number}-")));
    row.unwrap_or_else(|| panic!("{name} has no row in ENDS")).1
}

/// A fact of a story, for a ledger that has no other case to name.
fn alone(line: &str) -> Value {
    let mut fact: Value = serde_json::from_str(line).expect("JSON");
    fact.as_object_mut().expect("an object").remove("sameAs");
    fact
}

#[test]
fn the_demo_stories_have_every_kind_of_fact() {
    let stories = stories();
    let reported: BTreeSet<_> = stories.iter().flat_map(|(_, facts)| facts).map(kind_of).collect();
    let covered: BTreeSet<_> = reported.into_iter().chain(BY_THE_OPERATOR).collect();
    assert_eq!(covered, FactType::ALL.iter().copied().collect());
}

#[test]
fn no_role_sees_more_of_a_demo_story_than_the_table_allows() {
    for (stage, facts) in stories() {
        // A ledger for each story, so that its feed fits on one page.
        let ledger = Ledger::empty();
        check_every_role(&ledger.imports(&Value::Array(facts)), stage);
    }
}
