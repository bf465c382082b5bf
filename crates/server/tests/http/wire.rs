//! HTTP/1.1 byte by byte, for requests that no HTTP library would send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A connection that is kept for as long as the server keeps it.
pub struct Wire {
    address: SocketAddr,
    stream: TcpStream,
    read: Vec<u8>,
}

/// A response as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireResponse {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Wire {
    pub async fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("it listens");
        Self { address, stream, read: Vec::new() }
    }

    /// Sends these bytes.
    pub async fn sends(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).await.expect("the connection is open");
    }

    /// The next response.
    pub async fn receives(&mut self) -> WireResponse {
        let began = tokio::time::Instant::now();
        let response = self.next().await;
        response.unwrap_or_else(|| panic!("closed without an answer after {:?}", began.elapsed()))
    }

    /// Whether the server has closed the connection without another response.
    pub async fn is_closed(&mut self) -> bool {
        self.next().await.is_none()
    }

    /// Sends a request and returns the response. Connects again if the server closes the
    /// connection, and then repeats a request that a slow machine sent too late (RFC 9110 §15.5.9).
    pub async fn asks(&mut self, method: &str, target: &str, headers: &str, body: &str) -> WireResponse {
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        self.sends(&request).await;
        let mut response = self.receives().await;
        if response.status == 408 && response.body.is_empty() {
            *self = Self::to(self.address).await;
            self.sends(&request).await;
            response = self.receives().await;
        }
        // What is not HTTP is refused by actix itself, which then closes the connection.
        if response.head.contains("connection: close") || response.status == 400 && response.body.is_empty() {
            *self = Self::to(self.address).await;
        }
        response
    }

    async fn next(&mut self) -> Option<WireResponse> {
        loop {
            if let Some(response) = self.whole() {
                return Some(response);
            }
            let more = self.stream.read_buf(&mut self.read);
            let length = timeout(Duration::from_secs(20), more).await.expect("in time");
            if length.expect("the connection is not reset") == 0 {
                assert_eq!(self.read, b"", "half an answer");
                return None;
            }
        }
    }

    fn whole(&mut self) -> Option<WireResponse> {
        let text = String::from_utf8_lossy(&self.read).into_owned();
        let (head, rest) = text.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
        let body = rest.get(..length)?.to_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        self.read.drain(..head.len() + 4 + length);
        Some(WireResponse { status, head, body })
    }
}

impl WireResponse {
    /// The last part of the problem's type; nothing if it is no problem.
    pub fn problem(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned()
    }
}
