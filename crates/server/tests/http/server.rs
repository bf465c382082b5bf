//! A server of its own for each test, on a ledger of its own, called over HTTP like a partner calls
//! it.

use std::sync::Arc;

use jiff::Timestamp;
use omklap::auth::scope::Scope;
use omklap::auth::{Budget, DevelopmentIssuer, Issuer, Rate, SignIn, TokenRequest};
use omklap::clock::Clock;
use omklap::http::Patience;
use omklap::http::middleware::cors::Origins;
use omklap::http::{Listening, Services, Transparency, serve};
use omklap::webhooks;
use omklap::webhooks::Messaging;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use omklap_store::database::scratch::{ScratchDatabase, registered};
use omklap_store::organisations::{Client, Organisation};
use omklap_store::{CheckpointSigner, Ledger, OperatorKey, Organisations};
use reqwest::header::HeaderMap;
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};

/// The clock of every server here is stopped.
const NOW: &str = "2026-11-02T09:00:00Z";

/// A server, stopped when this is dropped.
pub struct Server {
    pub address: std::net::SocketAddr,
    pub clock: Clock,
    pub signer: Arc<CheckpointSigner>,
    issuer: DevelopmentIssuer,
    client: reqwest::Client,
    // The database is dropped last.
    pub database: ScratchDatabase,
}

/// The settings of an operator.
#[derive(Default)]
pub struct Settings {
    pub origins: Origins,
    pub tls: Option<rustls::ServerConfig>,
    pub rate: Option<Rate>,
    pub budget: Option<Budget>,
    pub patience: Patience,
    pub transparency: Transparency,
    /// Trusted instead of the built-in one.
    pub issuer: Option<Issuer>,
}

