//! The answer about a plan.

use std::collections::BTreeMap;

use jiff::Timestamp;
use omklap_domain::allocation::plan::{ExpectedClients, Mismatch, Parts, Plan, QuotaPart};
use omklap_domain::day::Day;
use omklap_domain::figures::{Period, PublishedSpread, RealisedCounts};
use omklap_domain::ids::{DocumentReference, OrganisationId, RegionId};
use omklap_domain::trajectory::fact::Profile;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;
use crate::http::figures::{Choice, set_of};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;

/// The plan of a region for a year as it is on a day. Its own numbers are public to the partners.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanBody {
    /// The region.
    region: RegionId,
    /// The year.
    year: u16,
    /// How many clients are expected to be ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    forecast: Option<ForecastBody>,
    /// How many homes are for clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    quota: Option<QuotaBody>,
    /// How many homes each corporation let to anybody.
    lettings: Vec<LettingsBody>,
}

/// How many clients are expected to be ready.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Forecast)]
#[serde(rename_all = "camelCase")]
struct ForecastBody {
    /// The document in which it was agreed.
    document: DocumentReference,
    /// The day on which it was agreed.
    #[schema(value_type = String, format = Date)]
    agreed_on: Day,
    /// All clients together.
    clients: u32,
    /// Part by part.
    expected: Vec<ExpectedClients>,
}

/// How many homes are for clients.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quota)]
#[serde(rename_all = "camelCase")]
struct QuotaBody {
    /// The document in which it was agreed.
    document: DocumentReference,
    /// The day on which it was agreed.
    #[schema(value_type = String, format = Date)]
    agreed_on: Day,
    /// The whole: the part without corporation and municipality, or else the sum of the parts.
    total: u32,
    /// Part by part.
    homes: Vec<QuotaPart>,
    /// Parts that do not add up to the whole.
    mismatches: Vec<MismatchBody>,
}

/// Parts of a quota that do not add up to the whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuotaMismatch)]
struct MismatchBody {
    /// Which parts.
    parts: Parts,
    /// What they add up to.
    sum: u32,
    /// The whole.
    total: u32,
}

/// The homes that a corporation let.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lettings)]
struct LettingsBody {
    /// The corporation.
    corporation: OrganisationId,
    /// How many homes, to anybody.
    lettings: u32,
}

/// What became of a plan in its year. A count is null if it would reveal something about single people;
/// a month, profile, corporation or municipality with too few is not named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RealisedPlan)]
#[serde(rename_all = "camelCase")]
pub(super) struct RealisedBody {
    /// The last day that counts.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// Counts above zero and below this are not shown.
    suppressed_below: u32,
    /// Clients who became ready.
    ready: ReadyBody,
    /// Homes that were let to clients: a part of all lettings.
    lets: LetsBody,
}

/// Clients who became ready in the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RealisedReadiness)]
#[serde(rename_all = "camelCase")]
struct ReadyBody {
    /// All of them.
    clients: Option<u32>,
    /// By month, from 1.
    months: BTreeMap<String, u32>,
    /// In all other months together.
    other_months: Option<u32>,
    /// By profile; those without one under an empty name.
    profiles: BTreeMap<String, u32>,
    /// With all other profiles together.
    other_profiles: Option<u32>,
}

/// Homes that were let to clients in the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RealisedLets)]
#[serde(rename_all = "camelCase")]
struct LetsBody {
    /// All of them.
    homes: Option<u32>,
    /// By corporation.
    corporations: BTreeMap<String, u32>,
    /// Of all other corporations together.
    other_corporations: Option<u32>,
    /// By municipality, by the code of Statistics Netherlands.
    municipalities: BTreeMap<String, u32>,
    /// In all other municipalities together.
    other_municipalities: Option<u32>,
}

