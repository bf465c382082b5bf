//! The two clocks of a fact: when it happened, and when it became known.

use omklap_tests::{Ledger, sample_fact};

#[test]
fn a_case_is_read_as_it_was_on_a_day() {
    let ledger = Ledger::empty();
    let case = ledger.housed();
    for (day, phase) in [
        ("2021-01-04", "preparing"),
        ("2021-01-06", "ready"),
        ("2021-01-08", "matching"),
        ("2021-01-09", "offered"),
        ("2021-01-10", "contracting"),
        ("2030-01-01", "housed"),
    ] {
        assert_eq!(case.state_on(day).with_status(200).body["phase"], phase, "{day}");
    }
    assert_eq!(case.state_on("2021-01-03").with_status(404).problem(), "nothing-then");
}

#[test]
fn a_late_fact_counts_from_the_day_on_which_it_happened() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    let before = ledger.now();
    ledger.minutes_pass(60);
    case.on("2021-01-20").reports("rent-missed");
    case.on("2021-01-18").refuses("arrears-cleared", ["no-arrears"]);
    assert_eq!(case.state_on("2021-01-19").body["tenancy"]["inArrears"], false);
    assert_eq!(case.state_on("2021-01-20").body["tenancy"]["inArrears"], true);
    assert_eq!(case.known_at(&before.to_string()).body["tenancy"]["inArrears"], false);
}

#[test]
fn a_late_fact_that_makes_a_later_one_impossible_is_refused() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.on("2021-01-07").refuses("readiness-revoked", ["later-step-would-break"]);
    case.on("2021-01-03").refuses("consent-given", ["occurred-before-intake"]);
}

#[test]
fn a_correction_is_known_from_the_moment_it_is_recorded() {
    let ledger = Ledger::empty();
    let mut case = ledger.housed();
    case.reports("rent-missed");
    let wrong = case.version;
    ledger.minutes_pass(60);
    let before = ledger.now();
    ledger.minutes_pass(60);
    case.reports(sample_fact("event-corrected").with("corrects", wrong));
    let after = ledger.now();
    let known = |at: &str| case.known_at(at).with_status(200).body;
    assert_eq!(known(&before.to_string())["tenancy"]["inArrears"], true);
    assert_eq!(known(&after.to_string())["tenancy"]["inArrears"], false);
    assert_eq!(known(&before.to_string())["version"], wrong);
    let both = format!("{}?validOn=2030-01-01&knownAt={before}", case.path());
    assert_eq!(ledger.get(&both).answer().body["tenancy"]["inArrears"], true);
}

#[test]
fn the_timeline_can_be_read_as_it_was_known() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let before = ledger.now();
    ledger.minutes_pass(60);
    case.reports(sample_fact("event-corrected").with("corrects", 3));
    let timeline = |at: &str| ledger.pages(&format!("{}?knownAt={at}", case.events())).concat();
    let (then, now) = (timeline(&before.to_string()), timeline(&ledger.now().to_string()));
    assert_eq!((then.len(), &then[2]["mark"]["status"]), (3, &"standing".into()));
    assert_eq!((now.len(), &now[2]["mark"]["status"]), (4, &"retracted".into()));
}

#[test]
fn only_the_present_state_has_an_entity_tag_to_report_with() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let now = ledger.get(&case.path()).answer();
    assert!(now.header("etag").is_some_and(|tag| tag.starts_with(case.etag.trim_end_matches('"'))));
    assert!(case.state_on("2021-01-05").header("etag").is_some_and(|tag| tag.starts_with("W/")));
    assert_eq!(case.known_at("2026-10-31T00:00:00Z").with_status(404).problem(), "nothing-then");
    let nowhere = "/v1/trajectories/01a1ffce-33a8-7503-905f-a80c702f03ee";
    assert_eq!(ledger.get(nowhere).answer().with_status(404).problem(), "no-such-trajectory");
}

#[test]
fn a_clock_that_is_put_back_does_not_reorder_the_history() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    ledger.minutes_pass(-90);
    case.reports("housing-requested").leads_to("matching");
    let recorded: Vec<_> =
        case.timeline().iter().map(|entry| entry["recordedAt"].as_str().map(str::to_owned)).collect();
    assert!(recorded.is_sorted());
}

#[test]
fn the_day_begins_at_midnight_in_the_netherlands() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    case.on("2026-11-02").refuses("consent-given", ["occurred-in-the-future"]);
    ledger.minutes_pass(13 * 60 + 59);
    case.refuses("consent-given", ["occurred-in-the-future"]);
    ledger.minutes_pass(1);
    assert_eq!(ledger.now().to_string(), "2026-11-01T23:00:00Z");
    case.reports("consent-given");
}
