//! Authentication: the bearer token of a trusted issuer becomes a [`Grant`] (OAuth 2, RFC 6750 and
//! RFC 9068, as the NL GOV profile narrows them).
//!
//! A token names the client program and its scopes. The organisation that the client speaks for is
//! registered in the database, so no issuer can let the client of one partner speak for another.

mod budget;
pub mod certificate_authorities;
mod claims;
mod development;
mod issuer;
mod jwks;
mod keys;
mod purpose;
mod rate;
mod registered;
mod safe_address;
pub mod scope;
mod token_fault;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, Header, decode_header};
use omklap_domain::ids::ClientId;
use omklap_domain::register::Register;
use omklap_store::organisations::Registered;
use omklap_store::{Organisations, StoreError};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

use crate::clock::Clock;

pub use budget::Budget;
pub use claims::{Claims, Evidence, Grant};
pub use development::{DevelopmentIssuer, TokenRequest};
pub use issuer::{Issuer, IssuerSettings};
pub use keys::KeysMissing;
pub use purpose::Purpose;
pub use rate::{Allowance, Rate};
pub use token_fault::TokenFault;

/// The algorithms that a token may be signed with (NL GOV profile). Never `none`, never one with a
/// shared secret.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

/// How long a token may be, in bytes.
pub const LONGEST_TOKEN: usize = 8 * 1024;

/// How many verified tokens are cached.
const MOST_VERIFIED: usize = 10_000;

/// Why a caller is not signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// The token is not accepted, for these reasons.
    Invalid(Vec<TokenFault>),
    /// The issuer's keys could never be fetched, so the token cannot be verified.
    IssuerUnreachable,
    /// The token is valid, but its client is not registered or is disabled.
    ClientNotAdmitted,
    /// The database cannot be reached.
    Store(StoreError),
}

impl From<TokenFault> for NotSignedIn {
    fn from(fault: TokenFault) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// Verifies tokens and looks up their clients.
#[derive(Debug)]
pub struct SignIn {
    issuers: Vec<Issuer>,
    /// The built-in issuer, if no other is trusted.
    development: Option<DevelopmentIssuer>,
    organisations: Organisations,
    clock: Clock,
    verified: Mutex<HashMap<[u8; 32], Verified>>,
    clients: Mutex<HashMap<ClientId, (Instant, Arc<Registered>)>>,
    register: Mutex<Option<(Instant, Arc<Register>)>>,
    rate: Option<Rate>,
    budget: Option<Budget>,
}

/// A token with a valid signature and valid claims.
#[derive(Clone, Debug)]
struct Verified {
    grant: Arc<Grant>,
    /// The generation of the issuer's keys: a token is verified again after the keys change.
    generation: u64,
}

/// The one claim that is read before the signature: whose keys to try.
#[derive(Deserialize)]
struct UnverifiedClaims {
    iss: String,
}

impl SignIn {
    /// Trusts these issuers.
    #[must_use]
    pub fn trusting(issuers: Vec<Issuer>, organisations: Organisations, clock: Clock) -> Self {
        let (verified, clients) = (Mutex::default(), Mutex::default());
        let (development, register, rate, budget) = (None, Mutex::default(), None, None);
        Self { issuers, development, organisations, clock, verified, clients, register, rate, budget }
    }

    /// Trusts the built-in issuer and no other.
    #[must_use]
    pub fn developing(issuer: DevelopmentIssuer, organisations: Organisations, clock: Clock) -> Self {
        let trusting = Self::trusting(vec![issuer.trusted()], organisations, clock);
        Self { development: Some(issuer), ..trusting }
    }

