//! A request by a partner.

use std::sync::Arc;

use omklap_domain::visibility::{Role, Viewer};
use reqwest::Method;
use reqwest::blocking::{Body, Client};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName};
use serde_json::Value;

use crate::Answer;
use crate::partners::{Identity, Partners};

/// A request, by default by a case worker of a care provider.
#[derive(Debug)]
pub struct Request {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Body>,
    partners: Arc<Partners>,
    identity: Identity,
}

impl Request {
    pub(crate) fn new(client: Client, partners: Arc<Partners>, method: Method, url: String) -> Self {
        let (headers, identity) = (HeaderMap::new(), Identity::default());
        Self { client, method, url, headers, body: None, partners, identity }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("the name of a header");
        self.headers.insert(name, value.parse().expect("the value of a header"));
        self
    }

    /// Removes a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// As this organisation.
    #[must_use]
    pub fn by(mut self, organisation: &str) -> Self {
        organisation.clone_into(&mut self.identity.organisation);
        self
    }

    /// In this role.
    #[must_use]
    pub fn in_role(mut self, role: &str) -> Self {
        role.clone_into(&mut self.identity.role);
        self
    }

    /// As this viewer: its organisation and role, and the trajectory if the viewer is a client.
    #[must_use]
    pub fn as_viewer(self, viewer: &Viewer) -> Self {
        let request = self.by(viewer.organisation.as_str());
        match viewer.trajectory {
            Some(trajectory) if viewer.role == Role::Client => request.as_client_of(&trajectory.to_string()),
            _ => request.in_role(viewer.role.as_str()),
        }
    }

    /// For this purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: &str) -> Self {
        purpose.clone_into(&mut self.identity.purpose);
        self
    }

    /// As this person, named by a pseudonym.
    #[must_use]
    pub fn as_actor(mut self, actor: &str) -> Self {
        actor.clone_into(&mut self.identity.actor);
        self
    }

    /// As the client of this trajectory.
    #[must_use]
    pub fn as_client_of(mut self, trajectory: &str) -> Self {
        self.identity.trajectory = Some(trajectory.to_owned());
        self.in_role("client")
    }

    /// With only these scopes, separated by spaces.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &str) -> Self {
        scopes.clone_into(&mut self.identity.scopes);
        self
    }

    /// With this bearer token, which may be invalid.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Without a token.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.identity = Identity::anonymous();
        self
    }

    /// With this value of `If-Match`: the version that the caller has seen.
    #[must_use]
    pub fn seen(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// With an idempotency key.
    #[must_use]
    pub fn once(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body. Registers every organisation that the body names.
    #[must_use]
    pub fn json(self, json: &Value) -> Self {
        self.partners.register_named(json);
        self.body(json.to_string())
    }

    /// With a raw body, sent as JSON unless a content type was set. Registers no organisation.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Body>) -> Self {
        self.body = Some(bytes.into());
        if self.headers.contains_key(CONTENT_TYPE) {
            self
        } else {
            self.header("content-type", "application/json")
        }
    }

    /// Sends the request and returns the answer.
    #[track_caller]
    #[must_use]
    pub fn answer(self) -> Answer {
        let url = self.url.clone();
        self.try_answer().unwrap_or_else(|error| panic!("{url} does not answer: {error:?}"))
    }

    /// Sends the request.
    ///
    /// # Errors
    /// If the connection breaks, or if no server listens.
    pub fn try_answer(self) -> reqwest::Result<Answer> {
        let request = self.client.request(self.method, self.url).headers(self.headers.clone());
        let needs_token = !self.identity.is_anonymous() && !self.headers.contains_key(AUTHORIZATION);
        let request =
            if needs_token { request.bearer_auth(self.partners.token(&self.identity)) } else { request };
        let request = if let Some(body) = self.body { request.body(body) } else { request };
        Answer::of(request.send()?)
    }
}
