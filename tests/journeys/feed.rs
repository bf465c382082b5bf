//! A partner follows the ledger: everything that it has access to, once and in order.

use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Api, Ledger};
use serde_json::Value;

#[test]
fn the_feed_has_every_event_once_in_order_at_any_page_size() {
    let ledger = Ledger::empty();
    let cases = [ledger.housed(), ledger.ready(), ledger.offered()];
    let items = follow(&ledger, "/v1/feed?limit=4");
    let events: u64 = cases.iter().map(|case| case.version).sum();
    assert_eq!(items.len() as u64, events);
    for case in cases {
        let versions: Vec<_> = items
            .iter()
            .filter(|event| event["trajectoryId"] == *case.id)
            .map(|event| (event["previousVersion"].as_u64(), event["version"].as_u64()))
            .collect();
        let expected: Vec<_> = (1..=case.version).map(|version| (Some(version - 1), Some(version))).collect();
        assert_eq!(versions, expected, "no gap and nothing twice");
    }
    assert_eq!(items, follow(&ledger, "/v1/feed?limit=1000"));
}

#[test]
fn the_feed_can_be_limited_to_some_kinds_of_facts() {
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
fn the_feed_skips_trajectories_to_which_the_caller_has_no_access() {
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
    assert!(again["next"] != page["next"] && length(&again) == length(&page), "a cursor shows nothing");
}

#[test]
fn a_trajectory_to_which_access_is_lost_is_withdrawn_once_without_a_reason() {
    let ledger = Ledger::empty();
    let (mut case, kept) = (ledger.housed(), ledger.ready());
    let before = follow_to_the_end(&ledger);
    let read_as = |provider: &str, path: &str| {
        let page = ledger.get(path).by(provider).answer().with_status(200).body;
        page["items"].as_array().expect("items").clone()
    };
    case.reports("trajectory-transferred");
    for path in ["/v1/feed", "/v1/feed?detail=full", &format!("/v1/feed?after={before}")] {
        let items = read_as("de-vaart", path);
        let of_case: Vec<_> = items.iter().filter(|item| item["trajectoryId"] == *case.id).collect();
        assert_eq!(of_case.len(), 1, "{path}: {of_case:?}");
        assert_eq!(of_case[0]["type"], "trajectory-withdrawn", "{path}");
        assert_eq!(
            (&of_case[0]["entry"], &of_case[0]["detailWithheld"]),
            (&Value::Null, &Value::Null),
            "{path}"
        );
        assert_eq!(of_case[0]["version"], case.version, "{path}");
    }
    let items = read_as("het-anker", "/v1/feed");
    assert_eq!(items.len() as u64, case.version, "the new provider finds all of it");
    assert!(items.iter().all(|item| item["type"] != "trajectory-withdrawn"));
    assert!(read_as("another-provider", "/v1/feed").is_empty(), "a stranger is shown nothing");
    let kinds = read_as("de-vaart", "/v1/feed?types=trajectory-withdrawn");
    assert_eq!(kinds.len(), 1, "access to {} was never lost", kept.id);
}

#[test]
fn a_waiting_request_is_answered_as_soon_as_something_happens() {
    let ledger = Ledger::empty();
    let mut case = ledger.ready();
    let end = follow_to_the_end(&ledger);
    let (page, arrived, reported) = thread::scope(|scope| {
        let reporting = scope.spawn(|| {
            ledger.until_waiting(1);
            case.reports("housing-requested");
            Instant::now()
        });
        let page = ledger.get(&format!("/v1/feed?wait=30s&after={end}")).answer().with_status(200).body;
        (page, Instant::now(), reporting.join().expect("reported"))
    });
    assert_eq!(page["items"][0]["type"], "housing-requested");
    assert!(arrived < reported + Duration::from_secs(2), "long before the wait was over");
}

#[test]
fn a_wait_without_news_ends_at_the_same_place_with_a_cursor_that_does_not_say_so() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    let end = follow_to_the_end(&ledger);
    let page = ledger.get(&format!("/v1/feed?wait=1s&after={end}")).answer().with_status(200).body;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(0));
    let next = page["next"].as_str().expect("a cursor").to_owned();
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
    for malformed in ["rubbish", "1", "", "-1.00", "%00", &changed, &end[1..]] {
        assert_eq!(refused(malformed, "de-vaart").as_deref(), Some("not-a-cursor"), "{malformed}");
    }
    assert_eq!(refused(&of_another_ledger, "de-vaart").as_deref(), Some("cursor-of-another-ledger"));
    assert_eq!(refused(&end, "another-provider").as_deref(), Some("cursor-of-another"));
}

#[test]
fn all_wrong_query_parameters_are_named_at_once() {
    let ledger = Ledger::empty();
    let answer = ledger.get("/v1/feed?wait=61s&limit=0&after=x&types=y&colour=red").answer().with_status(400);
    let mut places: Vec<_> = answer.errors().into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    assert_eq!(places, ["after", "colour", "limit", "types", "wait"]);
}

// Vocabulary.

/// All items of the feed, page after page, without their cursors.
fn follow(api: &Api, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let page = api.get(&format!("{path}{after}")).answer().with_status(200).body;
        items.extend(page["items"].as_array().expect("items").clone());
        after = format!("&after={}", page["next"].as_str().expect("a cursor"));
        if page["more"] == false {
            return items.into_iter().map(without_cursor).collect();
        }
    }
}

fn without_cursor(mut event: Value) -> Value {
    event.as_object_mut().expect("an event").remove("cursor");
    event
}

/// The cursor after the last event.
fn follow_to_the_end(api: &Api) -> String {
    let page = api.get("/v1/feed?limit=1000").answer().with_status(200).body;
    page["next"].as_str().expect("a cursor").to_owned()
}
