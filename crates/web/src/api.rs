//! Calls of the public API with the token of the person who is signed in.

use actix_web::web::Bytes;
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

impl Api {
    /// The API at this address.
    pub fn at(base: Url) -> Self {
        Self { http: Client::new(), base }
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

    /// Sends a JSON body under an idempotency key.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn send<T: DeserializeOwned>(
        &self,
        person: &Person,
        language: Language,
        (path, query): (&str, &[(&str, &str)]),
        (body, key, version): (&Value, &str, &str),
    ) -> Result<T, Failure> {
        let request = self.request(Method::POST, path, Some(person), language).query(query).json(body);
        answer(request.header("Idempotency-Key", key).header("If-Match", version)).await
    }

    /// Reads a file as it is, to the byte.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read_file(&self, person: &Person, language: Language, path: &str) -> Result<Bytes, Failure> {
        let response = accepted(self.request(Method::GET, path, Some(person), language)).await?;
        response.bytes().await.map_err(Failure::Unanswered)
    }

    /// Gets a token of the development issuer.
    ///
    /// # Errors
    /// If there is none at this ledger, or it does not answer.
    pub async fn development_token(&self, form: &[(&str, &str)]) -> Result<String, Failure> {
        #[derive(Deserialize)]
        struct Issued {
            access_token: String,
        }
        let request = self.request(Method::POST, "development/token", None, Language::English);
        answer::<Issued>(request.form(form)).await.map(|issued| issued.access_token)
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
