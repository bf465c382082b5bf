//! The outcome of an attempt to deliver a message.

use std::error::Error;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

use super::allowed_hosts::NotAllowed;

/// The outcome of a delivery attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// 2xx: accepted.
    Delivered,
    /// Another status.
    Refused,
    /// 410: the receiver is gone for good.
    Gone,
    /// 429 or 503 with `Retry-After`: not now.
    AskedToWait,
    /// 3xx: redirects are not followed.
    Redirected,
    /// No response in time.
    TimedOut,
    /// The receiver's certificate is not valid.
    CertificateRefused,
    /// The address is not allowed for webhooks.
    TargetNotAllowed,
    /// No connection, or it broke.
    Unreachable,
}

impl AttemptOutcome {
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

/// The result of a delivery attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptResult {
    /// The outcome.
    pub outcome: AttemptOutcome,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// How long the receiver asked to wait.
    pub asked: Option<SignedDuration>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

impl AttemptResult {
    /// Whether the receiver refused this message but may accept others: 4xx, except the statuses
    /// that ask for another attempt.
    #[must_use]
    pub fn refuses_the_message(&self) -> bool {
        let refused = self.status.filter(|_| self.outcome == AttemptOutcome::Refused);
        refused.is_some_and(|status| (400..500).contains(&status) && status != 408)
    }

    /// Whether the receiver itself failed on the message: an error of its own, not a gateway's.
    #[must_use]
    pub fn broke_the_receiver(&self) -> bool {
        let refused = self.status.filter(|_| self.outcome == AttemptOutcome::Refused);
        refused.is_some_and(|status| status >= 500 && !(502..=504).contains(&status))
    }
}

pub(crate) fn answered(status: StatusCode, asked: Option<SignedDuration>) -> AttemptOutcome {
    match status {
        StatusCode::GONE => AttemptOutcome::Gone,
        StatusCode::TOO_MANY_REQUESTS => AttemptOutcome::AskedToWait,
        StatusCode::SERVICE_UNAVAILABLE if asked.is_some() => AttemptOutcome::AskedToWait,
        status if status.is_success() => AttemptOutcome::Delivered,
        status if status.is_redirection() => AttemptOutcome::Redirected,
        _ => AttemptOutcome::Refused,
    }
}

/// `Retry-After`, in seconds or as a date.
pub(crate) fn asked(response: &Response, now: Timestamp) -> Option<SignedDuration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(SignedDuration::from_secs(seconds.into()));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(at.duration_since(now).max(SignedDuration::ZERO))
}

pub(crate) fn failed(error: &reqwest::Error) -> AttemptOutcome {
    // Only its causes: its own message has the address, which may hold personal data.
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<NotAllowed>() {
            return AttemptOutcome::TargetNotAllowed;
        }
        // The library for TLS is not named among ours; it says "invalid peer certificate".
        if error.to_string().contains("certificate") {
            return AttemptOutcome::CertificateRefused;
        }
        cause = error.source();
    }
    if error.is_timeout() { AttemptOutcome::TimedOut } else { AttemptOutcome::Unreachable }
}
