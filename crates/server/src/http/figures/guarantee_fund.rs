//! The statement of the guarantee fund of a region: deposits, what was claimed and awarded, the balance.

use actix_web::get;
use actix_web::web::{Data, Json};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::{GuaranteeFundDeposited, GuaranteeFundFact, GuaranteeFundYear, Stream};
use omklap_domain::day::{Day, YEARS};
use omklap_domain::figures::FundAnswers;
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_domain::trajectory::fact::Party;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::allocation::{ListedStreams, RecordedStream};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::params::last_year;
use super::{Regional, set_of};
use crate::clock;
use crate::http::problem::{Complaint, Fault, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;

/// The year of a statement.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct YearParams {
    /// The year; without it, the last year that has ended.
    #[param(nullable = false, minimum = 1900, maximum = 2199)]
    year: Option<u16>,
}

/// The guarantee fund of a region at the end of a year. The sums are over all years up to that day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuaranteeFundStatement)]
#[serde(rename_all = "camelCase")]
pub struct StatementBody {
    /// The region.
    region: RegionId,
    /// The year.
    #[schema(minimum = 1900, maximum = 2199)]
    year: u16,
    /// The party that keeps the fund; absent if the agreements have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    keeper: Option<Party>,
    /// Sums that changed by the cases of fewer clients than this are not shown.
    suppressed_below: u32,
    /// The deposits that count in this year.
    deposits: Vec<DepositBody>,
    /// All deposits that count in this year and the years before it, in euro cents.
    deposited_cents: i64,
    /// What was claimed, as far as the keeper has answered it, in euro cents; null if not shown.
    claimed_cents: Option<i64>,
    /// What the fund pays of that, in euro cents; null if not shown.
    awarded_cents: Option<i64>,
    /// What is left, in euro cents: the deposits without what the fund pays; null if not shown.
    balance_cents: Option<i64>,
}

/// A deposit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuaranteeFundDeposit)]
#[serde(rename_all = "camelCase")]
struct DepositBody {
    /// When it was paid.
    #[schema(value_type = String, format = Date)]
    deposited_on: Day,
    /// The partner that paid.
    depositor: OrganisationId,
    /// The amount, in euro cents.
    #[schema(minimum = 1)]
    amount_cents: i64,
}

/// Read the statement of the guarantee fund of a region
///
/// What was put into the fund, what was claimed and awarded, and what is left, without any case. For a
/// year that has ended, as it was known at its end. A deposit counts in the year for which it is meant, and
/// one that is reported after that year in the year of its report. Claims and balance are null if they would show what the
/// fund paid for a few clients: since the last statement that was shown, they must have changed by the
/// cases of none or of enough clients. The matching point, which sees every claim, reads the sums of any
/// year as they are known now.
#[utoipa::path(
    operation_id = "readGuaranteeFund", tag = "figures", security(("signIn" = ["figures:read"])), params(Regional, Caller, YearParams),
    responses((status = 200, description = "The statement.", body = StatementBody))
)]
#[get("/regions/{region}/guarantee-fund")]
pub async fn statement(
    services: Data<Services>,
    Regional { region }: Regional,
    caller: Caller,
    Params(asked): Params<YearParams>,
) -> Result<Json<StatementBody>, Problem> {
    if !reads(&caller.viewer, &region) {
        return Err(Kind::NoSuchStream.into());
    }
    let (today, sees_all) = (services.clock.today(), caller.viewer.role == Role::MatchingPoint);
    let year = asked.year(today, sees_all)?;
    if !sees_all {
        return Ok(Json(StatementBody::at_the_end_of(year, &services, &caller.viewer, region).await?));
    }
    let set = set_of(&services, &region)?;
    let deposits = deposits(&services, &caller.viewer, &region, (year, None)).await?;
    let answers = answers_on(&services, &region, today.min(last_day(year)?), false).await?;
    Ok(Json(StatementBody::of(set, region, year, &deposits, Some(&answers))))
}

/// The partners of a region read the statement of its fund.
pub(in crate::http) fn reads(viewer: &Viewer, region: &RegionId) -> bool {
    GuaranteeFundYear::READ_IN_REGION.contains(&viewer.role) && viewer.regions.contains(region)
}

/// A deposit, and the year in whose statement it counts first.
struct CountedDeposit {
    deposit: GuaranteeFundDeposited,
    year: u16,
}

/// The deposits that count in the years up to this one, as they were known at an instant.
async fn deposits(
    services: &Services,
    viewer: &Viewer,
    region: &RegionId,
    (year, known_at): (u16, Option<Timestamp>),
) -> Result<Vec<CountedDeposit>, Problem> {
    let limit = u32::from(YEARS.end() - YEARS.start()) + 1;
    let of_the_region = ListedStreams {
        viewer,
        organisation: None,
        region: Some(region.as_str()),
        status: None,
        after: None,
        limit,
    };
    let years = services.ledger.list_streams::<GuaranteeFundYear>(&of_the_region).await?;
    let then = years.into_iter().map(|one| match known_at {
        Some(instant) => one.known_at(instant),
        None => one,
    });
    Ok(then.flat_map(|one| CountedDeposit::all_of(&one)).filter(|counted| counted.year <= year).collect())
}

