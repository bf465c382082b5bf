//! An incomplete request is returned.

use omklap_tests::Ledger;

#[test]
fn an_incomplete_request_goes_back_and_comes_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.reports("housing-requested").reports("request-returned").leads_to("ready");
    case.refuses("corporation-assigned", ["not-admitted-in-phase"]);
    case.reports("outflow-profile-set").reports("housing-requested").leads_to("matching");
}

#[test]
fn a_request_for_another_home_goes_back_to_the_one_there_is() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("housing-requested").leads_to("matching").reports("request-returned").leads_to("housed");
    case.has("/tenancy/unit", "VHE-00412").reports("annual-review-held");
}
