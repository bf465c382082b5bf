//! A report names the version that the reporter has seen.

use std::sync::Barrier;
use std::thread;

use omklap_tests::{Case, Ledger};

#[test]
fn a_report_names_the_version_that_was_seen() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("housing-requested");
    let answer = ledger.post(&case.events()).json(&fact).answer().with_status(428);
    assert_eq!(answer.problem(), "version-required");
    let tag = case.etag.clone();
    for other in ["\"3\"", &format!("W/{tag}"), &tag.replace("3-", "03-")] {
        let answer = ledger.post(&case.events()).seen(other).json(&fact).answer().with_status(412);
        assert_eq!(answer.problem(), "not-the-ledger-seen", "{other}");
    }
    for wrong in ["3", "three", &format!("{tag} {tag}"), "\"3"] {
        let answer = ledger.post(&case.events()).seen(wrong).json(&fact).answer().with_status(400);
        assert_eq!(answer.errors(), [("not-as-agreed", "If-Match")], "{wrong}");
    }
    assert_eq!(ledger.facts(), 3);
}

#[test]
fn a_stale_report_is_answered_with_the_present_version() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let earlier = case.etag.clone();
    case.reports("consent-given");
    let answer = case.reporting(&case.next("consent-given")).seen(&earlier).answer().with_status(412);
    assert_eq!((answer.problem(), &answer.body["version"]), ("stale", &4.into()));
}

#[test]
fn a_version_that_the_ledger_never_made_is_not_taken_for_one_that_it_did() {
    let ledger = Ledger::empty();
    let (case, other) = (ledger.ready(), ledger.ready());
    let fact = case.next("consent-given");
    let made_up = case.etag.replace("3-", "4-");
    for tag in [made_up.as_str(), "\"3-0000000000000000\"", &other.etag] {
        let answer = case.reporting(&fact).seen(tag).answer().with_status(412);
        assert_eq!(answer.problem(), "not-the-ledger-seen", "{tag}");
    }
    assert_eq!(case.timeline().len(), 3);
}

#[test]
fn a_star_matches_any_version() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for version in 4..7 {
        let answer = case.reporting(&case.next("consent-given")).seen("*").answer().with_status(201);
        assert_eq!(answer.body["version"], version);
    }
    let nowhere = "/v1/trajectories/01a1ffce-33a8-7503-905f-a80c702f03ee/events";
    let answer = ledger.post(nowhere).seen("*").json(&case.next("consent-given")).answer();
    assert_eq!(answer.with_status(404).problem(), "no-such-trajectory");
}

#[test]
fn one_of_two_reports_on_the_same_version_is_recorded() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    for _ in 0..5 {
        let mut statuses = at_once(&case, None);
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 412]);
        case.read_again();
    }
    assert_eq!(case.timeline().len(), 8);
}

#[test]
fn two_reports_on_any_version_are_both_recorded() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    for _ in 0..5 {
        assert_eq!(at_once(&case, Some("*")), [201, 201]);
    }
    let numbers: Vec<_> = case.timeline().iter().map(|entry| entry["sequence"].as_u64()).collect();
    assert_eq!(numbers, (1..=13).map(Some).collect::<Vec<_>>());
}

#[test]
fn many_reports_at_once_are_recorded_or_answered_with_503() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let report = || case.reporting(&case.next("consent-given")).seen("*").answer().status;
        let crowd: Vec<_> = (0..24).map(|_| scope.spawn(report)).collect();
        crowd.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    assert!(statuses.iter().all(|status| [201, 503].contains(status)), "{statuses:?}");
    let recorded = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(case.timeline().len(), 3 + recorded);
}

/// Two reports on one case at the same moment.
fn at_once(case: &Case, seen: Option<&str>) -> Vec<u16> {
    let start = Barrier::new(2);
    let report = || {
        let request = case.reporting(&case.next("consent-given"));
        let request = if let Some(seen) = seen { request.seen(seen) } else { request };
        start.wait();
        request.answer().status
    };
    thread::scope(|scope| {
        [scope.spawn(report), scope.spawn(report)].map(|one| one.join().expect("an answer")).into()
    })
}
