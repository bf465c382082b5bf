//! The factsheet of a region: its plan, figures, spread and guarantee fund for one year, together.

use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::allocation::{Plan, Stream, plan_id};
use omklap_domain::day::Day;
use omklap_domain::ids::RegionId;
use omklap_domain::visibility::Viewer;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::plan_body::PlanBody;
use super::realised_body::RealisedBody;
use crate::clock;
use crate::http::figures::guarantee_fund::{StatementBody, reads};
use crate::http::figures::spread::ResidentsBody;
use crate::http::figures::{Choice, FiguresBody, FiguresParams, Regional, figures_of, last_year, set_of};
use crate::http::problem::{Complaint, Fault, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;

/// The year of a factsheet.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FactsheetParams {
    /// The year, which has ended; without it, the last year that has.
    #[param(nullable = false, minimum = 1900, maximum = 2199)]
    year: Option<u16>,
}

/// What the partners of a region agreed for a year and what became of it, on one sheet. It is the same for
/// every partner of the region, except that a provider gets no counts of stuck cases.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Factsheet)]
#[serde(rename_all = "camelCase")]
pub struct FactsheetBody {
    /// The region.
    region: RegionId,
    /// The year.
    #[schema(minimum = 1900, maximum = 2199)]
    year: u16,
    /// The plan, as it is known now; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    plan: Option<PlanBody>,
    /// What became of the plan, as it was known when the year ended; absent without a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    realised: Option<RealisedBody>,
    /// The figures of the year, as they were known when it ended.
    year_figures: FiguresBody,
    /// Where clients lived on the last day of the year.
    year_end_spread: ResidentsBody,
    /// The guarantee fund at the end of the year; absent if the region has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    guarantee_fund: Option<StatementBody>,
}

/// Read the factsheet of a region
///
/// The plan of a year that has ended with what became of it, the figures, where clients lived and the
/// guarantee fund: what the operations about each of these answer about that year to a partner without
/// access to every case. So it can be printed and handed out at a meeting.
#[utoipa::path(
    operation_id = "readFactsheet", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, FactsheetParams),
    responses((status = 200, description = "The factsheet.", body = FactsheetBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/regions/{region}/factsheet")]
pub async fn factsheet(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(asked): Params<FactsheetParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if !reads(&caller.viewer, &region) {
        return Err(Kind::NoSuchStream.into());
    }
    let has_a_fund = set_of(&services, &region)?.guarantee_fund.is_some();
    let (year, last) = asked.year(services.clock.today())?;
    let (viewer, language) = (&caller.viewer, Language::of(request.headers()));
    let plan = plan(&services, viewer, &region, year).await?;
    let realised = RealisedBody::read(&services, Choice::WholeYears, &plan, AsOfParams::default()).await?;
    let params = FiguresParams::of_year(year);
    let year_figures = figures_of(&services, &region, params, Choice::WholeYears, language).await?;
    let at_the_end = (last, Some(clock::ended(last)));
    let year_end_spread = ResidentsBody::read(&services, viewer, region.clone(), at_the_end).await?;
    let guarantee_fund = if has_a_fund {
        Some(StatementBody::at_the_end_of(year, &services, viewer, region.clone()).await?)
    } else {
        None
    };
    let plan = PlanBody::of(plan);
    let body = FactsheetBody { region, year, plan, realised, year_figures, year_end_spread, guarantee_fund };
    Ok(HttpResponse::Ok().insert_header((CONTENT_LANGUAGE, language.tag())).json(body))
}

/// The plan of a region for a year; one in which nothing happened if there is none.
async fn plan(services: &Services, viewer: &Viewer, region: &RegionId, year: u16) -> Result<Plan, Problem> {
    let stream = services.ledger.load_stream::<Plan>(plan_id(region, year)).await?;
    let state = stream.map(|stream| stream.history().state()).filter(|plan| plan.is_read_by(viewer));
    Ok(state.unwrap_or_default())
}

impl FactsheetParams {
    /// The year and its last day. It has ended.
    fn year(self, today: Day) -> Result<(u16, Day), Problem> {
        let ended = last_year(today.plus_days(-1)).1;
        let last = match self.year {
            None => ended,
            Some(year) => Day::of_year(year).map_err(|_| Complaint::parameter("year", Form::Year))?.1,
        };
        if last > ended {
            return Err(Complaint::parameter("year", Fault::StillToCome).into());
        }
        Ok((last.year(), last))
    }
}

impl Parameters for FactsheetParams {
    fn read(query: &mut Query) -> Self {
        Self { year: query.take_year("year") }
    }
}
