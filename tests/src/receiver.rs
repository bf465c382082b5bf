//! A partner's receiver of webhooks. It keeps every message, and answers as the test sets it to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Api;

/// How long a journey waits for a message to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a receiver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answers {
    /// With this status.
    With(u16),
    /// With this status and this header.
    WithHeader(u16, &'static str),
    /// No answer: it breaks the connection before it has read anything.
    Down,
    /// No answer, but it keeps the connection open.
    Hanging,
    /// One byte of the head every 100 ms.
    ByteByByte,
    /// 200, with a body of a gigabyte.
    AGigabyte,
    /// 500 to messages about this trajectory, 204 to others.
    FailingFor(String),
    /// This status to messages of this kind, 204 to others.
    ToKind(u16, &'static str),
}

impl Answers {
    /// The status of the answer to a message with this body.
    fn status(&self, body: &Value) -> u16 {
        match self {
            Self::With(status) | Self::WithHeader(status, _) => *status,
            Self::FailingFor(trajectory) if body["subject"] == **trajectory => 500,
            Self::ToKind(status, kind) if body["type"] == format!("nl.omklap.{kind}.v1") => *status,
            Self::FailingFor(_) | Self::ToKind(..) => 204,
            Self::Down | Self::Hanging | Self::ByteByByte | Self::AGigabyte => 200,
        }
    }
}

/// A message that arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// Headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body, in the format `CloudEvents`.
    pub body: Value,
    /// Status of the answer; 0 if there was no complete answer.
    pub answered: u16,
}

impl Received {
    /// The message's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// The trajectory that the message is about.
    #[must_use]
    pub fn about(&self) -> &str {
        self.body["subject"].as_str().unwrap_or_default()
    }
}

/// A receiver on this machine. A clone is the same receiver.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    answers: Arc<Mutex<Answers>>,
    received: Arc<Mutex<Vec<Received>>>,
    poured: Arc<AtomicU64>,
}

impl Receiver {
    /// A receiver that answers in this way.
    #[must_use]
    pub fn that_answers(answers: Answers) -> Self {
        Self::at("127.0.0.1", answers)
    }

    /// A receiver at this address of this machine.
    #[must_use]
    pub fn at(address: &str, answers: Answers) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let answers = Arc::new(Mutex::new(answers));
        let receiver = Self { address, answers, received: Arc::default(), poured: Arc::default() };
        let listening = receiver.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let receiver = listening.clone();
                thread::spawn(move || receiver.answer(connection));
            }
        });
        receiver
    }

    /// The URL on which it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// Changes how it answers from now on.
    pub fn now_answers(&self, answers: Answers) {
        *lock(&self.answers) = answers;
    }

    /// The messages that were accepted, in the order of arrival.
    #[must_use]
    pub fn accepted(&self) -> Vec<Received> {
        let all = lock(&self.received).clone();
        all.into_iter().filter(|received| (200..300).contains(&received.answered)).collect()
    }

    /// All messages that arrived, in the order of arrival.
    #[must_use]
    pub fn arrived(&self) -> Vec<Received> {
        lock(&self.received).clone()
    }

    /// How many bytes of [`Answers::AGigabyte`] the ledger has read.
    #[must_use]
    pub fn poured(&self) -> u64 {
        self.poured.load(Ordering::Relaxed)
    }

    /// Waits until this many messages were accepted, and returns all that were.
    #[track_caller]
    #[must_use]
    pub fn waits_for(&self, messages: usize) -> Vec<Received> {
        let until = Instant::now() + PATIENCE;
        loop {
            let accepted = self.accepted();
            if accepted.len() >= messages {
                return accepted;
            }
            assert!(Instant::now() < until, "{} of {messages} arrived", accepted.len());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Subscribes it to everything that the default caller has access to, and returns the subscription.
    #[track_caller]
    #[must_use]
    pub fn subscribe(&self, api: &Api) -> Value {
        api.post("/v1/subscriptions").json(&json!({ "url": self.url() })).answer().with_status(201).body
    }

    fn answer(&self, mut connection: TcpStream) {
        let answers = lock(&self.answers).clone();
        if answers == Answers::Down {
            return;
        }
        let Some((headers, body)) = read(&connection) else { return };
        let status = answers.status(&body);
        let answered = if matches!(answers, Answers::Hanging | Answers::ByteByByte) { 0 } else { status };
        // Recorded before it is answered: a message that the ledger counts as accepted has been
        // received.
        lock(&self.received).push(Received { headers, body, answered });
        match answers {
            Answers::Hanging => thread::sleep(Duration::from_mins(1)),
            Answers::ByteByByte => dribble(&mut connection),
            Answers::AGigabyte => pour(&mut connection, &self.poured),
            Answers::WithHeader(_, header) => respond(&mut connection, status, &format!("{header}\r\n")),
            _ => respond(&mut connection, status, ""),
        }
    }
}

fn read(connection: &TcpStream) -> Option<(BTreeMap<String, String>, Value)> {
    let mut reader = BufReader::new(connection);
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((headers, serde_json::from_slice(&body).ok()?))
}

fn respond(connection: &mut TcpStream, status: u16, header: &str) {
    let head = format!("HTTP/1.1 {status} x\r\n{header}content-length: 0\r\nconnection: close\r\n\r\n");
    connection.write_all(head.as_bytes()).ok();
}

fn dribble(connection: &mut TcpStream) {
    for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-padding: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n" {
        if connection.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn pour(connection: &mut TcpStream, poured: &AtomicU64) {
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n").ok();
    let piece = vec![b'a'; 65_536];
    for _ in 0..16_384 {
        if connection.write_all(&piece).is_err() {
            return;
        }
        poured.fetch_add(65_536, Ordering::Relaxed);
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
