//! Which offers and leases are a corporation's own, and which belong to others (ADR 24).

use std::collections::{BTreeMap, BTreeSet};

use super::Category;
use super::parties::{Parties, at_day};
use crate::agreements::pattern::FactTypes;
use crate::day::Day;
use crate::ids::{OfferId, OrganisationId};
use crate::trajectory::fact::{Fact, FactType, LeaseTerms};
use crate::trajectory::{History, Trajectory};

/// The homes of one corporation in a trajectory, as opposed to those of other corporations.
///
/// A corporation needs to know which dwelling is sought, and its own offers and leases. If another
/// corporation houses the client, or made an offer, the course shows which corporation that is. The
/// dwelling, its rent and why it was chosen stay hidden. This depends on the course only, which
/// every corporation with access to the trajectory sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Homes {
    own: OrganisationId,
    /// Each offer, and whether every wording of it names this corporation.
    offers: BTreeMap<OfferId, bool>,
    /// Each landlord of the client with its first day, ordered by day.
    landlords: Vec<(Day, OrganisationId)>,
    /// The days on which a first rent was asked for, covered or repaid for a home of this corporation.
    own_first_rents: BTreeSet<Day>,
    /// The kinds of facts that include at least one about the home of another corporation.
    of_others: FactTypes,
}

impl Homes {
    pub(super) fn of(corporation: &OrganisationId, history: &History) -> Self {
        let mut homes = Self {
            own: corporation.clone(),
            offers: BTreeMap::new(),
            landlords: Parties::of(history).into_landlords(),
            own_first_rents: own_first_rents(corporation, history),
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

    /// Whether what some fact of this kind says in a category is about the home of another
    /// corporation.
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
            Fact::AssignmentReturned(returned) => returned.corporation != self.own,
            Fact::DwellingOffered(offer) => offer.corporation != self.own,
            Fact::FittingTestDone(tested) => self.offers.get(&tested.offer_id) != Some(&true),
            Fact::OfferWithdrawn(withdrawn) => self.offers.get(&withdrawn.offer_id) != Some(&true),
            Fact::HousedUnderIntermediaryLease(housed) => !lets(&housed.terms),
            Fact::HousedUnderThreePartyLease(housed) => !lets(&housed.terms),
            Fact::HousedUnderTemporaryLease(housed) => !lets(&housed.terms),
            Fact::HousedUnderOwnLease(housed) => !lets(&housed.terms),
            Fact::RunningCaseTakenOver(case) => case.lease.as_ref().is_some_and(|lease| !lets(&lease.terms)),
            Fact::RentAtFlipDisclosed(_)
            | Fact::ContractFlipped(_)
            | Fact::RentChanged(_)
            | Fact::RenovationStarted(_)
            | Fact::DwellingRedivided(_)
            | Fact::HeadLeaseTakenOver(_) => {
                !at_day(&self.landlords, fact.occurred_on()).any(|landlord| *landlord == self.own)
            }
            Fact::FirstRentHelpRequested(asked) => !self.own_first_rents.contains(&asked.occurred_on),
            Fact::FirstRentRepaid(repaid) => !self.own_first_rents.contains(&repaid.occurred_on),
            Fact::FirstRentCovered(covered) => !self.own_first_rents.contains(&covered.occurred_on),
            _ => false,
        }
    }
}

/// The days on which a first rent was asked for, covered or repaid for a home of this corporation: the home that the
/// client was about to move into, or else lived in, at the end of that day.
fn own_first_rents(corporation: &OrganisationId, history: &History) -> BTreeSet<Day> {
    let is_own = |on: &Day| {
        let state = history.state_on(*on);
        let offered = state.offers.open.filter(|offer| offer.accepted).map(|offer| offer.corporation);
        let landlord = offered.or(state.tenancy.lease.map(|lease| lease.corporation));
        landlord.is_some_and(|landlord| landlord == *corporation)
    };
    let of_one = |fact: &&Fact| {
        matches!(fact, Fact::FirstRentHelpRequested(_) | Fact::FirstRentCovered(_) | Fact::FirstRentRepaid(_))
    };
    wordings(history).filter(of_one).map(Fact::occurred_on).filter(is_own).collect()
}

/// The categories that describe a home: which dwelling it is and why, and its rent.
fn is_about_a_home(category: Category) -> bool {
    matches!(category, Category::Dwelling | Category::CandidateList | Category::Rent | Category::FirstRent)
}

/// Every fact as it was recorded, and every replacement by a correction.
fn wordings(history: &History) -> impl Iterator<Item = &Fact> {
    history.recorded().iter().filter_map(|fact| match fact {
        Fact::EventCorrected(correction) => correction.replacement.as_deref(),
        fact => Some(fact),
    })
}
