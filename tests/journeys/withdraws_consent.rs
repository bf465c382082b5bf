//! Consent is withdrawn: processing on that ground stops, processing on other grounds continues.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn consent_is_given_withdrawn_and_given_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    case.refuses("consent-withdrawn", ["consent-not-given"]);
    case.reports("consent-given")
        .refuses(sample_fact("consent-withdrawn").with("scope", "finances"), ["consent-not-given"]);
    case.reports("consent-withdrawn").refuses("consent-withdrawn", ["consent-not-given"]);
    case.reports("consent-given").leads_to("preparing");
}

#[test]
fn facts_on_another_ground_stay_when_consent_is_withdrawn() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["consent-given", "rent-missed", "consent-withdrawn"]).leads_to("housed");
    case.has("/tenancy/inArrears", true).has("/tenancy/livingAgreementsSigned", true);
    let kinds: Vec<_> = case.timeline().iter().map(|entry| entry["type"].clone()).collect();
    assert!(kinds.contains(&"consent-given".into()), "the consent stays in the history");
}
