//! The API of a ledger under test.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use omklap::auth::DevelopmentIssuer;
use omklap::clock::Clock;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::Value;

use crate::partners::{Identity, Partners};
use crate::{Case, Request, SampleFact};

/// The day on which cases begin by default. It is early enough for a whole follow-up to be over.
pub const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2021, 1, 4);

/// A client of one ledger. A clone talks to the same ledger.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    address: SocketAddr,
    partners: Arc<Partners>,
}

impl Api {
    pub(crate) fn at(address: SocketAddr, issuer: DevelopmentIssuer, clock: Clock) -> Self {
        // One connection per request: the server may close an idle connection just as it is reused.
        let client =
            Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(Duration::from_mins(1)).build();
        let client = client.expect("valid client settings");
        let partners = Arc::new(Partners::of(client.clone(), address, issuer, clock));
        Self { client, address, partners }
    }

    /// The address on which the ledger listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token of an administrator, who manages the partners.
    #[must_use]
    pub fn administrator(&self) -> String {
        self.partners.administrator()
    }

    /// The usual claims of a case worker, overridden by these. A null removes a claim.
    #[must_use]
    pub fn claims(&self, claims: &Value) -> Value {
        self.partners.claims(claims)
    }

    /// A signed token with the usual claims of a case worker, overridden by these. A null removes a
    /// claim. The issuer signs even claims that are invalid.
    #[must_use]
    pub fn token_claiming(&self, claims: &Value) -> String {
        self.partners.issuer().sign(&self.partners.claims(claims))
    }

    /// A GET request.
    #[must_use]
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// A POST request.
    #[must_use]
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// A request with any method.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(
            self.client.clone(),
            Arc::clone(&self.partners),
            method,
            format!("http://{}{path}", self.address),
        )
    }

    /// Sends raw bytes on a new connection and returns everything that the server answers. The
    /// result is empty if the server only closes the connection.
    #[must_use]
    pub fn send_raw(&self, bytes: &[u8]) -> String {
        let mut connection = TcpStream::connect(self.address).expect("it listens");
        let mut answer = Vec::new();
        // A server that refuses may close the connection before everything is written or read.
        let _ = connection.write_all(bytes).and_then(|()| connection.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A case that begins with this fact.
    #[track_caller]
    #[must_use]
    pub fn opens(&self, fact: impl Into<SampleFact>) -> Case {
        self.imports(&fact.into().happening(FIRST_DAY))
    }

    /// A case that begins with this list of facts, or with this one fact: brought by the usual care
    /// provider if it is a partner in it, and otherwise by the matching point.
    #[track_caller]
    #[must_use]
    pub fn imports(&self, history: &Value) -> Case {
        let request = self.post("/v1/trajectories").json(history);
        let is_partner = history.to_string().contains(&format!("\"{}\"", Identity::default().organisation));
        let request =
            if is_partner { request } else { request.by("matching-point").in_role("matching-point") };
        let answer = request.answer().with_status(201);
        let last = history.as_array().map_or(Some(history), |facts| facts.last());
        let day = last.and_then(|fact| fact["occurredOn"].as_str()?.parse().ok()).unwrap_or(FIRST_DAY);
        Case::opened(self.clone(), &answer, history, day)
    }

    /// All pages of a list.
    #[must_use]
    pub fn pages(&self, path: &str) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).answer().with_status(200);
            pages.push(page.body["items"].as_array().expect("a page has items").clone());
            next = page.next();
        }
        pages
    }
}
