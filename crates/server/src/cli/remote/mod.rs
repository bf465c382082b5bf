//! The ledger at the other end of HTTP: what `demo`, `import` and `export` talk to.
//!
//! They use the public API and nothing else, as a partner's system would.

use std::sync::Once;
use std::time::Duration;

use clap::Args;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::sleep;
use url::Host;
use uuid::Uuid;

use super::output::note;
use super::server_file::Announcement;
use crate::auth::scope::Scope;
use crate::config::Config;
use crate::http::organisations::OrganisationBody;

mod refusal;

pub(super) use refusal::{Complaint, Problem, Refusal};

/// How often a report is sent again when the server is busy. Its idempotency key makes that safe.
const TRIES: u32 = 5;

/// Where the server is
#[derive(Clone, Debug, Args)]
pub(super) struct Server {
    /// Where the server listens [default: where the server of the data folder here does, or else the setting `listen`]
    #[arg(long = "server", env = "OMKLAP_SERVER", value_name = "URL")]
    named: Option<Url>,
}

impl Server {
    /// Its address: the one that is named, or that of the server which runs on the data folder here, or that of the settings. Says
    /// on standard error which it is.
    pub(super) fn find(&self, settings: &Config) -> Url {
        static SAID: Once = Once::new();
        let (url, why) = match (&self.named, Announcement::find(&settings.data)) {
            (Some(named), _) => (named.clone(), "as named".to_owned()),
            (None, Some(found)) => (found, format!("the server of {}", settings.data.display())),
            (None, None) => (
                settings.own_url(),
                format!("no server of {} runs; the setting listen", settings.data.display()),
            ),
        };
        SAID.call_once(|| note!("omklap: talking to {url} ({why})"));
        url
    }
}

/// Where the server is, and who talks to it
#[derive(Clone, Debug, Args)]
pub(super) struct Remote {
    #[command(flatten)]
    server: Server,
    /// The token to talk with, best given by the variable, for everybody on the machine can read a command line; without it one
    /// of the server's built-in development issuer
    #[arg(long, env = "OMKLAP_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The client to ask the development issuer for
    #[arg(long, default_value = "matching-point", value_name = "ID")]
    client: String,
    /// The role in which it talks, where it has several
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The person for whom it talks, by the own organisation's pseudonym
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
}

/// What a token of the development issuer is to say.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct TokenForm<'a> {
    pub(super) grant_type: &'static str,
    pub(super) client_id: &'a str,
    pub(super) scope: Option<String>,
    pub(super) role: Option<&'a str>,
    pub(super) purpose: Option<&'a str>,
    pub(super) actor: Option<&'a str>,
    pub(super) trajectory: Option<&'a str>,
}

/// A ledger that is talked to.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    http: Client,
    server: Url,
    token: String,
}

/// What the development issuer answers.
#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
}

/// What became of a history that was reported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) trajectory_id: String,
}

/// A page of a timeline.
#[derive(Debug, Deserialize)]
struct TimelinePage {
    items: Vec<TimelineEntry>,
}

/// A replay, or a page of one.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ReplayPage {
    pub(super) items: Vec<Value>,
    /// The numbers of the facts that stand in no step of any page.
    #[serde(default)]
    pub(super) withheld: Vec<u64>,
}

/// A fact of it, as far as it was told.
#[derive(Debug, Deserialize)]
struct TimelineEntry {
    sequence: u64,
    fact: Option<Box<RawValue>>,
    withheld: Option<IgnoredAny>,
}

impl Remote {
    /// The ledger there, talked to for this purpose with these scopes.
    pub(super) async fn ledger(
        &self,
        settings: &Config,
        purpose: &str,
        scopes: &[Scope],
    ) -> Result<Ledger, Refusal> {
        let server = self.server.find(settings);
        let token = if let Some(token) = &self.token {
            token.clone()
        } else {
            let (role, actor) = (self.role.as_deref(), self.actor.as_deref());
            let asked =
                TokenForm { role, actor, purpose: Some(purpose), ..TokenForm::of(&self.client, scopes) };
            issued(&server, &asked).await?
        };
        Ok(Ledger { http: client(&server), server, token })
    }

