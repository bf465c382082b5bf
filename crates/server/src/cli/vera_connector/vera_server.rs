//! A server that speaks VERA: the corporation's own, or the façade of the ledger.

use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};
use serde_json::Value;
use thiserror::Error;

use crate::cli::remote::is_near;

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How many pages of a list are read at the most.
const MOST_PAGES: usize = 1_000;

/// A client of such a server.
#[derive(Clone, Debug)]
pub(super) struct VeraServer {
    http: Client,
    base: Url,
    token: Option<String>,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    method: Method,
    list: &'static str,
    id: Option<String>,
}

/// What it answered to a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// It took the message; with the id that it gave.
    Accepted(Option<String>),
    /// The message is at fault: sent again, it is refused again.
    Refused(StatusCode, Value),
    /// It may take the message later, after this pause if it names one.
    Later(StatusCode, Option<Duration>),
}

/// Why nothing more can be asked of a server now.
#[derive(Debug, Error)]
pub(super) enum Unusable {
    #[error("{0} may only be called with https: it is not on this machine")]
    NotEncrypted(Url),
    #[error("{0} does not answer: {1}")]
    Silent(Url, reqwest::Error),
    #[error("{0} does not admit this token ({1})")]
    NotAdmitted(Url, StatusCode),
    #[error("{0} answers {1} instead of a list")]
    NoList(Url, StatusCode),
}

impl Target {
    /// The method of HTTP.
    pub(super) fn method(&self) -> &str {
        self.method.as_str()
    }

    /// A new object of a list.
    pub(super) fn new(list: &'static str) -> Self {
        Self { method: Method::POST, list, id: None }
    }

    /// An object that is there, described again as a whole. Without its id the server finds it by the key in
    /// the message.
    pub(super) fn existing(list: &'static str, id: Option<String>) -> Self {
        Self { method: Method::PUT, list, id }
    }

    /// The id of an object that is there.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl VeraServer {
    /// A client with this token, if the server needs one.
    ///
    /// # Errors
    /// If the token and the messages would cross a network in the clear.
    pub(super) fn new(mut base: Url, token: Option<String>) -> Result<Self, Unusable> {
        if base.scheme() != "https" && !is_near(&base) {
            return Err(Unusable::NotEncrypted(base));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none());
        let client = if is_near(&base) { client.no_proxy() } else { client };
        Ok(Self { http: client.build().expect("TLS is built in"), base, token })
    }

    /// Every message of a list, page after page.
    pub(super) async fn list(&self, list: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, Unusable> {
        let mut all: Vec<Value> = Vec::new();
        let mut page: Option<(&str, String)> = None;
        for number in 1..=MOST_PAGES {
            let mut url = self.url(list);
            url.query_pairs_mut().extend_pairs(query).extend_pairs(page.iter().map(|(name, at)| (*name, at)));
            let answer = self.sent(self.http.get(url.clone())).await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                return Err(Unusable::NotAdmitted(self.base.clone(), status));
            }
            let read: Option<Vec<Value>> = answer.json().await.ok();
            let items = read
                .filter(|_| status.is_success())
                .ok_or_else(|| Unusable::NoList(without_query(url), status))?;
            // A server that does not know of pages gives the same one again.
            let news: Vec<Value> = items.into_iter().filter(|item| !all.contains(item)).collect();
            if news.is_empty() {
                break;
            }
            all.extend(news);
            let next = next_page(&headers, all.len(), number);
            if next.is_none() || next == page {
                break;
            }
            page = next;
        }
        Ok(all)
    }

    /// The id of the object with this key of another system; none if there is none, or the server shows no
    /// such list.
    pub(super) async fn find(&self, list: &str, key: &str) -> Result<Option<String>, Unusable> {
        let found = match self.list(list, &[("idExtern", key)]).await {
            Err(Unusable::NoList(_, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)) => {
                return Ok(None);
            }
            found => found?,
        };
        // A server may know no filters.
        let is_it = |item: &&Value| item.get("idExtern").and_then(Value::as_str) == Some(key);
        Ok(found.iter().find(is_it).and_then(|item| Some(item.get("id")?.as_str()?.to_owned())))
    }

    /// Sends a message, under a number by which the server recognises a repeat.
    pub(super) async fn send(&self, to: &Target, number: &str, message: &Value) -> Result<Answer, Unusable> {
        let mut url = self.url(to.list);
        if let Some(id) = &to.id {
            url.path_segments_mut().expect("http has paths").push(id);
        }
        let request = self.http.request(to.method.clone(), url).json(message);
        let answer = self.sent(request.header("X-Stuurgegevens-Referentienummer", number)).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status == StatusCode::UNAUTHORIZED {
            return Err(Unusable::NotAdmitted(self.base.clone(), status));
        }
        // An answer that breaks off was an answer: the status says what became of the message.
        let body: Value = answer.json().await.unwrap_or_default();
        Ok(match status {
            status if status.is_success() => Answer::Accepted(id_of(&body, &headers)),
            status if is_for_later(status) => Answer::Later(status, pause(&headers)),
            status => Answer::Refused(status, body),
        })
    }

    fn url(&self, list: &str) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("http has paths").pop_if_empty().push(list);
        url
    }

    async fn sent(&self, request: RequestBuilder) -> Result<reqwest::Response, Unusable> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        // The address of a request may name a case; that of the server does not.
        request.send().await.map_err(|error| Unusable::Silent(self.base.clone(), error.without_url()))
    }
}

fn is_for_later(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        )
}

fn pause(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

/// The id of a new object: in the body, or else the end of its address.
fn id_of(body: &Value, headers: &HeaderMap) -> Option<String> {
    let named = body.get("id").and_then(Value::as_str).map(str::to_owned);
    named.or_else(|| {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let last = location.trim_end_matches('/').rsplit('/').next()?;
        Some(last.to_owned()).filter(|last| !last.is_empty())
    })
}

/// How the next page is asked for, if there is one (VERA `X-Parameters-…`).
fn next_page(headers: &HeaderMap, so_far: usize, number: usize) -> Option<(&'static str, String)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(cursor) = text("X-Parameters-Cursor").filter(|cursor| !cursor.is_empty()) {
        return Some(("cursor", cursor.to_owned()));
    }
    let all: usize = text("X-Parameters-Aantal")?.parse().ok()?;
    (so_far < all).then(|| ("pagina", (number + 1).to_string()))
}

/// The address of a list without what was asked: the id of a case does not belong in a log.
fn without_query(mut url: Url) -> Url {
    url.set_query(None);
    url
}
