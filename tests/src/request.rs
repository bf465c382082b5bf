//! What a partner asks.

use reqwest::Method;
use reqwest::blocking::{Body, Client};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::Answer;

/// A request of a care provider's case worker, unless something else is said.
#[derive(Debug)]
pub struct Request {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Body>,
}

/// Who asks in most journeys.
const CALLER: [(&str, &str); 4] = [
    ("omklap-actor", "u-7f3a"),
    ("omklap-organisation", "de-vaart"),
    ("omklap-role", "care-provider"),
    ("omklap-purpose", "case-work"),
];

impl Request {
    pub(crate) fn new(client: Client, method: Method, url: String) -> Self {
        let headers =
            CALLER.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        Self { client, method, url, headers: headers.into_iter().collect(), body: None }
    }

    /// With this header, instead of another of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("the name of a header");
        self.headers.insert(name, value.parse().expect("the value of a header"));
        self
    }

    /// Without this header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// For another organisation.
    #[must_use]
    pub fn by(self, organisation: &str) -> Self {
        self.header("omklap-organisation", organisation)
    }

    /// Resting on this version, as the header writes it.
    #[must_use]
    pub fn seen(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// With an idempotency key.
    #[must_use]
    pub fn once(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Telling this.
    #[must_use]
    pub fn telling(self, json: &Value) -> Self {
        self.writing(json.to_string())
    }

    /// Sending these bytes as JSON, whatever they are.
    #[must_use]
    pub fn writing(mut self, bytes: impl Into<Body>) -> Self {
        self.body = Some(bytes.into());
        if self.headers.contains_key(CONTENT_TYPE) {
            self
        } else {
            self.header("content-type", "application/json")
        }
    }

    /// The answer.
    #[track_caller]
    #[must_use]
    pub fn answer(self) -> Answer {
        let url = self.url.clone();
        self.try_answer().unwrap_or_else(|error| panic!("{url} answers: {error:?}"))
    }

    /// The answer, where there is one.
    ///
    /// # Errors
    /// Where the connection broke, or nobody listens.
    pub fn try_answer(self) -> reqwest::Result<Answer> {
        let request = self.client.request(self.method, self.url).headers(self.headers);
        let request = if let Some(body) = self.body { request.body(body) } else { request };
        Answer::of(request.send()?)
    }
}
