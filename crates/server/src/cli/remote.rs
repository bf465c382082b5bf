//! The ledger at the other end of HTTP: what `demo`, `import` and `export` talk to.
//!
//! They use the public API and nothing else, as a partner's system would.

use std::fmt;
use std::time::Duration;

use clap::Args;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;
use tokio::time::sleep;

/// How often a report is sent again when the server is busy. Its idempotency key makes that safe.
const TRIES: u32 = 5;

/// Where the server is, and who talks to it
#[derive(Clone, Debug, Args)]
pub(super) struct Remote {
    /// Where the server listens
    #[arg(long, env = "OMKLAP_SERVER", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    server: Url,
    /// The person who reports, by the own organisation's pseudonym
    #[arg(long, default_value = "omklap", value_name = "ID")]
    actor: String,
    /// The organisation that reports
    #[arg(long, default_value = "matching-point", value_name = "ID")]
    organisation: String,
    /// The role in which it reports
    #[arg(long, default_value = "matching-point", value_name = "ROLE")]
    role: String,
}

/// A ledger that is talked to for one purpose.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    http: Client,
    remote: Remote,
    purpose: &'static str,
}

/// What became of a history that was reported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) trajectory_id: String,
}

/// A page of a timeline.
#[derive(Debug, Deserialize)]
struct Page {
    items: Vec<Entry>,
}

/// A page of a replay.
#[derive(Debug, Deserialize)]
struct Steps {
    items: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    fact: Box<RawValue>,
}

/// Why the server did not do it.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    /// There is no server.
    #[error("nobody listens on {0}: start it with `omklap serve`, or name it with --server")]
    Elsewhere(Url),
    /// The connection broke, again and again.
    #[error("the connection broke: {0:?}")]
    CutOff(reqwest::Error),
    /// It is not the server that we know.
    #[error("{0} answered what we cannot read: {1}")]
    Unexpected(Url, String),
    /// It says why.
    #[error("{0}")]
    Problem(Problem),
}

/// A problem as RFC 9457 writes it, as far as it is shown.
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    title: String,
    #[serde(default)]
    detail: String,
    /// Each place that is wrong.
    #[serde(default)]
    pub(super) errors: Vec<Complaint>,
    /// The later fact that a late one or a correction would make impossible.
    pub(super) breaks: Option<Breaks>,
}

/// One place that is wrong, and the rule.
#[derive(Debug, Deserialize)]
pub(super) struct Complaint {
    pub(super) code: String,
    pub(super) detail: String,
    pointer: Option<String>,
}

/// The later fact that could not have happened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breaks {
    /// Its number in the trajectory, from 1.
    pub(super) sequence: usize,
    #[serde(rename = "type")]
    fact_type: String,
    occurred_on: String,
    errors: Vec<Complaint>,
}

impl Remote {
    /// The ledger there, talked to for this purpose.
    pub(super) fn ledger(self, purpose: &'static str) -> Ledger {
        Ledger { http: Client::new(), remote: self, purpose }
    }
}

impl Ledger {
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

    /// Every fact of a trajectory in the order of recording, page after page.
    pub(super) async fn facts(&self, trajectory: &str) -> Result<Vec<Box<RawValue>>, Refusal> {
        let mut facts = Vec::new();
        let mut next = Some(self.address(&format!("/v1/trajectories/{trajectory}/events?limit=500")));
        while let Some(url) = next {
            let answer = self.patiently(self.signed(self.http.get(url))).await?;
            next = next_page(&answer);
            let page: Page = read(answer).await?;
            facts.extend(page.items.into_iter().map(|entry| entry.fact));
        }
        Ok(facts)
    }