    /// Limits the request rate of each client.
    #[must_use]
    pub fn at_most(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// Limits the work of each client.
    #[must_use]
    pub fn working_at_most(self, budget: Budget) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// The seconds until this client may request work again; `None` if it may now, or if there is
    /// no limit.
    pub fn wait_for_work(&self, client: &ClientId) -> Option<u64> {
        self.budget.as_ref().and_then(|budget| budget.wait(client))
    }

    /// Waits for the turn of this client for a request that may take long, if there is a limit.
    pub async fn turn(&self, client: &ClientId) -> Option<OwnedSemaphorePermit> {
        match &self.budget {
            Some(budget) => Some(budget.turn(client).await),
            None => None,
        }
    }

    /// Charges steps of work to this client, if there is a limit.
    pub fn spend(&self, client: &ClientId, steps: u64) {
        if let Some(budget) = &self.budget {
            budget.spend(client, steps);
        }
    }

    /// Counts one request of this client, if there is a limit.
    pub fn count(&self, client: &ClientId) -> Option<Allowance> {
        self.rate.as_ref().map(|rate| rate.count(client))
    }

    /// The built-in issuer, if no other is trusted.
    #[must_use]
    pub fn development(&self) -> Option<&DevelopmentIssuer> {
        self.development.as_ref()
    }

    /// The organisations and their clients.
    #[must_use]
    pub fn organisations(&self) -> &Organisations {
        &self.organisations
    }

    /// The names of the trusted issuers.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(Issuer::name)
    }

    /// What the token grants.
    ///
    /// # Errors
    /// If the token is not accepted, or its issuer's keys cannot be fetched.
    pub async fn recognise(&self, token: &str) -> Result<Arc<Grant>, NotSignedIn> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenFault::TooLong.into());
        }
        let now = self.clock.now().as_second();
        let digest = Sha256::digest(token).into();
        if let Some(grant) = self.remembered(&digest, now) {
            return Ok(grant);
        }
        let header = decode_header(token).map_err(|_| TokenFault::Unreadable)?;
        check(&header)?;
        let claimed: UnverifiedClaims = insecure_decode_claims(token).map_err(|_| TokenFault::Unreadable)?;
        let of = |issuer: &&Issuer| issuer.url() == claimed.iss;
        let issuer = self.issuers.iter().find(of).ok_or(TokenFault::WrongIssuer)?;
        let found = issuer.keys().find(header.kid.as_deref(), header.alg).await;
        let (key, generation) = found.map_err(|missing| match missing {
            KeysMissing::NoSuchKey => NotSignedIn::from(TokenFault::UnknownKey),
            KeysMissing::Unreachable => NotSignedIn::IssuerUnreachable,
        })?;
        let claims = key.verify::<Claims>(token).ok_or(TokenFault::SignatureInvalid)?;
        let grant = claims.granted(issuer, &digest, now).map_err(NotSignedIn::Invalid)?;
        Ok(self.remember(digest, Verified { grant: Arc::new(grant), generation }, now))
    }

    fn remembered(&self, digest: &[u8; 32], now: i64) -> Option<Arc<Grant>> {
        let verified = lock(&self.verified).get(digest).cloned()?;
        let issuer = self.issuers.iter().find(|issuer| issuer.name() == verified.grant.issuer)?;
        let holds = issuer.keys().generation() == verified.generation && verified.grant.holds_at(now);
        holds.then_some(verified.grant)
    }

    fn remember(&self, digest: [u8; 32], token: Verified, now: i64) -> Arc<Grant> {
        let mut verified = lock(&self.verified);
        if verified.len() >= MOST_VERIFIED {
            verified.retain(|_, token| token.grant.holds_at(now));
        }
        if verified.len() >= MOST_VERIFIED {
            verified.clear();
        }
        let grant = Arc::clone(&token.grant);
        verified.insert(digest, token);
        grant
    }
}

/// Checks the header of a token.
fn check(header: &Header) -> Result<(), NotSignedIn> {
    let is_access_token = |kind: &String| {
        let kind = kind.to_ascii_lowercase();
        matches!(kind.as_str(), "at+jwt" | "application/at+jwt")
    };
    let mut faults = Vec::new();
    if !ALGORITHMS.contains(&header.alg) {
        faults.push(TokenFault::AlgorithmNotAllowed);
    }
    // RFC 9068 §4: a token without `typ` may be one of any kind, such as an ID token.
    if !header.typ.as_ref().is_some_and(is_access_token) {
        faults.push(TokenFault::NotAnAccessToken);
    }
    // A critical extension may change the meaning of the token, and we support none.
    if header.crit.is_some() {
        faults.push(TokenFault::Unreadable);
    }
    if faults.is_empty() { Ok(()) } else { Err(NotSignedIn::Invalid(faults)) }
}

/// A task that panicked has not broken a map.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
