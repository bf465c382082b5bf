//! The care provider changes, or goes bankrupt.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_new_provider_continues_the_case() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports("trajectory-transferred").has("/phase", "contracting").has("/careProvider", "het-anker");
    case.refuses("housed-under-intermediary-lease", ["lease-of-another-provider"]);
    let mut terms = sample_fact("housed-under-intermediary-lease").happening(case.day())["terms"].clone();
    terms["careProvider"] = "het-anker".into();
    case.reports(sample_fact("housed-under-intermediary-lease").with("terms", terms)).leads_to("housed");
}

#[test]
fn a_case_is_found_with_its_new_provider_only() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let with = |provider: &str| {
        let list = ledger.get(&format!("/v1/trajectories?careProvider={provider}")).by(provider);
        list.answer().with_status(200).body["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((with("de-vaart"), with("het-anker")), (1, 0));
    case.reports("trajectory-transferred");
    assert_eq!((with("de-vaart"), with("het-anker")), (0, 1));
    assert_eq!(case.state_on("2021-01-10").body["careProvider"], "de-vaart");
}
