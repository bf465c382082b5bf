//! The figures of a region, and the trajectories behind them.

mod body;
pub mod cases;
mod params;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use omklap_domain::agreements::AgreementSet;
use omklap_domain::day::Day;
use omklap_domain::figures::{Contribution, Figures, Period};
use omklap_domain::ids::RegionId;
use omklap_store::read_models::figures::Added;
use serde::Serialize;
use utoipa::IntoParams;

use self::body::FiguresBody;
use self::params::{Choice, FiguresParams, last_year};
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
#[utoipa::path(
    operation_id = "readFigures", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, FiguresParams),
    responses((status = 200, description = "The figures.", body = FiguresBody,
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
    let set = set_of(&services, &region)?;
    let choice = Choice::of(&caller.viewer, &region);
    let (span, period) = span.asked(services.clock.today(), choice)?;
    let added = match choice {
        Choice::Free => added(&services, &region, period.reported_on(), span).await?,
        Choice::WholeYears => {
            services.ledger.confirmed_contributions_then(&region, period.reported_on(), span.known_at).await?
        }
    };
    let counted = Figures::over(added.iter().map(|(_, contribution)| contribution), period);
    let language = Language::of(request.headers());
    let body = FiguresBody::of(region, set, &counted, period, language).leading_to_cases(&span.query(period));
    Ok(HttpResponse::Ok().insert_header((CONTENT_LANGUAGE, language.tag())).json(body))
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
fn set_of<'s>(services: &'s Services, region: &RegionId) -> Result<&'s AgreementSet, Problem> {
    services.ledger.sets().of_region(region).ok_or(Kind::NoSuchRegion.into())
}

/// What each trajectory of a region adds to its figures.
async fn added(
    services: &Services,
    region: &RegionId,
    on: Day,
    span: FiguresParams,
) -> Result<Vec<Added>, Problem> {
    let ledger = &services.ledger;
    Ok(if span.is_now() {
        ledger.contributions(region, on).await?
    } else {
        ledger.contributions_then(region, on, span.known_at).await?
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
