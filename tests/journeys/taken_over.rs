//! A case that was already running when the region started with the ledger.

use omklap_tests::{Ledger, SampleFact, sample_fact};
use serde_json::json;

fn taken_over_at_home() -> SampleFact {
    let terms = json!({
        "leaseId": "1ea50001-0000-4000-8000-000000000001", "careProvider": "de-vaart", "corporation": "stadswonen",
        "unit": "VHE-00412", "rentCents": 62000
    });
    sample_fact("running-case-taken-over")
        .with("phase", "housed")
        .with("readyOn", "day-500")
        .with("corporation", "stadswonen")
        .with("lease", json!({"model": "intermediary", "startedOn": "day-400", "terms": terms}))
        .with(
            "openNuisanceCases",
            json!([{"caseId": "ca5e0001-0000-4000-8000-000000000001", "level": 2, "reportedOn": "day-30"}]),
        )
}

#[test]
fn a_running_case_continues_in_its_phase() {
    let ledger = Ledger::empty();
    let mut case = ledger.opens(taken_over_at_home());
    case.leads_to("housed").has("/tenancy/startedOn", "2019-12-01").has("/nuisanceCases/0/level", 2);
    case.reports("warning-issued").has("/nuisanceCases/0/level", 3);
}

#[test]
fn a_case_taken_over_after_the_move_needs_its_lease() {
    let ledger = Ledger::empty();
    let fact = taken_over_at_home().without("lease").happening("2021-01-04".parse().expect("a day"));
    let answer = ledger.post("/v1/trajectories").json(&fact).answer().with_status(409);
    assert_eq!(answer.errors(), [("lease-missing", "/lease")]);
}
