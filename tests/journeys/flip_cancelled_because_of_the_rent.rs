//! An agreed flip is cancelled because the rent rises too much.

use omklap_tests::{Ledger, sample_fact};
use serde_json::json;

const SECOND_TALK: &str = "7a1c0002-0000-4000-8000-000000000002";

#[test]
fn a_flip_that_was_approved_is_cancelled_when_the_rent_jumps() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports_all(["aftercare-agreed", "flip-approved"]).has("/flip/approved", true);
    case.reports("flip-cancelled")
        .leads_to("housed")
        .has("/flip/approved", false)
        .has("/flip/newRentDisclosed", false);
    let missing =
        ["flip-not-agreed-by-all-three", "flip-not-approved", "new-rent-not-disclosed", "no-flip-talk-held"];
    case.refuses("contract-flipped", missing);
}

#[test]
fn after_a_cancelled_flip_the_three_talk_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports_all(["aftercare-agreed", "flip-approved", "flip-cancelled"]);
    case.refuses("flip-talk-held", ["flip-talk-id-taken"]);
    case.months_later(3)
        .reports(sample_fact("flip-talk-held").with("talkId", SECOND_TALK))
        .reports(sample_fact("rent-at-flip-disclosed").with("newRentCents", 63_000))
        .all_agree_on(&json!(SECOND_TALK));
    case.reports(sample_fact("flip-approved").with("talkId", SECOND_TALK));
    case.refuses("contract-flipped", ["rent-not-as-disclosed"]);
    case.reports(sample_fact("contract-flipped").with("rentCents", 63_000)).leads_to("follow-up");
}

#[test]
fn the_client_sees_the_new_rent_before_the_decision() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.months_later(12).reports("flip-talk-held");
    case.refuses("flip-position-given", ["new-rent-not-disclosed"]);
    case.reports("rent-at-flip-disclosed").reports("flip-position-given");
}

/// Disclosed 690, approved for next week, flipped half a year later at 780.
#[test]
fn a_flip_at_another_rent_on_another_day_is_refused() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports_all(["aftercare-agreed", "flip-approved"]).months_later(6);
    let flip = sample_fact("contract-flipped").with("rentCents", 78_000);
    case.refuses(flip, ["not-on-the-approved-day", "rent-not-as-disclosed"]);
}
