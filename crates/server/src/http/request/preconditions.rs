//! The preconditions of a report: the version that the caller saw, and the idempotency key.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use jiff::Timestamp;
use omklap_store::{Ledger, Seen, VersionTag};
use utoipa::IntoParams;
use uuid::Uuid;

use super::entity_tags::EntityTags;
use super::headers::{one, parsed};
use crate::http::problem::{Complaint, Form, Kind, Problem};

/// The version of the trajectory that the caller has seen, from `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatch {
    /// The `ETag` of what is reported on as it was last read, or `*` for any version.
    #[param(rename = "If-Match", value_type = String, example = "*")]
    pub seen: Seen,
}

/// That the trajectory does not exist yet, from `If-None-Match: *`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfNoneMatch {
    /// `*`: only if there is no such trajectory yet.
    #[param(rename = "If-None-Match", value_type = String, pattern = r"^\*$", example = "*")]
    nothing: (),
}

/// An idempotency key of the caller's choice: a repeated request gets the first response again and
/// is recorded once.
#[derive(Clone, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// A key of your own choice, such as a UUID. A repeat with the same key gets the first response
    /// again and is recorded once; every program (`client_id`) has its own keys.
    #[param(
        rename = "Idempotency-Key",
        nullable = false,
        pattern = "^[!-~]{1,128}$",
        example = "0199f0a4-7d1e-7cc0-9d4c-1b6f5f0e2a11"
    )]
    pub key: Option<String>,
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let seen = one(request.headers(), "If-Match").map_err(Problem::from).and_then(|value| {
            let value = value.ok_or(Kind::VersionRequired)?;
            seen(value).ok_or_else(|| Complaint::header("If-Match", Form::EntityTags).into())
        });
        ready(seen.map(|seen| Self { seen }))
    }
}

/// The tag of a version of a stream: its number, and a keyed mark of what was recorded last.
/// The number is for people who read a log; programs keep it as it is.
#[must_use]
pub fn etag(ledger: &Ledger, stream: impl Into<Uuid>, version: u64, recorded_at: Timestamp) -> String {
    let VersionTag(tag) = ledger.version_tag(stream, version, recorded_at);
    format!("\"{version}-{}\"", hex::encode(tag))
}

/// A version that no trajectory reaches.
const NEVER: (u64, VersionTag) = (999_999_999, VersionTag([0; 8]));

/// The version that the tags of a header name: the newest of them, since no older one can match. Tags
/// that are weak, or that [`etag`] did not make, name a version that never was.
fn seen(value: &str) -> Option<Seen> {
    let tags = EntityTags::read(value)?;
    if tags == EntityTags::Any {
        return Some(Seen::Any);
    }
    let newest = tags.versions().filter_map(version).max_by_key(|(version, _)| *version);
    let (version, tag) = newest.unwrap_or(NEVER);
    Some(Seen::Version(version, tag))
}

/// What [`etag`] makes, without its quotes.
fn version(opaque: &str) -> Option<(u64, VersionTag)> {
    let (version, tag) = opaque.split_once('-')?;
    let canonical =
        version.len() <= 9 && !version.starts_with('0') && version.bytes().all(|byte| byte.is_ascii_digit());
    let mut read = [0; 8];
    hex::decode_to_slice(tag, &mut read).ok()?;
    let in_one_way = hex::encode(read) == tag && canonical;
    version.parse().ok().filter(|_| in_one_way).map(|version| (version, VersionTag(read)))
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match one(request.headers(), "If-None-Match") {
            Ok(Some("*")) => Ok(Self { nothing: () }),
            Ok(Some(_)) => Err(Complaint::header("If-None-Match", Form::Asterisk).into()),
            Ok(None) => Err(Kind::AbsenceRequired.into()),
            Err(fault) => Err(fault.into()),
        })
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = parsed(request.headers(), "Idempotency-Key", Form::Key, |text| {
            let fits = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
            fits.then(|| text.to_owned())
        });
        ready(key.map(|key| Self { key }).map_err(Problem::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_in_one_way() {
        let tag = VersionTag([0, 1, 2, 3, 4, 5, 6, 255]);
        let seven = Some(Seen::Version(7, tag));
        assert_eq!(seen("*"), Some(Seen::Any));
        let tag = "00010203040506ff";
        for right in [
            format!("\"7-{tag}\""),
            format!("\"7-{tag}.0123456789abcdef\""),
            format!("\"6-{tag}\", W/\"9-{tag}\", \"7-{tag}\""),
        ] {
            assert_eq!(seen(&right), seven, "{right}");
        }
        let capitals = tag.to_uppercase();
        for other in [
            "\"7\"",
            "\"7-\"",
            "\"\"",
            &format!("W/\"7-{tag}\""),
            &format!("\"07-{tag}\""),
            &format!("\"7-{capitals}\""),
            &format!("\"7-{tag}00\""),
            &format!("\"-7-{tag}\""),
            &format!("\"99999999999999999999-{tag}\""),
        ] {
            assert_eq!(seen(other), Some(Seen::Version(NEVER.0, NEVER.1)), "{other}");
        }
        for wrong in ["", "7", &format!("7-{tag}"), &format!("\"7-{tag}"), "\"7\" \"8\""] {
            assert_eq!(seen(wrong), None, "{wrong}");
        }
    }
}
