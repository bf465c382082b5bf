//! Receivers that do what receivers do, and servers that go away in the middle of it.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Answers, Api, Case, Ledger, Process, Receiver};
use serde_json::{Value, json};

#[test]
fn a_receiver_that_hangs_or_answers_byte_by_byte_is_not_waited_for_and_tried_again() {
    for slow in [Answers::Hanging, Answers::ByteByByte] {
        let ledger = Ledger::empty();
        let receiver = Receiver::that_answers(slow);
        let path = path(&receiver.subscribed(&ledger));
        let _ = ledger.preparing();
        assert_eq!(waits_for_try(&ledger, &path, 1)["outcome"], "timed-out");
        receiver.now_answers(Answers::With(204));
        ledger.minutes_pass(1);
        let accepted = receiver.waits_for(1);
        assert_eq!(receiver.arrived()[0].id(), accepted[0].id(), "the same message has the same id");
    }
}

#[test]
fn what_a_receiver_answers_beyond_its_status_is_not_read_to_the_end() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::AGigabyte);
    let path = path(&receiver.subscribed(&ledger));
    let began = Instant::now();
    let _ = ledger.preparing();
    let tried = waits_for_try(&ledger, &path, 1);
    assert_eq!((&tried["outcome"], &tried["status"]), (&json!("delivered"), &json!(200)));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_redirect_is_not_followed() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::Saying(307, "location: http://169.254.169.254/latest/"));
    let path = path(&receiver.subscribed(&ledger));
    let tried = ledger.post(&format!("{path}/tests")).answer().with_status(200).body;
    assert_eq!((&tried["outcome"], &tried["status"]), (&json!("redirected"), &json!(307)));
    assert_eq!(receiver.arrived().len(), 1);
}

#[test]
fn a_name_that_leads_inside_is_refused_when_it_is_connected_to() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribed(&ledger));
    // As if the name had been public when it was subscribed: the address is looked at again each time.
    let moved = format!(
        "https://localhost:{}/in",
        receiver.url().split(':').nth(2).expect("a port").trim_end_matches("/in")
    );
    ledger.in_the_database(async |owner| {
        let update = sqlx::query("UPDATE subscriptions SET url = $1").bind(&moved);
        update.execute(owner).await.expect("the owner may");
    });
    let tried = ledger.post(&format!("{path}/tests")).answer().with_status(200).body;
    assert_eq!(tried["outcome"], "target-not-allowed");
    assert!(receiver.arrived().is_empty());
}

#[test]
fn a_receiver_that_says_it_is_gone_is_not_asked_again() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(410));
    let path = path(&receiver.subscribed(&ledger));
    let mut case = ledger.preparing();
    let subscription = waits_until(&ledger, &path, |subscription| subscription["state"] == "disabled");
    assert_eq!(subscription["notices"][0]["notice"], "disabled-gone");
    case.reports("outflow-profile-set");
    receiver.now_answers(Answers::With(204));
    ledger.post(&format!("{path}/resume")).answer().with_status(200);
    assert_eq!(receiver.waits_for(2)[0].id(), receiver.arrived()[0].id(), "nothing is lost over it");
}

#[test]
fn a_receiver_that_asks_to_be_left_alone_is_left_alone_for_so_long() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::Saying(429, "retry-after: 7200"));
    let path = path(&receiver.subscribed(&ledger));
    let _ = ledger.preparing();
    assert_eq!(waits_for_try(&ledger, &path, 1)["outcome"], "asked-to-wait");
    receiver.now_answers(Answers::With(204));
    ledger.minutes_pass(119);
    thread::sleep(Duration::from_millis(500));
    assert!(receiver.accepted().is_empty());
    ledger.minutes_pass(2);
    let _ = receiver.waits_for(1);
}

#[test]
fn a_trajectory_that_is_refused_waits_alone() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribed(&ledger));
    let mut refused = ledger.preparing();
    let mut others = ledger.preparing();
    let _ = receiver.waits_for(2);
    receiver.now_answers(Answers::NotAbout(refused.id.clone()));
    refused.reports("outflow-profile-set").reports("readiness-confirmed");
    others.reports("outflow-profile-set").reports("readiness-confirmed");
    let _ = receiver.waits_for(4);
    let held = waits_until(&ledger, &path, |subscription| subscription["heldBack"] == 1);
    assert_eq!(held["state"], "active");
    receiver.now_answers(Answers::With(204));
    ledger.minutes_pass(1);
    let told = receiver.waits_for(6);
    let versions: Vec<_> = told
        .iter()
        .filter(|message| message.about() == refused.id)
        .map(|message| message.body["data"]["version"].as_u64())
        .collect();
    assert_eq!(versions, [Some(1), Some(2), Some(3)], "in its order");
}

#[test]
fn a_message_that_is_refused_for_three_days_is_given_up_while_others_go_on() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribed(&ledger));
    let mut refused = ledger.preparing();
    let mut others = ledger.preparing();
    let _ = receiver.waits_for(2);
    receiver.now_answers(Answers::NotAbout(refused.id.clone()));
    refused.reports("outflow-profile-set");
    for tries in 1..=13 {
        let _ = waits_for_try(&ledger, &path, 1 + 2 * tries);
        // Others' messages are accepted in between: it is not the receiver that is gone.
        others.reports("contact-person-assigned");
        let _ = receiver.waits_for(2 + tries);
        ledger.minutes_pass(30 * 60);
    }
    let subscription = waits_until(&ledger, &path, |subscription| subscription["notices"] != json!([]));
    assert_eq!(subscription["notices"][0]["notice"], "message-given-up");
    assert_eq!(subscription["state"], "active");
}

