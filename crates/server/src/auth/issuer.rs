//! The issuers whose tokens are accepted.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::certificate_authorities::Authorities;
use super::keys::Keys;
use super::safe_address::is_safe;
use super::scope::Scope;

/// An issuer as the settings name it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// The value of `iss` of its tokens: the address of its discovery document.
    pub url: String,
    /// The required value of `aud` of its tokens: its name for this ledger.
    pub audience: String,
    /// The address of its keys; without it, the one in the discovery document.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// What it may grant. Without it everything but `admin` and `trajectories:import`.
    #[serde(default = "usual")]
    pub scopes: BTreeSet<Scope>,
}

/// An issuer whose tokens are accepted.
#[derive(Debug)]
pub struct Issuer {
    name: String,
    url: String,
    audience: String,
    scopes: BTreeSet<Scope>,
    keys: Arc<Keys>,
}

fn usual() -> BTreeSet<Scope> {
    [Scope::TrajectoriesRead, Scope::TrajectoriesReport, Scope::FiguresRead, Scope::AuditRead].into()
}

impl IssuerSettings {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// If an address is invalid, or the keys would be fetched over an unprotected connection.
    pub fn check(&self) -> Result<(), String> {
        for address in [Some(&self.url), self.jwks_uri.as_ref()].into_iter().flatten() {
            let parsed = Url::parse(address).map_err(|error| format!("{address}: {error}"))?;
            if !is_safe(&parsed) {
                return Err(format!(
                    "{address}: keys are accepted over https only, except from this machine"
                ));
            }
        }
        Ok(())
    }
}

impl IssuerSettings {
    /// The settings as a TOML table of this name. There is nothing secret in them.
    #[must_use]
    pub fn describe(&self, name: &str) -> String {
        let scopes: Vec<_> = self.scopes.iter().map(|scope| format!("{:?}", scope.as_str())).collect();
        let jwks_uri = self.jwks_uri.as_ref().map(|uri| format!("jwks_uri = {uri:?}\n")).unwrap_or_default();
        format!(
            "[issuers.{name}]\nurl = {:?}\naudience = {:?}\n{jwks_uri}scopes = [{}]\n",
            self.url,
            self.audience,
            scopes.join(", ")
        )
    }
}

impl Issuer {
    /// The issuer of these settings, at an address that these authorities may also certify. Its
    /// keys are fetched when its first token arrives.
    #[must_use]
    pub fn of(name: &str, settings: &IssuerSettings, authorities: &Authorities) -> Self {
        let keys = Keys::at(settings.url.clone(), settings.jwks_uri.clone(), authorities);
        Self::with(name, settings, keys)
    }

    /// An issuer with these keys.
    pub(crate) fn with(name: &str, settings: &IssuerSettings, keys: Keys) -> Self {
        Self {
            name: name.to_owned(),
            url: settings.url.clone(),
            audience: settings.audience.clone(),
            scopes: settings.scopes.clone(),
            keys: Arc::new(keys),
        }
    }

    /// Its name in the settings.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of `iss` of its tokens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The required value of `aud` of its tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// Whether the settings let this issuer grant this scope.
    #[must_use]
    pub fn may_grant(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    pub(crate) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }
}
