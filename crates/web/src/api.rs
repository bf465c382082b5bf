//! Calls of the public API with the token of the person who is signed in.

use std::time::Duration;

use actix_web::web::Bytes;
use reqwest::header::{ETAG, IF_MATCH};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::language::Language;
use crate::session::Person;

/// The public API of a ledger.
#[derive(Clone, Debug)]
pub struct Api {
    http: Client,
    base: Url,
}

/// Why a screen cannot be shown as asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The API refused, and says why.
    #[error("the API refused with {}", .0.status)]
    Refused(Box<Problem>),
    /// The API did not answer, or not in a form that is understood.
    #[error("the API did not answer")]
    Unanswered(#[source] reqwest::Error),
}

/// A problem of the API (RFC 9457).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Problem {
    /// Its code, as a path.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is wrong, in the language of the page.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong here.
    pub detail: Option<String>,
    /// Each mistake by itself.
    pub errors: Vec<Mistake>,
    /// How many more mistakes there are.
    pub more_errors: Option<u64>,
    /// The facts that can be reported instead.
    pub admits: Vec<String>,
}

/// One mistake of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mistake {
    /// The rule or the kind of mistake.
    pub code: String,
    /// The field, as a JSON pointer.
    pub pointer: Option<String>,
    /// What is wrong with it.
    pub detail: String,
}

/// A report as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The fact.
    pub body: &'a Value,
    /// The idempotency key: a repeat records nothing.
    pub key: &'a str,
    /// The version that the person saw; none for a fact that opens a case.
    pub version: Option<&'a str>,
    /// Whether it is only tried.
    pub is_dry_run: bool,
}

/// An answer with the version that it shows, as `If-Match` takes it.
#[derive(Debug)]
pub struct Tagged<T> {
    /// The answer.
    pub body: T,
    /// Its `ETag`.
    pub tag: String,
}

impl Api {
    /// The API at this address.
    pub fn at(base: Url, http: Client) -> Self {
        Self { http, base }
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read<T: DeserializeOwned>(
        &self,
        person: &Person,
        language: Language,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        answer(self.request(Method::GET, path, Some(person), language).query(query)).await
    }

    /// Reads an answer that may not be for this person: none if the API refuses it.
    ///
    /// # Errors
    /// If the person is signed out, or the API does not answer.
    pub async fn read_if_shown<T: DeserializeOwned>(
        &self,
        person: &Person,
        language: Language,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, Failure> {
        match self.read(person, language, path, query).await {
            Err(Failure::Refused(problem)) if [403, 404].contains(&problem.status) => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// Reads an answer and its version.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read_tagged<T: DeserializeOwned>(
        &self,
        person: &Person,
        language: Language,
        path: &str,
    ) -> Result<Tagged<T>, Failure> {
        let response = accepted(self.request(Method::GET, path, Some(person), language)).await?;
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        let tag = tag.unwrap_or_default().to_owned();
        Ok(Tagged { body: response.json().await.map_err(Failure::Unanswered)?, tag })
    }

    /// Reads a document that is open to everybody.
    ///
    /// # Errors
    /// If the API does not answer.
    pub async fn read_open<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        answer(self.request(Method::GET, path, None, Language::English)).await
    }

    /// Reports a fact, or tries it.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn report<T: DeserializeOwned>(
        &self,
        person: &Person,
        language: Language,
        path: &str,
        Report { body, key, version, is_dry_run }: Report<'_>,
    ) -> Result<T, Failure> {
        let mut request = self.request(Method::POST, path, Some(person), language).json(body);
        if let Some(version) = version {
            request = request.header(IF_MATCH, version);
        }
        request = if is_dry_run {
            request.query(&[("dryRun", "true")])
        } else {
            request.header("Idempotency-Key", key)
        };
        answer(request).await
    }

    /// Reads a file as it is, to the byte.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read_file(&self, person: &Person, language: Language, path: &str) -> Result<Bytes, Failure> {
        let response = accepted(self.request(Method::GET, path, Some(person), language)).await?;
        response.bytes().await.map_err(Failure::Unanswered)
    }

    /// Gets a token of the development issuer, and how long it is valid.
    ///
    /// # Errors
    /// If there is none at this ledger, or it does not answer.
    pub async fn development_token(&self, form: &[(&str, &str)]) -> Result<(String, Duration), Failure> {
        #[derive(Deserialize)]
        struct Issued {
            access_token: String,
            expires_in: u64,
        }
        let request = self.request(Method::POST, "development/token", None, Language::English);
        let Issued { access_token, expires_in } = answer(request.form(form)).await?;
        Ok((access_token, Duration::from_secs(expires_in)))
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        person: Option<&Person>,
        language: Language,
    ) -> RequestBuilder {
        let url = self.base.join(path).unwrap_or_else(|_| self.base.clone());
        let request = self.http.request(method, url).header("Accept-Language", language.tag());
        match person {
            Some(person) => request.bearer_auth(&person.token),
            None => request,
        }
    }
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    accepted(request).await?.json().await.map_err(Failure::Unanswered)
}

/// The response to a request that was not refused.
async fn accepted(request: RequestBuilder) -> Result<Response, Failure> {
    let response = request.send().await.map_err(Failure::Unanswered)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.bytes().await.map_err(Failure::Unanswered)?;
    let problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
    Err(Failure::Refused(Box::new(Problem { status: status.as_u16(), ..problem })))
}

impl Failure {
    /// Whether the person has to sign in again.
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == StatusCode::UNAUTHORIZED.as_u16())
    }
}