    /// The server at this address, talked to with tokens of its development issuer.
    pub(super) fn developing(server: Url) -> Self {
        let client = "matching-point".to_owned();
        Self { server: Server { named: Some(server) }, token: None, client, role: None, actor: None }
    }

    /// The ledger there, talked to as an administrator of the development issuer.
    pub(super) async fn administered(&self, settings: &Config) -> Result<Ledger, Refusal> {
        let server = self.server.find(settings);
        let token = issued(&server, &TokenForm::of("demo", &[Scope::Admin])).await?;
        Ok(Ledger { http: client(&server), server, token })
    }

    /// Whether a token was given, so that none is to be asked for.
    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }
}

/// A token of the development issuer of this server.
pub(super) async fn issued(server: &Url, asked: &TokenForm<'_>) -> Result<String, Refusal> {
    let url = join(server, "/development/token");
    let answer =
        client(server).post(url).form(asked).send().await.map_err(|error| unreachable(server, error))?;
    if answer.status() == StatusCode::NOT_FOUND {
        return Err(Refusal::NoDevelopmentIssuer(server.clone()));
    }
    read::<TokenResponse>(answer).await.map(|issued| issued.access_token)
}

impl<'a> TokenForm<'a> {
    /// A token for this client with these scopes.
    pub(super) fn of(client_id: &'a str, scopes: &[Scope]) -> Self {
        let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        Self { grant_type: "client_credentials", client_id, scope: Some(scopes.join(" ")), ..Self::default() }
    }
}

/// How a server is reached: one on this machine without the proxy that the environment names.
fn client(server: &Url) -> Client {
    let client = Client::builder();
    let client = if is_near(server) { client.no_proxy() } else { client };
    client.build().expect("TLS is built in")
}

