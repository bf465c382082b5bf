//! The plan of a region for a year: how many clients are expected, how many homes are agreed, and how many
//! homes the corporations let in all (S2 Noord-Limburg: a forecast and a division every year; Rivierenland:
//! four homes a year in each municipality).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::stream_facts;
use super::refusal::Refusal;
use super::stream::{
    BrokenRule, EVERY_PARTNER, Named, NamedThing, Period, Place, Reporters, Stream, StreamId, StreamKind,
};
use crate::day::Day;
use crate::ids::{DocumentReference, MunicipalityCode, OrganisationId, RegionId};
use crate::organisation::OrganisationKind;
use crate::role::Role;
use crate::trajectory::fact::Profile;

stream_facts! {
    /// One fact about a plan. In JSON it is `{"type": "forecast-agreed", "occurredOn": "2025-11-20", …}`.
    PlanFact "One fact about the plan of a region for a year.",
    /// A fact about a plan was wrong. The earlier fact stays readable. Dutch: *correctie*.
    PlanCorrected,
    naming [
        ForecastAgreed "forecast-agreed",
        QuotaAgreed "quota-agreed",
        LettingsReported "lettings-reported",
    ],
    other [],
}

/// The partners agree how many clients they expect to be ready, by month and kind of home. A later one
/// replaces it as a whole. Dutch: *prognose*. Source: S2 (Noord-Limburg).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForecastAgreed {
    /// The day on which it was agreed.
    pub occurred_on: Day,
    /// The region.
    pub region: RegionId,
    /// The year that it is for.
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: u16,
    /// The document in which it was agreed.
    pub document: DocumentReference,
    /// How many clients are expected, part by part.
    #[schema(min_items = 1, max_items = 500)]
    pub expected: Vec<ExpectedClients>,
}

/// Clients who are expected to be ready in one month, for whom one kind of home fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedClients {
    /// The month, from 1.
    #[schema(minimum = 1, maximum = 12)]
    pub month: u8,
    /// The kind of home.
    pub profile: Profile,
    /// The municipality where they come from, if that was agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<MunicipalityCode>,
    /// How many.
    #[schema(maximum = 10_000)]
    pub clients: u16,
}

/// The partners agree how many homes are for clients. A later one replaces it as a whole. Dutch:
/// *taakstelling*. Source: S2 (Noord-Limburg, Rivierenland).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuotaAgreed {
    /// The day on which it was agreed.
    pub occurred_on: Day,
    /// The region.
    pub region: RegionId,
    /// The year that it is for.
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: u16,
    /// The document in which it was agreed.
    pub document: DocumentReference,
    /// How many homes, part by part. One without corporation and municipality is the whole.
    #[schema(min_items = 1, max_items = 500)]
    pub homes: Vec<QuotaPart>,
}

/// A part of a quota: of a corporation, of a municipality, of a corporation in a municipality, or the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuotaPart {
    /// The corporation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporation: Option<OrganisationId>,
    /// The municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<MunicipalityCode>,
    /// How many homes.
    #[schema(maximum = 10_000)]
    pub homes: u16,
}

/// How many homes a corporation let in the year, to anybody. A later one replaces it. Dutch: *alle
/// verhuringen*. Source: S1 (the share of all lettings).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LettingsReported {
    /// The day on which it was counted.
    pub occurred_on: Day,
    /// The region.
    pub region: RegionId,
    /// The year in which they were let.
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: u16,
    /// The corporation.
    pub corporation: OrganisationId,
    /// How many homes.
    #[schema(maximum = 1_000_000)]
    pub lettings: u32,
}

/// The plan of a region for a year as it is on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The region and the year; none while nothing happened.
    pub of: Option<(RegionId, u16)>,
    /// The last forecast.
    pub forecast: Option<ForecastAgreed>,
    /// The last quota.
    pub quota: Option<QuotaAgreed>,
    /// How many homes each corporation let, as reported last.
    pub lettings: BTreeMap<OrganisationId, u32>,
}

/// Parts of a quota that do not add up to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The parts.
    pub parts: Parts,
    /// What they add up to.
    pub sum: u32,
    /// The whole that was agreed.
    pub whole: u32,
}

/// By what a quota is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = QuotaParts)]
pub enum Parts {
    /// By corporation. Dutch: *per corporatie*.
    Corporations,
    /// By municipality. Dutch: *per gemeente*.
    Municipalities,
    /// By corporation and municipality. Dutch: *per corporatie en gemeente*.
    Both,
}

/// The id of the plan of a region for a year.
#[must_use]
pub fn plan_id(region: &RegionId, year: u16) -> StreamId {
    StreamId::named(StreamKind::Plan, &[region.as_str(), &year.to_string()])
}

macro_rules! names_its_plan {
    ($($fact:ident)*) => {
        $(impl $fact {
            fn stream(&self) -> StreamId {
                plan_id(&self.region, self.year)
            }
        })*
    };
}
names_its_plan! { ForecastAgreed QuotaAgreed LettingsReported }

impl PlanFact {
    /// The region and the year that it names; a correction names none.
    #[must_use]
    pub fn of(&self) -> Option<(&RegionId, u16)> {
        match self {
            Self::ForecastAgreed(fact) => Some((&fact.region, fact.year)),
            Self::QuotaAgreed(fact) => Some((&fact.region, fact.year)),
            Self::LettingsReported(fact) => Some((&fact.region, fact.year)),
            Self::EventCorrected(_) => None,
        }
    }
}

impl Stream for Plan {
    type Fact = PlanFact;
    const KIND: StreamKind = StreamKind::Plan;
    const READ_BY_OWNER: &'static [Role] = &[];
    // A plan is about nobody: its numbers are agreed between the partners, and theirs to read.
    const READ_IN_REGION: &'static [Role] = EVERY_PARTNER;

