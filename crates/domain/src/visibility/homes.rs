//! Which offers and leases are a corporation's own: what a corporation sees of the homes of others (ADR 24).

use std::collections::BTreeMap;

use super::Category;
use super::parties::{Parties, at_day};
use crate::agreements::pattern::FactTypes;
use crate::day::Day;
use crate::ids::{OfferId, OrganisationId};
use crate::trajectory::fact::{Fact, FactType, LeaseTerms};
use crate::trajectory::{History, Trajectory};

/// The homes of one corporation in a trajectory, as opposed to those of other corporations.
///
/// A corporation needs to know which dwelling is sought, and its own offers and leases. Where another corporation houses the
/// client, or offered to, is known to it (the course names the corporation), but not which dwelling that is, at what rent, or
/// why it was chosen. This depends on the course only, which every corporation that knows the trajectory sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Homes {
    own: OrganisationId,
    /// Each offer, and whether it is the corporation's own in every wording of it.
    offers: BTreeMap<OfferId, bool>,
    /// Who let a dwelling to the client, from which day on; ordered by day.
    landlords: Vec<(Day, OrganisationId)>,
    /// The kinds of facts of which some are about the home of another corporation.
    of_others: FactTypes,
}

impl Homes {
    pub(super) fn of(corporation: &OrganisationId, history: &History) -> Self {
        let mut homes = Self {
            own: corporation.clone(),
            offers: BTreeMap::new(),
            landlords: Parties::of(history).into_landlords(),
            of_others: FactTypes::of(&[]),
        };
        for fact in wordings(history) {
            if let Fact::DwellingOffered(offer) = fact {
                let is_own = homes.offers.entry(offer.offer_id).or_insert(true);
                *is_own &= offer.corporation == *corporation;
            }
        }
        let of_others = wordings(history).filter(|fact| homes.is_of_another(fact));
        homes.of_others = FactTypes::of(&of_others.map(Fact::fact_type).collect::<Vec<_>>());
        homes
    }

    /// Whether what this fact says in a category is about the home of another corporation.
    pub(super) fn hides(&self, fact: &Fact, category: Category) -> bool {
        is_about_a_home(category) && self.is_of_another(fact)
    }

    /// Whether what some fact of this kind says in a category is about the home of another corporation.
    pub(super) fn hides_some(&self, kind: FactType, category: Category) -> bool {
        is_about_a_home(category) && self.of_others.contains(kind)
    }

    /// Whether the dwelling where the client lives is let by another corporation.
    pub(super) fn lives_elsewhere(&self, trajectory: &Trajectory) -> bool {
        trajectory.tenancy.lease.as_ref().is_some_and(|lease| lease.corporation != self.own)
    }

    fn is_of_another(&self, fact: &Fact) -> bool {
        let lets = |terms: &LeaseTerms| terms.corporation == self.own;
        match fact {
            Fact::DwellingOffered(offer) => offer.corporation != self.own,
            Fact::OfferWithdrawn(withdrawn) => self.offers.get(&withdrawn.offer_id) != Some(&true),
            Fact::HousedUnderIntermediaryLease(housed) => !lets(&housed.terms),
            Fact::HousedUnderThreePartyLease(housed) => !lets(&housed.terms),
            Fact::HousedUnderTemporaryLease(housed) => !lets(&housed.terms),
            Fact::RunningCaseTakenOver(case) => case.lease.as_ref().is_some_and(|lease| !lets(&lease.terms)),
            Fact::RentAtFlipDisclosed(_) | Fact::ContractFlipped(_) => {
                !at_day(&self.landlords, fact.occurred_on()).any(|landlord| *landlord == self.own)
            }
            _ => false,
        }
    }
}

/// Of the facts about a home: which dwelling it is and why, and at what rent.
fn is_about_a_home(category: Category) -> bool {
    matches!(category, Category::Dwelling | Category::Rent)
}

/// Every fact as it was recorded, and every fact that a correction put in the place of one.
fn wordings(history: &History) -> impl Iterator<Item = &Fact> {
    history.recorded().iter().filter_map(|fact| match fact {
        Fact::EventCorrected(correction) => correction.replacement.as_deref(),
        fact => Some(fact),
    })
}
