//! The claims of a token, and their validation.

use std::collections::BTreeSet;

use omklap_domain::ids::{ClientId, TrajectoryId, UserId};
use omklap_domain::text::citizen_service_number_in_code;
use omklap_domain::visibility::Role;
use serde::Deserialize;
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

/// The claims of an access token (RFC 9068), and our own three: `role`, `purpose` and `trajectory`.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    sub: Option<String>,
    client_id: Option<String>,
    #[serde(default)]
    scope: String,
    role: Option<String>,
    purpose: Option<String>,
    trajectory: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

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
    /// The role, if the token has one.
    pub role: Option<Role>,
    /// The purpose, if the token has one.
    pub purpose: Option<Purpose>,
    /// The one trajectory of the client (the person) that it is for.
    pub trajectory: Option<TrajectoryId>,
    /// The first second it is valid, since 1970.
    not_before: i64,
    /// The first second it is no longer valid, since 1970.
    expires: i64,
}

impl Grant {
    /// Whether it is valid at this instant, in seconds since 1970.
    #[must_use]
    pub fn holds_at(&self, now: i64) -> bool {
        self.not_before <= now + CLOCKS_APART && now < self.expires + CLOCKS_APART
    }
}

impl Claims {
    /// What these grant at this instant, in seconds since 1970.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn granted(self, issuer: &Issuer, now: i64) -> Result<Grant, Vec<TokenFault>> {
        let mut faults = Vec::new();
        let mut unless = |holds: bool, fault| {
            if !holds {
                faults.push(fault);
            }
        };
        let (expires, begun) = (seconds(self.exp), self.iat.map(seconds));
        let not_before = self.nbf.map(seconds).into_iter().chain(begun).max().unwrap_or(i64::MAX);
        unless(self.aud.names(issuer.audience()), TokenFault::WrongAudience);
        unless(now < expires.saturating_add(CLOCKS_APART), TokenFault::Expired);
        unless(begun.is_some(), TokenFault::WithoutInstant);
        unless(begun.is_none() || not_before <= now + CLOCKS_APART, TokenFault::NotYetValid);
        unless(
            begun.is_none_or(|begun| expires.saturating_sub(begun) <= LONGEST_LIFE),
            TokenFault::LivesTooLong,
        );
        let client = self.client_id.as_deref().and_then(code::<ClientId>);
        unless(client.is_some(), TokenFault::ClientMiswritten);
        let actor = self.sub.as_deref().and_then(code::<UserId>);
        unless(actor.is_some(), TokenFault::SubjectMiswritten);
        let role = self.role.as_deref().map(Role::named);
        unless(role != Some(None), TokenFault::RoleMiswritten);
        let purpose = self.purpose.as_deref().map(|code| Purpose::read(code).filter(|_| is_kept(code)));
        unless(purpose != Some(None), TokenFault::PurposeMiswritten);
        let trajectory = self.trajectory.as_deref().map(|id| id.parse::<Uuid>().ok().map(TrajectoryId));
        unless(trajectory != Some(None), TokenFault::TrajectoryMiswritten);
        let (Some(client), Some(actor), true) = (client, actor, faults.is_empty()) else {
            return Err(faults);
        };
        // Unknown scopes are for other services; scopes that this issuer may not grant are ignored.
        let scopes = self.scope.split(' ').filter_map(Scope::named).filter(|scope| issuer.may_grant(*scope));
        Ok(Grant {
            issuer: issuer.name().to_owned(),
            client,
            actor,
            scopes: scopes.collect(),
            role: role.flatten(),
            purpose: purpose.flatten(),
            trajectory: trajectory.flatten(),
            not_before,
            expires,
        })
    }
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
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
