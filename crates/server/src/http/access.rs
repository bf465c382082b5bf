//! What an answer shows of whom is written in the access log before the answer leaves (`docs/adr/0017`).
//!
//! A handler says with its answer what it [shows]; the line is written here, and the answer waits for it. One that cannot be
//! logged is not given, and neither is one whose handler says nothing: a way out cannot be forgotten.

use std::collections::BTreeSet;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{Accessor, Action, Line, Outcome};

use super::caller::Caller;
use super::problem::Problem;
use super::{Services, trace};

/// What an answer shows of some trajectories, all alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    action: Action,
    trajectories: Vec<TrajectoryId>,
    categories: Vec<Category>,
    outcome: Outcome,
}

/// The routes that are about nobody, by the beginning of their pattern. Every other one says with its answer what it shows.
const ABOUT_NOBODY: [&str; 7] = [
    "/v1/openapi.json",
    "/v1/asyncapi.json",
    "/v1/docs",
    "/v1/development/",
    "/v1/ledger/",
    "/v1/organisations",
    // What they tell of trajectories is logged when it is sent; their deliveries name only what their owner may know of.
    "/v1/subscriptions",
];
/// Figures are about nobody, unlike the trajectories behind them.
const FIGURES: &str = "/v1/regions/{region}/figures";

/// What a handler says of its answer.
#[derive(Clone, Debug)]
enum Account {
    Shows(Vec<Disclosure>),
    /// It was written with what was recorded.
    Logged,
}

impl Disclosure {
    /// These kinds of data of one trajectory.
    #[must_use]
    pub fn of(trajectory: TrajectoryId, categories: impl IntoIterator<Item = Category>) -> Self {
        let categories = categories.into_iter().collect();
        Self { action: Action::Read, trajectories: vec![trajectory], categories, outcome: Outcome::Given }
    }

    /// These kinds of data of each trajectory of a list.
    #[must_use]
    pub fn of_each(
        trajectories: impl IntoIterator<Item = TrajectoryId>,
        categories: impl IntoIterator<Item = Category>,
    ) -> Self {
        let mut trajectories: Vec<_> = trajectories.into_iter().collect();
        trajectories.sort_unstable();
        trajectories.dedup();
        let categories = categories.into_iter().collect();
        Self { action: Action::List, trajectories, categories, outcome: Outcome::Given }
    }

    /// By something else than reading.
    #[must_use]
    pub fn by(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// Where `withheld`, not all that was asked for.
    #[must_use]
    pub fn in_part(self, withheld: bool) -> Self {
        Self { outcome: if withheld { Outcome::GivenInPart } else { self.outcome }, ..self }
    }

    fn line(self, by: Accessor, at: Timestamp, started_at: Timestamp) -> Line {
        let Self { action, trajectories, categories, outcome } = self;
        Line::new(by, action, at, trajectories)
            .of(categories.into_iter().map(Category::as_str))
            .with(outcome)
            .since(started_at)
    }
}

/// Of which kinds of data these facts are.
#[must_use]
pub fn categories_of<'f>(facts: impl IntoIterator<Item = &'f Fact>) -> BTreeSet<Category> {
    facts.into_iter().flat_map(|fact| fact.fact_type().fields()).map(|(category, _)| *category).collect()
}

/// An answer, and what it shows of whom.
#[must_use]
pub fn shows(answer: HttpResponse, disclosures: impl IntoIterator<Item = Disclosure>) -> HttpResponse {
    accounted(answer, Account::Shows(disclosures.into_iter().collect()))
}

/// An answer whose line was written together with what it tells of.
#[must_use]
pub fn logged(answer: HttpResponse) -> HttpResponse {
    accounted(answer, Account::Logged)
}

fn accounted(mut answer: HttpResponse, account: Account) -> HttpResponse {
    answer.extensions_mut().insert(account);
    answer
}

/// Who asks, as the access log writes it.
#[must_use]
pub fn accessor(caller: &Caller, request: &HttpRequest) -> Accessor {
    Accessor {
        actor: caller.actor.to_string(),
        organisation: caller.viewer.organisation.to_string(),
        role: caller.viewer.role.as_str().to_owned(),
        purpose: caller.purpose.as_str().to_owned(),
        client: caller.client.to_string(),
        trace: trace::of(request),
    }
}

/// Lets an answer go once it is written down what it shows, and of whom somebody was refused something.
///
/// # Errors
/// What a middleware inside of this one failed with; ours fail with nothing.
pub(super) async fn account(
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
    let told = HeaderValue::try_from(trace::response(&trace::of(answer.request())));
    let told = told.expect("digits and dashes are a header's value");
    answer.headers_mut().insert(HeaderName::from_static("traceresponse"), told);
    Ok(answer)
}

/// What is to be written before an answer leaves.
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
            let named = disclosures.into_iter().filter(|disclosure| !disclosure.trajectories.is_empty());
            Ok(named.map(|disclosure| disclosure.line(by.clone(), now, started_at)).collect())
        }
        (Some(Account::Logged), _) => Ok(Vec::new()),
        (None, _) if is_about_nobody(request) => Ok(Vec::new()),
        (None, by) if !answer.status().is_success() => {
            let refused = by.zip(named(request)).filter(|_| tells_of_the_trajectory(answer.status()));
            let line = |(by, trajectory)| {
                let action = if request.method().is_safe() { Action::Read } else { Action::Report };
                Line::new(by, action, now, vec![trajectory]).with(Outcome::Refused).since(started_at)
            };
            Ok(refused.map(line).into_iter().collect())
        }
        (None, Some(by)) => {
            // Whoever says nothing of its trajectory is taken to have shown everything of it.
            let trajectory = named(request).ok_or_else(unaccounted)?;
            let line = Line::new(by, Action::Read, now, vec![trajectory]).since(started_at);
            Ok(vec![line.of(Category::ALL.map(Category::as_str))])
        }
        (_, None) => Err(unaccounted()),
    }
}

fn unaccounted() -> Problem {
    Problem::internal("a handler does not say what its answer shows of whom")
}

fn is_about_nobody(request: &HttpRequest) -> bool {
    let route = request.match_pattern().unwrap_or_default();
    route == FIGURES || ABOUT_NOBODY.iter().any(|begins| route.starts_with(begins))
}

/// The trajectory that a path names.
fn named(request: &HttpRequest) -> Option<TrajectoryId> {
    request.match_info().get("trajectoryId").filter(|id| id.len() == 36)?.parse().ok()
}

/// Whether a refusal is one about a trajectory, and not about how the request was written.
fn tells_of_the_trajectory(status: StatusCode) -> bool {
    [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED]
        .contains(&status)
}
