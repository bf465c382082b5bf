//! The flip is postponed once or twice, or refused.

use omklap_tests::{Case, Ledger, SampleFact, sample_fact};
use serde_json::json;

const SECOND_TALK: &str = "7a1c0002-0000-4000-8000-000000000002";
const THIRD_TALK: &str = "7a1c0003-0000-4000-8000-000000000003";

fn position(party: &str, position: &str) -> SampleFact {
    sample_fact("flip-position-given")
        .with("party", party)
        .with("position", position)
        .with("reason", "the debts are not paid")
}

fn talks_again(case: &mut Case, talk: &str) {
    case.months_later(3).reports(sample_fact("flip-talk-held").with("talkId", talk));
}

#[test]
fn a_flip_postponed_twice_still_comes() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.months_later(12).reports("flip-talk-held").reports(position("care-provider", "not-yet"));
    case.reports("flip-postponed").has_no("/flip/talkId").refuses("flip-postponed", ["no-flip-talk-held"]);
    talks_again(&mut case, SECOND_TALK);
    case.refuses("flip-postponed", ["not-the-latest-talk"]);
    case.reports(sample_fact("flip-postponed").with("talkId", SECOND_TALK));
    talks_again(&mut case, THIRD_TALK);
    case.reports("rent-at-flip-disclosed").all_agree_on(&json!(THIRD_TALK)).reports("aftercare-agreed");
    case.reports(sample_fact("flip-approved").with("talkId", THIRD_TALK))
        .reports("contract-flipped")
        .leads_to("follow-up");
}

#[test]
fn a_flip_that_one_of_the_three_refuses_does_not_come() {
    let ledger = Ledger::empty();
    let mut case = ledger.agreed_to_flip();
    case.reports(position("housing-corporation", "disagree"));
    case.refuses("flip-approved", ["flip-not-agreed-by-all-three"]);
    case.refuses(
        "contract-flipped",
        ["aftercare-not-agreed", "flip-not-agreed-by-all-three", "flip-not-approved"],
    );
    case.reports("annual-review-held").leads_to("housed");
}

#[test]
fn a_position_against_the_flip_needs_a_reason() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.months_later(12).reports("flip-talk-held");
    case.refuses(position("client", "not-yet").without("reason"), ["reason-missing"]);
    let by_the_municipality = case.next(position("municipality", "agree"));
    case.reporting(&by_the_municipality).answer().with_status(403);
    case.refuses(position("client", "agree"), ["new-rent-not-disclosed"]);
    case.reports("rent-at-flip-disclosed").reports(position("client", "agree").without("reason"));
}

#[test]
fn all_missing_conditions_of_a_flip_are_named_at_once() {
    let ledger = Ledger::empty();
    let mut case = ledger.contracting();
    case.reports("housed-under-intermediary-lease");
    let missing = [
        "aftercare-not-agreed",
        "flip-conditions-not-set",
        "flip-not-agreed-by-all-three",
        "flip-not-approved",
        "leases-do-not-meet",
        "new-rent-not-disclosed",
        "no-flip-talk-held",
    ];
    case.refuses(sample_fact("contract-flipped").with("ownLeaseStartsOn", "day+1"), missing);
}
