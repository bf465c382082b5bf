//! An eviction that could not be prevented.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn an_eviction_comes_after_its_notice() {
    let ledger = Ledger::empty();
    let mut case = ledger.scaled_up();
    let evicted = sample_fact("trajectory-ended").with("outcome", "evicted");
    case.refuses(evicted.clone(), ["no-termination-started"]);
    case.reports("warning-issued").months_later(1).reports("warning-issued");
    case.reports_all(["last-chance-agreed", "lease-termination-started"]);
    case.refuses(evicted.clone(), ["no-eviction-order", "notice-not-over"]);
    case.reports("eviction-ordered").months_later(4).reports(evicted).ends_as("evicted");
}

#[test]
fn two_warnings_and_a_notice_of_the_same_day_put_nobody_out() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let warning = sample_fact("warning-issued").without("caseId");
    case.refuses(warning.clone().with("ground", "arrears"), ["no-arrears"]);
    case.refuses(warning.clone().with("ground", "other"), ["explanation-missing"]);
    let warning = warning.with("ground", "other").with("explanation", "a room is let to others");
    case.reports(warning.clone()).reports(warning);
    let notice = sample_fact("lease-termination-started").without("caseId").with("ground", "other");
    case.refuses(notice.with("noticeUntil", "day"), ["not-enough-warnings", "notice-too-short"]);
}

#[test]
fn after_a_fire_no_warnings_are_needed() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports(sample_fact("nuisance-reported").with("kind", "fire"));
    let notice = sample_fact("lease-termination-started").with("acute", "fire");
    case.refuses(notice.clone(), ["not-scaled-up"]);
    case.reports(sample_fact("escalated").with("toLevel", 3).with("acute", "fire"));
    case.reports(notice).reports("eviction-ordered");
    case.months_later(4)
        .reports(sample_fact("trajectory-ended").with("outcome", "evicted"))
        .ends_as("evicted");
}

#[test]
fn a_client_without_signed_agreements_is_not_evicted() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports("housed-under-intermediary-lease");
    let notice = sample_fact("lease-termination-started").without("caseId").with("ground", "other");
    let notice = notice.with("acute", "violence");
    case.refuses(notice, ["no-signed-agreements"]);
}

#[test]
fn an_eviction_after_the_flip_ends_the_follow_up() {
    let ledger = Ledger::empty();
    let mut case = ledger.flipped();
    let evicted = sample_fact("follow-up-ended").with("outcome", "evicted");
    let warning = sample_fact("warning-issued").without("caseId").with("ground", "arrears");
    case.reports("rent-missed").refuses(warning.clone(), ["not-the-landlord"]);
    for _ in 0..2 {
        case.reports(warning.clone().with("by", "housing-corporation")).months_later(1);
    }
    case.refuses(evicted.clone(), ["no-termination-started"]);
    case.reports(sample_fact("lease-termination-started").without("caseId").with("ground", "arrears"))
        .reports(sample_fact("eviction-ordered").without("caseId"));
    case.months_later(4).reports(evicted).ends_as("evicted");
}
