//! A partner follows the ledger: everything it may know of, once, in one order.

use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Api, Ledger};
use serde_json::Value;

#[test]
fn every_event_is_told_once_in_order_whatever_the_size_of_a_page() {
    let ledger = Ledger::empty();
    let cases = [ledger.housed(), ledger.ready(), ledger.offered()];
    let told = follow(&ledger, "/v1/feed?limit=4");
    let events: u64 = cases.iter().map(|case| case.version).sum();
    assert_eq!(told.len() as u64, events);
    for case in cases {
        let versions: Vec<_> = told
            .iter()
            .filter(|event| event["trajectoryId"] == *case.id)
            .map(|event| (event["previousVersion"].as_u64(), event["version"].as_u64()))
            .collect();
        let expected: Vec<_> = (1..=case.version).map(|version| (Some(version - 1), Some(version))).collect();
        assert_eq!(versions, expected, "no hole and nothing twice");
    }
    assert_eq!(told, follow(&ledger, "/v1/feed?limit=1000"));
}

#[test]
fn only_the_kinds_that_are_asked_for_are_told() {
    let ledger = Ledger::empty();
    let _ = ledger.housed();
    let kinds: Vec<_> = follow(&ledger, "/v1/feed?types=dwelling-offered,offer-accepted")
        .iter()
        .map(|event| event["type"].as_str().expect("a kind").to_owned())
        .collect();
    assert_eq!(kinds, ["dwelling-offered", "offer-accepted"]);
    let wrong = ledger.get("/v1/feed?types=dwelling-offered,rubbish").answer().with_status(400);
    assert_eq!(wrong.errors(), [("not-one-of", "types")]);
}

#[test]
fn who_may_not_know_of_a_trajectory_is_told_nothing_of_it_but_gets_on() {
    let ledger = Ledger::empty();
    let _ = ledger.ready();
    let page = ledger.get("/v1/feed").by("another-provider").answer().with_status(200).body;
    assert_eq!(page["items"], Value::Array(Vec::new()));
    let again = ledger
        .get(&format!("/v1/feed?after={}", page["next"].as_str().expect("a cursor")))
        .by("another-provider")
        .answer()
        .with_status(200)
        .body;
    assert_eq!(again["items"], Value::Array(Vec::new()));
    let length = |page: &Value| page["next"].as_str().map(str::len);
    assert!(again["next"] != page["next"] && length(&again) == length(&page), "a cursor tells nothing");
}

#[test]
fn who_loses_sight_of_a_trajectory_is_told_so_once_and_not_why() {
    let ledger = Ledger::empty();
    let (mut case, never) = (ledger.housed(), ledger.ready());
    let before = follow_to_the_end(&ledger);
    let as_one_of = |provider: &str, path: &str| {
        let page = ledger.get(path).by(provider).answer().with_status(200).body;
        page["items"].as_array().expect("items").clone()
    };
    case.reports("trajectory-transferred");
    for path in ["/v1/feed", "/v1/feed?detail=full", &format!("/v1/feed?after={before}")] {
        let told = as_one_of("de-vaart", path);
        let of_it: Vec<_> = told.iter().filter(|item| item["trajectoryId"] == *case.id).collect();
        assert_eq!(of_it.len(), 1, "{path}: {of_it:?}");
        assert_eq!(of_it[0]["type"], "trajectory-withdrawn", "{path}");
        assert_eq!((&of_it[0]["entry"], &of_it[0]["withheld"]), (&Value::Null, &Value::Null), "{path}");
        assert_eq!(of_it[0]["version"], case.version, "{path}");
    }
    let told = as_one_of("het-anker", "/v1/feed");
    assert_eq!(told.len() as u64, case.version, "who gains it finds all of it");
    assert!(told.iter().all(|item| item["type"] != "trajectory-withdrawn"));
    assert!(as_one_of("another-provider", "/v1/feed").is_empty(), "who never knew of it is told nothing");
    let kinds = as_one_of("de-vaart", "/v1/feed?types=trajectory-withdrawn");
    assert_eq!(kinds.len(), 1, "{} was never out of sight", never.id);
}

#[test]
fn who_waits_is_told_as_soon_as_something_happens() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let end = follow_to_the_end(&ledger);
    let (told, arrived, reported) = thread::scope(|scope| {
        let reporting = scope.spawn(|| {
            ledger.until_waiting(1);
            case.reports("housing-requested");
            Instant::now()
        });
        let told = ledger.get(&format!("/v1/feed?wait=30s&after={end}")).answer().with_status(200).body;
        (told, Instant::now(), reporting.join().expect("reported"))
    });
    assert_eq!(told["items"][0]["type"], "housing-requested");
    assert!(arrived < reported + Duration::from_secs(2), "long before the wait was over");
}

#[test]
fn a_wait_without_news_ends_at_the_same_place_with_a_cursor_that_does_not_say_so() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    let end = follow_to_the_end(&ledger);
    let told = ledger.get(&format!("/v1/feed?wait=1s&after={end}")).answer().with_status(200).body;
    assert_eq!(told["items"].as_array().map(Vec::len), Some(0));
    let next = told["next"].as_str().expect("a cursor").to_owned();
    assert!(next != end && next.len() == end.len(), "{next} and {end}");
    let again = ledger.get(&format!("/v1/feed?after={next}")).answer().with_status(200).body;
    assert_eq!(again["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_cursor_that_leads_nowhere_is_refused_with_its_reason() {
    let ledger = Ledger::empty();
    let elsewhere = Ledger::empty();
    let _ = ledger.preparing();
    let _ = elsewhere.ready();
    let refused = |cursor: &str, organisation: &str| {
        let answer =
            ledger.get(&format!("/v1/feed?after={cursor}")).by(organisation).answer().with_status(400);
        answer.codes().first().map(|code| (*code).to_owned())
    };
    let end = follow_to_the_end(&ledger);
    let changed = if end.starts_with('A') { end.replacen('A', "B", 1) } else { format!("A{}", &end[1..]) };
    let of_another_ledger = follow_to_the_end(&elsewhere);
    for malformed in ["rubbish", "1", "", "-1.00", "%00", &changed, &end[1..], &of_another_ledger] {
        assert_eq!(refused(malformed, "de-vaart").as_deref(), Some("not-a-cursor"), "{malformed}");
    }
    assert_eq!(refused(&end, "another-provider").as_deref(), Some("cursor-of-another"));
}

#[test]
fn what_is_asked_wrong_is_named_at_once() {
    let ledger = Ledger::empty();
    let answer = ledger.get("/v1/feed?wait=61s&limit=0&after=x&types=y&colour=red").answer().with_status(400);
    let mut places: Vec<_> = answer.errors().into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    assert_eq!(places, ["after", "colour", "limit", "types", "wait"]);
}

// The words of these journeys.

/// Everything that is told, page after page.
fn follow(api: &Api, path: &str) -> Vec<Value> {
    let mut told = Vec::new();
    let mut after = String::new();
    loop {
        let page = api.get(&format!("{path}{after}")).answer().with_status(200).body;
        told.extend(page["items"].as_array().expect("items").clone());
        after = format!("&after={}", page["next"].as_str().expect("a cursor"));
        if page["more"] == false {
            return told.into_iter().map(without_cursor).collect();
        }
    }
}

fn without_cursor(mut event: Value) -> Value {
    event.as_object_mut().expect("an event").remove("cursor");
    event
}

/// The cursor of now.
fn follow_to_the_end(api: &Api) -> String {
    let page = api.get("/v1/feed?limit=1000").answer().with_status(200).body;
    page["next"].as_str().expect("a cursor").to_owned()
}
