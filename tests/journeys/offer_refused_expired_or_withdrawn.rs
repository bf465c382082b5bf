//! An offer is refused, expires or is withdrawn.

use omklap_tests::{Ledger, SampleFact, sample_fact};

const SECOND: &str = "0ffe0002-0000-4000-8000-000000000002";

fn second_offer() -> SampleFact {
    sample_fact("dwelling-offered").with("offerId", SECOND).with("unit", "VHE-00999")
}

#[test]
fn a_refused_offer_is_the_only_one_until_another_is_granted() {
    let ledger = Ledger::empty();
    let mut case = ledger.offered();
    case.reports("offer-refused").leads_to("matching");
    case.refuses(second_offer(), ["offer-already-made"]);
    case.reports("second-offer-granted").reports(second_offer()).leads_to("offered");
    case.refuses("offer-accepted", ["offer-not-open"]);
    case.reports(sample_fact("offer-accepted").with("offerId", SECOND)).leads_to("contracting");
    case.refuses("housed-under-intermediary-lease", ["lease-does-not-match-offer"]);
}

#[test]
fn an_offer_expires_on_the_day_after_its_last() {
    let ledger = Ledger::empty();
    let mut case = ledger.offered();
    let not_answered = sample_fact("offer-refused").with("ground", "not-answered-in-time");
    case.days_later(13).refuses(not_answered.clone(), ["offer-still-runs"]);
    case.days_later(1).refuses("offer-accepted", ["offer-expired"]);
    case.reports(not_answered).leads_to("matching");
    case.reports(sample_fact("trajectory-ended").with("outcome", "offer-refused")).ends_as("offer-refused");
}

#[test]
fn an_offer_withdrawn_by_the_corporation_does_not_count() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports("offer-withdrawn").leads_to("matching").refuses("dwelling-offered", ["offer-id-taken"]);
    case.reports(second_offer()).leads_to("offered");
}

#[test]
fn a_dwelling_with_a_nuisance_file_is_not_offered() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    let alone = sample_fact("dwelling-offered")
        .with("nuisanceOnFile", true)
        .with("agreedBy", vec!["housing-corporation"]);
    case.refuses(alone.clone(), ["nuisance-on-file", "offer-not-agreed-by-both"]);
    let by_another = alone.with("corporation", "another-corporation");
    let by_another = case.next(by_another);
    case.reporting(&by_another).answer().with_status(403);
}
