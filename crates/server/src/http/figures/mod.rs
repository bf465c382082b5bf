//! The figures of a region: how it goes, and in which trajectories.

mod body;
pub mod cases;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::day::Day;
use omklap_domain::figures::{Contribution, Figures, Period};
use omklap_domain::ids::RegionId;
use omklap_store::figures::Added;
use serde::Serialize;
use utoipa::IntoParams;

use self::body::FiguresBody;
use super::Services;
use super::caller::Caller;
use super::language::Language;
use super::problem::{Complaint, Fault, Kind, Problem};
use super::query::{Asked, Parameters, Query};

/// The region that a path names.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Regional {
    /// The region.
    #[param(inline, example = "amsterdam")]
    pub region: RegionId,
}

/// Over which days, on which day, as it was known when.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// The first day that counts; without it a year before the last.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    from: Option<Day>,
    /// The last day that counts; without it the day on which they are told.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    to: Option<Day>,
    /// As they stood at the end of this day; without it today.
    #[param(rename = "validOn", value_type = Option<String>, format = Date, nullable = false)]
    valid_on: Option<Day>,
    /// As they were known at this instant; without it, as they are known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    known_at: Option<Timestamp>,
}

/// Read the figures of a region
///
/// The four figures with their parts, the unknown apart, and the counts beside them, over the days `from` to `to`; on the day
/// `validOn`, as they were known at the instant `knownAt`. A count that would tell about single people is null, and so is
/// one from which it could be computed.
#[utoipa::path(
    operation_id = "readFigures", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, Span),
    responses((status = 200, description = "The figures.", body = FiguresBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/regions/{region}/figures")]
pub async fn figures(
    services: Data<Services>,
    Regional { region }: Regional,
    _: Caller,
    Asked(span): Asked<Span>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let set = set_of(&services, &region)?;
    let (on, period) = span.period(services.clock.today())?;
    let added = added(&services, &region, on, span).await?;
    let counted = Figures::over(added.iter().map(|(_, contribution)| contribution), period);
    let language = Language::of(request.headers());
    let body =
        FiguresBody::of(region, set, &counted, on, period, language).leading_to_cases(request.query_string());
    Ok(HttpResponse::Ok().insert_header((CONTENT_LANGUAGE, language.tag())).json(body))
}

/// What a reader is answered with, to show.
///
/// # Panics
/// Never: a year before comes before.
#[must_use]
pub fn example(contribution: &Contribution, set: &AgreementSet, on: Day) -> impl Serialize {
    let period = Period::new(year_before(on), on).expect("a year before comes before");
    let counted = Figures::over([contribution], period);
    FiguresBody::of(contribution.region.clone(), set, &counted, on, period, Language::English)
        .leading_to_cases("")
}

/// The agreements by which a region works.
fn set_of<'s>(services: &'s Services, region: &RegionId) -> Result<&'s AgreementSet, Problem> {
    services.ledger.sets().of_region(region).ok_or(Kind::NoSuchRegion.into())
}

/// What each trajectory of a region adds to its figures.
async fn added(services: &Services, region: &RegionId, on: Day, span: Span) -> Result<Vec<Added>, Problem> {
    let ledger = &services.ledger;
    Ok(if span.valid_on.is_none() && span.known_at.is_none() {
        ledger.contributions(region, on).await?
    } else {
        ledger.contributions_then(region, on, span.known_at).await?
    })
}

fn year_before(day: Day) -> Day {
    omklap_domain::agreements::calendar::months_before(day, 12).plus_days(1)
}

impl Span {
    /// The day on which the figures are told, and the days that count.
    fn period(self, today: Day) -> Result<(Day, Period), Problem> {
        let on = self.valid_on.unwrap_or(today);
        let to = self.to.unwrap_or(on);
        let from = self.from.unwrap_or(year_before(to));
        let period = Period::new(from, to);
        Ok((on, period.map_err(|_| Complaint::parameter("to", Fault::EndsBeforeItBegins))?))
    }
}

impl Parameters for Span {
    fn read(query: &mut Query) -> Self {
        Self {
            from: query.take_day("from"),
            to: query.take_day("to"),
            valid_on: query.take_day("validOn"),
            known_at: query.take_instant("knownAt"),
        }
    }
}

impl FromRequest for Regional {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// What is no code names no region.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let region = request.match_info().get("region").and_then(|name| name.parse().ok());
        ready(region.map(|region| Self { region }).ok_or(Kind::NoSuchRegion.into()))
    }
}
