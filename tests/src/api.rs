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

use crate::partners::Partners;
use crate::{Case, Request, Told};

/// The day on which cases begin, unless something else is said: early enough for a whole follow-up to be over.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2021, 1, 4);

/// How to ask a ledger. A clone asks the same one.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    address: SocketAddr,
    partners: Arc<Partners>,
}

impl Api {
    pub(crate) fn at(address: SocketAddr, issuer: DevelopmentIssuer, clock: Clock) -> Self {
        // A connection each: one that is kept can be closed by the server while it is taken up again.
        let client =
            Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(Duration::from_mins(1)).build();
        let client = client.expect("a client without settings that could be wrong");
        let partners = Arc::new(Partners::of(client.clone(), address, issuer, clock));
        Self { client, address, partners }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token of somebody who keeps the partners.
    #[must_use]
    pub fn administrator(&self) -> String {
        self.partners.administrator()
    }

    /// The usual claims of a case worker, with these in their place. A claim that is null is left out.
    #[must_use]
    pub fn claims(&self, claims: &Value) -> Value {
        self.partners.claims(claims)
    }

    /// A token of these claims beside the usual ones of a case worker, which its issuer signed whatever they are. A claim that
    /// is null is left out.
    #[must_use]
    pub fn token_claiming(&self, claims: &Value) -> String {
        self.partners.issuer().sign(&self.partners.claims(claims))
    }

    /// Reads a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// Sends something to a path.
    #[must_use]
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// Asks a path with this method.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(
            self.client.clone(),
            Arc::clone(&self.partners),
            method,
            format!("http://{}{path}", self.address),
        )
    }

    /// Everything that is answered to these bytes, whatever they are; nothing where the connection is only closed.
    #[must_use]
    pub fn hears(&self, bytes: &[u8]) -> String {
        let mut connection = TcpStream::connect(self.address).expect("it listens");
        let mut heard = Vec::new();
        // Whoever refuses may close the connection while we still write, or before we have read.
        let _ = connection.write_all(bytes).and_then(|()| connection.read_to_end(&mut heard));
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// A case that begins with this fact.
    #[track_caller]
    #[must_use]
    pub fn opens(&self, fact: impl Into<Told>) -> Case {
        self.imports(&fact.into().happening(FIRST_DAY))
    }

    /// A case that begins with this history, or with this one fact.
    #[track_caller]
    #[must_use]
    pub fn imports(&self, history: &Value) -> Case {
        let answer = self.post("/v1/trajectories").telling(history).answer().with_status(201);
        let last = history.as_array().map_or(Some(history), |facts| facts.last());
        let day = last.and_then(|fact| fact["occurredOn"].as_str()?.parse().ok()).unwrap_or(FIRST_DAY);
        Case::begun(self.clone(), &answer, history, day)
    }

    /// Everything that a list holds, page after page.
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
