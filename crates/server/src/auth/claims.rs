//! The claims of a token, and their validation.

use std::collections::BTreeSet;

use omklap_domain::ids::{ClientId, TrajectoryId, UserId};
use omklap_domain::text::citizen_service_number_in_code;
use omklap_domain::visibility::Role;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::issuer::Issuer;
use super::purpose::Purpose;
use super::scope::Scope;
use super::token_fault::TokenFault;

/// The maximum difference between the clocks of an issuer and of this server, in seconds.
const CLOCKS_APART: i64 = 30;

/// The maximum lifetime of a token, in seconds: a day (our decision). A longer one could not be
/// revoked.
const LONGEST_LIFE: i64 = 24 * 60 * 60;

/// The claims of an access token (RFC 9068), and our own four: `role`, `roles`, `purpose` and
/// `trajectory`. They are read one by one, so that each that is missing or of another type is named.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Claims(Map<String, Value>);

/// What a valid token grants, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its issuer, by the name in the settings.
    pub issuer: String,
    /// The client program.
    pub client: ClientId,
    /// The person who uses the program, by a pseudonym of their organisation; the program itself if
    /// no person uses it.
    pub actor: UserId,
    /// Its scopes.
    pub scopes: BTreeSet<Scope>,
    /// The role to act in unless the request picks another, if the token names one.
    pub role: Option<Role>,
    /// Every role that it grants, `role` included; all that are registered if it names none.
    pub roles: Option<BTreeSet<Role>>,
    /// The purpose, if the token has one.
    pub purpose: Option<Purpose>,
    /// The one trajectory of the client (the person) that it is for.
    pub trajectory: Option<TrajectoryId>,
    /// What shows later that this token was used.
    pub evidence: Evidence,
    /// The first second it is valid, since 1970.
    not_before: i64,
    /// The first second it is no longer valid, since 1970.
    expires: i64,
}

/// What is kept of a token, so that its issuer and its holder can show later which one was used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// SHA-256 of the token as it was sent, in hexadecimal.
    pub digest: String,
    /// Its `jti` (RFC 9068 §2.2), if it has one that may be kept.
    pub id: Option<String>,
}

impl Grant {
    /// A grant of nothing, for tests.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            issuer: "development".to_owned(),
            client: "de-vaart".parse().expect("a code"),
            actor: "u-1".parse().expect("a code"),
            scopes: BTreeSet::new(),
            role: None,
            roles: None,
            purpose: None,
            trajectory: None,
            evidence: Evidence::default(),
            not_before: 0,
            expires: i64::MAX,
        }
    }

    /// Whether it is valid at this instant, in seconds since 1970.
    #[must_use]
    pub fn holds_at(&self, now: i64) -> bool {
        self.not_before <= now + CLOCKS_APART && now < self.expires + CLOCKS_APART
    }
}