    fn evolve(&mut self, fact: &PlanFact) {
        if let Some((region, year)) = fact.of() {
            self.of = Some((region.clone(), year));
        }
        match fact {
            PlanFact::ForecastAgreed(forecast) => self.forecast = Some(forecast.clone()),
            PlanFact::QuotaAgreed(quota) => self.quota = Some(quota.clone()),
            PlanFact::LettingsReported(reported) => {
                self.lettings.insert(reported.corporation.clone(), reported.lettings);
            }
            PlanFact::EventCorrected(_) => {}
        }
    }

    /// A part is named once. Parts that do not add up are [shown](QuotaAgreed::mismatches).
    fn broken_by(&self, fact: &PlanFact) -> Vec<BrokenRule> {
        match fact {
            PlanFact::ForecastAgreed(forecast) => {
                let parts = forecast.expected.iter().map(|part| (part.month, part.profile, &part.origin));
                named_twice("/expected", parts)
            }
            PlanFact::QuotaAgreed(quota) => {
                let parts = quota.homes.iter().map(|part| (&part.corporation, &part.municipality));
                named_twice("/homes", parts)
            }
            PlanFact::LettingsReported(_) | PlanFact::EventCorrected(_) => Vec::new(),
        }
    }

    fn names(fact: &PlanFact) -> Vec<Named<'_>> {
        match fact {
            PlanFact::QuotaAgreed(quota) => quota.names(),
            PlanFact::LettingsReported(reported) => {
                vec![corporation("/corporation".to_owned(), &reported.corporation)]
            }
            PlanFact::ForecastAgreed(_) | PlanFact::EventCorrected(_) => Vec::new(),
        }
    }

    fn reporters<'a>(&'a self, fact: &'a PlanFact) -> Reporters<'a> {
        let of = self.of.as_ref().map(|(region, _)| region);
        Reporters {
            roles: &[Role::MatchingPoint, Role::Municipality],
            organisation: None,
            region: fact.of().map(|(region, _)| region).or(of),
        }
    }

    fn period(&self) -> Option<Period> {
        self.of.as_ref().map(|(_, year)| Period::Year(*year))
    }

    fn place(&self) -> Option<Place<'_>> {
        let (region, _) = self.of.as_ref()?;
        Some(Place { organisation: None, region, status: "planned", unit: None, municipality: None })
    }
}

/// A broken rule for each of these parts that is the same as one before it.
fn named_twice<P: Ord>(list: &str, parts: impl Iterator<Item = P>) -> Vec<BrokenRule> {
    let mut before = BTreeSet::new();
    let again = parts.enumerate().filter_map(|(index, part)| (!before.insert(part)).then_some(index));
    let broken = |index| BrokenRule { field: format!("{list}/{index}").into(), ..Refusal::PartTwice.into() };
    again.map(broken).collect()
}

fn corporation(field: String, named: &OrganisationId) -> Named<'_> {
    Named { field, what: NamedThing::Partner(named, &[OrganisationKind::HousingCorporation]) }
}

impl ForecastAgreed {
    /// All clients together.
    #[must_use]
    pub fn clients(&self) -> u32 {
        self.expected.iter().map(|part| u32::from(part.clients)).sum()
    }
}

impl QuotaAgreed {
    /// The corporations and the municipalities of its parts. Where clients come from may be anywhere, so
    /// a forecast names no such place.
    fn names(&self) -> Vec<Named<'_>> {
        let mut names = Vec::new();
        for (index, part) in self.homes.iter().enumerate() {
            if let Some(named) = &part.corporation {
                names.push(corporation(format!("/homes/{index}/corporation"), named));
            }
            if let Some(code) = &part.municipality {
                let field = format!("/homes/{index}/municipality");
                names.push(Named { field, what: NamedThing::Municipality(code) });
            }
        }
        names
    }

    /// The whole: the part that says so, or else the first way of dividing that has any parts.
    #[must_use]
    pub fn homes(&self) -> u32 {
        let of = |parts| self.sum(parts).unwrap_or(0);
        let divided = [Parts::Municipalities, Parts::Corporations, Parts::Both].into_iter().map(of);
        self.whole().unwrap_or_else(|| divided.into_iter().find(|sum| *sum > 0).unwrap_or(0))
    }

    /// The ways of dividing whose parts do not add up to the whole. Their sum may still be what was
    /// agreed: not every home is given to a corporation or a municipality beforehand.
    #[must_use]
    pub fn mismatches(&self) -> Vec<Mismatch> {
        let whole = self.homes();
        let of = |parts| Some(Mismatch { parts, sum: self.sum(parts)?, whole });
        let each = [Parts::Corporations, Parts::Municipalities, Parts::Both].into_iter().filter_map(of);
        each.filter(|mismatch| mismatch.sum != mismatch.whole).collect()
    }

    fn whole(&self) -> Option<u32> {
        self.sum_of(|part| part.corporation.is_none() && part.municipality.is_none())
    }

    fn sum(&self, parts: Parts) -> Option<u32> {
        let is_of = |part: &QuotaPart| match (&part.corporation, &part.municipality) {
            (Some(_), None) => parts == Parts::Corporations,
            (None, Some(_)) => parts == Parts::Municipalities,
            (Some(_), Some(_)) => parts == Parts::Both,
            (None, None) => false,
        };
        self.sum_of(is_of)
    }

    /// The sum of these parts; none if there are none.
    fn sum_of(&self, counts: impl Fn(&QuotaPart) -> bool) -> Option<u32> {
        let mut parts = self.homes.iter().filter(|part| counts(part)).peekable();
        parts.peek()?;
        Some(parts.map(|part| u32::from(part.homes)).sum())
    }
}
