//! Faulty receivers, and servers that stop during a delivery.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Answers, Api, Case, Ledger, Process, Receiver};
use serde_json::{Value, json};

#[test]
fn an_attempt_at_a_slow_receiver_times_out_and_is_repeated() {
    for slow in [Answers::Hanging, Answers::ByteByByte] {
        let ledger = Ledger::empty();
        let receiver = Receiver::that_answers(slow);
        let path = path(&receiver.subscribe(&ledger));
        let _ = ledger.preparing();
        assert_eq!(waits_for_attempt(&ledger, &path, 1)["outcome"], "timed-out");
        receiver.now_answers(Answers::With(204));
        ledger.minutes_pass(1);
        let accepted = receiver.waits_for(1);
        assert_eq!(receiver.arrived()[0].id(), accepted[0].id(), "the same message has the same id");
    }
}

#[test]
fn the_body_of_a_receivers_answer_is_not_read_to_the_end() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::AGigabyte);
    let path = path(&receiver.subscribe(&ledger));
    let began = Instant::now();
    let _ = ledger.preparing();
    let tried = waits_for_attempt(&ledger, &path, 1);
    assert_eq!((&tried["outcome"], &tried["status"]), (&json!("delivered"), &json!(200)));
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(receiver.poured() < 16 << 20, "{} bytes were taken", receiver.poured());
}

#[test]
fn a_redirect_is_not_followed() {
    let ledger = Ledger::empty();
    let receiver =
        Receiver::that_answers(Answers::WithHeader(307, "location: http://169.254.169.254/latest/"));
    let path = path(&receiver.subscribe(&ledger));
    let tried = ledger.post(&format!("{path}/tests")).answer().with_status(200).body;
    assert_eq!((&tried["outcome"], &tried["status"]), (&json!("redirected"), &json!(307)));
    assert_eq!(receiver.arrived().len(), 1);
}

#[test]
fn a_host_name_of_a_private_address_is_refused_at_the_delivery() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    // As if the host had been public at the subscription: the address is checked at every delivery.
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
fn a_receiver_that_answers_410_is_disabled() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(410));
    let path = path(&receiver.subscribe(&ledger));
    let mut case = ledger.preparing();
    let subscription = waits_until(&ledger, &path, |subscription| subscription["state"] == "disabled");
    assert_eq!(subscription["notices"][0]["notice"], "disabled-gone");
    case.reports("outflow-profile-set");
    receiver.now_answers(Answers::With(204));
    ledger.post(&format!("{path}/resume")).answer().with_status(200);
    assert_eq!(receiver.waits_for(2)[0].id(), receiver.arrived()[0].id(), "nothing is lost");
}

#[test]
fn a_receiver_is_sent_nothing_until_its_retry_after_has_passed() {
    for two_hours in ["retry-after: 7200", "retry-after: Sun, 01 Nov 2026 11:00:00 GMT"] {
        let ledger = Ledger::empty();
        let receiver = Receiver::that_answers(Answers::WithHeader(429, two_hours));
        let path = path(&receiver.subscribe(&ledger));
        let _ = ledger.preparing();
        assert_eq!(waits_for_attempt(&ledger, &path, 1)["outcome"], "asked-to-wait");
        receiver.now_answers(Answers::With(204));
        ledger.minutes_pass(119);
        // That nothing comes is what is looked for: a worker whose time has come looks every 20 ms.
        thread::sleep(Duration::from_millis(300));
        assert!(receiver.accepted().is_empty(), "{two_hours}");
        ledger.minutes_pass(2);
        let _ = receiver.waits_for(1);
    }
}

#[test]
fn a_clock_that_is_set_back_keeps_no_receiver_resting_for_longer_than_a_day() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::WithHeader(429, "retry-after: 7200"));
    let path = path(&receiver.subscribe(&ledger));
    let _ = ledger.preparing();
    let _ = waits_for_attempt(&ledger, &path, 1);
    receiver.now_answers(Answers::With(204));
    ledger.minutes_pass(-30 * 24 * 60);
    // The owner changes the subscription, so that the worker reads the present time.
    ledger.post(&format!("{path}/secrets")).answer().with_status(200);
    ledger.until_worker_is_replaced();
    ledger.minutes_pass(25 * 60);
    let _ = receiver.waits_for(1);
}

