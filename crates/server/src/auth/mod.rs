//! Signing in: a bearer token of an issuer that is trusted becomes what its holder may do (OAuth 2, RFC 6750 and RFC 9068, as
//! the NL GOV profile narrows them).
//!
//! A token says which program asks and what was granted to it. Which organisation that program speaks for stands in the
//! database, so that no issuer can make a program of one partner speak for another.

mod budget;
pub mod certificate_authorities;
mod claims;
mod development;
mod issuer;
mod jwks;
mod keys;
mod rate;
pub mod scope;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
use crate::http::problem::Fault;
use scope::Scope;

pub use budget::Budget;
pub use claims::{Claims, Grant};
pub use development::{DevelopmentIssuer, Wanted};
pub use issuer::{Issuer, IssuerSettings};
pub use keys::KeysMissing;
pub use rate::{Allowance, Rate};

/// The algorithms that a token may be signed with (NL GOV profile). Never `none`, never one with a shared secret.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

/// How long a token may be, in bytes.
pub const LONGEST_TOKEN: usize = 8 * 1024;

/// How many tokens are remembered as verified.
const MOST_VERIFIED: usize = 10_000;

/// How long a client is remembered: so long another server, or a command, may have changed it unnoticed.
const CLIENT_REMEMBERED: Duration = Duration::from_secs(10);

/// Why somebody is not let in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// The token is not one that is taken, for these reasons.
    Invalid(Vec<Fault>),
    /// The keys of the token's issuer were never seen, so nothing can be said of the token.
    IssuerUnreachable,
    /// The token is good, and its client is not registered here, or no longer.
    ClientNotAdmitted,
    /// The database is out of reach.
    Store(StoreError),
}

impl From<Fault> for NotSignedIn {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// Takes tokens and says who asks.
#[derive(Debug)]
pub struct SignIn {
    issuers: Vec<Issuer>,
    /// The built-in issuer, where no other is trusted.
    development: Option<DevelopmentIssuer>,
    organisations: Organisations,
    clock: Clock,
    verified: Mutex<HashMap<[u8; 32], Verified>>,
    clients: Mutex<HashMap<ClientId, (Instant, Arc<Registered>)>>,
    register: Mutex<Option<(Instant, Arc<Register>)>>,
    rate: Option<Rate>,
    budget: Option<Budget>,
}

/// A token whose signature and claims were good.
#[derive(Clone, Debug)]
struct Verified {
    grant: Arc<Grant>,
    /// With which of its issuer's sets of keys: a token is verified again when keys come or go.
    generation: u64,
}

/// The one claim that is read before the signature: whose keys to try.
#[derive(Deserialize)]
struct Issued {
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

    /// Lets each program ask so fast and no faster.
    #[must_use]
    pub fn at_most(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// Lets each program ask for so much work and no more.
    #[must_use]
    pub fn working_at_most(self, budget: Budget) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// In how many seconds this program may ask for work again; none where it may ask now, or there is no limit.
    pub fn wait_for_work(&self, client: &ClientId) -> Option<u64> {
        self.budget.as_ref().and_then(|budget| budget.wait(client))
    }

    /// The turn of this program for a request that may take long, where there is a limit.
    pub async fn turn(&self, client: &ClientId) -> Option<OwnedSemaphorePermit> {
        match &self.budget {
            Some(budget) => Some(budget.turn(client).await),
            None => None,
        }
    }

    /// Charges this program so many steps of work, where there is a limit.
    pub fn spend(&self, client: &ClientId, steps: u64) {
        if let Some(budget) = &self.budget {
            budget.spend(client, steps);
        }
    }

    /// Counts one request of this program, where there is a limit.
    pub fn count(&self, client: &ClientId) -> Option<Allowance> {
        self.rate.as_ref().map(|rate| rate.count(client))
    }

    /// The built-in issuer, where no other is trusted.
    #[must_use]
    pub fn development(&self) -> Option<&DevelopmentIssuer> {
        self.development.as_ref()
    }

    /// The organisations and their clients.
    #[must_use]
    pub fn organisations(&self) -> &Organisations {
        &self.organisations
    }

    /// The names of the issuers that are trusted.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(Issuer::name)
    }

