//! The partners of a ledger under test. Each is registered through the API at its first request.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;
use omklap::auth::scope::Scope;
use omklap::auth::{DevelopmentIssuer, TokenRequest};
use omklap::clock::Clock;
use omklap_domain::ids::{MunicipalityCode, OrganisationId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use reqwest::blocking::Client;
use serde_json::{Value, json};

/// The age at which a token is replaced, in minutes. Tokens are valid for an hour.
const OLDEST_TOKEN: i64 = 30;

/// The partners of one ledger, and the issuer of their tokens.
#[derive(Debug)]
pub struct Partners {
    http: Client,
    address: SocketAddr,
    issuer: DevelopmentIssuer,
    clock: Clock,
    registered: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeMap<Identity, (i64, String)>>,
}

/// The identity with which a request is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    pub organisation: String,
    pub role: String,
    pub purpose: String,
    pub actor: String,
    pub scopes: String,
    pub trajectory: Option<String>,
}

impl Default for Identity {
    /// A case worker of a care provider with all scopes except that of administrators.
    fn default() -> Self {
        let scopes = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin).map(Scope::as_str);
        Self {
            organisation: "de-vaart".to_owned(),
            role: "care-provider".to_owned(),
            purpose: "case-work".to_owned(),
            actor: "u-7f3a".to_owned(),
            scopes: scopes.collect::<Vec<_>>().join(" "),
            trajectory: None,
        }
    }
}

impl Identity {
    /// No identity: requests carry no token.
    pub fn anonymous() -> Self {
        Self { organisation: String::new(), ..Self::default() }
    }

    pub fn is_anonymous(&self) -> bool {
        self.organisation.is_empty()
    }

    fn token_request(&self) -> TokenRequest {
        TokenRequest {
            client: self.organisation.clone(),
            scopes: self.scopes.split(' ').filter_map(Scope::named).collect(),
            actor: Some(self.actor.clone()),
            role: Some(self.role.clone()),
            purpose: Some(self.purpose.clone()),
            trajectory: self.trajectory.clone(),
        }
    }
}

impl Partners {
    pub fn of(http: Client, address: SocketAddr, issuer: DevelopmentIssuer, clock: Clock) -> Self {
        let (registered, tokens) = (Mutex::default(), Mutex::default());
        Self { http, address, issuer, clock, registered, tokens }
    }

    /// The issuer of the tokens. A test may have it sign invalid claims.
    pub fn issuer(&self) -> &DevelopmentIssuer {
        &self.issuer
    }

    /// The usual claims of a case worker, overridden by these. Registers the organisation first.
    pub fn claims(&self, others: &Value) -> Value {
        let identity = Identity::default();
        self.register(&identity.organisation, &identity.role);
        let mut claims = identity.token_request().claims(self.clock.now().as_second());
        for (name, value) in others.as_object().into_iter().flatten() {
            match value {
                Value::Null => drop(claims.as_object_mut().and_then(|claims| claims.remove(name))),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    /// A token for this identity. Registers its organisation first.
    pub fn token(&self, identity: &Identity) -> String {
        self.register(&identity.organisation, &identity.role);
        let now = self.clock.now().as_second();
        let mut tokens = lock(&self.tokens);
        let fresh =
            tokens.get(identity).filter(|(since, _)| (*since..since + OLDEST_TOKEN * 60).contains(&now));
        if let Some((_, token)) = fresh {
            return token.clone();
        }
        let token = self.issuer.token(&identity.token_request(), self.clock.now());
        tokens.insert(identity.clone(), (now, token.clone()));
        token
    }

    /// A token of an administrator.
    pub fn administrator(&self) -> String {
        let scopes = [Scope::Admin].into();
        // Issued a second earlier, because a test may put its clock back.
        let now = self.clock.now() - SignedDuration::from_secs(1);
        self.issuer.token(
            &TokenRequest { client: "administrator".to_owned(), scopes, ..TokenRequest::default() },
            now,
        )
    }

    /// Registers every organisation that the facts name.
    pub fn register_named(&self, facts: &Value) {
        match facts {
            Value::Array(facts) => facts.iter().for_each(|fact| self.register_named(fact)),
            Value::Object(fields) => {
                for (field, value) in fields {
                    let role = match field.as_str() {
                        "careProvider" | "secondProvider" | "provider" => "care-provider",
                        "depositor" if value.as_str().is_some_and(|name| name.starts_with("gemeente")) => {
                            "municipality"
                        }
                        "corporation" | "depositor" | "referredBy" => "housing-corporation",
                        "municipality" => "municipality",
                        "organisation" => facts["party"].as_str().unwrap_or_default(),
                        _ => {
                            self.register_named(value);
                            continue;
                        }
                    };
                    // The municipality of a dwelling is a CBS code, not a partner.
                    let name = value.as_str().filter(|name| name.parse::<OrganisationId>().is_ok());
                    if let Some(name) = name.filter(|name| name.parse::<MunicipalityCode>().is_err()) {
                        self.register(name, role);
                    }
                }
            }
            _ => {}
        }
    }

    /// Registers the organisation, with one client of the same name for all roles of its kind.
    fn register(&self, organisation: &str, role: &str) {
        let Some(role) = Role::named(role) else { return };
        // Locked until the partner is registered, so that a concurrent request waits for it.
        let mut registered = lock(&self.registered);
        if registered.contains(organisation) {
            return;
        }
        let answer = self
            .http
            .put(format!("http://{}/v1/organisations/{organisation}", self.address))
            .bearer_auth(self.administrator())
            .header("If-None-Match", "*")
            .json(&registration(organisation, OrganisationKind::of(role)))
            .send();
        // If the server does not listen, the request itself will fail as well.
        let Ok(answer) = answer else { return };
        let status = answer.status().as_u16();
        assert!(
            // An invalid name is refused here, and again in the request that contains it.
            matches!(status, 201 | 400 | 412 | 503),
            "{organisation} is registered: {status} {:?}",
            answer.text()
        );
        if ![400, 503].contains(&status) {
            registered.insert(organisation.to_owned());
        }
    }
}

/// An organisation with one client of the same name.
fn registration(name: &str, kind: OrganisationKind) -> Value {
    let roles: Vec<_> = kind.roles().iter().map(|role| role.as_str()).collect();
    let clients = json!([{"clientId": name, "roles": roles}]);
    json!({"kind": kind.as_str(), "name": name, "regions": REGIONS, "clients": clients})
}

/// The regions in which every partner of a journey works.
const REGIONS: [&str; 10] = [
    "almere",
    "amsterdam",
    "assen",
    "eindhoven",
    "groningen",
    "haaglanden",
    "haarlem",
    "hoeksche-waard",
    "noord-limburg",
    "rivierenland",
];

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
