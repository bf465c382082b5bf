//! The feed and the webhooks carry complexes, vacancies, plans, rounds and years of a guarantee fund, each
//! to those who read them.

use std::collections::BTreeSet;

use omklap_tests::{Answer, Answers, Ledger, Receiver};
use serde_json::{Value, json};

use crate::complexes::{complex, corporation};
use crate::guarantee_fund::{deposit, keeper};
use crate::plans::quota;
use crate::rounds::calls;
use crate::vacancies::{VACANCY, home, open, path, reports, vacancy, with, with_a_complex};

/// Partners of the region of the vacancy, one in each role, and a stranger.
const PARTNERS: [(&str, &str); 9] = [
    ("de-vaart", "care-provider"),
    ("de-vaart", "guide"),
    ("stadswonen", "housing-corporation"),
    ("woonzorg", "housing-corporation"),
    ("transferpunt", "matching-point"),
    ("gemeente-venlo", "municipality"),
    ("rekenkamer", "auditor"),
    ("stadswonen", "nuisance-officer"),
    ("gemeente-venlo", "wmo-consultant"),
];

#[test]
fn each_partner_gets_the_events_of_the_streams_that_it_reads() {
    let ledger = with_every_stream();
    let every = streams(&items(&ledger, ("rekenkamer", "auditor"), "thin"));
    let kinds: BTreeSet<_> = every.iter().map(|stream| stream["kind"].to_string()).collect();
    assert_eq!(kinds.len(), 5, "{every:?}");
    for partner in PARTNERS {
        let got = streams(&items(&ledger, partner, "thin"));
        for stream in &every {
            let read = get(&ledger, partner, stream["path"].as_str().expect("where it is read"));
            let reads = got.contains(stream);
            assert_eq!(read.status, if reads { 200 } else { 404 }, "{partner:?} {stream}: {}", read.text);
        }
    }
}

#[test]
fn a_full_item_has_the_fact_or_the_vacancy_as_one_reads_it() {
    let ledger = with_every_stream();
    for partner in PARTNERS {
        for item in items(&ledger, partner, "full") {
            let read = get(&ledger, partner, item["stream"]["path"].as_str().expect("where it is read")).body;
            if read.get("events").is_some() {
                let nth = usize::try_from(item["version"].as_u64().expect("a version") - 1).expect("small");
                assert_eq!(item["fact"], read["events"][nth]["fact"], "{partner:?}");
            } else {
                assert_eq!(item["vacancy"], read["vacancy"], "{partner:?}");
                assert!(item.get("fact").is_none(), "{partner:?}: {item}");
            }
            assert!(item.get("detailWithheld").is_none(), "{partner:?}: {item}");
        }
    }
}

#[test]
fn what_a_provider_does_not_see_of_a_vacancy_is_no_event_and_no_version() {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    let provider = ("de-vaart", "care-provider");
    let before = (items(&ledger, provider, "thin"), get(&ledger, provider, &path()));
    let hidden = with(with(home(), "floor", 7), "reference", "K-2026-9");
    changes(&ledger, &hidden);
    let after = (items(&ledger, provider, "thin"), get(&ledger, provider, &path()));
    assert_eq!(
        before.0.iter().map(without_cursor).collect::<Vec<_>>(),
        after.0.iter().map(without_cursor).collect::<Vec<_>>()
    );
    assert_eq!((&before.1.text, before.1.header("etag")), (&after.1.text, after.1.header("etag")));
    changes(&ledger, &with(hidden, "rentCents", 60_000));
    let seen = items(&ledger, provider, "thin");
    let last = seen.last().expect("an event");
    let (kind, version) = (&last["type"], &last["version"]);
    assert_eq!((kind, version, &last["previousVersion"]), (&json!("vacancy-changed"), &json!(2), &json!(1)));
    assert_eq!(get(&ledger, provider, &path()).body["version"], 2);
    let whole = items(&ledger, ("stadswonen", "housing-corporation"), "thin");
    assert_eq!(whole.last().expect("an event")["version"], 3);
}

#[test]
fn whoever_read_a_vacancy_that_was_retracted_gets_one_last_event_whatever_was_asked_for() {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    changes(&ledger, &with(home(), "floor", 7));
    let retracted = json!({"type": "event-corrected", "occurredOn": "2026-10-12", "corrects": 2});
    reports(&ledger, &retracted).answer().with_status(201);
    let retracted = with(retracted, "corrects", 1);
    reports(&ledger, &retracted).answer().with_status(201);
    for (partner, version) in [
        (("de-vaart", "guide"), 2),
        (("stadswonen", "housing-corporation"), 4),
        (("transferpunt", "matching-point"), 4),
    ] {
        let got =
            get(&ledger, partner, "/v1/feed?types=offer-refused").with_status(200).body["items"].clone();
        let last = got.as_array().and_then(|items| items.last()).expect("an item").clone();
        assert_eq!(got.as_array().map(Vec::len), Some(1), "{got}");
        let stream = json!({"kind": "vacancy", "id": VACANCY});
        let expected = (&json!("stream-withdrawn"), &stream, &json!(version));
        assert_eq!((&last["type"], &last["stream"], &last["version"]), expected);
    }
    assert_eq!(streams(&items(&ledger, ("gemeente-venlo", "municipality"), "thin")).len(), 1, "the complex");
}