    /// What the token grants.
    ///
    /// # Errors
    /// Where it is not one that is taken, or its issuer's keys cannot be had.
    pub async fn recognise(&self, token: &str) -> Result<Arc<Grant>, NotSignedIn> {
        if token.len() > LONGEST_TOKEN {
            return Err(Fault::TokenTooLong.into());
        }
        let now = self.clock.now().as_second();
        let digest = Sha256::digest(token).into();
        if let Some(grant) = self.remembered(&digest, now) {
            return Ok(grant);
        }
        let header = decode_header(token).map_err(|_| Fault::TokenUnreadable)?;
        check(&header)?;
        let claimed: Issued = insecure_decode_claims(token).map_err(|_| Fault::TokenUnreadable)?;
        let of = |issuer: &&Issuer| issuer.url() == claimed.iss;
        let issuer = self.issuers.iter().find(of).ok_or(Fault::WrongIssuer)?;
        let found = issuer.keys().find(header.kid.as_deref(), header.alg).await;
        let (key, generation) = found.map_err(|missing| match missing {
            KeysMissing::NoSuchKey => NotSignedIn::from(Fault::UnknownKey),
            KeysMissing::Unreachable => NotSignedIn::IssuerUnreachable,
        })?;
        let claims = key.verify::<Claims>(token).ok_or(Fault::SignatureInvalid)?;
        let grant = claims.granted(issuer, now).map_err(NotSignedIn::Invalid)?;
        Ok(self.remember(digest, Verified { grant: Arc::new(grant), generation }, now))
    }

    /// The client that a token was granted to, where it is registered.
    ///
    /// # Errors
    /// Where it may no longer sign in, or has another issuer.
    pub async fn client(&self, grant: &Grant) -> Result<Option<Arc<Registered>>, NotSignedIn> {
        let remembered = lock(&self.clients).get(&grant.client).cloned();
        let registered = match remembered.filter(|(since, _)| since.elapsed() < CLIENT_REMEMBERED) {
            Some((_, registered)) => registered,
            None => match self.organisations.client(&grant.client).await.map_err(NotSignedIn::Store)? {
                Some(registered) => self.remember_client(registered),
                // Nobody is registered as an administrator: the issuer says who is one.
                None if grant.scopes.contains(&Scope::Admin) => return Ok(None),
                None => return Err(NotSignedIn::ClientNotAdmitted),
            },
        };
        let client = &registered.client;
        if client.disabled || registered.organisation_disabled || client.issuer != grant.issuer {
            return Err(NotSignedIn::ClientNotAdmitted);
        }
        Ok(Some(registered))
    }

    /// Asks the database again for this client, whatever was remembered of it.
    pub fn forget_client(&self, client: &ClientId) {
        lock(&self.clients).remove(client);
    }

    /// The partners that are registered, as they were a few seconds ago at the earliest.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn register(&self) -> Result<Arc<Register>, StoreError> {
        let remembered = lock(&self.register).clone();
        if let Some((_, register)) = remembered.filter(|(since, _)| since.elapsed() < CLIENT_REMEMBERED) {
            return Ok(register);
        }
        self.register_anew().await
    }

    /// The partners that are registered now.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn register_anew(&self) -> Result<Arc<Register>, StoreError> {
        let register = Arc::new(self.organisations.register().await?);
        *lock(&self.register) = Some((Instant::now(), Arc::clone(&register)));
        Ok(register)
    }

    /// Reads every client and the register from the database again: an organisation was changed.
    pub fn forget_clients(&self) {
        lock(&self.clients).clear();
        *lock(&self.register) = None;
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

    fn remember_client(&self, registered: Registered) -> Arc<Registered> {
        let registered = Arc::new(registered);
        let entry = (Instant::now(), Arc::clone(&registered));
        lock(&self.clients).insert(registered.client.id.clone(), entry);
        registered
    }
}

/// What can be said of a token by its header alone.
fn check(header: &Header) -> Result<(), NotSignedIn> {
    let is_access_token = |kind: &String| {
        let kind = kind.to_ascii_lowercase();
        matches!(kind.as_str(), "at+jwt" | "application/at+jwt")
    };
    let mut faults = Vec::new();
    if !ALGORITHMS.contains(&header.alg) {
        faults.push(Fault::AlgorithmNotAllowed);
    }
    // RFC 9068 §4: a token without `typ` may be one of any kind, such as an ID token.
    if !header.typ.as_ref().is_some_and(is_access_token) {
        faults.push(Fault::NotAnAccessToken);
    }
    // What is critical to others may change the meaning of the token, and we know of no such thing.
    if header.crit.is_some() {
        faults.push(Fault::TokenUnreadable);
    }
    if faults.is_empty() { Ok(()) } else { Err(NotSignedIn::Invalid(faults)) }
}

/// A task that panicked has not broken a map.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
