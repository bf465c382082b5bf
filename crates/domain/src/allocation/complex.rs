//! A complex: dwellings of one corporation that belong together. Its size makes it possible to say how
//! many clients live there of how many homes (S2 Haarlem, Hoeksche Waard: spreading).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::stream_facts;
use super::neighbourhood::NeighbourhoodCode;
use super::refusal::Refusal;
use super::stream::{BrokenRule, Place, Reporters, Stream, StreamId, StreamKind};
use crate::day::Day;
use crate::ids::{ComplexId, MunicipalityCode, OrganisationId, RegionId};
use crate::role::Role;

stream_facts! {
    /// One fact about a complex. In JSON it is `{"type": "complex-described", "occurredOn": "2026-03-01", …}`.
    ComplexFact "One fact about a complex.",
    /// A fact about a complex was wrong. The earlier fact stays readable. Dutch: *correctie*.
    ComplexCorrected,
    naming [ComplexDescribed "complex-described"],
    other [],
}

/// The corporation describes a complex, or describes it again because it has changed. Dutch: *complex
/// beschreven*. Source: our decision, after S2 (spreading over complexes).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComplexDescribed {
    /// The day from which it is so.
    pub occurred_on: Day,
    /// The complex, by the corporation's own code.
    pub complex: ComplexId,
    /// The corporation.
    pub corporation: OrganisationId,
    /// The region of the partners.
    pub region: RegionId,
    /// The municipality where it is.
    pub municipality: MunicipalityCode,
    /// The neighbourhood where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbourhood: Option<NeighbourhoodCode>,
    /// How many homes it has.
    #[schema(minimum = 1, maximum = 10_000)]
    pub homes: u16,
}

impl ComplexDescribed {
    fn stream(&self) -> StreamId {
        StreamId::named(StreamKind::Complex, &[self.corporation.as_str(), self.complex.as_str()])
    }
}

/// A complex as it is on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Complex {
    /// Its last description up to that day; none before the first.
    pub described: Option<ComplexDescribed>,
}

impl Stream for Complex {
    type Fact = ComplexFact;
    const KIND: StreamKind = StreamKind::Complex;
    const READ_BY_OWNER: &'static [Role] = &[Role::HousingCorporation, Role::NuisanceOfficer];
    // The number of homes is no secret to those who look for one.
    const READ_IN_REGION: &'static [Role] =
        &[Role::CareProvider, Role::Guide, Role::MatchingPoint, Role::Municipality, Role::Auditor];

    fn evolve(&mut self, fact: &ComplexFact) {
        if let ComplexFact::ComplexDescribed(described) = fact {
            self.described = Some(described.clone());
        }
    }

    fn broken_by(&self, fact: &ComplexFact) -> Vec<BrokenRule> {
        let ComplexFact::ComplexDescribed(described) = fact else { return Vec::new() };
        let elsewhere =
            described.neighbourhood.as_ref().is_some_and(|code| !code.is_in(&described.municipality));
        elsewhere.then_some(Refusal::NeighbourhoodElsewhere.into()).into_iter().collect()
    }

    fn reporters<'a>(&'a self, fact: &'a ComplexFact) -> Reporters<'a> {
        let described = match fact {
            ComplexFact::ComplexDescribed(described) => Some(described),
            ComplexFact::EventCorrected(_) => self.described.as_ref(),
        };
        Reporters {
            roles: &[Role::HousingCorporation],
            organisation: described.map(|described| &described.corporation),
            region: described.map(|described| &described.region),
        }
    }

    fn place(&self) -> Option<Place<'_>> {
        let described = self.described.as_ref()?;
        Some(Place {
            organisation: Some(&described.corporation),
            region: &described.region,
            status: "described",
            unit: None,
            municipality: Some(&described.municipality),
        })
    }
}
