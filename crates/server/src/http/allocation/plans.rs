//! Plans: what the partners of a region agree for a year, and what became of it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use omklap_domain::allocation::plan::{QuotaAgreed, QuotaPart};
use omklap_domain::allocation::{Plan, PlanFact, Stream, StreamId, plan_id};
use omklap_domain::day::Day;
use omklap_domain::ids::RegionId;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::plan_body::PlanBody;
use super::realised_body::{Counted, RealisedBody};
use super::report::{How, Location, RecordedBody, begin_stream, report_on_stream};
use super::{StreamAsOf, StreamEventBody, tagged};
use crate::http::figures::Choice;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::preconditions::{IdempotencyKey, IfMatch};
use crate::http::request::query::{Params, year};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::trajectories::report::Trial;

/// The facts in the body of a report on a plan.
type PlanFacts = StreamFacts<Plan>;

/// The plan in a path.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PlanPath {
    /// The region.
    #[param(inline, example = "amsterdam")]
    region: RegionId,
    /// The year.
    #[param(minimum = 1900, maximum = 2199, example = 2026)]
    year: u16,
}

/// A plan with what became of it and what was reported of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanWithFacts)]
#[serde(rename_all = "camelCase")]
struct ReadBody {
    /// The plan on the day of the request.
    plan: PlanBody,
    /// What became of it; absent before its year, and during its year to callers without access to every
    /// case of the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    realised: Option<RealisedBody>,
    /// How many facts were recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// Every fact, in the order of recording. The number of a fact is for its correction.
    #[schema(inline)]
    events: Vec<StreamEventBody<PlanFact>>,
}

/// Begin a plan
///
/// The first fact of the plan of a region for a year: both are in the fact. What is agreed or counted later
/// is reported with `POST /v1/regions/{region}/plans/{year}/events`.
#[utoipa::path(
    operation_id = "beginPlan", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(Caller, IdempotencyKey, Trial),
    request_body(content = inline(PlanFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The plan."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/plans")]
pub async fn begin(
    services: Data<Services>,
    caller: Caller,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: PlanFacts,
) -> Result<HttpResponse, Problem> {
    let of = facts.facts.first().and_then(PlanFact::of);
    let path = of.map(|(region, year)| PlanPath { region: region.clone(), year });
    let location = path.map_or(Location::UnderItsId("plans"), |path| path.location());
    begin_stream(&services, &caller, How { location, key, trial }, facts).await
}

/// Report on a plan
///
/// A forecast, a quota or the lettings of a corporation, or the correction of a fact.
#[utoipa::path(
    operation_id = "reportPlanFacts", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(PlanPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(PlanFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The plan."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/regions/{region}/plans/{year}/events")]
pub async fn report(
    services: Data<Services>,
    path: PlanPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: PlanFacts,
) -> Result<HttpResponse, Problem> {
    let how = How { location: path.location(), key, trial };
    report_on_stream(&services, (path.id(), seen), &caller, how, facts).await
}

/// Read a plan
///
/// The forecast, the quota and the lettings on the day `validOn`, as they were known at the instant
/// `knownAt`, and beside them what became of it: the clients who became ready and the homes that were let
/// to clients. A count of people that would reveal something about single people is not shown; a plan's own
/// numbers always are. Beside them are the clients who are ready for a home on that day, by what they need,
/// and the homes that are open. Callers without access to every case of the region read what became of a plan after
/// its year, as it was known when the year ended.
#[utoipa::path(
    operation_id = "readPlan", tag = "allocation", security(("signIn" = ["figures:read"])), params(PlanPath, Caller, AsOfParams),
    responses((status = 200, description = "The plan.", body = ReadBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/regions/{region}/plans/{year}")]
pub async fn read(
    services: Data<Services>,
    path: PlanPath,
    caller: Caller,
    Params(as_of): Params<AsOfParams>,
) -> Result<HttpResponse, Problem> {
    let StreamAsOf { stream, state, version, etag } =
        StreamAsOf::read(&services, &caller, path.id(), as_of).await?;
    let choice = Choice::of(&caller.viewer, &path.region);
    let realised = RealisedBody::read(&services, choice, &state, as_of).await?;
    let body = ReadBody {
        plan: PlanBody::of(state).ok_or(Kind::NothingThen)?,
        realised,
        version,
        events: StreamEventBody::list(&stream),
    };
    Ok(tagged(etag, body))
}

impl PlanPath {
    fn id(&self) -> StreamId {
        plan_id(&self.region, self.year)
    }

    /// A plan is read under its region and year, not under its id.
    fn location(&self) -> Location {
        let Self { region, year } = self;
        Location::At(format!("/v1/regions/{region}/plans/{year}"))
    }
}

impl FromRequest for PlanPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// A text that is no code of a region, or no year of four digits, names no plan.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| request.match_info().get(name);
        let year = part("year").and_then(year);
        let region = part("region").and_then(|name| name.parse().ok());
        let path = region.zip(year);
        ready(path.map(|(region, year)| Self { region, year }).ok_or(Kind::NoSuchStream.into()))
    }
}

/// A fact of a plan, to show: four homes in each of two municipalities.
///
/// # Panics
/// Never: its codes are written as agreed.
#[must_use]
pub fn example_fact() -> PlanFact {
    let code = "written as agreed";
    let part = |municipality: &str| QuotaPart {
        corporation: None,
        municipality: Some(municipality.parse().expect(code)),
        homes: 4,
    };
    QuotaAgreed {
        occurred_on: Day::new(2025, 11, 20).expect("it exists"),
        region: "amsterdam".parse().expect(code),
        year: 2026,
        document: "dms:quota-2026".parse().expect(code),
        homes: vec![part("0363"), part("0384")],
    }
    .into()
}

/// An example of the response about one plan.
///
/// # Panics
/// Never: the example says which plan it is of.
#[must_use]
pub fn example(at: Timestamp) -> impl Serialize {
    let (fact, mut plan) = (example_fact(), Plan::default());
    plan.evolve(&fact);
    let on = Day::new(2026, 4, 2).expect("it exists");
    let realised = Some(RealisedBody::of(Counted::default(), &plan, on, 5));
    ReadBody {
        plan: PlanBody::of(plan).expect("its fact names it"),
        realised,
        version: 1,
        events: vec![StreamEventBody::first(fact, at)],
    }
}
