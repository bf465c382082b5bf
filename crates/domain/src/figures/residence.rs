//! Where the clients of a region live on a day (S2 Haarlem, Nijmegen: no hot spots;
//! [ADR 46](../../../../docs/adr/0046-a-plan-is-public-and-people-are-counted.md)).

use std::collections::BTreeMap;

use super::{Contribution, PublishedCount, suppress};
use crate::allocation::{ComplexDescribed, NeighbourhoodCode};
use crate::ids::{ComplexId, MunicipalityCode, OrganisationId};
use crate::trajectory::History;
use crate::trajectory::fact::Fact;

/// The home in which a client lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residence {
    /// The corporation that owns it.
    pub corporation: OrganisationId,
    /// Where it is, by the offer: its municipality and its complex. A case that was taken over while it ran
    /// has no offer, so the ledger does not know where that home is.
    pub place: Option<(MunicipalityCode, Option<ComplexId>)>,
}

impl Residence {
    /// Where the client of this history lives: under a lease of the partners, or after the flip as long as
    /// the partners follow up. None if the client has no home yet or left it, or if the case has ended:
    /// afterwards the ledger knows nothing of the home.
    pub(super) fn of(history: &History) -> Option<Self> {
        let state = history.state();
        let lives = state.outcome.is_none() && !state.tenancy.left;
        let lease = state.tenancy.lease.as_ref().filter(|_| lives)?;
        let (mut offered, mut place) = (None, None);
        for (_, fact) in history.happened() {
            match fact {
                Fact::DwellingOffered(offer) => {
                    offered = Some((offer.municipality.clone(), offer.complex.clone()));
                }
                Fact::HousedUnderIntermediaryLease(_)
                | Fact::HousedUnderThreePartyLease(_)
                | Fact::HousedUnderTemporaryLease(_)
                | Fact::HousedUnderOwnLease(_) => place = offered.take(),
                _ => {}
            }
        }
        Some(Self { corporation: lease.corporation.clone(), place })
    }
}

/// A complex: two corporations may have the same code.
pub type ComplexKey = (OrganisationId, ComplexId);

/// Where the clients of a region live. They must not be published as they are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Residents {
    municipalities: BTreeMap<MunicipalityCode, InMunicipality>,
    of_unknown_place: u32,
}

/// Those in one municipality, by neighbourhood; under `None` those of whom it is not known.
type InMunicipality = BTreeMap<Option<NeighbourhoodCode>, InNeighbourhood>;
/// Those in one neighbourhood, by complex; under `None` those of whom it is not known.
type InNeighbourhood = BTreeMap<Option<ComplexKey>, u32>;

/// The parts of a whole that may be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<K: Ord, P> {
    /// Each with how many it counts, and its own parts.
    pub shown: BTreeMap<K, (u32, P)>,
    /// The count of all others together.
    pub others: PublishedCount,
}

/// Those in the complexes of a neighbourhood.
pub type NamedComplexes = Named<Option<ComplexKey>, ()>;
/// Those in the neighbourhoods of a municipality.
pub type NamedNeighbourhoods = Named<Option<NeighbourhoodCode>, NamedComplexes>;
/// Those in the municipalities of a region.
pub type NamedMunicipalities = Named<MunicipalityCode, NamedNeighbourhoods>;

impl Residents {
    /// Counts the clients of these contributions, on the day for which they were derived. The
    /// neighbourhood of a complex is that of its description.
    #[must_use]
    pub fn of<'c>(
        contributions: impl IntoIterator<Item = &'c Contribution>,
        complexes: &BTreeMap<ComplexKey, ComplexDescribed>,
    ) -> Self {
        let mut residents = Self::default();
        for Residence { corporation, place } in
            contributions.into_iter().filter_map(|one| one.residence.as_ref())
        {
            let Some((municipality, complex)) = place else {
                residents.of_unknown_place += 1;
                continue;
            };
            let complex = complex.as_ref().map(|complex| (corporation.clone(), complex.clone()));
            let described = complex.as_ref().and_then(|key| complexes.get(key));
            // A description of another place than that of the offer is of no use here.
            let described = described.filter(|described| described.municipality == *municipality);
            let neighbourhood = described.and_then(|described| described.neighbourhood.clone());
            let municipality = residents.municipalities.entry(municipality.clone()).or_default();
            *municipality.entry(neighbourhood).or_default().entry(complex).or_default() += 1;
        }
        residents
    }

    /// How many live in a home of which the place is known, and where, with suppression applied at each
    /// level: what is not named inside a place that is named cannot be computed from it.
    #[must_use]
    pub fn published(&self, threshold: u32) -> (PublishedCount, NamedMunicipalities) {
        let in_neighbourhood = |homes: &InNeighbourhood| homes.values().sum::<u32>();
        let in_municipality = |homes: &InMunicipality| homes.values().map(in_neighbourhood).sum::<u32>();
        let complexes = |homes: &InNeighbourhood| inside(named(homes, |many| *many, |_| (), threshold));
        let neighbourhoods =
            |homes: &InMunicipality| inside(named(homes, in_neighbourhood, complexes, threshold));
        let (whole, municipalities, _) =
            named(&self.municipalities, in_municipality, neighbourhoods, threshold);
        (whole, municipalities)
    }

    /// Those of whom the place is not known, with suppression applied.
    #[must_use]
    pub fn of_unknown_place(&self, threshold: u32) -> PublishedCount {
        suppress(&[self.of_unknown_place], threshold).1
    }
}

/// The whole that these parts make, the parts that may be named, and how many are counted in all.
fn named<K: Ord + Clone, V, P>(
    parts: &BTreeMap<K, V>,
    count: impl Fn(&V) -> u32,
    parts_of: impl Fn(&V) -> P,
    threshold: u32,
) -> (PublishedCount, Named<K, P>, u32) {
    let counts: Vec<u32> = parts.values().map(count).collect();
    let (published, whole) = suppress(&counts, threshold);
    let is_shown = whole.count().is_some();
    let shown = parts.iter().zip(published).filter_map(|((key, inner), part)| {
        let many = part.count().filter(|_| is_shown)?;
        Some((key.clone(), (many, parts_of(inner))))
    });
    let shown: BTreeMap<_, _> = shown.collect();
    let named: u32 = shown.values().map(|(many, _)| many).sum();
    let all = counts.iter().sum();
    let others = if is_shown { PublishedCount::Count(all - named) } else { PublishedCount::Suppressed };
    (whole, Named { shown, others }, all)
}

/// The parts of a place whose count is shown: those that are not named are its others, whatever they are.
fn inside<K: Ord, P>((_, parts, all): (PublishedCount, Named<K, P>, u32)) -> Named<K, P> {
    match parts.others {
        PublishedCount::Count(_) => parts,
        PublishedCount::Suppressed => Named { others: PublishedCount::Count(all), ..parts },
    }
}
