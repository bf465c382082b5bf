//! Two cases, one with a hidden fact and one without: lists show the same obligations.

use omklap_domain::visibility::Role;
use omklap_tests::{Case, Ledger, sample_fact};
use serde_json::{Value, json};

use super::twins::facts_of;

const SEEN: &str = "51600002-0000-4000-8000-000000000002";

#[test]
fn a_hidden_signal_changes_no_obligation_in_a_list_whatever_was_set_aside() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports(sample_fact("signal-reported").with("kind", "health").with("asked", "care-provider"));
    let hidden = usize::try_from(case.version).expect("small") - 1;
    case.reports(sample_fact("departure-agreed").with("obligation", "5.2"));
    let seen = sample_fact("signal-reported").with("signalId", SEEN).with("kind", "other");
    case.reports(seen.with("asked", "housing-corporation"));
    let mut facts = facts_of(&case);
    assert_eq!(facts.remove(hidden)["kind"], "health");
    let without = ledger.imports(&json!(facts));
    for role in [Role::HousingCorporation, Role::NuisanceOfficer, Role::MatchingPoint, Role::Auditor] {
        for list in [worklist, standing, agreements] {
            let [with, without] = [&case, &without].map(|case| list(case, role));
            assert_eq!(with, without, "{}", role.as_str());
        }
    }
    let answers = worklist(&case, Role::HousingCorporation);
    assert!(answers.iter().any(|one| one["obligation"] == "5.2" && one["reference"] == SEEN), "{answers:#?}");
    let standing = standing(&case, Role::HousingCorporation);
    assert!(
        answers.iter().all(|one| standing.contains(one)),
        "the worklist and the case agree: {standing:#?}"
    );
}

/// The open obligations, from the worklist of the region.
fn worklist(case: &Case, role: Role) -> Vec<Value> {
    let read = case.read_by(role, "/v1/worklist?region=amsterdam&limit=500");
    let mut items = read.body["items"].as_array().cloned().unwrap_or_default();
    items.retain(|item| item["trajectoryId"] == *case.id);
    shown(items)
}

/// The open obligations, from the case itself.
fn standing(case: &Case, role: Role) -> Vec<Value> {
    shown(case.read_by(role, &case.path()).body["due"].as_array().cloned().unwrap_or_default())
}

/// Every obligation that has started, from the agreements of the case.
fn agreements(case: &Case, role: Role) -> Vec<Value> {
    let read = case.read_by(role, &format!("{}/agreements", case.path()));
    let agreements = read.body["agreements"].as_array().cloned().unwrap_or_default();
    let obligations = agreements.iter().filter_map(|agreement| agreement["obligations"].as_array()).flatten();
    obligations
        .map(|one| json!([one["obligation"], one["status"], one["statusOn"], one["dueOn"], one["reference"]]))
        .collect()
}

/// The shown properties of obligations, without the numbers of facts, which count hidden facts too.
fn shown(items: Vec<Value>) -> Vec<Value> {
    let fields = ["obligation", "reference", "dueOn", "overdue", "month"];
    let shown =
        |item: Value| fields.iter().map(|field| ((*field).to_owned(), item[*field].clone())).collect();
    let mut shown: Vec<Value> = items.into_iter().map(shown).collect();
    shown.sort_by_key(Value::to_string);
    shown
}
