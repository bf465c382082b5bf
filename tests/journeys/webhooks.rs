//! Webhooks: messages are signed, in order, and delivered at least once.

use std::thread;
use std::time::Duration;

use omklap_tests::{Answers, Ledger, Received, Receiver, eventually};
use serde_json::{Value, json};

use crate::webhook_faults::waits_for_attempt;

#[test]
fn messages_are_thin_and_in_order() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let subscription = receiver.subscribe(&ledger);
    let case = ledger.housed();
    let messages = receiver.waits_for(usize::try_from(case.version).expect("few"));
    let versions: Vec<_> =
        messages.iter().filter_map(|message| message.body["data"]["version"].as_u64()).collect();
    assert_eq!(versions, (1..=case.version).collect::<Vec<_>>());
    let first = &messages[0];
    assert_eq!(first.headers["content-type"], "application/cloudevents+json; charset=utf-8");
    assert_eq!(first.headers["webhook-id"], first.body["id"].as_str().expect("an id"));
    assert!(first.headers["webhook-signature"].starts_with("v1,"));
    let timestamp: i64 = first.headers["webhook-timestamp"].parse().expect("seconds");
    assert_eq!(timestamp, ledger.now().as_second());
    assert_eq!(first.body["specversion"], "1.0");
    assert_eq!(first.body["type"], "nl.omklap.intake-registered.v1");
    assert_eq!(first.body["subject"], *case.id);
    assert!(first.body["source"].as_str().is_some_and(|source| source.starts_with("urn:nld:")));
    let dataref = messages[3].body["dataref"].as_str().expect("an address");
    let path = dataref.strip_prefix("http://127.0.0.1:8080").expect("the public address");
    let read = ledger.get(path).answer().with_status(200).body;
    assert_eq!(read["items"].as_array().map(Vec::len), Some(1), "the link leads to this one event");
    assert_eq!(read["items"][0]["eventId"], messages[3].body["id"]);
    assert!(subscription["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    let sequences: Vec<_> = messages.iter().map(|message| message.body["sequence"].to_string()).collect();
    assert!(sequences.is_sorted());
}

#[test]
fn the_secret_is_shown_once() {
    let ledger = Ledger::empty();
    let subscription = Receiver::that_answers(Answers::With(204)).subscribe(&ledger);
    let path = path(&subscription);
    let read = ledger.get(&path).answer().with_status(200);
    assert!(!read.text.contains("whsec_"));
    let rotated = ledger.post(&format!("{path}/secrets")).answer().with_status(200).body;
    assert_ne!(rotated["secret"], subscription["secret"]);
}

#[test]
fn both_secrets_sign_for_a_day_after_a_rotation() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let signatures = |path: &str| {
        ledger.post(&format!("{path}/tests")).answer().with_status(200);
        let last = receiver.accepted().pop().expect("it arrived");
        last.headers["webhook-signature"].split(' ').count()
    };
    assert_eq!(signatures(&path), 1);
    ledger.post(&format!("{path}/secrets")).answer().with_status(200);
    assert_eq!(signatures(&path), 2);
    ledger.minutes_pass(25 * 60);
    assert_eq!(signatures(&path), 1);
}

#[test]
fn the_earlier_secret_signs_no_event_after_a_day() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    ledger.until_waiting(1);
    ledger.post(&format!("{path}/secrets")).answer().with_status(200);
    ledger.until_worker_is_replaced();
    let mut case = ledger.preparing();
    let _ = receiver.waits_for(1);
    ledger.minutes_pass(25 * 60);
    case.reports("outflow-profile-set");
    let messages = receiver.waits_for(2);
    let signatures = messages.iter().map(|message| message.headers["webhook-signature"].split(' ').count());
    assert_eq!(signatures.collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn a_pause_holds_everything_and_loses_nothing() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let mut case = ledger.preparing();
    let _ = receiver.waits_for(1);
    // Until that is written down: a pause in between would have it sent again, as every message may be.
    let _ = waits_for_attempt(&ledger, &path, 1);
    let paused = ledger.post(&format!("{path}/pause")).answer().with_status(200).body;
    assert_eq!(paused["state"], "paused");
    ledger.until_waiting(0);
    case.reports("outflow-profile-set").reports("readiness-confirmed");
    // That nothing comes is what is looked for: the worker looks every 20 ms.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(receiver.accepted().len(), 1);
    ledger.post(&format!("{path}/resume")).answer().with_status(200);
    assert_eq!(versions(&receiver.waits_for(3)), [1, 2, 3]);
}

