//! Neither a slow caller nor a response that does not come is waited for.

use std::time::Duration;

use omklap::http::Patience;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, interval, timeout};

use crate::server::{Server, Settings, answer};

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_waited_for_so_long_and_no_longer() {
    let patience = Patience { body: Duration::from_secs(1), ..Patience::default() };
    let server = Server::set(Settings { patience, ..Settings::default() }).await;
    let mut connection = TcpStream::connect(server.address).await.expect("it listens");
    let request = format!(
        "POST /v1/trajectories HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: 4096\r\nauthorization: Bearer {}\r\n\r\n",
        server.token()
    );
    connection.write_all(request.as_bytes()).await.expect("it reads");
    let (began, (mut from, mut to)) = (Instant::now(), connection.split());
    // Each byte comes in time, but the whole body is too slow.
    let dribbles = async {
        let mut beat = interval(Duration::from_millis(50));
        while to.write_all(b" ").await.is_ok() {
            beat.tick().await;
        }
    };
    let mut buffer = vec![0; 4096];
    let reading = async { from.read(&mut buffer).await.expect("an answer") };
    let length = tokio::select! {
        length = timeout(Duration::from_secs(20), reading) => length.expect("in time"),
        () = dribbles => panic!("the connection is closed without a word"),
    };
    let response = String::from_utf8_lossy(&buffer[..length]);
    assert!(response.starts_with("HTTP/1.1 408 ") && response.contains("/problems/too-slow"), "{response}");
    assert!(began.elapsed() >= Duration::from_secs(1), "there is no response before");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up_by_the_server_itself() {
    let patience = Patience { answer: Duration::from_secs(1), ..Patience::default() };
    let server = Server::set(Settings { patience, ..Settings::default() }).await;
    let response = answer(server.get("/v1/feed?wait=30s")).await;
    assert_eq!((response.status, response.problem()), (503, "unavailable"), "{}", response.body);
}

#[test]
fn a_server_waits_half_a_minute_for_a_body_and_a_minute_and_a_half_for_an_answer() {
    let Patience { body, answer } = Patience::default();
    assert_eq!((body.as_secs(), answer.as_secs()), (30, 90));
}