#[test]
fn a_webhook_brings_a_vacancy_at_once_and_no_other_kind_than_was_chosen() {
    let ledger = with_a_complex();
    let receiver = Receiver::that_answers(Answers::With(204));
    let chosen = json!({"url": receiver.url(), "types": ["vacancy-opened", "vacancy-withdrawn"]});
    let subscribe = ledger.post("/v1/subscriptions").json(&chosen);
    let subscription = corporation(subscribe).answer().with_status(201).body;
    open(&ledger, &vacancy()).answer().with_status(201);
    changes(&ledger, &with(home(), "rentCents", 60_000));
    let withdrawn = json!({"type": "vacancy-withdrawn", "occurredOn": "2026-10-20", "ground": "nobody-fits"});
    reports(&ledger, &withdrawn).answer().with_status(201);
    let messages = receiver.waits_for(2);
    let kinds: Vec<_> = messages.iter().map(|message| message.body["type"].clone()).collect();
    assert_eq!(kinds, ["nl.omklap.vacancy-opened.v1", "nl.omklap.vacancy-withdrawn.v1"]);
    let (body, data) = (&messages[1].body, &messages[1].body["data"]);
    assert_eq!(body["subject"], VACANCY);
    assert_eq!(
        data,
        &json!({"streamId": VACANCY, "streamKind": "vacancy", "version": 3, "previousVersion": 2})
    );
    assert_eq!(body["dataref"], format!("http://127.0.0.1:8080{}", path()));
    let own = format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"));
    let again = format!("{own}/messages/{}/replays", body["id"].as_str().expect("an id"));
    corporation(ledger.post(&again)).answer().with_status(200);
    assert_eq!(receiver.waits_for(3)[2].body, *body);
    let listed = corporation(ledger.get(&format!("{own}/deliveries"))).answer().with_status(200).body;
    let stream = json!({"kind": "vacancy", "id": VACANCY, "path": path()});
    let tried = listed["items"].as_array().expect("attempts");
    assert!(tried.len() >= 3 && tried.iter().all(|one| one["stream"] == stream), "{listed}");
}

#[test]
fn a_program_without_the_scope_of_plans_learns_that_there_is_one_and_not_what_it_says() {
    let ledger = with_every_stream();
    let feed = ledger.get("/v1/feed?detail=full&types=quota-agreed&limit=1000");
    let point = feed.by("transferpunt").in_role("matching-point").with_scopes("trajectories:read");
    let items = point.answer().with_status(200).body["items"].clone();
    assert_eq!((&items[0]["detailWithheld"], items[0].get("fact")), (&json!(true), None), "{items}");
}

// The words of these tests.

/// A ledger with one stream of each kind.
fn with_every_stream() -> Ledger {
    let ledger = with_a_complex();
    open(&ledger, &vacancy()).answer().with_status(201);
    changes(&ledger, &with(home(), "floor", 7));
    changes(&ledger, &with(home(), "rentCents", 60_000));
    corporation(ledger.post("/v1/complexes").json(&with(complex(), "complex", "C-119")))
        .answer()
        .with_status(201);
    let plan = ledger.post("/v1/plans").by("transferpunt").in_role("matching-point").json(&quota());
    plan.answer().with_status(201);
    calls(&ledger);
    keeper(ledger.post("/v1/guarantee-fund-years").json(&deposit("stadswonen"))).answer().with_status(201);
    ledger
}

fn changes(ledger: &Ledger, home: &Value) {
    let changed = json!({"type": "vacancy-changed", "occurredOn": "2026-10-10", "home": home});
    reports(ledger, &changed).answer().with_status(201);
}

fn get(ledger: &Ledger, (organisation, role): (&str, &str), path: &str) -> Answer {
    ledger.get(path).by(organisation).in_role(role).answer()
}

/// The items about streams in the feed of a partner.
fn items(ledger: &Ledger, partner: (&str, &str), detail: &str) -> Vec<Value> {
    let feed = get(ledger, partner, &format!("/v1/feed?detail={detail}&limit=1000")).with_status(200);
    let items = feed.body["items"].as_array().expect("items").iter();
    items.filter(|item| item.get("stream").is_some()).cloned().collect()
}

/// The streams that items are about, each once.
fn streams(items: &[Value]) -> Vec<Value> {
    let mut streams: Vec<Value> = Vec::new();
    for item in items {
        if !streams.contains(&item["stream"]) {
            streams.push(item["stream"].clone());
        }
    }
    streams
}

fn without_cursor(item: &Value) -> Value {
    with(item.clone(), "cursor", Value::Null)
}