#[test]
fn a_test_message_shows_at_once_whether_it_arrived() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let tried = ledger.post(&format!("{path}/tests")).answer().with_status(200).body;
    assert_eq!((&tried["outcome"], &tried["status"]), (&json!("delivered"), &json!(204)));
    assert_eq!(receiver.accepted()[0].body["type"], "nl.omklap.test.v1");
    receiver.now_answers(Answers::With(500));
    let tried = ledger.post(&format!("{path}/tests")).answer().with_status(200).body;
    assert_eq!(tried["outcome"], "refused");
    let listed = ledger.get(&format!("{path}/deliveries")).answer().with_status(200).body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
}

#[test]
fn messages_can_be_sent_again_with_the_same_ids() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let _ = ledger.ready();
    let first = receiver.waits_for(3);
    let start = ledger.get("/v1/feed?limit=1").answer().body["next"].clone();
    ledger.post(&format!("{path}/replays")).json(&json!({ "after": start })).answer().with_status(200);
    let all = receiver.waits_for(5);
    assert_eq!(ids(&all[3..]), ids(&first[1..]));
    let again = format!("{path}/messages/{}/replays", first[0].id());
    let tried = ledger.post(&again).answer().with_status(200).body;
    assert_eq!((&tried["attempt"], &tried["outcome"]), (&json!(0), &json!("delivered")));
    assert_eq!(receiver.accepted().pop().expect("it arrived").id(), first[0].id());
    let unknown = format!("{path}/messages/0199f0a4-7d1e-7cc0-9d4c-1b6f5f0e2a11/replays");
    assert_eq!(ledger.post(&unknown).answer().with_status(404).problem(), "no-such-message");
}

#[test]
fn a_subscription_belongs_to_its_organisation() {
    let ledger = Ledger::empty();
    let path = path(&Receiver::that_answers(Answers::With(204)).subscribe(&ledger));
    for (method, path) in [("GET", path.clone()), ("POST", format!("{path}/pause")), ("DELETE", path.clone())]
    {
        let method = method.parse().expect("a method");
        let answer = ledger.request(method, &path).by("another-provider").answer().with_status(404);
        assert_eq!(answer.problem(), "no-such-subscription");
    }
    let theirs = ledger.get("/v1/subscriptions").by("another-provider").answer().with_status(200).body;
    assert_eq!(theirs["items"], json!([]));
    ledger.request("DELETE".parse().expect("a method"), &path).answer().with_status(204);
    ledger.get(&path).answer().with_status(404);
}

#[test]
fn a_receiver_without_access_to_a_trajectory_is_sent_nothing_of_it() {
    let ledger = Ledger::empty();
    let (ours, theirs) =
        (Receiver::that_answers(Answers::With(204)), Receiver::that_answers(Answers::With(204)));
    let _ = ours.subscribe(&ledger);
    let subscription = json!({ "url": theirs.url() });
    ledger.post("/v1/subscriptions").by("another-provider").json(&subscription).answer().with_status(201);
    let _ = ledger.ready();
    let _ = ours.waits_for(3);
    // That nothing comes is what is looked for: the worker looks every 20 ms.
    thread::sleep(Duration::from_millis(300));
    assert!(theirs.arrived().is_empty());
}