impl Claims {
    /// What these grant at this instant, in seconds since 1970. The digest is that of their token.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn granted(&self, issuer: &Issuer, digest: &[u8; 32], now: i64) -> Result<Grant, Vec<TokenFault>> {
        let mut faults = Vec::new();
        let (not_before, expires) = self.time(issuer, now, &mut faults);
        let mut read = Reading { faults: &mut faults };
        let client = read.required(self.text("client_id", code), TokenFault::ClientMiswritten);
        let actor = read.required(self.text("sub", code), TokenFault::SubjectMiswritten);
        let scope =
            read.optional(self.text("scope", |text| Some(text.to_owned())), TokenFault::ScopeMiswritten);
        let role = read.optional(self.text("role", Role::named), TokenFault::RoleMiswritten);
        let roles = read.optional(self.roles(), TokenFault::RolesMiswritten);
        let purpose = read.optional(self.text("purpose", purpose), TokenFault::PurposeMiswritten);
        let trajectory = read.optional(self.text("trajectory", trajectory), TokenFault::TrajectoryMiswritten);
        let (Some(client), Some(actor), true) = (client, actor, faults.is_empty()) else {
            return Err(faults);
        };
        // Unknown scopes are for other services; scopes that this issuer may not grant are ignored.
        let scopes = scope.iter().flat_map(|scope| scope.split(' ')).filter_map(Scope::named);
        let named = role.is_some() || roles.is_some();
        Ok(Grant {
            issuer: issuer.name().to_owned(),
            client,
            actor,
            scopes: scopes.filter(|scope| issuer.may_grant(*scope)).collect(),
            role,
            roles: named.then(|| roles.into_iter().flatten().chain(role).collect()),
            purpose,
            trajectory,
            evidence: Evidence { digest: hex::encode(digest), id: self.text("jti", token_id).flatten() },
            not_before,
            expires,
        })
    }

    /// Checks for whom and when the token is; returns the first second it is valid, and the first
    /// that it no longer is.
    fn time(&self, issuer: &Issuer, now: i64, faults: &mut Vec<TokenFault>) -> (i64, i64) {
        let mut read = Reading { faults };
        let audience = read.required(self.audience(), TokenFault::AudienceMiswritten);
        let for_us = audience.is_none_or(|names| names.contains(&issuer.audience()));
        read.unless(for_us, TokenFault::WrongAudience);
        let expires = read.required(self.instant("exp"), TokenFault::ExpiryMiswritten);
        let lives = expires.is_none_or(|expires| now < expires.saturating_add(CLOCKS_APART));
        read.unless(lives, TokenFault::Expired);
        let begun = read.required(self.instant("iat"), TokenFault::WithoutInstant);
        let not_before = read.optional(self.instant("nbf"), TokenFault::NotBeforeMiswritten);
        let not_before = not_before.into_iter().chain(begun).max().unwrap_or(i64::MAX);
        read.unless(begun.is_none() || not_before <= now + CLOCKS_APART, TokenFault::NotYetValid);
        let life = expires.zip(begun).map(|(expires, begun)| expires.saturating_sub(begun));
        read.unless(life.is_none_or(|life| life <= LONGEST_LIFE), TokenFault::LivesTooLong);
        (not_before, expires.unwrap_or(i64::MIN))
    }

    /// A claim; one that is null counts as absent.
    fn claim(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Claim<T> {
        self.claim(name).map(|value| value.as_str().and_then(read))
    }

    fn instant(&self, name: &str) -> Claim<i64> {
        self.claim(name).map(|value| value.as_f64().map(seconds))
    }

    fn audience(&self) -> Claim<Vec<&str>> {
        self.claim("aud").map(|value| match value {
            Value::String(one) => Some(vec![one.as_str()]),
            several => texts(several),
        })
    }

    /// The roles that a token lists. Names that are no role of ours are for other services.
    fn roles(&self) -> Claim<BTreeSet<Role>> {
        let known = |names: Vec<&str>| names.into_iter().filter_map(Role::named).collect();
        self.claim("roles").map(|value| texts(value).map(known))
    }
}

/// A claim: absent, miswritten, or read.
type Claim<T> = Option<Option<T>>;

/// Collects the faults of claims while they are read.
struct Reading<'f> {
    faults: &'f mut Vec<TokenFault>,
}

impl Reading<'_> {
    fn unless(&mut self, holds: bool, fault: TokenFault) {
        if !holds {
            self.faults.push(fault);
        }
    }

    fn required<T>(&mut self, claim: Claim<T>, fault: TokenFault) -> Option<T> {
        let read = claim.flatten();
        self.unless(read.is_some(), fault);
        read
    }

    fn optional<T>(&mut self, claim: Claim<T>, fault: TokenFault) -> Option<T> {
        self.unless(!matches!(claim, Some(None)), fault);
        claim.flatten()
    }
}

/// A list of texts.
fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn purpose(code: &str) -> Option<Purpose> {
    Purpose::read(code).filter(|_| is_kept(code))
}

/// An id of a token that may be kept. Another one is left out: the digest shows the token all the same.
fn token_id(id: &str) -> Option<String> {
    let is_short = (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    (is_short && is_kept(id)).then(|| id.to_owned())
}

fn trajectory(id: &str) -> Option<TrajectoryId> {
    id.parse::<Uuid>().ok().map(TrajectoryId)
}

fn is_kept(code: &str) -> bool {
    citizen_service_number_in_code(code).is_none()
}

/// A name that may be kept: it holds no citizen service number.
fn code<T: std::str::FromStr>(text: &str) -> Option<T> {
    if is_kept(text) { text.parse().ok() } else { None }
}

/// A `NumericDate` may have a fraction (RFC 7519 §2).
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond 64 bits is cut off at their end, which is no date"
)]
fn seconds(date: f64) -> i64 {
    date.floor() as i64
}
