//! Sends one message to one receiver, and says what came of it.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use omklap_store::subscriptions::Secret;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::message::{self, CloudEvent};
use super::signature::signature;
use super::target::{Allowed, NotAllowed};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How many bytes of an answer's body are read, and for how long. What it says is not kept.
const READ_AT_MOST: usize = 4_096;
const READ_FOR: Duration = Duration::from_millis(500);
/// How many are on their way to one host at the same time: who has many subscriptions there waits for himself.
const AT_ONCE_TO_A_HOST: usize = 32;

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx: accepted.
    Delivered,
    /// Another status.
    Refused,
    /// 410: there is nobody any more.
    Gone,
    /// 429 or 503 with `Retry-After`: not now.
    AskedToWait,
    /// 3xx: we do not go elsewhere.
    Redirected,
    /// No answer in time.
    TimedOut,
    /// The receiver could not show that it is the one.
    CertificateRefused,
    /// The address leads where webhooks may not go.
    TargetNotAllowed,
    /// No connection, or it broke.
    Unreachable,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 9] = [
        Self::Delivered,
        Self::Refused,
        Self::Gone,
        Self::AskedToWait,
        Self::Redirected,
        Self::TimedOut,
        Self::CertificateRefused,
        Self::TargetNotAllowed,
        Self::Unreachable,
    ];

    /// The code on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::AskedToWait => "asked-to-wait",
            Self::Redirected => "redirected",
            Self::TimedOut => "timed-out",
            Self::CertificateRefused => "certificate-refused",
            Self::TargetNotAllowed => "target-not-allowed",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A try, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What came of it.
    pub outcome: Outcome,
    /// What the receiver answered, where it did.
    pub status: Option<u16>,
    /// How long it asked to be left alone.
    pub asked: Option<SignedDuration>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// Sends messages.
pub struct Sender {
    client: Client,
    allowed: Allowed,
    whole: Duration,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Sender {
    /// A sender that may also go to these hosts, and waits this long for an answer.
    pub(super) fn new(hosts: Vec<String>, whole: Duration) -> Self {
        let allowed = Allowed(hosts.into());
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(allowed.clone()))
            .connect_timeout(CONNECT)
            .user_agent(concat!("omklap/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("a client without settings that could be wrong");
        Self { client, allowed, whole, hosts: Mutex::default() }
    }

    /// Where webhooks may go.
    #[must_use]
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Sends a message, signed with these secrets.
    ///
    /// # Panics
    /// Never: the turns are never closed.
    pub async fn send(&self, url: &str, secrets: &[Secret], event: &CloudEvent, now: Timestamp) -> Sent {
        let Ok(url) = self.allowed.address(url) else {
            return Sent { outcome: Outcome::TargetNotAllowed, status: None, asked: None, took_ms: 0 };
        };
        let host = self.host(&url);
        let _turn = host.acquire().await.expect("it is never closed");
        let started = Instant::now();
        let answer = timeout(self.whole, self.answer(url, secrets, event, now)).await;
        let took_ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Err(_) => Sent { outcome: Outcome::TimedOut, status: None, asked: None, took_ms },
            Ok(Err(error)) => Sent { outcome: failed(&error), status: None, asked: None, took_ms },
            Ok(Ok((status, asked))) => {
                Sent { outcome: answered(status, asked), status: Some(status.as_u16()), asked, took_ms }
            }
        }
    }

    async fn answer(
        &self,
        url: Url,
        secrets: &[Secret],
        event: &CloudEvent,
        now: Timestamp,
    ) -> reqwest::Result<(StatusCode, Option<SignedDuration>)> {
        let body = event.bytes();
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, message::CONTENT_TYPE)
            .header("webhook-id", event.id().to_string())
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", signature(secrets, event.id(), now, &body))
            .body(body);
        let response = request.send().await?;
        let answered = (response.status(), asked(&response, now));
        // That the status came is what counts: a body that is long, slow or broken changes nothing.
        timeout(READ_FOR, drain(response)).await.ok();
        Ok(answered)
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whom nobody waits for any more are forgotten.
        if hosts.len() > 1_000 {
            hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_TO_A_HOST))))
    }
}

/// Reads the little that most receivers say, so that the connection can be used again.
async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(piece)) = response.chunk().await {
        read += piece.len();
        if read > READ_AT_MOST {
            return;
        }
    }
}

fn answered(status: StatusCode, asked: Option<SignedDuration>) -> Outcome {
    match status {
        StatusCode::GONE => Outcome::Gone,
        StatusCode::TOO_MANY_REQUESTS => Outcome::AskedToWait,
        StatusCode::SERVICE_UNAVAILABLE if asked.is_some() => Outcome::AskedToWait,
        status if status.is_success() => Outcome::Delivered,
        status if status.is_redirection() => Outcome::Redirected,
        _ => Outcome::Refused,
    }
}

/// `Retry-After`, in seconds or as a date.
fn asked(response: &Response, now: Timestamp) -> Option<SignedDuration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(SignedDuration::from_secs(seconds.into()));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(at.duration_since(now).max(SignedDuration::ZERO))
}

fn failed(error: &reqwest::Error) -> Outcome {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<NotAllowed>() {
            return Outcome::TargetNotAllowed;
        }
        // The library for TLS is not named among ours; it says "invalid peer certificate".
        if error.to_string().contains("certificate") {
            return Outcome::CertificateRefused;
        }
        cause = error.source();
    }
    if error.is_timeout() { Outcome::TimedOut } else { Outcome::Unreachable }
}
