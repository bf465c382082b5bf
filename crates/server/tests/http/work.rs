//! Expensive requests: a caller that requests too much has to wait, and the work for a caller that
//! hangs up is stopped.

use std::num::NonZeroU32;
use std::time::Duration;

use omklap::auth::Budget;
use omklap_store::background::at_work;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

use crate::server::{Server, Settings, announced, answer};

#[tokio::test]
async fn too_much_work_is_refused_with_the_time_to_try_again() {
    let budget = Some(Budget::of(NonZeroU32::new(10).expect("ten")));
    let server = Server::set(Settings { budget, ..Settings::default() }).await;
    let trajectory = server.opened().await;
    // The cost is known only afterwards.
    assert_eq!(server.report(&trajectory, late(60).to_string()).await.status, 201);
    let response = server.report(&trajectory, announced("2026-11-01").to_string()).await;
    assert_eq!((response.status, response.problem()), (429, "work-spent"), "{}", response.body);
    let seconds: u64 = response.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!(seconds >= 1, "{seconds}");
    assert_eq!(answer(server.anonymous("/health/live")).await.status, 200);
}

/// Facts that each happened a day before the previous one, so that all but the first are late.
fn late(facts: i64) -> Value {
    let last: jiff::civil::Date = "2026-11-01".parse().expect("a day");
    let day = |n| last - jiff::SignedDuration::from_hours(24 * (n % 240));
    (0..facts).map(|n| announced(&day(n).to_string())).collect()
}

#[tokio::test]
async fn a_report_of_many_late_facts_is_recorded_if_the_caller_waits() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let response = server.report(&trajectory, late(200).to_string()).await;
    assert_eq!((response.status, &response.body["version"]), (201, &json!(201)), "{}", response.body);
}

#[tokio::test]
async fn work_stops_when_the_caller_hangs_up_and_nothing_is_recorded() {
    let server = Server::start().await;
    let trajectory = server.opened().await;
    let body = late(10_000).to_string();
    let request = format!(
        "POST {trajectory}/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nif-match: *\r\n\
         content-length: {}\r\nauthorization: Bearer {}\r\n\r\n{body}",
        body.len(),
        server.token()
    );
    let mut connection = TcpStream::connect(server.address).await.expect("it listens");
    connection.write_all(request.as_bytes()).await.expect("it reads");
    until(|| at_work() > 0).await;
    drop(connection);
    until(|| at_work() == 0).await;
    assert_eq!(server.version(&trajectory).await, 1, "it was given up, not finished");
}

/// Checks repeatedly until it is so.
async fn until(is_so: impl Fn() -> bool) {
    let mut beat = interval(Duration::from_millis(5));
    let looked = async {
        while !is_so() {
            beat.tick().await;
        }
    };
    timeout(Duration::from_mins(1), looked).await.expect("within a minute");
}
