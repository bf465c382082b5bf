//! Hidden fields that no twin changes, so that the twins cannot show whether they leak.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use omklap_domain::trajectory::FactType;
use omklap_domain::visibility::Role;
use omklap_tests::{Document, Ledger};
use serde_json::{Value, json};

use super::fields::fields_of;
use super::stages::stages;
use super::table::{Stage, Table};
use super::twins::{dated_by_obligations, facts_of, is_kept, twin_of};

/// Fields that are hidden and the same in every twin, with the roles from which they are hidden.
/// Only the comparison with the table checks these. Some fields can have no other value (who
/// signed, who attended); some facts are in no stage.
const UNJUDGED: [&str; 67] = [
    "agreement-set-changed/agreementSet: wmo-consultant",
    "annual-review-held/attendedBy: matching-point wmo-consultant",
    "approach-agreed/agreedBy: matching-point wmo-consultant",
    "contract-flipped/occurredOn: wmo-consultant",
    "contract-flipped/ownLeaseStartsOn: wmo-consultant",
    "contract-flipped/rentCents: matching-point wmo-consultant auditor",
    "corporation-assigned/assignedBy: wmo-consultant",
    "dwelling-offered/agreedBy: wmo-consultant",
    "dwelling-offered/nuisanceOnFile: wmo-consultant auditor",
    "dwelling-offered/vacancy: wmo-consultant auditor",
    "dwelling-offered/weighing: wmo-consultant",
    "dwelling-offered/why: wmo-consultant auditor",
    "escalated/acute: matching-point wmo-consultant auditor",
    "escalated/toLevel: matching-point wmo-consultant",
    "first-rent-covered/coveredBy: matching-point auditor",
    "flip-condition-reviewed/kind: matching-point wmo-consultant",
    "flip-talk-held/attendedBy: matching-point wmo-consultant",
    "follow-up-check-held/month: wmo-consultant",
    "follow-up-check-missed/month: wmo-consultant",
    "follow-up-check-missed/occurredOn: wmo-consultant",
    "follow-up-check-missed/reason: wmo-consultant",
    "follow-up-ended/occurredOn: wmo-consultant",
    "follow-up-ended/outcome: wmo-consultant",
    "guarantee-fund-claimed/ground: auditor",
    "guarantee-fund-claimed/rentsDueOn: matching-point wmo-consultant auditor",
    "guarantee-fund-settled/settledBy: auditor",
    "head-lease-taken-over/headLease: matching-point wmo-consultant auditor",
    "head-lease-taken-over/occurredOn: wmo-consultant",
    "housed-under-intermediary-lease/terms/rentCents: matching-point wmo-consultant auditor",
    "housed-under-intermediary-lease/terms/unit: wmo-consultant auditor",
    "housed-under-own-lease/terms/rentCents: matching-point wmo-consultant auditor",
    "housed-under-own-lease/terms/unit: wmo-consultant auditor",
    "housed-under-temporary-lease/terms/rentCents: matching-point wmo-consultant auditor",
    "housed-under-temporary-lease/terms/unit: wmo-consultant auditor",
    "housed-under-three-party-lease/terms/rentCents: matching-point wmo-consultant auditor",
    "housed-under-three-party-lease/terms/unit: wmo-consultant auditor",
    "intake-registered/agreementSet: wmo-consultant",
    "intake-registered/referredBy: housing-corporation nuisance-officer matching-point wmo-consultant auditor",
    "last-chance-agreed/signedBy: matching-point wmo-consultant",
    "lease-end-agreed/signedBy: matching-point wmo-consultant",
    "lease-termination-started/acute: matching-point wmo-consultant auditor",
    "lease-termination-started/ground: matching-point wmo-consultant auditor",
    "living-agreements-signed/signedBy: matching-point wmo-consultant",
    "nuisance-case-closed/occurredOn: matching-point wmo-consultant",
    "outflow-profile-set/clientAgreed: housing-corporation nuisance-officer",
    "readiness-revoked/reason: housing-corporation nuisance-officer",
    "region-transfer-accepted/occurredOn: wmo-consultant",
    "region-transfer-accepted/to: wmo-consultant",
    "region-transfer-refused/occurredOn: housing-corporation nuisance-officer",
    "region-transfer-refused/reason: housing-corporation nuisance-officer",
    "registered-by-mistake/reason: housing-corporation nuisance-officer",
    "request-returned/missing: housing-corporation nuisance-officer",
    "request-returned/notes: housing-corporation nuisance-officer",
    "running-case-taken-over/agreementSet: wmo-consultant",
    "running-case-taken-over/flippedOn: wmo-consultant",
    "running-case-taken-over/phase: wmo-consultant",
    "second-provider-left/occurredOn: housing-corporation nuisance-officer matching-point wmo-consultant auditor",
    "second-provider-left/secondProvider: housing-corporation nuisance-officer matching-point wmo-consultant auditor",
    "tenancy-ended/endedBy: wmo-consultant",
    "tenancy-ended/occurredOn: wmo-consultant",
    "tenant-death-reported/diedOn: wmo-consultant",
    "tenant-death-reported/occurredOn: wmo-consultant",
    "trajectory-transferred/ground: wmo-consultant",
    "trajectory-transferred/occurredOn: wmo-consultant",
    "warning-issued/by: matching-point wmo-consultant",
    "warning-issued/explanation: matching-point wmo-consultant auditor",
    "warning-issued/ground: matching-point wmo-consultant auditor",
];