/// A response.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Server {
    pub async fn start() -> Self {
        Self::set(Settings::default()).await
    }

    pub async fn set(settings: Settings) -> Self {
        let database = ScratchDatabase::create().await;
        let sets = Arc::new(AgreementSets::shipped());
        let ledger = Arc::new(Ledger::new(database.pool().clone(), OperatorKey::of_tests(), sets));
        let clock = Clock::stopped_at(NOW.parse::<Timestamp>().expect("an instant"));
        let messaging = Messaging::new(Arc::clone(&ledger), webhooks::Settings::default());
        let (issuer, organisations) =
            (DevelopmentIssuer::generate(), Organisations::new(database.pool().clone()));
        for partner in [de_vaart(), gemeente_amsterdam()] {
            registered(&ledger, &partner, clock.now()).await;
        }
        let sign_in = match settings.issuer {
            Some(trusted) => SignIn::trusting(vec![trusted], organisations, clock.clone()),
            None => SignIn::developing(issuer.clone(), organisations, clock.clone()),
        };
        let sign_in = match settings.rate {
            Some(rate) => sign_in.at_most(rate),
            None => sign_in,
        };
        let sign_in = match settings.budget {
            Some(budget) => sign_in.working_at_most(budget),
            None => sign_in,
        };
        let signer = Arc::new(database.signer());
        let services = Services {
            ledger,
            signer: Arc::clone(&signer),
            pool: database.pool().clone(),
            sign_in: Arc::new(sign_in),
            clock: clock.clone(),
            messaging,
            origins: settings.origins,
            copy: omklap::jobs::restored_copy::CopyState::default(),
            transparency: settings.transparency,
            page: omklap::http::page::PageSettings::default(),
            patience: settings.patience,
        };
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let Listening { address, server } = serve(services, any_port, settings.tls).expect("a free port");
        tokio::spawn(server);
        Self { address, clock, signer, issuer, client: reqwest::Client::new(), database }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(self.token())
    }

    pub fn post(&self, path: &str, body: impl Into<Body>) -> RequestBuilder {
        let request = self.client.post(self.url(path)).bearer_auth(self.token());
        request.header("Content-Type", "application/json").body(body)
    }

    pub fn put(&self, path: &str, body: impl Into<Body>) -> RequestBuilder {
        let request = self.client.put(self.url(path)).bearer_auth(self.token());
        request.header("Content-Type", "application/json").body(body)
    }

    /// A request with no caller.
    pub fn anonymous(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// Starts serving the metrics, and returns their address.
    pub fn serves_metrics(&self) -> std::net::SocketAddr {
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let metrics = omklap::http::middleware::metrics::serve(self.database.pool().clone(), any_port);
        let Listening { address, server } = metrics.expect("a free port");
        tokio::spawn(server);
        address
    }

    /// The metrics for Prometheus.
    pub async fn metrics(&self) -> String {
        let read =
            reqwest::get(format!("http://{}/metrics", self.serves_metrics())).await.expect("an answer");
        read.text().await.expect("text")
    }

    /// Opens a trajectory and returns its path.
    pub async fn opened(&self) -> String {
        let answer = answer(self.post("/v1/trajectories", intake().to_string())).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.headers["location"].to_str().expect("a path").to_owned()
    }

    /// Reports on any version.
    pub async fn report(&self, trajectory: &str, body: impl Into<Body>) -> Answer {
        answer(self.post(&format!("{trajectory}/events"), body).header("If-Match", "*")).await
    }

    /// How many facts a trajectory has.
    pub async fn version(&self, trajectory: &str) -> u64 {
        answer(self.get(trajectory)).await.body["version"].as_u64().expect("a version")
    }

    /// The tag of the version that a trajectory has.
    pub async fn tag(&self, trajectory: &str) -> String {
        let read = answer(self.get(trajectory)).await;
        read.headers["etag"].to_str().expect("a tag").to_owned()
    }

    /// A token for everything except managing the partners.
    pub fn token(&self) -> String {
        let scopes = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin).collect();
        let (client, actor) = ("de-vaart".to_owned(), Some("u-7f3a".to_owned()));
        self.issuer
            .token(&TokenRequest { client, scopes, actor, ..TokenRequest::default() }, self.clock.now())
    }

    /// A token of the same program that grants these scopes and no others.
    pub fn token_granting(&self, scopes: &[Scope]) -> String {
        let (client, scopes) = ("de-vaart".to_owned(), scopes.iter().copied().collect());
        self.issuer.token(&TokenRequest { client, scopes, ..TokenRequest::default() }, self.clock.now())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.expect("a body");
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

impl Answer {
    /// The rules that were broken, each with its place.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let text = |value: &'_ Value| value.as_str().map(str::len).is_some();
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .map(|error| {
                let place = ["pointer", "header", "parameter"].into_iter().find(|place| text(&error[*place]));
                let place = place.and_then(|place| error[place].as_str()).expect("every error has a place");
                (place, error["code"].as_str().expect("every error has a code"))
            })
            .collect()
    }

    /// The last part of the problem's type.
    pub fn problem(&self) -> &str {
        let media_type_sent =
            self.headers.get("content-type").and_then(|media_type| media_type.to_str().ok());
        assert_eq!(media_type_sent, Some("application/problem+json"), "{}", self.body);
        self.body["type"]
            .as_str()
            .and_then(|of| of.strip_prefix("/problems/"))
            .expect("a problem type of ours")
    }
}

/// The partner whose case worker calls.
fn de_vaart() -> Organisation {
    let client = Client {
        id: "de-vaart".parse().expect("a code"),
        issuer: DevelopmentIssuer::NAME.to_owned(),
        roles: [Role::CareProvider].into(),
        purpose: Some("case-work".to_owned()),
        disabled: false,
    };
    Organisation {
        id: "de-vaart".parse().expect("a code"),
        kind: OrganisationKind::CareProvider,
        name: "De Vaart".to_owned(),
        regions: ["amsterdam".parse().expect("a code")].into(),
        contact_points: [].into(),
        clients: vec![client],
        disabled: false,
    }
}

/// A partner that is named, and does not call.
fn gemeente_amsterdam() -> Organisation {
    Organisation {
        id: "gemeente-amsterdam".parse().expect("a code"),
        kind: OrganisationKind::Municipality,
        name: "Gemeente Amsterdam".to_owned(),
        clients: Vec::new(),
        ..de_vaart()
    }
}

pub fn intake() -> Value {
    json!({
        "type": "intake-registered", "occurredOn": "2026-03-02", "clientName": "Rachel", "origin": "group-home",
        "careProvider": "de-vaart", "municipality": "gemeente-amsterdam", "region": "amsterdam",
        "agreementSet": {"id": "amsterdam-2018", "version": 1},
    })
}

pub fn announced(on: &str) -> Value {
    json!({"type": "outflow-announced", "occurredOn": on, "expectedOn": "2027-03-01"})
}
