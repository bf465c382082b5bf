//! What became of a plan, and the demand beside the supply.

use std::collections::BTreeMap;

use jiff::Timestamp;
use omklap_domain::allocation::{Plan, Vacancy};
use omklap_domain::day::Day;
use omklap_domain::figures::{
    Demand, Division, Period, PublishedFairness, PublishedOffers, PublishedSpread, RealisedCounts, UNKNOWN,
};
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_store::allocation::RecordedStream;
use serde::Serialize;
use utoipa::ToSchema;

use super::vacancies::with_tenants;
use crate::clock;
use crate::http::figures::{Choice, set_of};
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;

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
    /// Clients who are ready for a home on that day.
    demand: DemandBody,
    /// Homes that are open for them on that day.
    supply: SupplyBody,
    /// The homes that were offered in the year, by who the clients are. For callers who read every case of the
    /// region: several of these numbers may be about one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    year_offers: Option<FairnessBody>,
}

/// The homes that were offered in the year, by who the clients are. What an offer keeps of its list of
/// candidates is counted. Who else was on that list is not kept, so how often a client was eligible and got no offer is
/// not counted.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = OffersOfTheYear)]
#[serde(rename_all = "camelCase")]
struct FairnessBody {
    /// By the profile on the day of the offer; those without one under `unknown`.
    profiles: BTreeMap<String, OffersBody>,
    /// By who moves in.
    households: BTreeMap<String, OffersBody>,
    /// By the municipality where they come from.
    origins: BTreeMap<String, OffersBody>,
    /// Offers that were refused or not answered, by ground.
    refusals: BTreeMap<String, u32>,
    /// Offers that were withdrawn, by ground.
    withdrawals: BTreeMap<String, u32>,
}

/// The homes that were offered to clients who are alike.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OffersToAlike)]
#[serde(rename_all = "camelCase")]
struct OffersBody {
    /// Offers.
    offered: Option<u32>,
    /// Of these, those to another than the first in the list of candidates.
    not_first: Option<u32>,
    /// Those that were refused, or not answered.
    refused: Option<u32>,
    /// Those that were withdrawn.
    withdrawn: Option<u32>,
    /// The median place in the list of candidates, of the offers that kept one; null if too few did.
    median_place: Option<u32>,
    /// The median of the days from readiness to the offer; null if too few are known.
    median_days: Option<u32>,
}

impl From<PublishedFairness> for FairnessBody {
    fn from(mut fairness: PublishedFairness) -> Self {
        let mut of = |division| {
            let kinds = fairness.divisions.remove(&division).unwrap_or_default();
            kinds.into_iter().map(|(kind, offers)| (kind, OffersBody::from(offers))).collect()
        };
        Self {
            profiles: of(Division::Profile),
            households: of(Division::Household),
            origins: of(Division::Origin),
            refusals: fairness.refusals,
            withdrawals: fairness.withdrawals,
        }
    }
}

impl From<PublishedOffers> for OffersBody {
    fn from(shown: PublishedOffers) -> Self {
        Self {
            offered: shown.offers.count(),
            not_first: shown.not_first.count(),
            refused: shown.refused.count(),
            withdrawn: shown.withdrawn.count(),
            median_place: shown.median_place,
            median_days: shown.median_days,
        }
    }
}

/// Clients who are ready for a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HousingDemand)]
#[serde(rename_all = "camelCase")]
struct DemandBody {
    /// All of them.
    clients: Option<u32>,
    /// By profile; those without one under `unknown`.
    profiles: BTreeMap<String, u32>,
    /// With all other profiles together.
    other_profiles: Option<u32>,
    /// By the access that they need; those without a profile under `unknown`.
    access_kinds: BTreeMap<String, u32>,
    /// With all other kinds of access together.
    other_access_kinds: Option<u32>,
}

/// Homes that are open for clients. They are about nobody, so every number is shown.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = HousingSupply)]
#[serde(rename_all = "camelCase")]
struct SupplyBody {
    /// All of them.
    homes: u32,
    /// By the access that they have; those of which it is not said under `unknown`.
    access_kinds: BTreeMap<String, u32>,
}

/// The share of a corporation's lettings that was to clients.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShareOfLettings)]
#[serde(rename_all = "camelCase")]
struct ShareBody {
    /// The corporation.
    corporation: OrganisationId,
    /// Homes that it let to clients; null if that is not shown.
    let_to_clients: Option<u32>,
    /// Homes that it let to anybody.
    lettings: u32,
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
    /// By profile; those without one under `unknown`.
    profiles: BTreeMap<String, u32>,
    /// With all other profiles together.
    other_profiles: Option<u32>,
    /// By the municipality where they come from; those without a profile under `unknown`.
    origins: BTreeMap<String, u32>,
    /// From all other municipalities together.
    other_origins: Option<u32>,
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
    /// For each corporation of which all lettings were reported: how many of them were to clients.
    shares: Vec<ShareBody>,
}