    /// The steps of a trajectory, page after page, in a language.
    pub(super) async fn replay(
        &self,
        trajectory: &str,
        asked: &[(&str, &str)],
        language: &str,
    ) -> Result<Vec<Value>, Refusal> {
        let mut url = self.address(&format!("/v1/trajectories/{trajectory}/replay?limit=500"));
        url.query_pairs_mut().extend_pairs(asked);
        let (mut steps, mut next) = (Vec::new(), Some(url));
        while let Some(url) = next {
            let request = self.signed(self.http.get(url)).header("Accept-Language", language);
            let answer = self.patiently(request).await?;
            next = next_page(&answer);
            let page: Steps = read(answer).await?;
            steps.extend(page.items);
        }
        Ok(steps)
    }

    /// The case file of a trajectory, byte by byte as it was sealed.
    pub(super) async fn case_file(&self, trajectory: &str) -> Result<Vec<u8>, Refusal> {
        let url = self.address(&format!("/v1/trajectories/{trajectory}/case-file"));
        bytes(self.patiently(self.signed(self.http.get(url))).await?).await
    }

    /// The line with which anybody with curl asks the same.
    pub(super) fn curl(&self, path: &str) -> String {
        let request =
            self.signed(self.http.get(self.address(path))).build().expect("a request without a body");
        let headers = request.headers().iter().filter(|(name, _)| name.as_str().starts_with("omklap-"));
        let headers =
            headers.map(|(name, value)| format!(" -H '{name}: {}'", value.to_str().unwrap_or_default()));
        format!("curl -s{} {}", headers.collect::<String>(), request.url())
    }

    /// Where people read about the API.
    pub(super) fn docs(&self) -> Url {
        self.address("/v1/docs")
    }

    fn address(&self, path: &str) -> Url {
        self.remote.server.join(path).expect("our own paths can be joined to any address")
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("Omklap-Actor", &self.remote.actor)
            .header("Omklap-Organisation", &self.remote.organisation)
            .header("Omklap-Role", &self.remote.role)
            .header("Omklap-Purpose", self.purpose)
    }

    /// Sends it, and again after a while where the server is too busy or the connection breaks.
    async fn patiently(&self, request: RequestBuilder) -> Result<Response, Refusal> {
        let mut tries = 1;
        loop {
            let again = request.try_clone().expect("a body that is a text can be sent again");
            let answer = again.send().await;
            if tries == TRIES || !may_pass(&answer) {
                return answer.map_err(|error| self.unreachable(error));
            }
            sleep(Duration::from_millis(200 * u64::from(tries))).await;
            tries += 1;
        }
    }

    fn unreachable(&self, error: reqwest::Error) -> Refusal {
        let Remote { server, .. } = &self.remote;
        if error.is_connect() { Refusal::Elsewhere(server.clone()) } else { Refusal::CutOff(error) }
    }
}

/// Whether it may be otherwise in a moment. Where nobody listens, nobody will.
fn may_pass(answer: &reqwest::Result<Response>) -> bool {
    match answer {
        Ok(answer) => answer.status() == StatusCode::SERVICE_UNAVAILABLE,
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

impl Problem {
    /// What is the matter, in one line; the detail is for those who read no places.
    pub(super) fn summary(&self) -> String {
        match self.errors.as_slice() {
            [] => format!("{}: {}", self.title, self.detail),
            _ => self.title.clone(),
        }
    }
}

impl Complaint {
    /// Where the body is a list: which item, and the place in it.
    pub(super) fn in_list(&self) -> Option<(usize, &str)> {
        let pointer = self.pointer.as_deref()?.strip_prefix('/')?;
        let (index, field) = pointer.split_at(pointer.find('/').unwrap_or(pointer.len()));
        Some((index.parse().ok()?, field))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        for error in &self.errors {
            write!(f, "\n  {error}")?;
        }
        if let Some(broken) = &self.breaks {
            write!(f, "\n  {broken}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer.as_deref().unwrap_or_default();
        write!(f, "{pointer} {}: {}", self.code, self.detail)
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sequence, fact_type, occurred_on, errors } = self;
        write!(f, "fact {sequence} ({fact_type} of {occurred_on}) could then not have happened")?;
        for error in errors {
            write!(f, "\n    {error}")?;
        }
        Ok(())
    }
}
