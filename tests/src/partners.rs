//! Who signs in: the partners of a ledger under test, each registered through the API when it first speaks.

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

/// How old a token is used at the most, in minutes: it is good for an hour.
const OLDEST: i64 = 30;

/// The partners of one ledger, and the issuer of their tokens.
#[derive(Debug)]
pub struct Partners {
    http: Client,
    address: SocketAddr,
    issuer: DevelopmentIssuer,
    clock: Clock,
    registered: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeMap<Who, (i64, String)>>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    pub organisation: String,
    pub role: String,
    pub purpose: String,
    pub actor: String,
    pub scopes: String,
    pub trajectory: Option<String>,
}

impl Default for Who {
    /// A case worker of a care provider, who may do everything but keep the partners.
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

impl Who {
    /// Somebody who does not say who it is.
    pub fn nobody() -> Self {
        Self { organisation: String::new(), ..Self::default() }
    }

    pub fn is_somebody(&self) -> bool {
        !self.organisation.is_empty()
    }

    fn wanted(&self) -> TokenRequest {
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

    /// The issuer of the tokens: a test may have it sign what no issuer should.
    pub fn issuer(&self) -> &DevelopmentIssuer {
        &self.issuer
    }

    /// The usual claims of a case worker, who is registered, with these in their place.
    pub fn claims(&self, others: &Value) -> Value {
        let who = Who::default();
        self.register(&who.organisation, &who.role);
        let mut claims = who.wanted().claims(self.clock.now().as_second());
        for (name, value) in others.as_object().into_iter().flatten() {
            match value {
                Value::Null => drop(claims.as_object_mut().and_then(|claims| claims.remove(name))),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    /// A token for somebody, who is registered first.
    pub fn token(&self, who: &Who) -> String {
        self.register(&who.organisation, &who.role);
        let now = self.clock.now().as_second();
        let mut tokens = lock(&self.tokens);
        let fresh = tokens.get(who).filter(|(since, _)| (*since..since + OLDEST * 60).contains(&now));
        if let Some((_, token)) = fresh {
            return token.clone();
        }
        let token = self.issuer.token(&who.wanted(), self.clock.now());
        tokens.insert(who.clone(), (now, token.clone()));
        token
    }

    /// A token of an administrator.
    pub fn administrator(&self) -> String {
        let scopes = [Scope::Admin].into();
        // Issued a little earlier: a test may put its clock back.
        let now = self.clock.now() - SignedDuration::from_secs(1);
        self.issuer.token(
            &TokenRequest { client: "administrator".to_owned(), scopes, ..TokenRequest::default() },
            now,
        )
    }

    /// Registers every organisation that facts name.
    pub fn register_named(&self, facts: &Value) {
        match facts {
            Value::Array(facts) => facts.iter().for_each(|fact| self.register_named(fact)),
            Value::Object(fields) => {
                for (field, value) in fields {
                    let role = match field.as_str() {
                        "careProvider" => "care-provider",
                        "corporation" => "housing-corporation",
                        "municipality" => "municipality",
                        "organisation" => facts["party"].as_str().unwrap_or_default(),
                        _ => {
                            self.register_named(value);
                            continue;
                        }
                    };
                    // The municipality of a dwelling is a number of Statistics Netherlands, and no partner.
                    let name = value.as_str().filter(|name| name.parse::<OrganisationId>().is_ok());
                    if let Some(name) = name.filter(|name| name.parse::<MunicipalityCode>().is_err()) {
                        self.register(name, role);
                    }
                }
            }
            _ => {}
        }
    }

    /// Registers the organisation, with one client of its own name for all the roles of its kind.
    fn register(&self, organisation: &str, role: &str) {
        let Some(role) = Role::named(role) else { return };
        // Held until it is done: whoever asks at the same time finds the partner registered.
        let mut registered = lock(&self.registered);
        if registered.contains(organisation) {
            return;
        }
        let kind = OrganisationKind::of(role);
        let roles: Vec<_> = kind.roles().iter().map(|role| role.as_str()).collect();
        let body = json!({
            "kind": kind.as_str(), "name": organisation, "regions": REGIONS,
            "clients": [{"clientId": organisation, "roles": roles}],
        });
        let answer = self
            .http
            .put(format!("http://{}/v1/organisations/{organisation}", self.address))
            .bearer_auth(self.administrator())
            .header("If-None-Match", "*")
            .json(&body)
            .send();
        // Where nobody listens, whoever asks finds out as well.
        let Ok(answer) = answer else { return };
        let status = answer.status().as_u16();
        assert!(
            // A name that no organisation may have is refused, and so is what names it.
            matches!(status, 201 | 400 | 412 | 503),
            "{organisation} is registered: {status} {:?}",
            answer.text()
        );
        if ![400, 503].contains(&status) {
            registered.insert(organisation.to_owned());
        }
    }
}

/// Where every partner of a journey works.
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
