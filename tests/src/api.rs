//! The API of a ledger under test.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::Value;

use crate::{Case, Request, Told};

/// The day on which cases begin, unless something else is said: early enough for a whole follow-up to be over.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2021, 1, 4);

/// How to ask a ledger. A clone asks the same one.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    address: SocketAddr,
}

impl Api {
    pub(crate) fn at(address: SocketAddr) -> Self {
        // A connection each: one that is kept can be closed by the server while it is taken up again.
        let client =
            Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(Duration::from_mins(1)).build();
        Self { client: client.expect("a client without settings that could be wrong"), address }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
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
        Request::new(self.client.clone(), method, format!("http://{}{path}", self.address))
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
        Case::begun(self.clone(), &answer, day)
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
