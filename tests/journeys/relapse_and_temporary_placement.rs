//! After a relapse the client stays elsewhere for a while, and keeps the home.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_time_out_keeps_the_home() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports_all(["relapse-plan-agreed", "signal-reported"])
        .has("/openSignals/0", "51600001-0000-4000-8000-000000000001");
    case.reports_all(["signal-answered", "guidance-scaled"]).has_no("/openSignals/0");
    case.reports("temporary-placement-started").leads_to("housed").has("/tenancy/away", "placed");
    case.refuses("absence-started", ["already-away"]).refuses("absence-ended", ["not-away"]);
    case.days_later(30)
        .reports("returned-home")
        .has_no("/tenancy/away")
        .refuses("returned-home", ["not-away"]);
}

#[test]
fn a_placement_for_nuisance_names_a_case_that_is_there() {
    let ledger = Ledger::empty();
    let mut case = ledger.scaled_up();
    let placement = sample_fact("temporary-placement-started");
    let unknown = placement.clone().with("nuisanceCase", "ca5e0009-0000-4000-8000-000000000009");
    case.refuses(unknown, ["nuisance-case-unknown"]);
    case.reports(placement.with("nuisanceCase", "ca5e0001-0000-4000-8000-000000000001"));
    case.reports_all(["returned-home", "deescalated", "nuisance-resolved"])
        .has("/nuisanceCases/0/status", "resolved");
}

#[test]
fn a_signal_is_answered_once() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.refuses("signal-answered", ["signal-unknown"]).reports("signal-reported");
    case.refuses("signal-reported", ["signal-id-taken"]).reports("signal-answered");
    case.refuses("signal-answered", ["signal-already-answered"]);
}
