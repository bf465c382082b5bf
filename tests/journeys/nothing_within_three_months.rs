//! Nothing is found within three months: the case is discussed and goes to another corporation.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_case_that_is_stuck_is_discussed_and_goes_to_another_corporation() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    case.months_later(3).reports("case-discussed").leads_to("matching").has("/readyOn", "2021-01-06");
    case.reports(sample_fact("corporation-assigned").with("corporation", "de-alliantie"))
        .has("/corporation", "de-alliantie");
    // A corporation reports only its own offers.
    let of_earlier_corporation = case.next("dwelling-offered");
    case.reporting(&of_earlier_corporation).answer().with_status(403);
    case.reports(sample_fact("dwelling-offered").with("corporation", "de-alliantie")).leads_to("offered");
}

#[test]
fn a_case_that_waits_for_an_offer_is_in_the_list() {
    let ledger = Ledger::empty();
    let (waiting, housed) = (ledger.matching(), ledger.housed());
    let found = ledger.pages("/v1/trajectories?phase=matching&corporation=stadswonen").concat();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["trajectoryId"], waiting.id.as_str());
    assert_ne!(waiting.id, housed.id);
}
