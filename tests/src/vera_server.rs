//! A corporation's own server that speaks VERA: it keeps what it is sent, and answers as the test sets it to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Value, json};

/// How such a server answers a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It keeps the message.
    All,
    /// It keeps nothing, and answers with this status.
    Nothing(u16),
    /// It keeps the messages of this list, and answers the others with this status.
    Only(&'static str, u16),
    /// It keeps every second message, and answers the others with this status.
    EverySecond(u16),
    /// It keeps the message, and breaks the connection before it has answered.
    AndDies,
    /// It keeps the message, and never answers.
    AndHangs,
}

/// A message that it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The method and the path, such as `POST /aanbiedingen`.
    pub request: String,
    /// `X-Stuurgegevens-Referentienummer`.
    pub number: String,
    /// The message.
    pub body: Value,
}

/// A server of a corporation on this machine. A clone is the same server.
#[derive(Clone)]
pub struct VeraServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    takes: Takes,
    lists: BTreeMap<String, Vec<Value>>,
    sent: Vec<Sent>,
    reads: BTreeMap<String, usize>,
    ids: u32,
}

struct Asked {
    method: String,
    path: String,
    number: String,
    body: Value,
}

impl VeraServer {
    /// A server with nothing in it.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let state = State {
            takes: Takes::All,
            lists: BTreeMap::new(),
            sent: Vec::new(),
            reads: BTreeMap::new(),
            ids: 0,
        };
        let server = Self { address, state: Arc::new(Mutex::new(state)) };
        let listening = server.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let server = listening.clone();
                thread::spawn(move || server.answer(connection));
            }
        });
        server
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v4", self.address)
    }

    /// From now on it answers so.
    pub fn takes(&self, takes: Takes) {
        self.lock().takes = takes;
    }

    /// Puts an object into a list, instead of the one with the same id.
    pub fn puts(&self, list: &str, object: Value) {
        let mut state = self.lock();
        let objects = state.lists.entry(list.to_owned()).or_default();
        objects.retain(|known| known["id"] != object["id"]);
        objects.push(object);
    }

    /// The objects of a list.
    #[must_use]
    pub fn list(&self, list: &str) -> Vec<Value> {
        self.lock().lists.get(list).cloned().unwrap_or_default()
    }

    /// The messages that it was sent, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().sent.clone()
    }

    /// How often this list was read.
    #[must_use]
    pub fn reads(&self, list: &str) -> usize {
        self.lock().reads.get(list).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, mut connection: TcpStream) {
        let Some(asked) = read(&connection) else { return };
        let list = asked.path.split(['/', '?']).next().unwrap_or_default().to_owned();
        if asked.method == "GET" {
            *self.lock().reads.entry(list.clone()).or_default() += 1;
            let found = found(&self.list(&list), &asked.path);
            return respond(&mut connection, 200, &Value::from(found));
        }
        let mut state = self.lock();
        let request = format!("{} /{}", asked.method, asked.path);
        state.sent.push(Sent { request, number: asked.number.clone(), body: asked.body.clone() });
        let status = match state.takes {
            Takes::Nothing(status) => Some(status),
            Takes::Only(kept, status) if kept != list => Some(status),
            Takes::EverySecond(status) if state.sent.len() % 2 == 1 => Some(status),
            _ => None,
        };
        if let Some(status) = status {
            let refused = json!({"code": "geweigerd", "omschrijving": "Sam de Boer kennen wij niet"});
            return respond(&mut connection, status, &refused);
        }
        let kept = state.keep(&list, asked);
        let takes = state.takes;
        drop(state);
        match takes {
            Takes::AndDies => {}
            // Until the other side gives up.
            Takes::AndHangs => drop(connection.read(&mut [0])),
            _ => respond(&mut connection, if kept.1 { 201 } else { 200 }, &kept.0),
        }
    }
}

impl State {
    /// The object as it is kept, and whether it is new.
    fn keep(&mut self, list: &str, asked: Asked) -> (Value, bool) {
        let mut object = asked.body;
        let named = asked.path.split_once('/').map(|(_, id)| id.to_owned());
        let is_new = named.is_none();
        let id = named.unwrap_or_else(|| {
            self.ids += 1;
            format!("T-{}", self.ids)
        });
        object["id"] = Value::from(id);
        let objects = self.lists.entry(list.to_owned()).or_default();
        match objects.iter_mut().find(|known| known["id"] == object["id"]) {
            Some(known) => *known = object.clone(),
            None => objects.push(object.clone()),
        }
        (object, is_new)
    }
}

/// The objects that a query asks for.
fn found(objects: &[Value], path: &str) -> Vec<Value> {
    let key = path.split_once("idExtern=").map(|(_, key)| key.to_owned());
    let is_asked = |object: &&Value| key.as_ref().is_none_or(|key| object["idExtern"] == **key);
    objects.iter().filter(is_asked).cloned().collect()
}

fn read(connection: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(connection);
    let (mut first, mut line) = (String::new(), String::new());
    reader.read_line(&mut first).ok()?;
    let (mut length, mut number) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "x-stuurgegevens-referentienummer" => value.clone_into(&mut number),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (method, rest) = first.split_once(' ')?;
    let path = rest.split(' ').next()?.strip_prefix("/v4/")?.to_owned();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Asked { method: method.to_owned(), path, number, body })
}

fn respond(connection: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).ok();
    connection.write_all(body.as_bytes()).ok();
}
