//! Sends one message to one receiver and returns the result.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use omklap_store::subscriptions::Secret;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::allowed_hosts::Allowed;
use super::attempt_outcome::{AttemptOutcome, AttemptResult, answered, asked, failed};
use super::cloud_event;
use super::cloud_event::CloudEvent;
use super::signature::signature;
use super::{Settings, WEBHOOK_ATTEMPTS};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How many bytes of an answer's body are read, and for how long. The body is not kept.
const READ_AT_MOST: usize = 4_096;
const READ_FOR: Duration = Duration::from_millis(500);
/// How many are on their way to one host at the same time: an owner of many subscriptions there
/// waits for its own messages only.
const AT_ONCE_TO_A_HOST: usize = 32;

/// Sends one message to one address, and reports the outcome of the attempt.
pub struct Sender {
    client: Client,
    allowed: Allowed,
    whole: Duration,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Sender {
    /// A sender with the allowed hosts, time limit and certificate authorities of the settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self::going(Allowed::naming(settings.webhook_hosts.clone()), settings)
    }

    /// A sender that connects only to allowed addresses.
    fn going(allowed: Allowed, settings: &Settings) -> Self {
        let client = settings
            .authorities
            .believed_by(Client::builder())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(allowed.clone()))
            .connect_timeout(CONNECT)
            .user_agent(concat!("omklap/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("a client without settings that could be wrong");
        let whole = Duration::from_secs(settings.webhook_timeout);
        Self { client, allowed, whole, hosts: Mutex::default() }
    }

    /// The hosts that webhooks may be sent to.
    #[must_use]
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Waits until not too many messages are under way to the host of this address. A message whose
    /// result a caller waits for takes no turn, because many messages to a host that is down would
    /// delay it.
    ///
    /// # Panics
    /// Never: the turns are never closed.
    pub async fn turn(&self, url: &str) -> Option<OwnedSemaphorePermit> {
        let url = self.allowed.address(url).ok()?;
        Some(self.host(&url).acquire_owned().await.expect("it is never closed"))
    }

    /// Sends a message, signed with these secrets.
    pub async fn send(
        &self,
        url: &str,
        secrets: &[Secret],
        event: &CloudEvent,
        now: Timestamp,
    ) -> AttemptResult {
        let sent = self.tried(url, secrets, event, now).await;
        metrics::counter!(WEBHOOK_ATTEMPTS, "outcome" => sent.outcome.as_str()).increment(1);
        sent
    }

    async fn tried(
        &self,
        url: &str,
        secrets: &[Secret],
        event: &CloudEvent,
        now: Timestamp,
    ) -> AttemptResult {
        let Ok(url) = self.allowed.address(url) else {
            return AttemptResult {
                outcome: AttemptOutcome::TargetNotAllowed,
                status: None,
                asked: None,
                took_ms: 0,
            };
        };
        let started = Instant::now();
        let answer = timeout(self.whole, self.request(url, secrets, event, now).send()).await;
        let took_ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Err(_) => AttemptResult { outcome: AttemptOutcome::TimedOut, status: None, asked: None, took_ms },
            Ok(Err(error)) => AttemptResult { outcome: failed(&error), status: None, asked: None, took_ms },
            Ok(Ok(response)) => {
                let (status, asked) = (response.status(), asked(&response, now));
                // Only the status counts: a body that is long, slow or broken changes nothing.
                timeout(READ_FOR, drain(response)).await.ok();
                AttemptResult {
                    outcome: answered(status, asked),
                    status: Some(status.as_u16()),
                    asked,
                    took_ms,
                }
            }
        }
    }

    fn request(&self, url: Url, secrets: &[Secret], event: &CloudEvent, now: Timestamp) -> RequestBuilder {
        let body = event.bytes();
        self.client
            .post(url)
            .header(CONTENT_TYPE, cloud_event::CONTENT_TYPE)
            .header("webhook-id", event.id().to_string())
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", signature(secrets, event.id(), now, &body))
            .body(body)
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Hosts without waiters are dropped.
        if hosts.len() > 1_000 {
            hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_TO_A_HOST))))
    }
}

/// Reads the short body that most receivers send, so that the connection can be reused.
async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(piece)) = response.chunk().await {
        read += piece.len();
        if read > READ_AT_MOST {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
