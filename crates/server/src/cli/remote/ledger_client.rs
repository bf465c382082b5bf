//! Calls to the public API of a ledger.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::sleep;
use uuid::Uuid;

use super::{Refusal, is_near, join, unreachable};
use crate::http::organisations::OrganisationBody;

/// How often a report is sent again when the server is busy. Its idempotency key makes that safe.
const TRIES: u32 = 5;

/// A client of the public API of a ledger.
#[derive(Clone, Debug)]
pub(in crate::cli) struct LedgerClient {
    pub(super) http: Client,
    pub(super) server: Url,
    pub(super) token: String,
}

/// The trajectory that was opened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cli) struct Opened {
    pub(in crate::cli) trajectory_id: String,
}

/// A page of a timeline.
#[derive(Debug, Deserialize)]
struct TimelinePage {
    items: Vec<TimelineEntry>,
}

/// A replay, or a page of one.
#[derive(Debug, Default, Deserialize)]
pub(in crate::cli) struct ReplayPage {
    pub(in crate::cli) items: Vec<Value>,
    /// The numbers of the facts that are in no step of any page.
    #[serde(default, rename = "withheldFacts")]
    pub(in crate::cli) withheld: Vec<u64>,
}

/// A fact of it, as far as the server shows it.
#[derive(Debug, Deserialize)]
struct TimelineEntry {
    sequence: u64,
    #[serde(alias = "factInPart")]
    fact: Option<Box<RawValue>>,
    withheld: Option<IgnoredAny>,
}

impl LedgerClient {
    /// Opens a trajectory under an id, with a whole history as a JSON list of facts. One that
    /// exists already stays as it is.
    pub(in crate::cli) async fn open_as(&self, id: Uuid, history: String) -> Result<(), Refusal> {
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

    /// Reports a whole history, a JSON list of facts. Under the same key it is reported once,
    /// however often it is sent.
    pub(in crate::cli) async fn open(&self, history: String, key: &str) -> Result<Opened, Refusal> {
        let url = self.address("/v1/trajectories");
        let request = self
            .signed(self.http.post(url))
            .header("Accept-Language", "en")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .body(history);
        read(self.patiently(request).await?).await
    }

    /// Every fact of a trajectory in the order of recording, page after page; all of them whole, or
    /// none.
    pub(in crate::cli) async fn facts(&self, trajectory: &str) -> Result<Vec<Box<RawValue>>, Refusal> {
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
    pub(in crate::cli) async fn replay(
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
    pub(in crate::cli) async fn case_file(&self, trajectory: &str) -> Result<Vec<u8>, Refusal> {
        let url = self.address(&format!("/v1/trajectories/{trajectory}/case-file"));
        bytes(self.patiently(self.signed(self.http.get(url))).await?).await
    }

    /// Adds an organisation, if it is not there yet.
    pub(in crate::cli) async fn add(&self, id: &str, organisation: &OrganisationBody) -> Result<(), Refusal> {
        let url = self.address(&format!("/v1/organisations/{id}"));
        let request = self.signed(self.http.put(url)).header("If-None-Match", "*").json(organisation);
        let answer = self.patiently(request).await?;
        if answer.status() == StatusCode::PRECONDITION_FAILED {
            return Ok(());
        }
        read::<IgnoredAny>(answer).await.map(drop)
    }

    /// A curl command for the same request.
    pub(in crate::cli) fn curl(&self, path: &str) -> String {
        let past_the_proxy = if is_near(&self.server) { " --noproxy '*'" } else { "" };
        format!("curl -s{past_the_proxy} -H 'Authorization: Bearer {}' {}", self.token, self.address(path))
    }

    /// The address of the start page.
    pub(in crate::cli) fn start(&self) -> Url {
        self.address("/")
    }

    fn address(&self, path: &str) -> Url {
        join(&self.server, path)
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token)
    }

    /// Sends it, and again after a while if the server is too busy or the connection breaks.
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

/// Whether another try may succeed. If no server listens, it will not.
fn may_pass(answer: &reqwest::Result<Response>) -> bool {
    match answer {
        Ok(answer) => {
            matches!(answer.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
        }
        Err(error) => !error.is_connect(),
    }
}

pub(super) async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, Refusal> {
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

/// The target of the `Link` with `rel="next"`.
fn next_page(answer: &Response) -> Option<Url> {
    let links = answer.headers().get_all("Link").iter().filter_map(|link| link.to_str().ok());
    let next = links.flat_map(|links| links.split(',')).find(|link| link.contains("rel=\"next\""))?;
    let (from, to) = (next.find('<')? + 1, next.find('>')?);
    answer.url().join(next.get(from..to)?).ok()
}