impl CountedDeposit {
    /// The deposits of one year of a fund. One that was reported after that year counts in the year of the
    /// report: the statement of a year that has ended does not change.
    fn all_of(stream: &RecordedStream<GuaranteeFundYear>) -> Vec<Self> {
        let history = stream.history();
        let recorded = |sequence| stream.events.iter().find(|event| event.sequence == sequence);
        let counted = history.happened().into_iter().filter_map(|happened| {
            let GuaranteeFundFact::GuaranteeFundDeposited(deposit) = happened.fact else { return None };
            let year = clock::day_of(recorded(happened.sequence)?.recorded_at).year();
            Some(Self { deposit: deposit.clone(), year: year.max(deposit.year) })
        });
        counted.collect()
    }
}

/// The answers at the end of the last of these years, if a reader of the statements of the years before it
/// learns nothing from them about a few clients. Each year is as it was known at its end, so a statement
/// that was once read does not change.
async fn shown(
    services: &Services,
    region: &RegionId,
    years: std::ops::RangeInclusive<u16>,
    threshold: u32,
) -> Result<Option<FundAnswers>, Problem> {
    let (mut last, mut is_shown) = (FundAnswers::default(), true);
    for year in years {
        let now = answers_on(services, region, last_day(year)?, true).await?;
        is_shown = now.may_follow(&last, threshold);
        if is_shown {
            last = now;
        }
    }
    Ok(is_shown.then_some(last))
}

/// The answers on a day: as they were known at its end, or as they are known now.
async fn answers_on(
    services: &Services,
    region: &RegionId,
    on: Day,
    as_known_then: bool,
) -> Result<FundAnswers, Problem> {
    let known_at = as_known_then.then(|| clock::ended(on));
    let added = services.ledger.contributions_then(region, on, known_at).await?;
    Ok(FundAnswers::of(added.iter().map(|(case, contribution)| (*case, contribution))))
}

fn last_day(year: u16) -> Result<Day, Problem> {
    let (_, last) = Day::of_year(year).map_err(|_| Complaint::parameter("year", Form::Year))?;
    Ok(last)
}

impl YearParams {
    /// The year. Only a reader who sees every claim reads a year that has not ended.
    fn year(self, today: Day, sees_all: bool) -> Result<u16, Problem> {
        let ended = last_year(today.plus_days(-1)).1.year();
        let year = self.year.unwrap_or(ended);
        let last = if sees_all { today.year() } else { ended };
        if year > last { Err(Complaint::parameter("year", Fault::StillToCome).into()) } else { Ok(year) }
    }
}

impl Parameters for YearParams {
    fn read(query: &mut Query) -> Self {
        Self { year: query.take_year("year") }
    }
}

impl StatementBody {
    /// The statement of a year that has ended, as it was known at its end.
    pub(in crate::http) async fn at_the_end_of(
        year: u16,
        services: &Services,
        viewer: &Viewer,
        region: RegionId,
    ) -> Result<Self, Problem> {
        let (set, known_at) = (set_of(services, &region)?, clock::ended(last_day(year)?));
        let deposits = deposits(services, viewer, &region, (year, Some(known_at))).await?;
        let first = deposits.iter().map(|counted| counted.deposit.year).min().unwrap_or(year);
        let answers = shown(services, &region, first..=year, set.figures.suppress_below).await?;
        Ok(Self::of(set, region, year, &deposits, answers.as_ref()))
    }

    fn of(
        set: &AgreementSet,
        region: RegionId,
        year: u16,
        deposits: &[CountedDeposit],
        answers: Option<&FundAnswers>,
    ) -> Self {
        let deposited_cents = deposits.iter().map(|counted| i64::from(counted.deposit.amount_cents)).sum();
        let totals = answers.map(FundAnswers::totals);
        Self {
            region,
            year,
            keeper: set.guarantee_fund.as_ref().map(|fund| fund.keeper),
            suppressed_below: set.figures.suppress_below,
            deposits: deposits.iter().filter(|counted| counted.year == year).map(DepositBody::of).collect(),
            deposited_cents,
            claimed_cents: totals.map(|totals| totals.claimed),
            awarded_cents: totals.map(|totals| totals.awarded),
            balance_cents: totals.map(|totals| deposited_cents - totals.awarded),
        }
    }
}

impl DepositBody {
    fn of(CountedDeposit { deposit, .. }: &CountedDeposit) -> Self {
        Self {
            deposited_on: deposit.occurred_on,
            depositor: deposit.depositor.clone(),
            amount_cents: deposit.amount_cents.into(),
        }
    }
}

/// An example of the response.
#[must_use]
pub fn example(set: &AgreementSet, deposit: &GuaranteeFundDeposited) -> impl Serialize + use<> {
    let (region, year) = (deposit.region.clone(), deposit.year);
    let deposits = [CountedDeposit { deposit: deposit.clone(), year }];
    StatementBody::of(set, region, year, &deposits, Some(&FundAnswers::default()))
}