#[test]
fn a_subscription_that_fails_for_five_days_is_disabled_with_a_notice() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(500));
    let path = path(&receiver.subscribe(&ledger));
    let _ = ledger.preparing();
    for attempts in 1..=5 {
        let _ = waits_for_attempt(&ledger, &path, attempts);
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
    let dead = Receiver::at("127.0.0.2", Answers::Hanging);
    let alive = Receiver::that_answers(Answers::With(204));
    for _ in 0..10 {
        for _ in 0..100 {
            let _ = dead.subscribe(&ledger);
        }
        // An organisation has at most a hundred subscriptions, so the others belong to another one
        // until all are made.
        reassign_subscriptions(&ledger, "de-vaart", "waiting");
    }
    let _ = alive.subscribe(&ledger);
    reassign_subscriptions(&ledger, "waiting", "de-vaart");
    ledger.until_waiting(1_001);
    let first = Instant::now();
    let mut case = ledger.preparing();
    let _ = alive.waits_for(1);
    // That no more than these arrive is what is looked for.
    thread::sleep(Duration::from_millis(300));
    let attempts = dead.arrived().len();
    // Every attempt takes the two seconds of the time limit.
    let most = 32 * (1 + usize::try_from(first.elapsed().as_secs() / 2).expect("few"));
    assert!((1..=most).contains(&attempts), "{attempts} attempts, at most {most}");
    let began = Instant::now();
    case.reports("outflow-profile-set");
    let _ = alive.waits_for(2);
    // Behind the dead ones, 32 at a time and two seconds each, it would wait for a minute.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn a_clock_that_is_set_back_changes_neither_order_nor_ids() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribe(&ledger);
    let mut case = ledger.preparing();
    let _ = receiver.waits_for(1);
    ledger.minutes_pass(-180);
    case.reports("outflow-profile-set").reports("readiness-confirmed");
    let messages = receiver.waits_for(3);
    let versions: Vec<_> = messages.iter().map(|message| message.body["data"]["version"].as_u64()).collect();
    assert_eq!(versions, [Some(1), Some(2), Some(3)]);
    let feed = ledger.get("/v1/feed").answer().body;
    let ids: Vec<_> =
        feed["items"].as_array().expect("items").iter().map(|event| event["eventId"].as_str()).collect();
    assert_eq!(ids, messages.iter().map(|message| Some(message.id())).collect::<Vec<_>>());
}

#[test]
fn two_servers_deliver_once_and_deliveries_continue_after_a_restart() {
    let receiver = Receiver::that_answers(Answers::With(204));
    let mut process = Process::start_allowing("127.0.0.1");
    let other = process.start_another();
    let _ = receiver.subscribe(&other);
    let case = other.housed();
    let _ = receiver.waits_for(usize::try_from(case.version).expect("few"));
    let messages = receiver.accepted();
    let ids: BTreeSet<_> = messages.iter().map(omklap_tests::Received::id).collect();
    assert_eq!(ids.len(), messages.len(), "each message once");
    process.kill();
    process.restart();
    let mut case = case.on_server(&process);
    case.reports("welcome-talk-held");
    assert_eq!(distinct(&receiver, &case), case.version);
}

#[test]
fn a_server_killed_before_it_records_an_attempt_sends_again_under_the_same_id() {
    let receiver = Receiver::that_answers(Answers::Hanging);
    let mut process = Process::start_allowing("127.0.0.1");
    let _ = receiver.subscribe(&process);
    let case = process.preparing();
    waits_for_arrival(&receiver);
    process.kill();
    receiver.now_answers(Answers::With(204));
    process.restart();
    let again = receiver.waits_for(1);
    assert_eq!(receiver.arrived()[0].id(), again[0].id());
    let mut case = case.on_server(&process);
    case.reports("outflow-profile-set");
    assert_eq!(distinct(&receiver, &case), case.version);
}

#[test]
fn a_frozen_server_does_not_stop_the_deliveries() {
    let receiver = Receiver::that_answers(Answers::With(204));
    let mut process = Process::start_allowing("127.0.0.1");
    let other = process.start_another();
    let _ = receiver.subscribe(&other);
    let mut case = other.preparing();
    let _ = receiver.waits_for(1);
    process.freeze();
    case.reports("outflow-profile-set");
    let _ = receiver.waits_for(2);
}

// Vocabulary.

/// Gives the subscriptions of one organisation to another.
fn reassign_subscriptions(ledger: &Ledger, from: &str, to: &str) {
    ledger.in_the_database(async |owner| {
        let update = sqlx::query("UPDATE subscriptions SET organisation = $2 WHERE organisation = $1");
        update.bind(from).bind(to).execute(owner).await.expect("the owner may");
    });
}

/// Waits for the messages of a case and returns the number of different ones. Asserts that each
/// arrives after its predecessor.
fn distinct(receiver: &Receiver, case: &Case) -> u64 {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let accepted = receiver.accepted();
        let mut seen = BTreeSet::new();
        for message in accepted.iter().filter(|message| message.about() == case.id) {
            // A message about a deadline has no version.
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

#[track_caller]
fn waits_for_arrival(receiver: &Receiver) {
    let until = Instant::now() + Duration::from_secs(30);
    while receiver.arrived().is_empty() {
        assert!(Instant::now() < until, "nothing arrives");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until there are this many attempts, and returns the latest.
#[track_caller]
pub fn waits_for_attempt(api: &Api, path: &str, attempts: usize) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let listed = api.get(&format!("{path}/deliveries?limit=500")).answer().with_status(200).body;
        let items = listed["items"].as_array().expect("items").clone();
        if items.len() >= attempts {
            return items[0].clone();
        }
        assert!(Instant::now() < until, "{} of {attempts} attempts", items.len());
        thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
pub fn waits_until(api: &Api, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
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

pub fn path(subscription: &Value) -> String {
    format!("/v1/subscriptions/{}", subscription["subscriptionId"].as_str().expect("an id"))
}
