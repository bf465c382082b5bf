//! What became of a plan in its year: clients who became ready, and homes that were let to clients
//! ([ADR 46](../../../../docs/adr/0046-a-plan-is-public-and-people-are-counted.md)).

use std::collections::BTreeMap;

use super::suppress::{published_beside, published_together};
use super::{Contribution, Period, PublishedCount, PublishedSpread};
use crate::day::Day;
use crate::ids::{MunicipalityCode, OrganisationId};
use crate::trajectory::fact::{Fact, LeaseTerms, Profile};

/// What one trajectory adds to what became of the plans of a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Realised {
    /// Each time that the client became ready and remained so.
    pub ready: Vec<BecameReady>,
    /// Each home that was let to the client: the day of the keys, the corporation, and the municipality of
    /// the offer.
    pub lets: Vec<(Day, OrganisationId, MunicipalityCode)>,
    profile: Option<(Profile, MunicipalityCode)>,
    offered_in: Option<MunicipalityCode>,
}

/// A client became ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BecameReady {
    /// The day.
    pub on: Day,
    /// The profile at that time, and where the client comes from.
    pub profile: Option<(Profile, MunicipalityCode)>,
}

impl Realised {
    /// The profile that counts now, and where the client comes from.
    pub(super) fn profile(&self) -> Option<(Profile, MunicipalityCode)> {
        self.profile.clone()
    }

    /// The client came from another region with this profile.
    pub(super) fn comes_with(&mut self, profile: Option<(Profile, MunicipalityCode)>) {
        self.profile = profile;
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::OutflowProfileSet(set) => {
                self.profile = Some((set.profile, set.municipality_of_origin.clone()));
            }
            Fact::ReadinessConfirmed(ready) => {
                self.ready.push(BecameReady { on: ready.occurred_on, profile: self.profile.clone() });
            }
            Fact::ReadinessRevoked(_) => {
                self.ready.pop();
            }
            Fact::DwellingOffered(offer) => self.offered_in = Some(offer.municipality.clone()),
            Fact::HousedUnderIntermediaryLease(housed) => self.moved_in(housed.occurred_on, &housed.terms),
            Fact::HousedUnderThreePartyLease(housed) => self.moved_in(housed.occurred_on, &housed.terms),
            Fact::HousedUnderTemporaryLease(housed) => self.moved_in(housed.occurred_on, &housed.terms),
            Fact::HousedUnderOwnLease(housed) => self.moved_in(housed.occurred_on, &housed.terms),
            _ => {}
        }
    }

    fn moved_in(&mut self, on: Day, terms: &LeaseTerms) {
        let home = self.offered_in.take().map(|municipality| (on, terms.corporation.clone(), municipality));
        self.lets.extend(home);
    }
}

/// What became of a plan in a period. It must not be published as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealisedCounts {
    /// Clients who became ready, by month from 1.
    pub ready_by_month: BTreeMap<i8, u32>,
    /// The same clients by profile. Those without one are counted under `None`.
    pub ready_by_profile: BTreeMap<Option<Profile>, u32>,
    /// The same clients by the municipality where they come from.
    pub ready_by_origin: BTreeMap<Option<MunicipalityCode>, u32>,
    /// Homes that were let to clients, by corporation.
    pub lets_by_corporation: BTreeMap<OrganisationId, u32>,
    /// The same homes by municipality.
    pub lets_by_municipality: BTreeMap<MunicipalityCode, u32>,
}

/// How many, and in which two divisions, with suppression applied.
pub type Divided<A, B> = (PublishedCount, PublishedSpread<A>, PublishedSpread<B>);

impl RealisedCounts {
    /// Counts contributions over a period of one year.
    #[must_use]
    pub fn over<'c>(contributions: impl IntoIterator<Item = &'c Contribution>, period: Period) -> Self {
        let mut counts = Self::default();
        for one in contributions {
            for BecameReady { on, profile } in one.realised.ready.iter().filter(|one| period.holds(one.on)) {
                let (profile, origin) = profile.clone().unzip();
                *counts.ready_by_month.entry(on.date().month()).or_default() += 1;
                *counts.ready_by_profile.entry(profile).or_default() += 1;
                *counts.ready_by_origin.entry(origin).or_default() += 1;
            }
            for (_, corporation, municipality) in
                one.realised.lets.iter().filter(|(on, ..)| period.holds(*on))
            {
                *counts.lets_by_corporation.entry(corporation.clone()).or_default() += 1;
                *counts.lets_by_municipality.entry(municipality.clone()).or_default() += 1;
            }
        }
        counts
    }

    /// Clients who became ready, by month and by profile.
    #[must_use]
    pub fn ready(&self, threshold: u32) -> Divided<i8, Option<Profile>> {
        published_together(&self.ready_by_month, &self.ready_by_profile, threshold)
    }

    /// The same clients by where they come from. This third division withholds nothing in the other two.
    #[must_use]
    pub fn origins(&self, threshold: u32) -> PublishedSpread<Option<MunicipalityCode>> {
        published_beside(self.ready(threshold).0, &self.ready_by_origin, threshold)
    }

    /// Homes that were let to clients, by corporation and by municipality.
    #[must_use]
    pub fn lets(&self, threshold: u32) -> Divided<OrganisationId, MunicipalityCode> {
        published_together(&self.lets_by_corporation, &self.lets_by_municipality, threshold)
    }
}
