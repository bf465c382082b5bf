//! The client is not reached any more during the follow-up.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_client_who_is_not_reached_any_more_ends_out_of_sight() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(3).reports("follow-up-check-missed").refuses("follow-up-ended", ["follow-up-not-over"]);
    case.months_later(3).reports(sample_fact("follow-up-check-missed").with("month", 6));
    case.reports(sample_fact("follow-up-ended").with("outcome", "out-of-sight")).ends_as("out-of-sight");
}

#[test]
fn a_client_who_was_missed_can_still_be_reached() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(3).reports("follow-up-check-missed").reports("follow-up-check-held");
    case.refuses("follow-up-check-missed", ["follow-up-check-already-held"]).leads_to("follow-up");
}
