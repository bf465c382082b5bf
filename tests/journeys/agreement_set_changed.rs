//! The agreement set changes while the case runs.

use omklap_tests::{Ledger, sample_fact};
use serde_json::json;

#[test]
fn new_agreements_hold_from_the_day_they_were_made() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.refuses(
        sample_fact("housed-under-three-party-lease").with("guaranteeFund", json!(false)),
        ["contract-model-not-agreed"],
    );
    case.reports(
        sample_fact("agreement-set-changed")
            .with("agreementSet", json!({"id": "three-parties", "version": 1})),
    );
    case.has("/agreementSet/id", "three-parties")
        .refuses("housed-under-temporary-lease", ["contract-model-not-agreed"]);
    case.reports("housed-under-three-party-lease")
        .leads_to("housed")
        .has("/tenancy/contractModel", "three-party");
}

#[test]
fn an_agreement_set_that_does_not_exist_is_refused() {
    let ledger = Ledger::empty();
    let atlantis = json!({"id": "atlantis", "version": 1});
    let mut case = ledger.contracting();
    case.refuses(
        sample_fact("agreement-set-changed").with("agreementSet", atlantis.clone()),
        ["agreement-set-unknown"],
    );
    let intake = sample_fact("intake-registered").with("agreementSet", atlantis).happening(case.day());
    let answer = ledger.post("/v1/trajectories").json(&intake).answer().with_status(409);
    assert_eq!(answer.errors(), [("agreement-set-unknown", "/agreementSet")]);
}

#[test]
fn every_recorded_fact_names_its_agreement_set() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports("agreement-set-changed").reports("case-discussed");
    let sets: Vec<_> = case.timeline().iter().map(|entry| entry["agreementSet"]["id"].clone()).collect();
    assert_eq!((&sets[0], sets.last()), (&"amsterdam-2018".into(), Some(&"amsterdam-2020".into())));
}

/// A nuisance case could have gone differently under other agreements. The matching point does not
/// see nuisance cases, so it may not change the agreements of a past day.
#[test]
fn after_the_move_the_matching_point_changes_the_agreements_for_today_only() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.refuses("agreement-set-changed", ["past-day-not-tried"]);
    let today = sample_fact("agreement-set-changed").happening("2026-11-01".parse().expect("a day"));
    let _ = case.reporting(&today).answer().with_status(201);
}
