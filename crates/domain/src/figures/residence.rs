//! Where the clients of a region live on a day (S2 Haarlem, Nijmegen: no hot spots;
//! [ADR 46](../../../../docs/adr/0046-a-plan-is-public-and-people-are-counted.md)).

use super::{Contribution, PublishedCount, Spread, suppress};
use crate::ids::{ComplexId, MunicipalityCode};
use crate::trajectory::History;
use crate::trajectory::fact::Fact;

/// The home in which a client lives. A case that was taken over while it ran has no offer, so the
/// ledger does not know where that home is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residence {
    /// Where it is, by the offer.
    pub place: Option<(MunicipalityCode, Option<ComplexId>)>,
}

impl Residence {
    /// Where the client of this history lives: under a lease of the partners, or after the flip as long as
    /// the partners follow up. None if the client has no home yet or left it, or if the case has ended:
    /// afterwards the ledger knows nothing of the home.
    pub(super) fn of(history: &History) -> Option<Self> {
        let state = history.state();
        let lives = state.outcome.is_none() && state.tenancy.lease.is_some() && !state.tenancy.left;
        if !lives {
            return None;
        }
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
        Some(Self { place })
    }
}

/// Where the clients of a region live. They must not be published as they are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Residents {
    /// Those of whom it is known.
    pub spread: Spread,
    /// The others.
    pub of_unknown_place: u32,
}

impl Residents {
    /// Counts the clients of these contributions, on the day for which they were derived.
    #[must_use]
    pub fn of<'c>(contributions: impl IntoIterator<Item = &'c Contribution>) -> Self {
        let mut residents = Self::default();
        for residence in contributions.into_iter().filter_map(|one| one.residence.as_ref()) {
            match &residence.place {
                Some((municipality, complex)) => {
                    *residents.spread.municipalities.entry(municipality.clone()).or_default() += 1;
                    *residents.spread.complexes.entry(complex.clone()).or_default() += 1;
                }
                None => residents.of_unknown_place += 1,
            }
        }
        residents
    }

    /// Those of whom it is not known, with suppression applied.
    #[must_use]
    pub fn of_unknown_place(&self, threshold: u32) -> PublishedCount {
        suppress(&[self.of_unknown_place], threshold).1
    }
}