/// Whether a server is on this machine.
fn is_near(server: &Url) -> bool {
    match server.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn join(server: &Url, path: &str) -> Url {
    server.join(path).expect("our own paths can be joined to any address")
}

fn unreachable(server: &Url, error: reqwest::Error) -> Refusal {
    if error.is_connect() { Refusal::Elsewhere(server.clone()) } else { Refusal::CutOff(error) }
}

impl Ledger {
    /// Opens a trajectory under an id, with a whole history as a JSON list of facts. One that exists already stays as it is.
    pub(super) async fn open_as(&self, id: Uuid, history: String) -> Result<(), Refusal> {
        let request = self
            .signed(self.http.put(self.address(&format!("/v1/trajectories/{id}"))))
            .header("Accept-Language", "en")
            .header("Content-Type", "application/json")
            .header("If-None-Match", "*")
            .body(history);
        let answer = self.patiently(request).await?;
        if answer.status() == StatusCode::PRECONDITION_FAILED {
            return Ok(());
        }
        read::<IgnoredAny>(answer).await.map(drop)
    }

    /// Reports a whole history, a JSON list of facts. Under the same key it is reported once, however often it is sent.
    pub(super) async fn open(&self, history: String, key: &str) -> Result<Opened, Refusal> {
        let url = self.address("/v1/trajectories");
        let request = self
            .signed(self.http.post(url))
            .header("Accept-Language", "en")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .body(history);
        read(self.patiently(request).await?).await
    }

    /// Every fact of a trajectory in the order of recording, page after page; all of them whole, or none.
    pub(super) async fn facts(&self, trajectory: &str) -> Result<Vec<Box<RawValue>>, Refusal> {
        let (mut facts, mut withheld) = (Vec::new(), Vec::new());
        let mut next = Some(self.address(&format!("/v1/trajectories/{trajectory}/events?limit=500")));
        while let Some(url) = next {
            let answer = self.patiently(self.signed(self.http.get(url))).await?;
            next = next_page(&answer);
            let page: TimelinePage = read(answer).await?;
            for entry in page.items {
                match entry {
                    TimelineEntry { fact: Some(fact), withheld: None, .. } => facts.push(fact),
                    TimelineEntry { sequence, .. } => withheld.push(sequence),
                }
            }
        }
        if withheld.is_empty() { Ok(facts) } else { Err(Refusal::Withheld(withheld)) }
    }

    /// The steps of a trajectory, page after page, in a language.
    pub(super) async fn replay(
        &self,
        trajectory: &str,
        asked: &[(&str, &str)],
        language: &str,
    ) -> Result<ReplayPage, Refusal> {
        let mut url = self.address(&format!("/v1/trajectories/{trajectory}/replay?limit=500"));
        url.query_pairs_mut().extend_pairs(asked);
        let (mut steps, mut next) = (ReplayPage::default(), Some(url));
        while let Some(url) = next {
            let request = self.signed(self.http.get(url)).header("Accept-Language", language);
            let answer = self.patiently(request).await?;
            next = next_page(&answer);
            let page: ReplayPage = read(answer).await?;
            steps.items.extend(page.items);
            steps.withheld = page.withheld;
        }
        Ok(steps)
    }

    /// The case file of a trajectory, byte by byte as it was sealed.
    pub(super) async fn case_file(&self, trajectory: &str) -> Result<Vec<u8>, Refusal> {
        let url = self.address(&format!("/v1/trajectories/{trajectory}/case-file"));
        bytes(self.patiently(self.signed(self.http.get(url))).await?).await
    }

    /// Adds an organisation, where it is not there yet.
    pub(super) async fn add(&self, id: &str, organisation: &OrganisationBody) -> Result<(), Refusal> {
        let url = self.address(&format!("/v1/organisations/{id}"));
        let request = self.signed(self.http.put(url)).header("If-None-Match", "*").json(organisation);
        let answer = self.patiently(request).await?;
        if answer.status() == StatusCode::PRECONDITION_FAILED {
            return Ok(());
        }
        read::<IgnoredAny>(answer).await.map(drop)
    }

    /// The line with which anybody with curl asks the same.
    pub(super) fn curl(&self, path: &str) -> String {
        let past_the_proxy = if is_near(&self.server) { " --noproxy '*'" } else { "" };
        format!("curl -s{past_the_proxy} -H 'Authorization: Bearer {}' {}", self.token, self.address(path))
    }

    /// Where people read about the API.
    pub(super) fn docs(&self) -> Url {
        self.address("/v1/docs")
    }

    fn address(&self, path: &str) -> Url {
        join(&self.server, path)
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token)
    }

    /// Sends it, and again after a while where the server is too busy or the connection breaks.
    async fn patiently(&self, request: RequestBuilder) -> Result<Response, Refusal> {
        let mut tries = 1;
        loop {
            let again = request.try_clone().expect("a body that is a text can be sent again");
            let answer = again.send().await;
            if tries == TRIES || !may_pass(&answer) {
                return answer.map_err(|error| unreachable(&self.server, error));
            }
            sleep(Duration::from_millis(200 * u64::from(tries))).await;
            tries += 1;
        }
    }
}

/// Whether it may be otherwise in a moment. Where nobody listens, nobody will.
fn may_pass(answer: &reqwest::Result<Response>) -> bool {
    match answer {
        Ok(answer) => {
            matches!(answer.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
        }
        Err(error) => !error.is_connect(),
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, Refusal> {
    let url = answer.url().clone();
    let body = bytes(answer).await?;
    serde_json::from_slice(&body).map_err(|error| Refusal::Unexpected(url, error.to_string()))
}

async fn bytes(answer: Response) -> Result<Vec<u8>, Refusal> {
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.bytes().await.map_err(Refusal::CutOff)?;
    if status.is_success() {
        return Ok(body.to_vec());
    }
    Err(match serde_json::from_slice(&body) {
        Ok(problem) => Refusal::Problem(problem),
        Err(_) => Refusal::Unexpected(url, status.to_string()),
    })
}

/// Where `Link` leads with `rel="next"`.
fn next_page(answer: &Response) -> Option<Url> {
    let links = answer.headers().get_all("Link").iter().filter_map(|link| link.to_str().ok());
    let next = links.flat_map(|links| links.split(',')).find(|link| link.contains("rel=\"next\""))?;
    let (from, to) = (next.find('<')? + 1, next.find('>')?);
    answer.url().join(next.get(from..to)?).ok()
}