#[test]
fn a_subscription_of_which_nothing_is_accepted_for_five_days_is_disabled_with_a_notice() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(500));
    let path = path(&receiver.subscribed(&ledger));
    let _ = ledger.preparing();
    for tries in 1..=5 {
        let _ = waits_for_try(&ledger, &path, tries);
        ledger.minutes_pass(30 * 60);
    }
    let subscription = waits_until(&ledger, &path, |subscription| subscription["state"] == "disabled");
    assert_eq!(subscription["notices"][0]["notice"], "disabled-failing-for-five-days");
    receiver.now_answers(Answers::With(204));
    ledger.post(&format!("{path}/resume")).answer().with_status(200);
    let _ = receiver.waits_for(1);
}

#[test]
fn a_thousand_subscriptions_on_a_dead_host_delay_nobody() {
    let ledger = Ledger::empty();
    let dead = Receiver::that_answers(Answers::Hanging);
    let alive = Receiver::that_answers(Answers::With(204));
    let path = path(&dead.subscribed(&ledger));
    let _ = alive.subscribed(&ledger);
    ledger.in_the_database(async |owner| {
        let many = sqlx::query(
            "INSERT INTO subscriptions (subscription_id, client, organisation, role, regions, url, types, state, position,
                                        secret, created_at)
             SELECT gen_random_uuid(), client, organisation, role, regions, replace(url, '127.0.0.1', '127.0.0.2'), types,
                    state, position, secret, created_at
             FROM subscriptions, generate_series(1, 1000) WHERE $1 LIKE '%' || subscription_id",
        )
        .bind(&path);
        many.execute(&mut *owner).await.expect("the owner may");
    });
    ledger.request("DELETE".parse().expect("a method"), &path).answer().with_status(204);
    thread::sleep(Duration::from_secs(1));
    let mut case = ledger.preparing();
    let _ = alive.waits_for(1);
    let began = Instant::now();
    case.reports("outflow-profile-set");
    let _ = alive.waits_for(2);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn a_clock_that_is_set_back_changes_neither_order_nor_ids() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribed(&ledger);
    let mut case = ledger.preparing();
    let _ = receiver.waits_for(1);
    ledger.minutes_pass(-180);
    case.reports("outflow-profile-set").reports("readiness-confirmed");
    let told = receiver.waits_for(3);
    let versions: Vec<_> = told.iter().map(|message| message.body["data"]["version"].as_u64()).collect();
    assert_eq!(versions, [Some(1), Some(2), Some(3)]);
    let feed = ledger.get("/v1/feed").answer().body;
    let ids: Vec<_> =
        feed["items"].as_array().expect("items").iter().map(|event| event["eventId"].as_str()).collect();
    assert_eq!(ids, told.iter().map(|message| Some(message.id())).collect::<Vec<_>>());
}

#[test]
fn two_servers_deliver_once_and_the_other_goes_on_where_one_is_killed() {
    let receiver = Receiver::that_answers(Answers::With(204));
    let mut process = Process::start_allowing("127.0.0.1");
    let other = process.is_joined();
    let _ = receiver.subscribed(&other);
    let case = other.housed();
    let _ = receiver.waits_for(usize::try_from(case.version).expect("few"));
    let told = receiver.accepted();
    let ids: BTreeSet<_> = told.iter().map(omklap_tests::Received::id).collect();
    assert_eq!(ids.len(), told.len(), "once, though there are two servers");
    process.is_killed();
    process.is_started_again();
    let mut case = case.asked_at(&process);
    case.reports("welcome-talk-held");
    assert_eq!(distinct(&receiver, &case), case.version);
}

#[test]
fn a_server_that_is_killed_between_sending_and_writing_that_down_sends_again_under_the_same_id() {
    let receiver = Receiver::that_answers(Answers::With(204));
    let mut process = Process::start_allowing("127.0.0.1");
    let _ = receiver.subscribed(&process);
    let mut case = process.preparing();
    for kind in ["outflow-profile-set", "readiness-confirmed", "housing-requested"] {
        case.reports(kind);
        // At once: the message may be on its way, accepted, or written down.
        process.is_killed();
        process.is_started_again();
        case = case.asked_at(&process);
    }
    assert_eq!(distinct(&receiver, &case), case.version);
}

// The words of these journeys.

/// How many different messages of a case arrive, in the end, in an order in which none came before its predecessor.
fn distinct(receiver: &Receiver, case: &Case) -> u64 {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let accepted = receiver.accepted();
        let mut seen = BTreeSet::new();
        for message in accepted.iter().filter(|message| message.about() == case.id) {
            // A deadline has none.
            let Some(version) = message.body["data"]["version"].as_u64() else { continue };
            assert!(version == 1 || seen.contains(&(version - 1)), "{version} came before its predecessor");
            seen.insert(version);
        }
        if seen.len() as u64 == case.version || Instant::now() > until {
            return seen.len() as u64;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Waits for so many tries; the latest.
#[track_caller]
fn waits_for_try(api: &Api, path: &str, tries: usize) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let listed = api.get(&format!("{path}/deliveries?limit=500")).answer().with_status(200).body;
        let items = listed["items"].as_array().expect("items").clone();
        if items.len() >= tries {
            return items[0].clone();
        }
        assert!(Instant::now() < until, "{} of {tries} tries", items.len());
        thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn waits_until(api: &Api, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let subscription = api.get(path).answer().with_status(200).body;
        if holds(&subscription) {
            return subscription;
        }
        assert!(Instant::now() < until, "{subscription:#}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn path(subscription: &Value) -> String {
    format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"))
}
