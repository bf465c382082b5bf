//! In every phase and at both ends of the calendar a fact is admitted or refused, and breaks
//! nothing.

use omklap_tests::{Api, Case, Ledger, Process, kinds, sample_fact};

const FIRST: &str = "1900-01-01";
const LAST: &str = "2199-12-31";
const TODAY: &str = "2026-11-01";

#[test]
fn no_fact_breaks_the_ledger_in_any_phase() {
    let ledger = Process::start();
    for case in lives(&ledger) {
        for (kind, day) in kinds().flat_map(|kind| [FIRST, LAST].map(|day| (kind, day))) {
            let fact = sample_fact(kind).dated(day).on(TODAY).happening(case.day());
            let answer = case.reporting(&fact).seen("*").answer();
            assert!(
                [201, 403, 404, 409].contains(&answer.status),
                "{kind} with {day}: {} {}",
                answer.status,
                answer.text
            );
        }
        for day in [FIRST, TODAY, LAST] {
            assert!([200, 404].contains(&case.state_on(day).status), "{day}");
        }
    }
    let checked = ledger.omklap(&["check", "--all", "--stock"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn a_history_may_begin_on_the_first_day_of_the_calendar() {
    let ledger = Ledger::empty();
    let first = |kind| sample_fact(kind).dated(FIRST).on(FIRST).happening(FIRST.parse().expect("a day"));
    let mut case = ledger.imports(&first("intake-registered"));
    case.has("/openedOn", FIRST);
    for kind in kinds() {
        let answer = case.reporting(&first(kind)).seen("*").answer();
        assert!([201, 403, 404, 409].contains(&answer.status), "{kind}: {} {}", answer.status, answer.text);
    }
    let before = first("intake-registered").to_string().replace(FIRST, "1899-12-31");
    ledger.post("/v1/trajectories").body(before).answer().with_status(400);
}

fn lives(ledger: &Api) -> Vec<Case> {
    let mut lives =
        vec![ledger.preparing(), ledger.ready(), ledger.matching(), ledger.offered(), ledger.contracting()];
    lives.extend([ledger.housed(), ledger.scaled_up(), ledger.agreed_to_flip(), ledger.flipped()]);
    lives
}