#[test]
fn a_receiver_that_loses_access_to_a_trajectory_is_sent_a_withdrawal() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribe(&ledger);
    let mut case = ledger.preparing();
    let _ = receiver.waits_for(1);
    case.reports("trajectory-transferred");
    let withdrawal = receiver.waits_for(2).pop().expect("two");
    assert_eq!(withdrawal.body["type"], "nl.omklap.trajectory-withdrawn.v1");
    assert_eq!(
        (&withdrawal.body["subject"], &withdrawal.body["dataref"]),
        (&case.id.clone().into(), &Value::Null)
    );
    case.reports(omklap_tests::sample_fact("contact-person-assigned").with("organisation", "het-anker"));
    // That nothing comes is what is looked for: the worker looks every 20 ms.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(receiver.arrived().len(), 2, "nothing more of it");
}

#[test]
fn a_withdrawal_is_sent_whatever_kinds_a_subscription_names() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let subscription = json!({ "url": receiver.url(), "types": ["offer-refused"] });
    ledger.post("/v1/subscriptions").json(&subscription).answer().with_status(201);
    ledger.preparing().reports("trajectory-transferred");
    assert_eq!(receiver.waits_for(1)[0].body["type"], "nl.omklap.trajectory-withdrawn.v1");
    let page = ledger.get("/v1/feed?types=offer-refused").answer().with_status(200).body;
    let kinds: Vec<_> =
        page["items"].as_array().expect("items").iter().map(|item| item["type"].as_str()).collect();
    assert_eq!(kinds, [Some("trajectory-withdrawn")]);
}

#[test]
fn a_replayed_message_is_in_the_access_log() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let case = ledger.preparing();
    let message = receiver.waits_for(1)[0].id().to_owned();
    let logged = || ledger.accesses(&case).into_iter().filter(|line| line.by.purpose == "webhook").count();
    eventually(|| logged() == 1);
    // That the message was tried is written after it was received.
    eventually(|| ledger.post(&format!("{path}/messages/{message}/replays")).answer().status == 200);
    assert_eq!(logged(), 2);
}

#[test]
fn a_subscription_begins_where_its_owner_can_have_been() {
    let ledger = Ledger::empty();
    let _ = ledger.preparing();
    let path = path(&Receiver::that_answers(Answers::With(204)).subscribe(&ledger));
    let of_another = ledger.get("/v1/feed").by("another-provider").answer().body["next"].clone();
    let lost = ledger.get("/v1/feed").answer().body["next"].clone();
    ledger.restore_to(0);
    for (after, code) in [(of_another, "cursor-of-another"), (lost, "cursor-of-another-ledger")] {
        let subscription = json!({ "url": "https://hooks.example.org/in", "after": after });
        let made = ledger.post("/v1/subscriptions").json(&subscription).answer().with_status(400);
        assert_eq!(made.errors(), [(code, "/after")]);
        let replay = ledger.post(&format!("{path}/replays")).json(&json!({ "after": after }));
        assert_eq!(replay.answer().with_status(400).errors(), [(code, "/after")]);
    }
}

