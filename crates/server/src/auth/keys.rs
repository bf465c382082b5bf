//! The keys of an issuer: cached, and fetched again from time to time and when a token names an
//! unknown one.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;
use tracing::{info, warn};
use url::Url;

use super::certificate_authorities::Authorities;
use super::jwks::{Key, KeySet, LARGEST_SET};
use super::safe_address::is_safe;
use crate::jobs::repeated_warnings::Repeated;

/// How long keys are used before they are fetched again; longer if the issuer is down.
const FRESH: Duration = Duration::from_mins(5);

/// The minimum time between two requests to an issuer, regardless of the keys that tokens name.
const BETWEEN_ASKING: Duration = Duration::from_secs(5);

/// How long an issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Why there is no key to verify a token with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysMissing {
    /// The issuer has no such key.
    NoSuchKey,
    /// The issuer never answered.
    Unreachable,
}

/// The public keys of an issuer, as last fetched, and when to fetch them again.
#[derive(Debug)]
pub struct Keys {
    source: Source,
    known: RwLock<Known>,
    /// Held during a request to the issuer: all others wait for its response.
    asking: Mutex<()>,
    repeated: Repeated,
}

#[derive(Debug)]
enum Source {
    /// Ours: they never change.
    BuiltIn,
    /// Those of an issuer, at the configured address or the one in its discovery document.
    Issuer { http: reqwest::Client, issuer: String, jwks_uri: Option<String> },
}

#[derive(Debug, Default)]
struct Known {
    set: Arc<KeySet>,
    /// How often the set has changed.
    generation: u64,
    /// When it was fetched.
    came: Option<Instant>,
    /// When it was last requested.
    fetched: Option<Instant>,
}

/// Why an issuer's keys could not be fetched.
#[derive(Debug, Error)]
enum NoKeys {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("more than {LARGEST_SET} bytes")]
    TooLarge,
    #[error("not a valid document: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the discovery document is of another issuer, or names no safe place for its keys")]
    NotItsOwn,
    #[error("{0} keys, more than any issuer needs")]
    TooMany(usize),
}

/// The part of a discovery document that is used (`OpenID` Connect Discovery 1.0, RFC 8414).
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

impl Keys {
    /// The keys of the issuer at this address.
    pub fn at(issuer: String, jwks_uri: Option<String>, authorities: &Authorities) -> Self {
        let http = authorities
            .believed_by(reqwest::Client::builder())
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without settings that could be wrong");
        let source = Source::Issuer { http, issuer, jwks_uri };
        Self { source, known: RwLock::default(), asking: Mutex::default(), repeated: Repeated::default() }
    }

    /// Keys that never change.
    pub fn built_in(set: KeySet) -> Self {
        let known = Known { set: Arc::new(set), ..Known::default() };
        Self {
            source: Source::BuiltIn,
            known: RwLock::new(known),
            asking: Mutex::default(),
            repeated: Repeated::default(),
        }
    }

    /// Counts the changes of the set.
    pub fn generation(self: &Arc<Self>) -> u64 {
        let (generation, is_old) = {
            let known = self.known();
            (known.generation, known.came.is_some_and(|came| came.elapsed() > FRESH))
        };
        if is_old && self.may_ask() {
            let keys = Arc::clone(self);
            tokio::spawn(async move { keys.ask().await });
        }
        generation
    }

    /// The key of this name and kind, and the generation of the set it is in.
    pub async fn find(
        self: &Arc<Self>,
        name: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<(Arc<Key>, u64), KeysMissing> {
        let seen = self.generation();
        let found = |keys: &Self| {
            let known = keys.known();
            Some((known.set.find(name, algorithm)?, known.generation))
        };
        if let Some(found) = found(self) {
            return Ok(found);
        }
        self.ask_unless_changed(seen).await;
        found(self).ok_or_else(|| {
            let ever = matches!(self.source, Source::BuiltIn) || self.known().came.is_some();
            if ever { KeysMissing::NoSuchKey } else { KeysMissing::Unreachable }
        })
    }

    /// Fetches the keys, unless they were fetched since that generation.
    async fn ask_unless_changed(&self, seen: u64) {
        let turn = self.asking.lock().await;
        if self.known().generation == seen && self.may_ask() {
            self.ask_in_turn().await;
        }
        drop(turn);
    }

    async fn ask(&self) {
        if let Ok(turn) = self.asking.try_lock() {
            self.ask_in_turn().await;
            drop(turn);
        }
    }

    async fn ask_in_turn(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).fetched = Some(Instant::now());
        let Source::Issuer { http, issuer, jwks_uri } = &self.source else { return };
        match fetch(http, issuer, jwks_uri.as_deref()).await {
            Ok(set) => self.take(set, issuer),
            Err(error) => {
                let what = "an issuer's keys could not be fetched; the cached ones are used";
                if let Some(left_out) = self.repeated.is_due(what, &error) {
                    warn!(issuer, %error, left_out, "{what}");
                }
            }
        }
    }

    fn take(&self, set: KeySet, issuer: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.came = Some(Instant::now());
        if *known.set != set {
            info!(issuer, keys = set.len(), "an issuer's keys have changed");
            known.set = Arc::new(set);
            known.generation += 1;
        }
    }

    fn may_ask(&self) -> bool {
        let fetched = self.known().fetched;
        matches!(self.source, Source::Issuer { .. })
            && fetched.is_none_or(|fetched| fetched.elapsed() >= BETWEEN_ASKING)
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fetch(http: &reqwest::Client, issuer: &str, jwks_uri: Option<&str>) -> Result<KeySet, NoKeys> {
    let address = match jwks_uri {
        Some(address) => address.to_owned(),
        None => discover(http, issuer).await?,
    };
    let set = KeySet::read(&body(http, &address).await?)?;
    set.map_err(NoKeys::TooMany)
}

async fn discover(http: &reqwest::Client, issuer: &str) -> Result<String, NoKeys> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let discovered: Discovered = serde_json::from_slice(&body(http, &address).await?)?;
    let is_its_own = discovered.issuer == issuer
        && Url::parse(&discovered.jwks_uri).is_ok_and(|address| is_safe(&address));
    if is_its_own { Ok(discovered.jwks_uri) } else { Err(NoKeys::NotItsOwn) }
}

/// No more than the maximum size.
async fn body(http: &reqwest::Client, address: &str) -> Result<Vec<u8>, NoKeys> {
    let mut answer = http.get(address).send().await?.error_for_status()?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_SET {
            return Err(NoKeys::TooLarge);
        }
    }
    Ok(body)
}
