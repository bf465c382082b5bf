//! Writes to the access log what a response discloses, before it is sent (ADR 17).
//!
//! A handler declares with its response what it discloses
//! ([`disclosure`](crate::http::view::disclosure)); the line is written here, and the response
//! waits for it. A response that cannot be logged is not sent, and neither is one whose handler
//! declares nothing, so no route can bypass the log.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{AccessOutcome, Action, Line};

use super::trace;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosure::{Account, accessor};

/// The routes that disclose nothing about a trajectory, by the beginning of their pattern. Every
/// other handler declares what its response discloses.
const ABOUT_NOBODY: [&str; 20] = [
    "/v1/openapi.json",
    "/v1/asyncapi.json",
    "/v1/docs",
    "/v1/development/",
    "/v1/ledger/",
    "/v1/organisations",
    "/v1/agreement-sets",
    "/v1/labels",
    // Streams beside the trajectory hold nothing about a person.
    "/v1/complexes",
    "/v1/guarantee-fund-years",
    "/v1/plans",
    "/v1/streams/",
    "/v1/vacancies",
    "/v1/regions/{region}/plans/",
    // The agenda of a round says itself what it discloses.
    "/v1/regions/{region}/rounds",
    "/vera/v4/openapi.json",
    "/vera/v4/publicaties",
    "/vera/v4/eenheden",
    // The caller itself.
    "/v1/me",
    // Messages are logged when they are sent, and the list of deliveries names only trajectories to
    // which the owner has access.
    "/v1/subscriptions",
];
/// Figures disclose no trajectory, unlike the list of cases behind them.
const FIGURES: [&str; 6] = [
    "/v1/regions/{region}/factsheet",
    "/v1/regions/{region}/figures",
    "/v1/regions/{region}/figures/years",
    "/v1/regions/{region}/guarantee-fund",
    "/v1/regions/{region}/outflow",
    "/v1/regions/{region}/spread",
];

/// Sends a response only after its disclosures, or the refusal, are written to the access log.
///
/// # Errors
/// What a middleware inside of this one failed with; ours fail with nothing.
pub(in crate::http) async fn account(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let services = request.app_data::<Data<Services>>().cloned().expect("every application has its services");
    let started_at = services.clock.now();
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let account = answer.response_mut().extensions_mut().remove::<Account>();
    let written = match lines(account, &answer, started_at, services.clock.now()) {
        Ok(lines) => services.ledger.log_access(&lines).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    if let Err(problem) = written {
        answer = answer.into_response(HttpResponse::from_error(problem));
    }
    let response_trace = HeaderValue::try_from(trace::response(&trace::of(answer.request())));
    let response_trace = response_trace.expect("digits and dashes are a header's value");
    answer.headers_mut().insert(HeaderName::from_static("traceresponse"), response_trace);
    Ok(answer)
}

/// The lines to write before the response is sent.
fn lines(
    account: Option<Account>,
    answer: &ServiceResponse,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Vec<Line>, Problem> {
    let request = answer.request();
    let by = request.extensions().get::<Caller>().map(|caller| accessor(caller, request));
    match (account, by) {
        (Some(Account::Shows(disclosures)), Some(by)) => {
            let named = disclosures.into_iter().filter(|disclosure| !disclosure.is_empty());
            Ok(named.map(|disclosure| disclosure.line(by.clone(), now, started_at)).collect())
        }
        (Some(Account::Logged), _) => Ok(Vec::new()),
        (None, _) if is_about_nobody(request) => Ok(Vec::new()),
        (None, by) if !answer.status().is_success() => {
            let refused = by.zip(named(request)).filter(|_| is_about_the_trajectory(answer.status()));
            let line = |(by, trajectory)| {
                let action = if request.method().is_safe() { Action::Read } else { Action::Report };
                Line::new(by, action, now, vec![trajectory]).with(AccessOutcome::Refused).since(started_at)
            };
            Ok(refused.map(line).into_iter().collect())
        }
        (None, Some(by)) => {
            // If a handler declares nothing, the log counts everything of the trajectory as
            // disclosed.
            let trajectory = named(request).ok_or_else(unaccounted)?;
            let line = Line::new(by, Action::Read, now, vec![trajectory]).since(started_at);
            Ok(vec![line.of(Category::ALL.map(Category::as_str))])
        }
        (_, None) => Err(unaccounted()),
    }
}

fn unaccounted() -> Problem {
    Problem::internal("a handler does not declare what its response discloses")
}

fn is_about_nobody(request: &HttpRequest) -> bool {
    let route = request.match_pattern().unwrap_or_default();
    if route.ends_with("/candidates") {
        return false;
    }
    FIGURES.contains(&route.as_str()) || ABOUT_NOBODY.iter().any(|begins| route.starts_with(begins))
}

/// The trajectory in the path.
fn named(request: &HttpRequest) -> Option<TrajectoryId> {
    request.match_info().get("trajectoryId").filter(|id| id.len() == 36)?.parse().ok()
}

/// Whether a refusal is about the trajectory, and not about the form of the request.
fn is_about_the_trajectory(status: StatusCode) -> bool {
    [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED]
        .contains(&status)
}
