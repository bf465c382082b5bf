//! What a report rests on: the version that was seen, and the key that makes a repeat of it one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use omklap_store::Seen;
use utoipa::IntoParams;

use super::headers::{one, parsed};
use super::problem::{Complaint, Fault, Kind, Problem};

/// The version of the trajectory that the caller has seen, from `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatch {
    /// The `ETag` of the trajectory as it was last read, or `*` for whichever version there is.
    #[param(rename = "If-Match", value_type = String, pattern = r#"^("[1-9][0-9]{0,8}"|\*)$"#, example = "*")]
    pub seen: Seen,
}

/// That nothing is there yet, from `If-None-Match: *`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfNoneMatch {
    /// `*`: only if there is no such trajectory yet.
    #[param(rename = "If-None-Match", value_type = String, pattern = r"^\*$", example = "*")]
    nothing: (),
}

/// A key of the caller's own choice that makes a repeat of a request one: it is answered as the first time, and
/// recorded once.
#[derive(Clone, Debug, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// A key of your own choice, such as a UUID. A repeat with the same key is answered as the first time and recorded once;
    /// every program (`client_id`) has its own keys.
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
            seen(value)
                .ok_or_else(|| Complaint::header("If-Match", Fault::NotAsAgreed).limit("\"12\", *").into())
        });
        ready(seen.map(|seen| Self { seen }))
    }
}

/// `"7"` or `*`. Weak tags never match (RFC 9110 §13.1.1), and we hand out none.
fn seen(value: &str) -> Option<Seen> {
    if value == "*" {
        return Some(Seen::Any);
    }
    let version = value.strip_prefix('"')?.strip_suffix('"')?;
    let canonical =
        version.len() <= 9 && !version.starts_with('0') && version.bytes().all(|byte| byte.is_ascii_digit());
    version.parse().ok().filter(|_| canonical).map(Seen::Version)
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match one(request.headers(), "If-None-Match") {
            Ok(Some("*")) => Ok(Self { nothing: () }),
            Ok(Some(_)) => Err(Complaint::header("If-None-Match", Fault::NotAsAgreed).limit("*").into()),
            Ok(None) => Err(Kind::AbsenceRequired.into()),
            Err(fault) => Err(fault.into()),
        })
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = parsed(request.headers(), "Idempotency-Key", |text| {
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
        assert_eq!(seen("\"7\""), Some(Seen::Version(7)));
        assert_eq!(seen("*"), Some(Seen::Any));
        for wrong in ["7", "W/\"7\"", "\"07\"", "\"\"", "\"7\", \"8\"", "\"-7\"", "\"99999999999999999999\""]
        {
            assert_eq!(seen(wrong), None, "{wrong}");
        }
    }
}
