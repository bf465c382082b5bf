//! A region with agreements of its own: whoever runs its ledger looks after its cases as after others.

use omklap_tests::{Process, told};
use serde_json::json;

#[test]
fn a_case_under_agreements_of_the_region_is_restricted_held_erased_and_destroyed() {
    let set = include_str!("../../agreements/amsterdam-2018.toml");
    let own = set.replacen("amsterdam-2018", "our-own", 1).replace("haaglanden", "zeeland");
    let ledger = Process::start_judging_by(&own);
    let bound = told("intake-registered").with("agreementSet", json!({"id": "our-own", "version": 1}));
    let mut case = ledger.imports(&bound.happening("2004-01-05".parse().expect("a day")));
    case.days_later(1).reports("outflow-profile-set");
    case.reports(told("trajectory-ended").with("outcome", "withdrew"));

    let ran = |arguments: &[&str]| {
        let output = ledger.omklap(arguments);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
        told
    };
    ran(&["subject", "restrict", &case.id, "--ground", "accuracy-contested"]);
    ran(&["subject", "lift", &case.id]);
    ran(&["retention", "hold", &case.id, "--ground", "complaint"]);
    let kept = ran(&["retention", "run"]);
    assert!(kept.contains("0 destroyed, 1 kept"), "{kept}");
    ran(&["retention", "release", &case.id]);
    ran(&["subject", "erase", &case.id, "--ground", "objected"]);
    let done = ran(&["retention", "run"]);
    assert!(done.contains("1 destroyed"), "{done}");
}
