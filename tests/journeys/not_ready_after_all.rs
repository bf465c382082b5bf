//! A client turns out not to be ready.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn readiness_is_revoked_and_confirmed_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.has("/readyOn", "2021-01-06").reports("readiness-revoked").leads_to("preparing").has_no("/readyOn");
    case.refuses("housing-requested", ["not-admitted-in-phase", "readiness-not-confirmed"]);
    case.months_later(4)
        .reports("readiness-confirmed")
        .leads_to("ready")
        .reports("housing-requested")
        .leads_to("matching");
}

#[test]
fn readiness_can_be_revoked_during_matching() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    case.reports("readiness-revoked").leads_to("preparing");
    case.reports(sample_fact("trajectory-ended").with("outcome", "not-ready")).ends_as("not-ready");
}

#[test]
fn nobody_is_nominated_without_a_profile_and_readiness() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    case.refuses(
        "housing-requested",
        ["no-outflow-profile", "not-admitted-in-phase", "readiness-not-confirmed"],
    );
    case.reports("readiness-confirmed").refuses("housing-requested", ["no-outflow-profile"]);
    case.reports("outflow-profile-set").reports("housing-requested").leads_to("matching");
}

#[test]
fn readiness_is_not_revoked_after_the_move() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.refuses("readiness-revoked", ["lives-in-a-dwelling", "not-admitted-in-phase"]);
    case.refuses(sample_fact("trajectory-ended").with("outcome", "not-ready"), ["outcome-does-not-fit"]);
}