#[test]
fn all_errors_of_a_subscription_are_named_at_once() {
    let ledger = Ledger::empty();
    let wrong = json!({ "types": ["offer-refused", "rubbish"], "after": "x", "colour": "red" });
    let answer = ledger.post("/v1/subscriptions").json(&wrong).answer().with_status(400);
    let mut places = answer.errors();
    places.sort_unstable();
    let expected = [
        ("not-a-cursor", "/after"),
        ("not-one-of", "/types/1"),
        ("required", "/url"),
        ("unknown-field", "/colour"),
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_subscription_names_a_kind_only_once() {
    let ledger = Ledger::empty();
    let subscription =
        json!({ "url": "https://hooks.example.org/in", "types": ["offer-refused", "offer-refused"] });
    let answer = ledger.post("/v1/subscriptions").json(&subscription).answer().with_status(400);
    assert_eq!(answer.errors(), [("repeated", "/types")]);
}

#[test]
fn an_address_within_a_private_network_is_refused() {
    let ledger = Ledger::empty();
    for (url, code) in [
        ("https://169.254.169.254/latest/meta-data", "host-not-public"),
        ("https://10.0.0.1/", "host-not-public"),
        ("https://[::1]:9443/", "host-not-public"),
        ("https://localhost/", "host-not-public"),
        ("https://2852039166/", "host-not-public"),
        ("http://hooks.example.org/", "not-https"),
        ("gopher://hooks.example.org/", "not-a-web-address"),
        ("https://user:secret@hooks.example.org/", "not-a-web-address"),
    ] {
        let answer = ledger.post("/v1/subscriptions").json(&json!({ "url": url })).answer().with_status(400);
        assert_eq!(answer.errors(), [(code, "/url")], "{url}");
    }
}

#[test]
fn a_subscription_that_is_sent_twice_under_one_key_is_made_once() {
    let ledger = Ledger::empty();
    let subscription = json!({ "url": "https://hooks.example.org/in" });
    let subscribe =
        |body: &Value| ledger.post("/v1/subscriptions").once("start-of-our-integration").json(body).answer();
    // Two cursors differ even if they mean the same position.
    let without_cursor = |mut body: Value| {
        body.as_object_mut().expect("an object").remove("cursor").expect("a cursor");
        body
    };
    let first = without_cursor(subscribe(&subscription).with_status(201).body);
    let again = without_cursor(subscribe(&subscription).with_status(201).body);
    assert_eq!(first, again, "with its secret, because the first answer may be lost");
    let listed = ledger.get("/v1/subscriptions").answer().with_status(200).body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let other = subscribe(&json!({ "url": "https://hooks.example.org/elsewhere" })).with_status(409);
    assert_eq!(other.problem(), "idempotency-key-reused");
    let path = path(&first);
    ledger.request("DELETE".parse().expect("a method"), &path).answer().with_status(204);
    let new = subscribe(&subscription).with_status(201).body;
    assert_ne!(new["subscriptionId"], first["subscriptionId"], "a deleted one is not found by its key");
}

#[test]
fn an_organisation_has_a_hundred_subscriptions_at_the_most() {
    let ledger = Ledger::empty();
    let subscription = json!({ "url": "https://hooks.example.org/in" });
    let subscribe = |by: &str| ledger.post("/v1/subscriptions").by(by).json(&subscription).answer();
    let first = subscribe("de-vaart").with_status(201).body;
    ledger.in_the_database(async |owner| {
        let many = sqlx::query(
            "INSERT INTO subscriptions (subscription_id, client, organisation, role, regions, url, types, state, position, secret, created_at)
             SELECT gen_random_uuid(), client, organisation, role, regions, url, types, 'paused', position, secret, created_at
             FROM subscriptions, generate_series(1, 99)",
        );
        many.execute(owner).await.expect("the owner may");
    });
    assert_eq!(subscribe("de-vaart").with_status(409).problem(), "too-many-subscriptions");
    subscribe("another-provider").with_status(201);
    ledger.request("DELETE".parse().expect("a method"), &path(&first)).answer().with_status(204);
    subscribe("de-vaart").with_status(201);
}

#[test]
fn the_metrics_of_deliveries_name_nobody() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let subscription = receiver.subscribe(&ledger);
    let case = ledger.preparing();
    let _ = receiver.waits_for(1);
    eventually(|| ledger.metrics().contains("omklap_webhook_lag_seconds_bucket"));
    let metrics = ledger.metrics();
    assert!(metrics.contains("omklap_webhook_attempts_total{outcome=\"delivered\"}"), "{metrics}");
    for name in [case.id.as_str(), "de-vaart", subscription["subscriptionId"].as_str().expect("an id")] {
        assert!(!metrics.contains(name), "{name}");
    }
}

// Vocabulary.

fn path(subscription: &Value) -> String {
    format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"))
}

fn versions(messages: &[Received]) -> Vec<u64> {
    messages.iter().filter_map(|message| message.body["data"]["version"].as_u64()).collect()
}

fn ids(messages: &[Received]) -> Vec<&str> {
    messages.iter().map(Received::id).collect()
}
