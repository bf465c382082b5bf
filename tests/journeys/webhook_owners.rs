//! A subscription belongs to a role of an organisation, as long as its program may act in that
//! role.

use std::thread;
use std::time::Duration;

use omklap_domain::visibility::Role;
use omklap_tests::{Answers, Api, Case, Ledger, Received, Receiver};
use serde_json::{Value, json};

use crate::webhook_faults::waits_for_attempt;

#[test]
fn no_other_role_of_the_organisation_finds_a_subscription() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let case = ledger.ready();
    let message = receiver.waits_for(3)[0].id().to_owned();
    let cursor = ledger.get(&path).answer().with_status(200).body["cursor"].clone();
    for role in [Role::Guide, Role::NuisanceDesk, Role::Client] {
        let viewer = case.partners.viewer(role, &case.id);
        for way in ["/pause", "/resume", "/secrets", "/tests", &format!("/messages/{message}/replays")] {
            let answer = ledger.post(&format!("{path}{way}")).as_viewer(&viewer).answer().with_status(404);
            assert_eq!(answer.problem(), "no-such-subscription", "{way} as {role:?}");
        }
        let replay = ledger.post(&format!("{path}/replays")).as_viewer(&viewer);
        replay.json(&json!({ "after": cursor })).answer().with_status(404);
        for way in ["", "/deliveries"] {
            ledger.get(&format!("{path}{way}")).as_viewer(&viewer).answer().with_status(404);
        }
        let delete = ledger.request("DELETE".parse().expect("a method"), &path);
        delete.as_viewer(&viewer).answer().with_status(404);
        let listed = ledger.get("/v1/subscriptions").as_viewer(&viewer).answer().with_status(200).body;
        assert_eq!(listed["items"], json!([]), "{role:?}");
    }
    assert_eq!(ledger.get(&path).answer().with_status(200).body["state"], "active", "nobody paused it");
}

#[test]
fn a_key_of_one_role_finds_nothing_of_another() {
    let ledger = Ledger::empty();
    let subscription = json!({ "url": "https://hooks.example.org/in" });
    let subscribe = |role| {
        let request = ledger.post("/v1/subscriptions").in_role(role).once("our-integration");
        request.json(&subscription).answer().with_status(201).body
    };
    let (ours, theirs) = (subscribe("care-provider"), subscribe("guide"));
    assert_ne!(ours["subscriptionId"], theirs["subscriptionId"]);
    assert_ne!(ours["secret"], theirs["secret"]);
}

#[test]
fn a_rotation_that_is_sent_twice_under_one_key_happens_once() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let rotate = |key: &str| {
        let rotated = ledger.post(&format!("{path}/secrets")).once(key).answer().with_status(200);
        ledger.post(&format!("{path}/tests")).answer().with_status(200);
        let sent = receiver.accepted().pop().expect("it arrived");
        (rotated.body["secret"].clone(), sent.headers["webhook-signature"].split(' ').count())
    };
    let first = rotate("spring");
    assert_eq!(rotate("spring"), first, "the secret that the receiver has still signs");
    assert_ne!(rotate("summer").0, first.0);
}

#[test]
fn a_client_cannot_subscribe() {
    let ledger = Ledger::empty();
    let case = ledger.preparing();
    let subscription = json!({ "url": "https://hooks.example.org/in" });
    let answer = ledger.post("/v1/subscriptions").as_client_of(&case.id).json(&subscription).answer();
    assert_eq!(answer.with_status(403).problem(), "role-not-admitted");
}

#[test]
fn the_deliveries_hide_cases_to_which_the_owner_lost_access() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let (stays, mut goes) = (ledger.preparing(), ledger.preparing());
    let _ = receiver.waits_for(2);
    goes.reports("trajectory-transferred");
    let _ = receiver.waits_for(3);
    let _ = waits_for_attempt(&ledger, &path, 3);
    let listed = ledger.get(&format!("{path}/deliveries")).answer().with_status(200);
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(3));
    assert!(listed.text.contains(&stays.id) && !listed.text.contains(&goes.id), "{}", listed.text);
}

#[test]
fn a_disabled_program_is_sent_nothing_and_misses_nothing() {
    assert_sent_nothing_and_misses_nothing(
        |organisation| organisation["disabled"] = true.into(),
        |organisation| organisation["disabled"] = false.into(),
    );
}

#[test]
fn a_program_that_may_not_speak_in_the_role_any_more_is_sent_nothing_and_misses_nothing() {
    let roles = |roles: Value| move |organisation: &mut Value| organisation["clients"][0]["roles"] = roles;
    assert_sent_nothing_and_misses_nothing(roles(json!(["guide"])), roles(json!(["care-provider", "guide"])));
}

// Vocabulary.

/// Asserts that a receiver is sent nothing after one change of its organisation, and that it misses
/// nothing after the second.
#[track_caller]
fn assert_sent_nothing_and_misses_nothing(out: impl FnOnce(&mut Value), back: impl FnOnce(&mut Value)) {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribe(&ledger);
    let case = ledger.matching();
    let _ = receiver.waits_for(5);
    is_changed(&ledger, "de-vaart", out);
    ledger.until_waiting(0);
    somebody_else_reports(&ledger, &case);
    // That nothing comes is what is looked for.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(receiver.arrived().len(), 5, "what another partner reports meanwhile does not reach it");
    is_changed(&ledger, "de-vaart", back);
    ledger.until_waiting(1);
    assert_eq!(versions(&receiver.waits_for(6)), [1, 2, 3, 4, 5, 6]);
}

fn somebody_else_reports(api: &Api, case: &Case) {
    let coordinator = case.partners.viewer(Role::MatchingPoint, &case.id);
    let report = api.post(&case.events()).as_viewer(&coordinator).seen("*");
    report.json(&case.next("case-discussed")).answer().with_status(201);
}

/// An administrator changes an organisation.
fn is_changed(ledger: &Ledger, organisation: &str, change: impl FnOnce(&mut Value)) {
    let path = format!("/v1/organisations/{organisation}");
    let known = ledger.get(&path).with_token(&ledger.administrator()).answer().with_status(200);
    let roles = &known.body["clients"][0]["roles"];
    let mut body = json!({ "clients": [{ "clientId": organisation, "roles": roles }] });
    for field in ["kind", "name", "regions"] {
        body[field] = known.body[field].clone();
    }
    change(&mut body);
    let put = ledger.request("PUT".parse().expect("a method"), &path).with_token(&ledger.administrator());
    put.seen(known.header("etag").expect("a version")).json(&body).answer().with_status(200);
}

fn path(subscription: &Value) -> String {
    format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"))
}

fn versions(messages: &[Received]) -> Vec<u64> {
    messages.iter().filter_map(|message| message.body["data"]["version"].as_u64()).collect()
}
