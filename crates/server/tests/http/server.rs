//! A server of its own for each test, on a ledger of its own, asked over HTTP as a partner asks.

use std::sync::Arc;

use jiff::Timestamp;
use omklap::clock::Clock;
use omklap::http::{Listening, Services, serve};
use omklap::messaging::{Messaging, Settings};
use omklap_domain::agreements::AgreementSets;
use omklap_store::scratch::ScratchDatabase;
use omklap_store::{Ledger, OperatorKey};
use reqwest::header::HeaderMap;
use reqwest::{Body, Client, RequestBuilder};
use serde_json::{Value, json};

/// The clock of every server here stands still.
const NOW: &str = "2026-11-02T09:00:00Z";

/// A server, stopped when this goes away.
pub struct Server {
    pub address: std::net::SocketAddr,
    pub clock: Clock,
    client: Client,
    // The database goes last.
    _database: ScratchDatabase,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Server {
    pub async fn start() -> Self {
        let database = ScratchDatabase::create().await;
        let sets = Arc::new(AgreementSets::shipped());
        let ledger = Arc::new(Ledger::new(database.pool().clone(), OperatorKey::generate(), sets));
        let clock = Clock::stopped_at(NOW.parse::<Timestamp>().expect("an instant"));
        let messaging = Messaging::new(Arc::clone(&ledger), database.pool().clone(), Settings::default());
        let services = Services {
            ledger,
            notary: Arc::new(database.notary()),
            pool: database.pool().clone(),
            clock: clock.clone(),
            messaging,
        };
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let Listening { address, server } = serve(services, any_port).expect("a free port");
        tokio::spawn(server);
        Self { address, clock, client: Client::new(), _database: database }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        caller(self.client.get(self.url(path)))
    }

    pub fn post(&self, path: &str, body: impl Into<Body>) -> RequestBuilder {
        caller(self.client.post(self.url(path))).header("Content-Type", "application/json").body(body)
    }

    /// A request with no caller.
    pub fn anonymous(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// Opens a trajectory and tells its path.
    pub async fn opened(&self) -> String {
        let answer = answer(self.post("/v1/trajectories", intake().to_string())).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.headers["location"].to_str().expect("a path").to_owned()
    }

    /// Reports on whichever version there is.
    pub async fn report(&self, trajectory: &str, body: impl Into<Body>) -> Answer {
        answer(self.post(&format!("{trajectory}/events"), body).header("If-Match", "*")).await
    }

    /// How many facts a trajectory has.
    pub async fn version(&self, trajectory: &str) -> u64 {
        answer(self.get(trajectory)).await.body["version"].as_u64().expect("a version")
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
        let told = self.headers.get("content-type").and_then(|media_type| media_type.to_str().ok());
        assert_eq!(told, Some("application/problem+json"), "{}", self.body);
        self.body["type"]
            .as_str()
            .and_then(|of| of.strip_prefix("/problems/"))
            .expect("a problem type of ours")
    }
}

fn caller(request: RequestBuilder) -> RequestBuilder {
    request
        .header("Omklap-Actor", "u-7f3a")
        .header("Omklap-Organisation", "de-vaart")
        .header("Omklap-Role", "care-provider")
        .header("Omklap-Purpose", "case-work")
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
