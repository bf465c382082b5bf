//! Completes every response: the API version, security headers, and the texts of problems.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use omklap_vera::Foutbericht;
use omklap_web::Trouble;
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

/// A response with a problem's texts and all its headers, for responses that bypass [`complete`].
pub(in crate::http) fn alone(problem: &Problem, language: Language, instance: Uuid) -> HttpResponse {
    let mut answer = response_of(problem, language, instance, false);
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
    let instance = answer.request().extensions().get().map_or(Uuid::nil(), |id: &RequestId| **id);
    let language = Language::of(answer.request().headers());
    let to_vera = vera::is_of_vera(answer.request().path());
    let language = if to_vera { Language::Dutch } else { language };
    let mut problem_response = if let Some(problem) = error.as_error::<Problem>() {
        response_of(problem, language, instance, to_vera)
    } else {
        response_of(&found_by_actix(answer.status(), error), language, instance, to_vera)
    };
    // Headers added by other middleware also belong on a problem: the rate limit, the trace, CORS.
    for (name, value) in answer.headers() {
        if !problem_response.headers().contains_key(name) {
            problem_response.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer.into_response(problem_response)
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

/// The response with a problem; as a `Foutbericht` if it is `to_vera`.
fn response_of(problem: &Problem, language: Language, instance: Uuid, to_vera: bool) -> HttpResponse {
    metrics::count(problem);
    if let Some(cause) = &problem.cause {
        tracing::error!(problem = problem.kind.code(), cause = chain(cause.as_ref()), "a request failed");
    }
    let body = ProblemBody::of(problem, language, instance);
    let mut answer = HttpResponse::build(problem.kind.status());
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
