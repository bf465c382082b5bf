//! The client moves away, moves on, or moves to another municipality.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn moving_away_ends_the_case() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.reports(sample_fact("trajectory-ended").with("outcome", "moved-away")).ends_as("moved-away");
}

#[test]
fn moving_on_well_after_the_flip_is_an_outcome_of_its_own() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.months_later(14)
        .reports(sample_fact("follow-up-check-held").with("month", 12).with("tenancy", "moved-on-well"));
    case.refuses("follow-up-ended", ["follow-up-not-over"]);
    case.reports(sample_fact("follow-up-ended").with("outcome", "moved-on-well")).ends_as("moved-on-well");
}

#[test]
fn a_client_may_find_a_home_by_the_regular_way() {
    let ledger = Ledger::empty();
    let mut case = ledger.matching();
    case.reports(sample_fact("trajectory-ended").with("outcome", "moved-on-well")).ends_as("moved-on-well");
}

#[test]
fn a_client_who_moves_to_another_municipality_is_handed_over() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let moved = sample_fact("trajectory-transferred").without("careProvider").with("ground", "moved");
    case.refuses(moved.clone(), ["transfer-to-nobody"]);
    case.reports(moved.with("municipality", "gemeente-zaanstad"));
    case.has("/municipality", "gemeente-zaanstad").has("/careProvider", "de-vaart").leads_to("housed");
}
