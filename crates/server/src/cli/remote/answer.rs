//! The answer of a server, and how long a client waits for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use super::{Refusal, unreachable};

/// How long a request is sent again while the server is busy or starts again. An idempotency key
/// or a precondition makes that safe.
const LONGEST: Duration = Duration::from_mins(1);
/// The pause before the next attempt, if the server names none; every later one is twice as long, up
/// to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whether the server was ever reached: one that never answered is not waited for.
#[derive(Clone, Debug, Default)]
pub(super) struct Patience {
    was_reached: Arc<AtomicBool>,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    url: Url,
    body: Vec<u8>,
}

impl Patience {
    /// Sends it, and again after a while if the server is too busy, starts again, or the
    /// connection breaks before the whole answer is read.
    pub(super) async fn answer(&self, server: &Url, request: RequestBuilder) -> Result<Answer, Refusal> {
        let (since, mut pause) = (Instant::now(), SHORTEST_PAUSE);
        loop {
            let again = request.try_clone().expect("a body that is a text can be sent again");
            let answer = Answer::to(again).await;
            let wait = match &answer {
                Ok(answer) => {
                    self.was_reached.store(true, Ordering::Relaxed);
                    answer.wants_a_pause(pause)
                }
                Err(error) => Some(pause).filter(|_| self.may_be_back(error)),
            };
            pause = LONGEST_PAUSE.min(pause * 2);
            match wait.filter(|wait| since.elapsed() + *wait <= LONGEST) {
                Some(wait) => sleep(wait).await,
                None => return answer.map_err(|error| unreachable(server, error)),
            }
        }
    }

    /// Whether another attempt may succeed. If no server has listened yet, none will.
    fn may_be_back(&self, error: &reqwest::Error) -> bool {
        !error.is_connect() || self.was_reached.load(Ordering::Relaxed)
    }
}

impl Answer {
    async fn to(request: RequestBuilder) -> reqwest::Result<Self> {
        let answer = request.send().await?;
        let (status, headers, url) = (answer.status(), answer.headers().clone(), answer.url().clone());
        Ok(Self { status, headers, url, body: answer.bytes().await?.to_vec() })
    }

    /// How long to wait before the request is sent again; none if this answer is final.
    fn wants_a_pause(&self, usual: Duration) -> Option<Duration> {
        let busy = matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS);
        let named = self.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        busy.then(|| named.map_or(usual, Duration::from_secs))
    }

    /// The bytes of a success, or the problem.
    pub(super) fn bytes(self) -> Result<Vec<u8>, Refusal> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        Err(match serde_json::from_slice(&self.body) {
            Ok(problem) => Refusal::Problem(problem),
            Err(_) => Refusal::Unexpected(self.url, self.status.to_string()),
        })
    }

    /// The JSON of a success, or the problem.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        let url = self.url.clone();
        let body = self.bytes()?;
        serde_json::from_slice(&body).map_err(|error| Refusal::Unexpected(url, error.to_string()))
    }

    /// The target of the `Link` with `rel="next"`.
    pub(super) fn next_page(&self) -> Option<Url> {
        let links = self.headers.get_all("Link").iter().filter_map(|link| link.to_str().ok());
        let next = links.flat_map(|links| links.split(',')).find(|link| link.contains("rel=\"next\""))?;
        let (from, to) = (next.find('<')? + 1, next.find('>')?);
        self.url.join(next.get(from..to)?).ok()
    }
}
