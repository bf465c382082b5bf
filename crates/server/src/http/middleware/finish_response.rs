//! Completes every response: the API version, security headers, and the texts of problems.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap,
    HeaderName, HeaderValue, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use omklap_vera::Foutbericht;
use omklap_web::{Pages, Trouble};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::metrics;
use crate::http::VERSION;
use crate::http::problem::{Kind, Problem, ProblemBody};
use crate::http::request::language::Language;
use crate::http::vera;

/// On every answer, unless it has its own (NL API Design Rules 2.2,
/// `/core/transport/security-headers` and `/core/version-header`).
const ALWAYS: [(HeaderName, &str); 7] = [
    (HeaderName::from_static("api-version"), VERSION),
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
];

/// After how many seconds a caller should try again if the ledger cannot be reached.
const COME_BACK_AFTER: &str = "2";

/// Who reads a response, and so the form of a problem in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// A program of a partner: `application/problem+json`.
    Program,
    /// A program that speaks VERA: a `Foutbericht`.
    Vera,
    /// A person in a browser: a page.
    Person,
}

impl Reader {
    fn of(request: &HttpRequest) -> Self {
        let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let is_browser = accept.is_some_and(|accept| accept.contains("text/html"));
        let path = request.path();
        if vera::is_of_vera(path) {
            Self::Vera
        } else if is_browser && !path.starts_with("/v1/") && request.app_data::<Data<Pages>>().is_some() {
            Self::Person
        } else {
            Self::Program
        }
    }
}

/// Puts problems into words and adds the headers.
///
/// # Errors
/// What a middleware inside of this one failed with; ours fail with nothing.
pub async fn complete(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // A HEAD is a GET whose body is not sent (RFC 9110 §9.3.2): actix remembers the method, and
    // leaves the body out.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let mut answer = in_words(next.call(request).await?);
    for (name, value) in ALWAYS {
        if !answer.headers().contains_key(&name) {
            answer.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(answer)
}

/// To whom a response goes: the form and the language of a problem in it, and its number in the log.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Addressee {
    reader: Reader,
    language: Language,
    instance: Uuid,
}

impl Addressee {
    /// Who sent this request. VERA is Dutch, and so is every text that is written in its form.
    pub(in crate::http) fn of(request: &HttpRequest) -> Self {
        let reader = Reader::of(request);
        let preferred = Language::of(request.headers());
        Self {
            reader,
            language: if reader == Reader::Vera { Language::Dutch } else { preferred },
            instance: request.extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id),
        }
    }
}

/// A response with a problem's texts and all its headers, for responses that bypass [`complete`].
pub(in crate::http) fn alone(problem: &Problem, to: Addressee) -> HttpResponse {
    let mut answer = response_of(problem, to);
    for (name, value) in ALWAYS {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Writes the body of a response with a problem, and of an error that actix found.
fn in_words(answer: ServiceResponse<impl MessageBody + 'static>) -> ServiceResponse<BoxBody> {
    let Some(error) = answer.response().error() else { return answer.map_into_boxed_body() };
    // The page for people has its own words for what went wrong.
    if error.as_error::<Trouble>().is_some() {
        return answer.map_into_boxed_body();
    }
    let to = Addressee::of(answer.request());
    let (mut problem_response, status) = if let Some(problem) = error.as_error::<Problem>() {
        (response_of(problem, to), problem.kind.status())
    } else {
        let problem = found_by_actix(answer.status(), error);
        (response_of(&problem, to), problem.kind.status())
    };
    if to.reader == Reader::Person {
        let mut page = Trouble::of_status(status, answer.request()).error_response();
        add_headers(problem_response.headers(), &mut page);
        problem_response = page;
    }
    // Headers added by other middleware also belong on a problem: the rate limit, the trace, CORS.
    add_headers(answer.headers(), &mut problem_response);
    answer.into_response(problem_response)
}

/// Adds the headers that a response does not have yet.
fn add_headers(headers: &HeaderMap, response: &mut HttpResponse) {
    for (name, value) in headers {
        if !response.headers().contains_key(name) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
}

fn found_by_actix(status: StatusCode, error: &Error) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Kind::NoSuchPath.into(),
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge.into(),
        StatusCode::REQUEST_TIMEOUT => Kind::TooSlow.into(),
        status if status.is_client_error() => Kind::BadRequest.into(),
        _ => Problem::internal(error.to_string()),
    }
}

/// The response with a problem: a `Foutbericht` for a program that speaks VERA.
fn response_of(problem: &Problem, to: Addressee) -> HttpResponse {
    let Addressee { reader, language, instance } = to;
    metrics::count(problem);
    if let Some(cause) = &problem.cause {
        tracing::error!(problem = problem.kind.code(), cause = chain(cause.as_ref()), "a request failed");
    }
    let body = ProblemBody::of(problem, language, instance);
    let mut answer = HttpResponse::build(problem.kind.status());
    let to_vera = reader == Reader::Vera;
    let media_type = if to_vera { "application/json" } else { "application/problem+json" };
    answer.insert_header((CONTENT_TYPE, media_type));
    answer.insert_header((CONTENT_LANGUAGE, language.tag()));
    if problem.kind.status() == StatusCode::SERVICE_UNAVAILABLE {
        answer.insert_header((RETRY_AFTER, COME_BACK_AFTER));
    }
    if let Some(seconds) = problem.retry_after {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    if let Some(challenge) = problem.challenge() {
        answer.insert_header((WWW_AUTHENTICATE, challenge));
    }
    if let Some(allow) = &problem.allow {
        answer.insert_header((ALLOW, &**allow));
    }
    let written =
        if to_vera { serde_json::to_string(&Foutbericht::from(&body)) } else { serde_json::to_string(&body) };
    answer.body(written.expect("a problem is texts and numbers"))
}

/// An error and its causes. For a database error sqlx gives the message, without values.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
