//! The happy path: from the intake to the end of the follow-up, in the client's own home.

use omklap_domain::visibility::Role;
use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_client_moves_from_a_group_home_to_a_home() {
    let ledger = Ledger::empty();
    let mut case = ledger.opens("intake-registered");
    case.leads_to("preparing").reports_all(["privacy-explained", "consent-given", "contact-person-assigned"]);
    for step in [
        "living-skills-training",
        "income-arranged",
        "debts-in-view",
        "network-in-view",
        "day-activity-arranged",
    ] {
        case.reports(sample_fact("preparation-step-completed").with("step", step));
    }
    case.reports_all(["outflow-announced", "outflow-profile-set"])
        .reports("readiness-confirmed")
        .leads_to("ready");
    case.reports("housing-requested").leads_to("matching").reports("corporation-assigned");
    case.reports("dwelling-offered").leads_to("offered").reports("offer-accepted").leads_to("contracting");
    case.reports_all(["first-rent-covered", "housed-under-intermediary-lease"]).leads_to("housed");
    case.has("/tenancy/contractModel", "intermediary").has("/tenancy/landlord", "care-provider");
}

#[test]
fn the_lease_becomes_the_clients_own() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["relapse-plan-agreed", "neighbours-met", "welcome-talk-held"]);
    case.months_later(6).reports("evaluation-held").months_later(6).reports("annual-review-held");
    case.reports_all(["flip-talk-held", "rent-at-flip-disclosed"]).all_agree();
    case.reports_all(["aftercare-agreed", "flip-approved"]);
    case.reports("contract-flipped").leads_to("follow-up");
    case.has("/tenancy/contractModel", "own")
        .has("/tenancy/landlord", "housing-corporation")
        .has("/flip/approved", true);
}

#[test]
fn the_follow_up_ends_after_three_years() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    for (months_later, month) in [(3, 3), (3, 6), (6, 12), (12, 24), (12, 36)] {
        case.months_later(months_later).reports(sample_fact("follow-up-check-held").with("month", month));
    }
    case.reports("follow-up-ended").ends_as("follow-up-completed");
    case.refuses("signal-reported", ["not-admitted-in-phase"]);
}

#[test]
fn every_answer_lists_what_may_be_reported_next() {
    let ledger = Ledger::empty();
    let case = ledger.matching();
    let admits = |role| case.read_by(role, &case.path()).with_status(200).body["admits"].clone();
    // The matching point was the last to report: it assigned the corporation.
    assert_eq!(case.answer["admits"], admits(Role::MatchingPoint));
    let corporation = admits(Role::HousingCorporation);
    let corporation = corporation.as_array().expect("a list");
    assert!(
        corporation.contains(&"dwelling-offered".into()) && !corporation.contains(&"contract-flipped".into())
    );
}
