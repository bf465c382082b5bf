//! Operators handle cases under a region's own agreements like all other cases.

use omklap_tests::{Process, sample_fact};
use serde_json::json;

#[test]
fn a_case_under_agreements_of_the_region_is_restricted_held_erased_and_destroyed() {
    let set = include_str!("../../agreements/amsterdam-2018.toml");
    let own = set.replacen("amsterdam-2018", "our-own", 1).replace("haaglanden", "zeeland");
    let ledger = Process::start_with_agreements(&own);
    let bound = sample_fact("intake-registered").with("agreementSet", json!({"id": "our-own", "version": 1}));
    let mut case = ledger.imports(&bound.happening("2004-01-05".parse().expect("a day")));
    case.days_later(1).reports("outflow-profile-set");
    case.reports(sample_fact("trajectory-ended").with("outcome", "withdrew"));

    let run = |arguments: &[&str]| {
        let output = ledger.omklap(arguments);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{arguments:?}: {printed}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        printed
    };
    run(&["subject", "restrict", &case.id, "--ground", "accuracy-contested"]);
    run(&["subject", "lift", &case.id]);
    run(&["retention", "hold", &case.id, "--ground", "complaint"]);
    let kept = run(&["retention", "run"]);
    assert!(kept.contains("0 destroyed, 1 kept"), "{kept}");
    run(&["retention", "release", &case.id]);
    run(&["subject", "erase", &case.id, "--ground", "objected"]);
    let done = run(&["retention", "run"]);
    assert!(done.contains("1 destroyed"), "{done}");
}
