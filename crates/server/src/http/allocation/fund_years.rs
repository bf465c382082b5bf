//! Years of a guarantee fund: what partners put into it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use omklap_domain::allocation::{
    GuaranteeFundDeposited, GuaranteeFundFact, GuaranteeFundYear, StreamFact, StreamId,
};
use omklap_domain::day::Day;
use omklap_domain::ids::RegionId;
use omklap_domain::trajectory::fact::Cents;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::report::{How, Location, RecordedBody, begin_stream, report_on_stream};
use super::{StreamAsOf, StreamEventBody, stream_in, tagged};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::preconditions::{IdempotencyKey, IfMatch};
use crate::http::request::query::Params;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::trajectories::report::Trial;

/// The facts in the body of a report on a year of a fund.
type FundFacts = StreamFacts<GuaranteeFundYear>;

/// The year of a fund in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FundYearPath {
    /// The year of the fund.
    #[param(rename = "fundYearId", value_type = Uuid, format = Uuid)]
    fund_year: StreamId,
}

/// A year of the guarantee fund of a region, with what was put into it for that year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuaranteeFundYear)]
#[serde(rename_all = "camelCase")]
struct FundYearBody {
    /// Its id in this ledger, which follows from the region and the year.
    #[schema(value_type = Uuid)]
    fund_year_id: StreamId,
    /// The region.
    region: RegionId,
    /// The year.
    #[schema(minimum = 1900, maximum = 2199)]
    year: u16,
    /// How many facts were recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// Every fact, in the order of recording. The number of a fact is for its correction.
    #[schema(inline)]
    events: Vec<StreamEventBody<GuaranteeFundFact>>,
}

/// Report the first deposit of a year
///
/// By the keeper of the fund, as the agreement set of the region says. The id of the year follows from the
/// region and the year. A later deposit is reported with `POST /v1/guarantee-fund-years/{fundYearId}/events`.
#[utoipa::path(
    operation_id = "beginFundYear", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(Caller, IdempotencyKey, Trial),
    request_body(content = inline(FundFacts), description = "A deposit, or a list of facts that begins with one."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The year of the fund."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/guarantee-fund-years")]
pub async fn begin(
    services: Data<Services>,
    caller: Caller,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: FundFacts,
) -> Result<HttpResponse, Problem> {
    begin_stream(&services, &caller, how(key, trial), facts).await
}

/// Report on a year of a fund
///
/// Another deposit, or the correction of one, by the keeper of the fund.
#[utoipa::path(
    operation_id = "reportFundFacts", tag = "allocation", security(("signIn" = ["trajectories:report"])), params(FundYearPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(FundFacts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The year of the fund."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/guarantee-fund-years/{fundYearId}/events")]
pub async fn report(
    services: Data<Services>,
    FundYearPath { fund_year }: FundYearPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: FundFacts,
) -> Result<HttpResponse, Problem> {
    report_on_stream(&services, (fund_year, seen), &caller, how(key, trial), facts).await
}

/// Read a year of a fund
///
/// On the day `validOn`, as it was known at the instant `knownAt`, with every fact that was known then. What
/// the fund pays is in `GET /v1/regions/{region}/guarantee-fund`.
#[utoipa::path(
    operation_id = "readFundYear", tag = "allocation", security(("signIn" = ["trajectories:read"])), params(FundYearPath, Caller, AsOfParams),
    responses((status = 200, description = "The year of the fund.", body = FundYearBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/guarantee-fund-years/{fundYearId}")]
pub async fn read(
    services: Data<Services>,
    FundYearPath { fund_year }: FundYearPath,
    caller: Caller,
    Params(as_of): Params<AsOfParams>,
) -> Result<HttpResponse, Problem> {
    let StreamAsOf { stream, state, version, etag } =
        StreamAsOf::<GuaranteeFundYear>::read(&services, &caller, fund_year, as_of).await?;
    let deposit = state.deposits.into_iter().next().ok_or(Kind::NothingThen)?;
    let body = FundYearBody {
        fund_year_id: fund_year,
        region: deposit.region,
        year: deposit.year,
        version,
        events: StreamEventBody::list(&stream),
    };
    Ok(tagged(etag, body))
}

fn how(key: IdempotencyKey, trial: Trial) -> How {
    How { location: Location::UnderItsId("guarantee-fund-years"), key, trial }
}

impl FromRequest for FundYearPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a year of a fund.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(stream_in(request, "fundYearId").map(|fund_year| Self { fund_year }))
    }
}

/// A deposit, to show.
///
/// # Panics
/// Never: the example is a fact of an existing day.
#[must_use]
pub fn example_deposit() -> GuaranteeFundDeposited {
    let code = "written as agreed";
    GuaranteeFundDeposited {
        occurred_on: Day::new(2026, 1, 15).expect("it exists"),
        region: "noord-limburg".parse().expect(code),
        year: 2026,
        depositor: "gemeente-venlo".parse().expect(code),
        amount_cents: Cents::try_from(2_500_000).expect("an amount"),
    }
}

/// An example of the response about one year.
///
/// # Panics
/// Never: the example is a fact of an existing day.
#[must_use]
pub fn example(at: Timestamp) -> impl Serialize {
    let GuaranteeFundDeposited { region, year, .. } = example_deposit();
    let fact = GuaranteeFundFact::from(example_deposit());
    let fund_year_id = fact.stream().expect("a deposit names its year");
    FundYearBody { fund_year_id, region, year, version: 1, events: vec![StreamEventBody::first(fact, at)] }
}
