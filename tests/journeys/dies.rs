//! The client dies: the case ends, and not as a failure.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_death_ends_the_case_in_any_phase() {
    let ledger = Ledger::empty();
    for mut case in [ledger.preparing(), ledger.offered(), ledger.housed(), ledger.flipped()] {
        case.reports(sample_fact("trajectory-ended").with("outcome", "deceased")).ends_as("deceased");
    }
}

#[test]
fn after_a_death_no_check_and_no_return_is_admitted() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    case.reports(sample_fact("follow-up-ended").with("outcome", "deceased")).ends_as("deceased");
    case.refuses("follow-up-check-missed", ["not-admitted-in-phase", "check-too-early"]);
    case.refuses("return-requested", ["client-deceased"]);
}

#[test]
fn a_death_that_was_reported_by_mistake_is_retracted() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports(sample_fact("trajectory-ended").with("outcome", "deceased"));
    let mistaken = case.version;
    case.refuses(sample_fact("event-corrected").with("corrects", mistaken + 1), ["corrected-fact-unknown"]);
    case.reports(sample_fact("event-corrected").with("corrects", mistaken))
        .leads_to("housed")
        .has_no("/outcome");
}
