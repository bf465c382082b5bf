//! A partner's receiver of webhooks: it keeps what it is sent, and answers as it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Api;

/// How long a journey waits for something to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a receiver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answers {
    /// With this status.
    With(u16),
    /// With this status and this header.
    Saying(u16, &'static str),
    /// Not at all: it breaks the connection before it has read anything.
    Down,
    /// Not at all, but it keeps the connection.
    Hanging,
    /// One byte of the head every 100 ms.
    ByteByByte,
    /// 200, with a gigabyte behind it.
    AGigabyte,
    /// 500 to messages about this trajectory, 204 to others.
    NotAbout(String),
    /// This status to messages of this kind, 204 to others.
    ToKind(u16, &'static str),
}

/// Something that arrived and was accepted or refused.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Value,
    /// With which status it was answered.
    pub answered: u16,
}

impl Received {
    /// The message's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// The trajectory that it is about.
    #[must_use]
    pub fn about(&self) -> &str {
        self.body["subject"].as_str().unwrap_or_default()
    }
}

/// A receiver on this machine. Clones are the same one.
#[derive(Clone)]
pub struct Receiver {
    address: SocketAddr,
    answers: Arc<Mutex<Answers>>,
    received: Arc<Mutex<Vec<Received>>>,
    poured: Arc<AtomicU64>,
}

impl Receiver {
    /// One that answers like this.
    #[must_use]
    pub fn that_answers(answers: Answers) -> Self {
        Self::at("127.0.0.1", answers)
    }

    /// One at this address of this machine.
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

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// From now on it answers like this.
    pub fn now_answers(&self, answers: Answers) {
        *lock(&self.answers) = answers;
    }

    /// What was accepted, in the order of arrival.
    #[must_use]
    pub fn accepted(&self) -> Vec<Received> {
        let all = lock(&self.received).clone();
        all.into_iter().filter(|received| (200..300).contains(&received.answered)).collect()
    }

    /// What arrived, accepted or not.
    #[must_use]
    pub fn arrived(&self) -> Vec<Received> {
        lock(&self.received).clone()
    }

    /// How many bytes of a gigabyte were taken from it.
    #[must_use]
    pub fn poured(&self) -> u64 {
        self.poured.load(Ordering::Relaxed)
    }

    /// Waits until this many were accepted.
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

    /// Subscribes it to everything that the usual caller may know of.
    #[track_caller]
    #[must_use]
    pub fn subscribed(&self, api: &Api) -> Value {
        api.post("/v1/subscriptions").telling(&json!({ "url": self.url() })).answer().with_status(201).body
    }

    fn answer(&self, mut connection: TcpStream) {
        let answers = lock(&self.answers).clone();
        if answers == Answers::Down {
            return;
        }
        let Some((headers, body)) = read(&connection) else { return };
        let (status, more) = match &answers {
            Answers::With(status) => (*status, String::new()),
            Answers::Saying(status, header) => (*status, format!("{header}\r\n")),
            Answers::NotAbout(trajectory) if body["subject"] == **trajectory => (500, String::new()),
            Answers::ToKind(status, kind) => {
                let is_of_it = body["type"] == format!("nl.omklap.{kind}.v1");
                (if is_of_it { *status } else { 204 }, String::new())
            }
            Answers::NotAbout(_) => (204, String::new()),
            _ => (200, String::new()),
        };
        let kept = Received {
            headers,
            body,
            answered: if matches!(answers, Answers::Hanging | Answers::ByteByByte) { 0 } else { status },
        };
        match answers {
            Answers::Hanging => {
                lock(&self.received).push(kept);
                thread::sleep(Duration::from_mins(1));
            }
            Answers::ByteByByte => {
                lock(&self.received).push(kept);
                dribble(&mut connection);
            }
            Answers::AGigabyte => {
                lock(&self.received).push(kept);
                pour(&mut connection, &self.poured);
            }
            _ => {
                // Kept before it is answered: what the ledger takes for accepted was received.
                lock(&self.received).push(kept);
                let head =
                    format!("HTTP/1.1 {status} x\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n");
                connection.write_all(head.as_bytes()).ok();
            }
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
