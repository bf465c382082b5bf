//! A receiver is unavailable for ten seconds up to a day while thousands of events happen. Nothing
//! is lost, and the order of each case is kept. The clock is put forward, so that a day takes
//! seconds.
//!
//! These tests print the table of `docs/OPERATING.md`:
//! `target/debug/omklap with-postgres -- cargo nextest run -p omklap-tests outages --no-capture`.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Answers, Ledger, Received, Receiver, sample_fact};
use serde_json::Value;

/// The number of events during the outage.
const BURST: usize = 5_000;
/// The number of cases with these events.
const CASES: usize = 100;

#[test]
fn after_an_outage_of_ten_seconds_nothing_is_lost() {
    outage("10 s", 10, 20);
}

#[test]
fn after_an_outage_of_a_minute_nothing_is_lost() {
    outage("60 s", 60, 20);
}

#[test]
fn after_an_outage_of_five_minutes_nothing_is_lost() {
    outage("300 s", 300, 20);
}

#[test]
fn after_an_outage_of_ten_minutes_nothing_is_lost() {
    outage("600 s", 600, 20);
}

#[test]
fn after_an_outage_of_a_day_nothing_is_lost() {
    outage("a day", 86_400, 600);
}

/// An outage of the receiver of this many seconds, which pass in steps.
#[expect(clippy::disallowed_macros, reason = "a table of results is printed")]
fn outage(named: &str, seconds: i64, step: i64) {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribe(&ledger);
    ledger.until_waiting(1);
    receiver.now_answers(Answers::Down);
    burst(&ledger);
    pass_in_steps(&ledger, seconds, step);
    receiver.now_answers(Answers::With(204));
    let (back, began) = (ledger.now(), Instant::now());
    let assert_patience =
        || assert!(began.elapsed() < Duration::from_mins(2), "{} arrived", receiver.accepted().len());
    while receiver.accepted().is_empty() {
        assert_patience();
        ledger.seconds_pass(step / 10);
        thread::sleep(Duration::from_millis(30));
    }
    let first_after = ledger.now().duration_since(back);
    while receiver.accepted().len() < BURST {
        assert_patience();
        thread::sleep(Duration::from_millis(100));
    }
    let (distinct, repeated) = count_in_order(&receiver.accepted());
    assert_eq!(distinct, BURST as u64, "nothing is lost");
    println!(
        "| {named} | {BURST} | {distinct} | {repeated} | {} | {} s |",
        failed_attempts(&ledger),
        first_after.as_secs()
    );
}

/// Puts the clock forward in steps, with time for attempts in between.
fn pass_in_steps(ledger: &Ledger, seconds: i64, step: i64) {
    for _ in 0..(seconds / step).max(1) {
        ledger.seconds_pass(step.min(seconds));
        thread::sleep(Duration::from_millis(30));
    }
}

/// The numbers of distinct and of repeated messages. Asserts that every case is in order.
fn count_in_order(messages: &[Received]) -> (u64, u64) {
    let (mut next, mut repeated) = (BTreeMap::new(), 0);
    for message in messages {
        let version = message.body["data"]["version"].as_u64().expect("a version");
        let expected = next.entry(message.about()).or_insert(1);
        assert!(version <= *expected, "order is kept: {version} after {expected}");
        if version == *expected { *expected += 1 } else { repeated += 1 }
    }
    (next.values().map(|next| next - 1).sum(), repeated)
}

/// Imports a hundred cases of fifty events.
fn burst(ledger: &Ledger) {
    let day = jiff::civil::date(2021, 1, 4);
    for _ in 0..CASES {
        let mut history = vec![sample_fact("intake-registered").happening(day)];
        let later = std::iter::repeat_with(|| sample_fact("contact-person-assigned").happening(day));
        history.extend(later.take(BURST / CASES - 1));
        let _ = ledger.imports(&Value::Array(history));
    }
}

fn failed_attempts(ledger: &Ledger) -> i64 {
    ledger.in_the_database(async |owner| {
        let count = sqlx::query_scalar("SELECT count(*) FROM delivery_attempts WHERE outcome <> 'delivered'");
        count.fetch_one(owner).await.expect("a table")
    })
}
