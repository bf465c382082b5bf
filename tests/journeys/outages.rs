//! The outage ladder: a receiver is away for ten seconds up to a day while thousands of events happen; nothing is lost, and
//! the order of each case is kept. The clock is put forward, so that a day takes seconds. The table of `docs/OPERATING.md`
//! is what this prints: `target/debug/omklap with-postgres -- cargo nextest run -p omklap-tests outages --no-capture`.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use omklap_tests::{Answers, Ledger, Receiver, told};
use serde_json::Value;

/// How many events happen while the receiver is away.
const BURST: usize = 5_000;
/// In how many cases.
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

/// The receiver is away for so many seconds, which pass in steps of so many.
#[expect(clippy::disallowed_macros, reason = "a table of results is printed")]
fn outage(named: &str, seconds: i64, step: i64) {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let _ = receiver.subscribed(&ledger);
    ledger.until_waiting(1);
    receiver.now_answers(Answers::Down);
    burst(&ledger);
    for _ in 0..(seconds / step).max(1) {
        ledger.seconds_pass(step.min(seconds));
        thread::sleep(Duration::from_millis(30));
    }
    receiver.now_answers(Answers::With(204));
    let (back, began) = (ledger.now(), Instant::now());
    let waits = || assert!(began.elapsed() < Duration::from_mins(2), "{} arrived", receiver.accepted().len());
    while receiver.accepted().is_empty() {
        waits();
        ledger.seconds_pass(step / 10);
        thread::sleep(Duration::from_millis(30));
    }
    let first_after = ledger.now().duration_since(back);
    while receiver.accepted().len() < BURST {
        waits();
        thread::sleep(Duration::from_millis(100));
    }
    let accepted = receiver.accepted();
    let (mut next, mut twice) = (BTreeMap::new(), 0);
    for message in &accepted {
        let version = message.body["data"]["version"].as_u64().expect("a version");
        let expected = next.entry(message.about().to_owned()).or_insert(1);
        assert!(version <= *expected, "order is kept: {version} after {expected}");
        if version == *expected { *expected += 1 } else { twice += 1 }
    }
    let distinct: u64 = next.values().map(|next| next - 1).sum();
    assert_eq!(distinct, BURST as u64, "nothing is lost");
    println!(
        "| {named} | {BURST} | {distinct} | {twice} | {} | {} s |",
        tries_that_failed(&ledger),
        first_after.as_secs()
    );
}

/// Fifty events in each of a hundred cases, a case in one report.
fn burst(ledger: &Ledger) {
    let day = jiff::civil::date(2021, 1, 4);
    for _ in 0..CASES {
        let mut history = vec![told("intake-registered").happening(day)];
        let later = std::iter::repeat_with(|| told("contact-person-assigned").happening(day));
        history.extend(later.take(BURST / CASES - 1));
        let _ = ledger.imports(&Value::Array(history));
    }
}

fn tries_that_failed(ledger: &Ledger) -> i64 {
    ledger.in_the_database(async |owner| {
        let count = sqlx::query_scalar("SELECT count(*) FROM delivery_attempts WHERE outcome <> 'delivered'");
        count.fetch_one(owner).await.expect("a table")
    })
}
