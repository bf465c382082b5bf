//! A placement ends before the flip.

use omklap_domain::visibility::Role;
use omklap_tests::{Ledger, sample_fact};
use serde_json::json;

#[test]
fn a_placement_can_end_before_the_flip() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let ended = sample_fact("trajectory-ended").with("outcome", "placement-ended");
    case.months_later(5).refuses(ended.clone(), ["lease-end-not-agreed"]);
    case.reports("lease-end-agreed").months_later(1).reports(ended).ends_as("placement-ended");
    case.refuses("flip-talk-held", ["not-admitted-in-phase"]);
}

#[test]
fn a_placement_cannot_end_before_the_move() {
    let ledger = Ledger::empty();
    ledger.contracting().refuses(
        sample_fact("trajectory-ended").with("outcome", "placement-ended"),
        ["outcome-does-not-fit"],
    );
}

#[test]
fn open_claims_on_the_guarantee_fund_are_settled_after_the_end() {
    let ledger = Ledger::empty();
    let mut case = ledger.backed_by_the_fund();
    let signed_by = ["client", "care-provider", "housing-corporation"];
    case.reports("damage-reported");
    case.reports(sample_fact("lease-end-agreed").with("signedBy", serde_json::json!(signed_by)));
    case.months_later(1).reports(sample_fact("trajectory-ended").with("outcome", "placement-ended"));
    case.reports("guarantee-fund-claimed").has("/openClaims/0/amountCents", 40_000);
    case.refuses(sample_fact("guarantee-fund-settled").with("awardedCents", 40_001), ["award-above-claim"]);
    case.reports("guarantee-fund-settled");
    let state = case.read_by(Role::CareProvider, &case.path()).body;
    assert_eq!((&state["openClaims"][0], &state["phase"]), (&json!(null), &json!("ended")));
}