#[test]
fn every_other_hidden_field_has_another_value_in_some_twin() {
    let (ledger, table) = (Ledger::empty(), Table::read());
    let document = Document::published(&ledger);
    let mut changed = BTreeSet::new();
    let cases: Vec<_> = stages(&ledger).into_iter().map(|(stage, case)| (stage, facts_of(&case))).collect();
    thread::scope(|scope| {
        let twins = cases.iter().map(|(stage, facts)| {
            let (table, document) = (&table, &document);
            scope.spawn(move || changed_for_all(*stage, facts, table, document))
        });
        let twins: Vec<_> = twins.collect();
        changed.extend(twins.into_iter().flat_map(|one| one.join().expect("its twins")));
    });
    let mut unjudged: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let all: BTreeSet<_> = Role::ALL.into_iter().flat_map(|role| hidden_from(role, &table)).collect();
    for (role, field) in all.difference(&changed) {
        unjudged.entry(field).or_default().push(role.as_str());
    }
    let unjudged = unjudged.into_iter().map(|(field, roles)| format!("{field}: {}", roles.join(" ")));
    assert_eq!(unjudged.collect::<Vec<_>>().join("\n"), UNJUDGED.join("\n"));
}

/// The fields that the twins of a case change, role by role.
fn changed_for_all(stage: Stage, facts: &[Value], table: &Table, document: &Document) -> Vec<(Role, String)> {
    let seen = Role::ALL.into_iter().filter_map(|role| Some((role, table.of(role, stage)?)));
    let changed = seen.flat_map(|(role, sight)| {
        let (_, places) = twin_of(facts, role, &sight, document);
        places.into_iter().map(move |place| (role, of_any_place(&place)))
    });
    changed.collect()
}

/// Every field that is hidden from a role at every stage at which it has access to the case, except
/// those that no twin may change.
fn hidden_from(role: Role, table: &Table) -> Vec<(Role, String)> {
    let sights: Vec<_> = Stage::ALL.into_iter().filter_map(|stage| table.of(role, stage)).collect();
    let hidden = |category: &str| sights.iter().all(|sight| sight[category] == "-");
    let kinds = FactType::ALL.iter().filter(|kind| **kind != FactType::EventCorrected);
    let fields =
        kinds.flat_map(|kind| fields_of(*kind).map(move |(field, category)| (kind, field, category)));
    let dated = if sights.is_empty() { BTreeSet::new() } else { dated_by_obligations(role) };
    let kept = |kind: &FactType, field: &str| {
        let last = field.rsplit('/').next().unwrap_or(field);
        // Other facts refer to IDs and to nuisance cases.
        let refers = last.ends_with("Id")
            || ["nuisanceCase", "earlierCase", "previousTrajectory", "sameAs"].contains(&last);
        refers || is_kept(&format!("/{last}")) || last == "occurredOn" && dated.contains(kind)
    };
    let fields =
        fields.filter(|(kind, field, category)| !sights.is_empty() && hidden(category) && !kept(kind, field));
    fields.map(|(kind, field, _)| (role, format!("{kind}/{field}"))).collect()
}

/// The field that contains a changed place, in the notation of the table.
fn of_any_place(place: &str) -> String {
    let (kind, pointer) = place.split_once('/').expect("a kind first");
    let kind = kind.trim_matches('"');
    let parts = pointer.split('/').map(|part| if part.parse::<u8>().is_ok() { "*" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    let of_kind = serde_json::from_value(json!(kind)).expect("a kind");
    let covers =
        |field: &&str| path == *field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with('/'));
    let field = fields_of(of_kind).map(|(field, _)| field).filter(covers).max_by_key(|field| field.len());
    format!("{kind}/{}", field.unwrap_or(&path))
}
