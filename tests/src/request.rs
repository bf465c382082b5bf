//! What a partner asks.

use std::sync::Arc;

use omklap_domain::visibility::{Role, Viewer};
use reqwest::Method;
use reqwest::blocking::{Body, Client};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName};
use serde_json::Value;

use crate::Answer;
use crate::partners::{Partners, Who};

/// A request of a care provider's case worker, unless something else is said.
#[derive(Debug)]
pub struct Request {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Body>,
    partners: Arc<Partners>,
    who: Who,
}

impl Request {
    pub(crate) fn new(client: Client, partners: Arc<Partners>, method: Method, url: String) -> Self {
        Self { client, method, url, headers: HeaderMap::new(), body: None, partners, who: Who::default() }
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
    pub fn by(mut self, organisation: &str) -> Self {
        organisation.clone_into(&mut self.who.organisation);
        self
    }

    /// In another role.
    #[must_use]
    pub fn in_role(mut self, role: &str) -> Self {
        role.clone_into(&mut self.who.role);
        self
    }

    /// Spoken by somebody in this role, for this organisation; a client of this trajectory.
    #[must_use]
    pub fn spoken_by(self, viewer: &Viewer) -> Self {
        let spoken = self.by(viewer.organisation.as_str());
        match viewer.trajectory {
            Some(trajectory) if viewer.role == Role::Client => spoken.as_client_of(&trajectory.to_string()),
            _ => spoken.in_role(viewer.role.as_str()),
        }
    }

    /// For another purpose.
    #[must_use]
    pub fn in_order_to(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.who.purpose);
        self
    }

    /// For another person, by a pseudonym.
    #[must_use]
    pub fn as_actor(mut self, actor: &str) -> Self {
        actor.clone_into(&mut self.who.actor);
        self
    }

    /// In the role of the client of this trajectory.
    #[must_use]
    pub fn as_client_of(mut self, trajectory: &str) -> Self {
        self.who.trajectory = Some(trajectory.to_owned());
        self.in_role("client")
    }

    /// With these scopes, with spaces between them, and no others.
    #[must_use]
    pub fn granted(mut self, scopes: &str) -> Self {
        scopes.clone_into(&mut self.who.scopes);
        self
    }

    /// With this token, whatever it is.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// By nobody who says who it is.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.who = Who::nobody();
        self
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

    /// Telling this, by and about partners that are registered.
    #[must_use]
    pub fn telling(self, json: &Value) -> Self {
        self.partners.register_named(json);
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
        let request = self.client.request(self.method, self.url).headers(self.headers.clone());
        let signed = self.who.is_somebody() && !self.headers.contains_key(AUTHORIZATION);
        let request = if signed { request.bearer_auth(self.partners.token(&self.who)) } else { request };
        let request = if let Some(body) = self.body { request.body(body) } else { request };
        Answer::of(request.send()?)
    }
}