/// What is counted beside a plan.
#[derive(Default)]
pub(super) struct Counted {
    realised: RealisedCounts,
    demand: Demand,
    supply: SupplyBody,
    /// For callers who read every case.
    fairness: Option<PublishedFairness>,
}

impl RealisedBody {
    /// What became of the plan, as far as the caller may read it now.
    pub(super) async fn read(
        services: &Services,
        choice: Choice,
        plan: &Plan,
        as_of: AsOfParams,
    ) -> Result<Option<Self>, Problem> {
        let Some((region, year)) = plan.of.as_ref().map(|(region, year)| (region, *year)) else {
            return Ok(None);
        };
        let threshold = set_of(services, region)?.figures.suppress_below;
        let Some((period, known_at)) = asked(year, services.clock.today(), choice, as_of) else {
            return Ok(None);
        };
        let on = period.to();
        // The stored contributions do not have what is counted here.
        let ledger = &services.ledger;
        let contributions = match choice {
            Choice::Free => ledger.contributions_then(region, on, known_at).await?,
            Choice::WholeYears => ledger.confirmed_contributions_then(region, on, known_at).await?,
        };
        let each = || contributions.iter().map(|(_, one)| one);
        let counted = Counted {
            realised: RealisedCounts::over(each(), period),
            demand: Demand::of(each()),
            supply: SupplyBody::read(services, region, on, known_at).await?,
            fairness: (choice == Choice::Free).then(|| PublishedFairness::over(each(), period, threshold)),
        };
        Ok(Some(Self::of(counted, plan, on, threshold)))
    }

    /// These counts with suppression applied.
    pub(super) fn of(counted: Counted, plan: &Plan, on: Day, suppressed_below: u32) -> Self {
        let Counted { realised, demand, supply, fairness } = counted;
        Self {
            on,
            suppressed_below,
            ready: ReadyBody::of(&realised, suppressed_below),
            lets: LetsBody::of(&realised, plan, suppressed_below),
            demand: DemandBody::of(&demand, suppressed_below),
            supply,
            year_offers: fairness.map(FairnessBody::from),
        }
    }
}

impl ReadyBody {
    fn of(counts: &RealisedCounts, threshold: u32) -> Self {
        let (clients, months, profiles) = counts.ready(threshold);
        let (months, other_months) = named(&months, ToString::to_string);
        let (profiles, other_profiles) = named(&profiles, |part| code(part.as_ref()));
        let (origins, other_origins) = named(&counts.origins(threshold), |part| code(part.as_ref()));
        let clients = clients.count();
        Self { clients, months, other_months, profiles, other_profiles, origins, other_origins }
    }
}

impl LetsBody {
    fn of(counts: &RealisedCounts, plan: &Plan, threshold: u32) -> Self {
        let (homes, corporations, municipalities) = counts.lets(threshold);
        let shares = plan.lettings.iter().map(|(corporation, lettings)| ShareBody {
            corporation: corporation.clone(),
            let_to_clients: corporations.shown.get(corporation).copied(),
            lettings: *lettings,
        });
        let shares = shares.collect();
        let (corporations, other_corporations) = named(&corporations, ToString::to_string);
        let (municipalities, other_municipalities) = named(&municipalities, ToString::to_string);
        Self {
            homes: homes.count(),
            corporations,
            other_corporations,
            municipalities,
            other_municipalities,
            shares,
        }
    }
}

impl DemandBody {
    fn of(demand: &Demand, threshold: u32) -> Self {
        let (clients, profiles, access) = demand.published(threshold);
        let (profiles, other_profiles) = named(&profiles, |part| code(part.as_ref()));
        let (access_kinds, other_access_kinds) = named(&access, |part| code(part.as_ref()));
        Self { clients: clients.count(), profiles, other_profiles, access_kinds, other_access_kinds }
    }
}

impl SupplyBody {
    /// The vacancies of a region that were open on a day, as it was known at an instant.
    async fn read(
        services: &Services,
        region: &RegionId,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<Self, Problem> {
        let streams = services.ledger.streams_of_region::<Vacancy>(region).await?;
        let then = |stream: RecordedStream<Vacancy>| match known_at {
            Some(instant) => stream.known_at(instant),
            None => stream,
        };
        let was = streams.into_iter().map(|stream| then(stream).history().state_on(on)).collect();
        let was = with_tenants(services, was, on, known_at).await?.into_iter();
        let mut supply = Self::default();
        for opened in was.filter(Vacancy::is_open).filter_map(|vacancy| vacancy.opened) {
            supply.homes += 1;
            *supply.access_kinds.entry(code(opened.home.access.as_ref())).or_default() += 1;
        }
        Ok(supply)
    }
}

/// The code of a part on the wire; [`UNKNOWN`] if there is none.
fn code(part: Option<&impl Serialize>) -> String {
    let written = part.and_then(|part| serde_json::to_value(part).ok());
    written.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_else(|| UNKNOWN.to_owned())
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
    let (first, last) = Day::of_year(year).ok()?;
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
