//! Calls to the public API of a ledger.

use reqwest::header::{ETAG, IF_MATCH};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::answer::{Answer, Patience};
use super::{Refusal, is_near, join};
use crate::http::organisations::OrganisationBody;
use crate::http::request::language::Language;

/// A client of the public API of a ledger.
#[derive(Clone, Debug)]
pub(in crate::cli) struct LedgerClient {
    http: Client,
    server: Url,
    token: String,
    patience: Patience,
    /// The language of problems.
    language: Language,
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
    /// A client with this token, which reads problems in English.
    pub(super) fn new(http: Client, server: Url, token: String) -> Self {
        Self { http, server, token, patience: Patience::default(), language: Language::English }
    }

    /// The same client, which reads problems in this language.
    pub(in crate::cli) fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Opens a trajectory under an id, with a whole history as a JSON list of facts. One that
    /// exists already stays as it is.
    pub(in crate::cli) async fn open_as(&self, id: Uuid, history: String) -> Result<(), Refusal> {
        let request = self
            .signed(self.http.put(self.address(&format!("/v1/trajectories/{id}"))))
            .header("Content-Type", "application/json")
            .header("If-None-Match", "*")
            .body(history);
        let answer = self.send(request).await?;
        if answer.status == StatusCode::PRECONDITION_FAILED {
            return Ok(());
        }
        answer.read::<IgnoredAny>().map(drop)
    }

    /// Every fact of a trajectory in the order of recording, page after page; all of them whole, or
    /// none.
    pub(in crate::cli) async fn facts(&self, trajectory: &str) -> Result<Vec<Box<RawValue>>, Refusal> {
        let (mut facts, mut withheld) = (Vec::new(), Vec::new());
        let mut next = Some(self.address(&format!("/v1/trajectories/{trajectory}/events?limit=500")));
        while let Some(url) = next {
            let answer = self.get(url).await?;
            next = answer.next_page();
            let page: TimelinePage = answer.read()?;
            for entry in page.items {
                match entry {
                    TimelineEntry { fact: Some(fact), withheld: None, .. } => facts.push(fact),
                    TimelineEntry { sequence, .. } => withheld.push(sequence),
                }
            }
        }
        if withheld.is_empty() { Ok(facts) } else { Err(Refusal::Withheld(withheld)) }
    }

    /// The steps of a trajectory, page after page.
    pub(in crate::cli) async fn replay(
        &self,
        trajectory: &str,
        query: &[(&str, &str)],
    ) -> Result<ReplayPage, Refusal> {
        let mut url = self.address(&format!("/v1/trajectories/{trajectory}/replay?limit=500"));
        url.query_pairs_mut().extend_pairs(query);
        let (mut steps, mut next) = (ReplayPage::default(), Some(url));
        while let Some(url) = next {
            let answer = self.get(url).await?;
            next = answer.next_page();
            let page: ReplayPage = answer.read()?;
            steps.items.extend(page.items);
            steps.withheld = page.withheld;
        }
        Ok(steps)
    }

    /// The case file of a trajectory, byte by byte as it was sealed.
    pub(in crate::cli) async fn case_file(&self, trajectory: &str) -> Result<Vec<u8>, Refusal> {
        let url = self.address(&format!("/v1/trajectories/{trajectory}/case-file"));
        self.get(url).await?.bytes()
    }

    /// Adds an organisation. One that is there already also gets these regions.
    pub(in crate::cli) async fn add(&self, id: &str, organisation: &OrganisationBody) -> Result<(), Refusal> {
        let url = self.address(&format!("/v1/organisations/{id}"));
        let request = self.signed(self.http.put(url.clone())).header("If-None-Match", "*").json(organisation);
        let answer = self.send(request).await?;
        if answer.status != StatusCode::PRECONDITION_FAILED {
            return answer.read::<IgnoredAny>().map(drop);
        }
        let known = self.get(url.clone()).await?;
        let tag = known.headers.get(ETAG).cloned();
        let mut known: OrganisationBody = known.read()?;
        if organisation.regions.is_subset(&known.regions) {
            return Ok(());
        }
        known.regions.extend(organisation.regions.iter().cloned());
        let mut request = self.signed(self.http.put(url)).json(&known);
        if let Some(tag) = tag {
            request = request.header(IF_MATCH, tag);
        }
        self.send(request).await?.read::<IgnoredAny>().map(drop)
    }

    /// Begins a complex, a vacancy, a plan or a round. Returns false if it is there already.
    pub(in crate::cli) async fn begins(&self, path: &str, facts: String) -> Result<bool, Refusal> {
        let answer = self.send(self.post(path).body(facts)).await?;
        match answer.read::<IgnoredAny>() {
            Err(Refusal::Problem(problem)) if problem.is("already-there") => Ok(false),
            answer => answer.map(|_| true),
        }
    }

    /// Reports on a complex, a vacancy, a plan or a round that is there.
    pub(in crate::cli) async fn goes_on(&self, path: &str, facts: String) -> Result<(), Refusal> {
        let request = self.post(path).header("If-Match", "*").body(facts);
        self.send(request).await?.read::<IgnoredAny>().map(drop)
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

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn address(&self, path: &str) -> Url {
        join(&self.server, path)
    }

    /// A request with the token.
    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token)
    }

    /// A request to report something.
    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        let request = self.signed(self.http.post(self.address(path)));
        request.header("Content-Type", "application/json")
    }

    /// The answer to a read.
    pub(super) async fn get(&self, url: Url) -> Result<Answer, Refusal> {
        self.send(self.signed(self.http.get(url))).await
    }

    /// The answer, after waiting for a server that is busy or starts again.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, Refusal> {
        let request = request.header("Accept-Language", self.language.tag());
        self.patience.answer(&self.server, request).await
    }
}
