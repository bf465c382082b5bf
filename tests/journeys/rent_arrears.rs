//! Rent arrears: the first missed rent is acted on before it becomes a debt.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_missed_rent_is_followed_by_a_plan_and_a_clean_slate() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.refuses("arrears-plan-agreed", ["no-arrears"]);
    case.reports("rent-missed").has("/tenancy/inArrears", true);
    case.reports("arrears-plan-agreed").has("/tenancy/inArrears", true);
    case.months_later(3).reports("arrears-cleared").has("/tenancy/inArrears", false);
    case.refuses("arrears-cleared", ["no-arrears"]);
}

#[test]
fn arrears_alone_can_cost_the_home() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let about_arrears = |kind| sample_fact(kind).without("caseId").with("ground", "arrears");
    let warning = about_arrears("warning-issued").without("clientHeardOn");
    let notice = about_arrears("lease-termination-started");
    case.reports("rent-missed").reports(warning.clone()).refuses(notice.clone(), ["not-enough-warnings"]);
    case.months_later(1)
        .reports("rent-missed")
        .reports(warning)
        .reports(notice)
        .has("/tenancy/beingEnded", true);
    case.reports(sample_fact("eviction-prevented").without("caseId")).has("/tenancy/beingEnded", false);
}

#[test]
fn rent_is_missed_after_it_was_due() {
    let ledger = Ledger::empty();
    ledger.housed().refuses(sample_fact("rent-missed").with("dueOn", "day+1"), ["date-after-the-fact"]);
    ledger.contracting().refuses("rent-missed", ["no-lease"]);
}
