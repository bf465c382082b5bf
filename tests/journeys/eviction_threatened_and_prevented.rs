//! An eviction is threatened and then prevented.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn an_eviction_is_prevented_at_the_last_moment() {
    let ledger = Ledger::empty();
    let mut case = ledger.scaled_up();
    case.reports("warning-issued").months_later(1);
    case.reports_all(["warning-issued", "last-chance-agreed"]).has("/nuisanceCases/0/level", 4);
    case.reports("lease-termination-started")
        .has("/tenancy/beingEnded", true)
        .has("/nuisanceCases/0/level", 5);
    case.refuses("nuisance-resolved", ["lease-is-being-ended"]);
    case.reports("eviction-prevented").has("/tenancy/beingEnded", false).leads_to("housed");
    case.reports("nuisance-resolved").refuses("nuisance-case-closed", ["quiet-period-not-over"]);
    case.months_later(2).reports("nuisance-case-closed").has("/nuisanceCases/0/status", "over");
}

#[test]
fn a_lease_is_not_ended_without_warnings_and_a_last_chance() {
    let ledger = Ledger::empty();
    let mut case = ledger.scaled_up();
    case.refuses("lease-termination-started", ["no-last-chance", "not-enough-warnings"]);
    case.refuses("last-chance-agreed", ["not-warned"]);
    case.reports("warning-issued")
        .refuses("lease-termination-started", ["no-last-chance", "not-enough-warnings"]);
    case.refuses("eviction-prevented", ["no-termination-started"]);
}

#[test]
fn levels_rise_one_at_a_time_and_the_client_is_heard() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("nuisance-reported").refuses("escalated", ["approach-not-agreed", "level-skipped"]);
    case.reports("approach-agreed");
    case.refuses(
        sample_fact("escalated").with("toLevel", 3).without("clientHeardOn"),
        ["client-not-heard", "level-skipped"],
    );
    case.reports(sample_fact("escalated").with("toLevel", 3).with("acute", "threat"))
        .has("/nuisanceCases/0/level", 3);
    case.refuses(sample_fact("deescalated").with("toLevel", 3), ["level-does-not-fall"]);
}

#[test]
fn an_open_case_stops_the_flip() {
    let ledger = Ledger::empty();
    let mut case = ledger.scaled_up();
    case.months_later(12).reports_all(["flip-talk-held", "rent-at-flip-disclosed"]).all_agree();
    case.reports_all(["aftercare-agreed", "flip-approved"]);
    case.refuses("contract-flipped", ["nuisance-case-open"]);
    case.reports("deescalated").reports("contract-flipped").leads_to("follow-up");
}
