//! The figures of a region, year by year.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::day::{Day, YEARS};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::FiguresBody;
use super::params::{Choice, FiguresParams, last_year};
use super::{Regional, figures_of, sent};
use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;

/// How many years a series has if it names none.
const USUAL: u16 = 5;
/// How many years a series may have: each reads the histories of the region as they were then.
const MOST: u16 = 10;

/// The years of a series.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesParams {
    /// The first year; without it, four years before the last.
    #[param(rename = "fromYear", nullable = false, minimum = 1900, maximum = 2199)]
    from: Option<u16>,
    /// The last year, which must have ended, at most nine after the first; without it, the last year
    /// that has ended.
    #[param(rename = "toYear", nullable = false, minimum = 1900, maximum = 2199)]
    to: Option<u16>,
}

/// The figures of a region over some years, the earliest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiguresByYear)]
pub(super) struct SeriesBody {
    /// The figures of each year.
    pub(super) items: Vec<FiguresBody>,
}

/// Read the figures of a region by year
///
/// For each calendar year what `GET /v1/regions/{region}/figures` answers about it, with the same
/// counts left out. With `Accept: text/csv`, as rows.
#[utoipa::path(
    operation_id = "readFiguresByYear", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, SeriesParams),
    responses((status = 200, description = "The figures of each year.",
        content((SeriesBody = "application/json"), (String = "text/csv")),
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/regions/{region}/figures/years")]
pub async fn years(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(span): Params<SeriesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let language = Language::of(request.headers());
    let choice = Choice::of(&caller.viewer, &region);
    let mut items = Vec::new();
    for year in span.years(services.clock.today())? {
        items.push(figures_of(&services, &region, FiguresParams::of_year(year), choice, language).await?);
    }
    Ok(sent(&request, language, &SeriesBody { items }, |body| &body.items))
}

impl SeriesParams {
    /// The years, the earliest first.
    fn years(self, today: Day) -> Result<impl Iterator<Item = u16>, Problem> {
        let ended = last_year(today.plus_days(-1)).1.year();
        let to = self.to.unwrap_or(ended);
        let from = self.from.unwrap_or((to - USUAL + 1).max(*YEARS.start()));
        let last = if self.to.is_some() { "toYear" } else { "fromYear" };
        if to > ended {
            return Err(Complaint::parameter("toYear", Fault::StillToCome).into());
        }
        if from > to {
            return Err(Complaint::parameter(last, Fault::EndsBeforeItBegins).into());
        }
        if to - from >= MOST {
            return Err(Complaint::parameter("fromYear", Fault::TooMany).limit(MOST).into());
        }
        Ok(from..=to)
    }
}

impl Parameters for SeriesParams {
    fn read(query: &mut Query) -> Self {
        Self { from: query.take_year("fromYear"), to: query.take_year("toYear") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(from: Option<u16>, to: Option<u16>, today: &str) -> Option<Vec<u16>> {
        let today = today.parse().expect("a date");
        SeriesParams { from, to }.years(today).ok().map(Iterator::collect)
    }

    #[test]
    fn a_series_has_years_that_have_ended() {
        assert_eq!(years(None, None, "2026-11-01"), Some(vec![2021, 2022, 2023, 2024, 2025]));
        assert_eq!(years(None, None, "2027-01-01"), Some(vec![2022, 2023, 2024, 2025, 2026]));
        assert_eq!(years(Some(2024), None, "2026-12-31"), Some(vec![2024, 2025]));
        assert_eq!(years(None, Some(2001), "2026-12-31"), Some((1997..=2001).collect()));
        assert_eq!(years(Some(1900), Some(1900), "2026-12-31"), Some(vec![1900]));
        for (from, to) in
            [(None, Some(2026)), (Some(2026), None), (Some(2025), Some(2024)), (Some(2010), Some(2020))]
        {
            assert_eq!(years(from, to, "2026-11-01"), None, "{from:?}–{to:?}");
        }
    }
}
