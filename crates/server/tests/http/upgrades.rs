//! No request changes the protocol of its connection, and no connection is lost by asking for it.

use crate::server::{Server, intake};
use crate::wire::Wire;

/// What Java's own HTTP client sends with its first request in plain.
const H2C: &str = "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n\
                   Upgrade: h2c\r\n";
const WEBSOCKET: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const OTHERS: &str = "connection: upgrade\r\nupgrade: TLS/1.2, HTTP/2.0\r\n";

#[tokio::test]
async fn a_request_to_change_the_protocol_is_ignored_and_the_connection_kept() {
    let server = Server::start().await;
    for asks in [H2C, WEBSOCKET, OTHERS] {
        let mut wire = Wire::to(server.address).await;
        for _ in 0..3 {
            wire.sends(&format!("GET /health/live HTTP/1.1\r\nHost: localhost\r\n{asks}\r\n")).await;
            let response = wire.receives().await;
            assert_eq!((response.status, response.body.as_str()), (200, r#"{"status":"live"}"#), "{asks}");
            assert!(
                !response.head.contains("connection:") && !response.head.contains("upgrade"),
                "{}",
                response.head
            );
        }
    }
}

#[tokio::test]
async fn a_report_that_asks_for_another_protocol_is_recorded_and_the_next_one_too() {
    let server = Server::start().await;
    let body = intake().to_string();
    let (length, token) = (body.len(), server.token());
    let chunks = format!("{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n", 20, &body[..20], length - 20, &body[20..]);
    let framed = format!("Content-Length: {length}\r\n\r\n{body}");
    for asks in [H2C, WEBSOCKET, OTHERS] {
        let mut wire = Wire::to(server.address).await;
        for framed in [&framed, &format!("Transfer-Encoding: chunked\r\n\r\n{chunks}"), &framed] {
            let request = format!(
                "POST /v1/trajectories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                 Authorization: Bearer {token}\r\n"
            );
            wire.sends(&format!("{request}{asks}{framed}")).await;
            let response = wire.receives().await;
            assert_eq!(response.status, 201, "{asks}: {} {}", response.head, response.body);
            assert!(!response.head.contains("connection:"), "{}", response.head);
        }
    }
}

#[tokio::test]
async fn two_requests_that_are_sent_at_once_are_both_answered() {
    let server = Server::start().await;
    let mut wire = Wire::to(server.address).await;
    let request = format!("GET /health/live HTTP/1.1\r\nHost: localhost\r\n{H2C}\r\n");
    wire.sends(&request.repeat(2)).await;
    assert_eq!([wire.receives().await.status, wire.receives().await.status], [200, 200]);
}

#[tokio::test]
async fn a_caller_who_also_asks_to_close_is_obeyed() {
    let server = Server::start().await;
    for asks in
        ["Connection: close, Upgrade\r\nUpgrade: h2c\r\n", "Connection: Upgrade\r\nConnection: close\r\n"]
    {
        let mut wire = Wire::to(server.address).await;
        wire.sends(&format!("GET /health/live HTTP/1.1\r\nHost: localhost\r\n{asks}\r\n")).await;
        assert!(wire.receives().await.head.contains("connection: close"));
        assert!(wire.is_closed().await);
    }
}