impl PlanBody {
    /// The plan in this state; none while nothing happened.
    pub(super) fn of(state: Plan) -> Option<Self> {
        let Plan { of, forecast, quota, lettings } = state;
        let (region, year) = of?;
        let forecast = forecast.map(|forecast| ForecastBody {
            clients: forecast.clients(),
            document: forecast.document,
            agreed_on: forecast.occurred_on,
            expected: forecast.expected,
        });
        let quota = quota.map(|quota| QuotaBody {
            total: quota.homes(),
            mismatches: quota.mismatches().into_iter().map(MismatchBody::from).collect(),
            document: quota.document,
            agreed_on: quota.occurred_on,
            homes: quota.homes,
        });
        let lettings =
            lettings.into_iter().map(|(corporation, lettings)| LettingsBody { corporation, lettings });
        Some(Self { region, year, forecast, quota, lettings: lettings.collect() })
    }
}

impl From<Mismatch> for MismatchBody {
    fn from(Mismatch { parts, sum, whole }: Mismatch) -> Self {
        Self { parts, sum, total: whole }
    }
}

impl RealisedBody {
    /// What became of the plan, as far as the caller may read it now.
    pub(super) async fn read(
        services: &Services,
        caller: &Caller,
        region: &RegionId,
        year: u16,
        as_of: AsOfParams,
    ) -> Result<Option<Self>, Problem> {
        let threshold = set_of(services, region)?.figures.suppress_below;
        let choice = Choice::of(&caller.viewer, region);
        let Some((period, known_at)) = asked(year, services.clock.today(), choice, as_of) else {
            return Ok(None);
        };
        let on = period.to();
        let ledger = &services.ledger;
        let added = match choice {
            Choice::Free => ledger.contributions_then(region, on, known_at).await?,
            Choice::WholeYears => ledger.confirmed_contributions_then(region, on, known_at).await?,
        };
        let counts = RealisedCounts::over(added.iter().map(|(_, one)| one), period);
        Ok(Some(Self::of(&counts, on, threshold)))
    }

    /// These counts with suppression applied.
    pub(super) fn of(counts: &RealisedCounts, on: Day, suppressed_below: u32) -> Self {
        let (clients, months, profiles) = counts.ready(suppressed_below);
        let (homes, corporations, municipalities) = counts.lets(suppressed_below);
        let profile = |profile: &Option<Profile>| {
            let code = profile.and_then(|profile| serde_json::to_value(profile).ok());
            code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let (months, other_months) = named(&months, ToString::to_string);
        let (profiles, other_profiles) = named(&profiles, profile);
        let (corporations, other_corporations) = named(&corporations, ToString::to_string);
        let (municipalities, other_municipalities) = named(&municipalities, ToString::to_string);
        let ready = ReadyBody { clients: clients.count(), months, other_months, profiles, other_profiles };
        let lets = LetsBody {
            homes: homes.count(),
            corporations,
            other_corporations,
            municipalities,
            other_municipalities,
        };
        Self { on, suppressed_below, ready, lets }
    }
}

/// The parts that may be named, and all others together.
fn named<K: Ord>(
    parts: &PublishedSpread<K>,
    name: impl Fn(&K) -> String,
) -> (BTreeMap<String, u32>, Option<u32>) {
    (parts.shown.iter().map(|(part, count)| (name(part), *count)).collect(), parts.others.count())
}

/// The days of the year that count, and the instant at which they were known. None before the year, and for
/// a caller without access to every case until it has ended.
fn asked(year: u16, today: Day, choice: Choice, as_of: AsOfParams) -> Option<(Period, Option<Timestamp>)> {
    let year = i16::try_from(year).ok()?;
    let (first, last) = (Day::new(year, 1, 1).ok()?, Day::new(year, 12, 31).ok()?);
    match choice {
        Choice::WholeYears => {
            let period = Period::new(first, last, last).ok().filter(|_| last < today)?;
            Some((period, Some(clock::ended(last))))
        }
        Choice::Free => {
            let on = as_of.valid_on.unwrap_or(today).min(last);
            Some((Period::new(first, last, on).ok()?, as_of.known_at))
        }
    }
}
