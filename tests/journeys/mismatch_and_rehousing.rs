//! The home does not fit, and another one is sought while the client lives there.

use omklap_tests::{Case, Ledger, SampleFact, sample_fact};
use serde_json::json;

const SECOND: &str = "0ffe0002-0000-4000-8000-000000000002";

fn lease(unit: &str) -> SampleFact {
    let terms = json!({
        "leaseId": "1ea50003-0000-4000-8000-000000000003", "careProvider": "de-vaart", "corporation": "stadswonen",
        "unit": unit, "rentCents": 62000
    });
    sample_fact("housed-under-intermediary-lease").with("terms", terms)
}

fn finds_another_home(case: &mut Case) {
    case.reports("case-discussed")
        .reports("outflow-profile-set")
        .reports("housing-requested")
        .leads_to("matching");
    case.reports("corporation-assigned");
    case.reports(sample_fact("dwelling-offered").with("offerId", SECOND).with("unit", "VHE-00999"))
        .leads_to("offered");
}

#[test]
fn a_home_that_does_not_fit_is_changed_for_one_that_does() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    finds_another_home(&mut case);
    case.has("/tenancy/unit", "VHE-00412").reports("rent-missed").reports("arrears-cleared");
    case.reports(sample_fact("offer-accepted").with("offerId", SECOND))
        .refuses(lease("VHE-00412"), ["lease-does-not-match-offer"]);
    case.reports(lease("VHE-00999")).leads_to("housed").has("/tenancy/unit", "VHE-00999");
}

#[test]
fn agreements_for_one_home_do_not_hold_for_another() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    finds_another_home(&mut case);
    case.reports(sample_fact("offer-accepted").with("offerId", SECOND)).reports(lease("VHE-00999"));
    case.has("/tenancy/livingAgreementsSigned", false).has("/flip/conditionsSet", false);
    case.reports("living-agreements-signed").has("/tenancy/livingAgreementsSigned", true);
}
