//! The figures of a region, and the trajectories behind them.

mod body;
pub mod cases;
mod csv;
pub mod guarantee_fund;
pub mod outflow;
mod params;
pub mod series;
pub mod spread;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{Accept, CONTENT_LANGUAGE, CONTENT_TYPE, Header, VARY};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::day::Day;
use omklap_domain::figures::{Contribution, Figures, Period};
use omklap_domain::ids::RegionId;
use omklap_store::read_models::figures::Added;
use serde::Serialize;
use utoipa::IntoParams;

pub(super) use self::body::FiguresBody;
pub(super) use self::params::{Choice, FiguresParams, last_year};
use super::problem::{Kind, Problem};
use super::request::caller::Caller;
use super::request::language::Language;
use super::request::query::Params;
use super::services::Services;

/// The region that a path names.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Regional {
    /// The region.
    #[param(inline, example = "amsterdam")]
    pub region: RegionId,
}

/// Read the figures of a region
///
/// The four figures with their parts, the unknown apart, and the counts beside them, over the days
/// `from` to `to`; on the day `validOn`, as they were known at the instant `knownAt`. A count that
/// would reveal something about single people is null, and so is any count that it could be
/// computed from. Callers without access to every case of the region can only ask for one calendar
/// year that has ended (400 `whole-years-only`), and always get the same response: the figures as
/// they were known at the end of that year, without cases in which only the provider has reported.
/// With `Accept: text/csv`, a row for each number.
#[utoipa::path(
    operation_id = "readFigures", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, FiguresParams),
    responses((status = 200, description = "The figures.",
        content((FiguresBody = "application/json"), (String = "text/csv")),
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/regions/{region}/figures")]
pub async fn figures(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(span): Params<FiguresParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (choice, language) = (Choice::of(&caller.viewer, &region), Language::of(request.headers()));
    let body = figures_of(&services, &region, span, choice, language).await?;
    Ok(sent(&request, language, &body, std::slice::from_ref))
}

/// The figures over a period, as a caller with this choice sees them.
pub(super) async fn figures_of(
    services: &Services,
    region: &RegionId,
    span: FiguresParams,
    choice: Choice,
    language: Language,
) -> Result<FiguresBody, Problem> {
    let set = set_of(services, region)?;
    let (span, period) = span.asked(services.clock.today(), choice)?;
    let on = period.reported_on();
    let added = match choice {
        Choice::Free => added(services, region, on, span.known_at).await?,
        Choice::WholeYears => services.ledger.confirmed_contributions_then(region, on, span.known_at).await?,
    };
    let counted = Figures::over(added.iter().map(|(_, contribution)| contribution), period);
    let body = FiguresBody::of(region.clone(), set, &counted, period, language);
    Ok(body.leading_to_cases(&span.query(period)))
}

/// The answer as JSON, or as CSV if the caller prefers that.
fn sent<T: Serialize>(
    request: &HttpRequest,
    language: Language,
    body: &T,
    periods: impl Fn(&T) -> &[FiguresBody],
) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_LANGUAGE, language.tag())).insert_header((VARY, "accept"));
    if prefers_csv(request) {
        return answer.insert_header((CONTENT_TYPE, csv::CSV)).body(csv::written(periods(body)));
    }
    answer.json(body)
}

/// Whether `Accept` puts CSV before JSON.
fn prefers_csv(request: &HttpRequest) -> bool {
    let Ok(accept) = Accept::parse(request) else { return false };
    let known = accept.ranked().into_iter().find(|kind| {
        let kind = kind.essence_str();
        ["text/csv", "application/json", "application/*", "*/*"].contains(&kind)
    });
    known.is_some_and(|kind| kind.essence_str() == "text/csv")
}

/// An example of the response.
///
/// # Panics
/// Never: a year begins before it ends.
#[must_use]
pub fn example(contribution: &Contribution, set: &AgreementSet, on: Day) -> impl Serialize {
    let (from, to) = last_year(on);
    let period = Period::new(from, to, on).expect("a year begins before it ends");
    let counted = Figures::over([contribution], period);
    FiguresBody::of(contribution.region.clone(), set, &counted, period, Language::English)
        .leading_to_cases(&format!("from={from}&to={to}"))
}

/// The agreements by which a region works.
pub(super) fn set_of<'s>(services: &'s Services, region: &RegionId) -> Result<&'s AgreementSet, Problem> {
    services.ledger.sets().of_region(region).ok_or(Kind::NoSuchRegion.into())
}

/// What each trajectory of a region adds to its figures on a day, as it was known at an instant: the stored
/// contributions, if that is now.
async fn added(
    services: &Services,
    region: &RegionId,
    on: Day,
    known_at: Option<Timestamp>,
) -> Result<Vec<Added>, Problem> {
    let ledger = &services.ledger;
    Ok(if known_at.is_none() && on == services.clock.today() {
        ledger.contributions(region, on).await?
    } else {
        ledger.contributions_then(region, on, known_at).await?
    })
}

impl FromRequest for Regional {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// A text that is not a code names no region.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let region = request.match_info().get("region").and_then(|name| name.parse().ok());
        ready(region.map(|region| Self { region }).ok_or(Kind::NoSuchRegion.into()))
    }
}
