//! The corporation that a fact about a lease or an offer concerns, on the day of that fact.

use std::collections::BTreeMap;

use super::not_theirs::Ground;
use super::partners::nominated_to;
use crate::day::Day;
use crate::ids::{OfferId, OrganisationId};
use crate::trajectory::fact::Fact;
use crate::trajectory::{FactType, History};

/// The corporations behind the leases and offers of one trajectory, over time.
///
/// A corporation that is not a party gets the same refusal whether the lease or offer belongs to
/// another corporation or does not exist. So the refusal does not show where the client lives.
pub(super) struct Parties {
    offers: BTreeMap<OfferId, OrganisationId>,
    /// Each landlord of the client with its first day, ordered by day.
    landlords: Vec<(Day, OrganisationId)>,
    /// From each day on, the corporation whose accepted offer awaits its lease. None once the
    /// client moved in or the offer was withdrawn.
    contracting: Vec<(Day, Option<OrganisationId>)>,
    nominated: Option<OrganisationId>,
}

impl Parties {
    pub(super) fn of(history: &History) -> Self {
        let mut parties = Self {
            offers: BTreeMap::new(),
            landlords: Vec::new(),
            contracting: Vec::new(),
            nominated: nominated_to(history.state()).cloned(),
        };
        history.happened().for_each(|(_, fact)| parties.add(fact));
        parties
    }

    /// Adds a fact at its day: one list of facts may both make an offer and answer it.
    pub(super) fn add(&mut self, fact: &Fact) {
        let on = fact.occurred_on();
        match fact {
            Fact::DwellingOffered(offer) => {
                self.offers.insert(offer.offer_id, offer.corporation.clone());
            }
            Fact::OfferAccepted(accepted) => {
                let corporation = self.offers.get(&accepted.offer_id).cloned();
                insert(&mut self.contracting, on, corporation);
            }
            Fact::OfferWithdrawn(_) => insert(&mut self.contracting, on, None),
            Fact::HousedUnderIntermediaryLease(housed) => self.housed(on, &housed.terms.corporation),
            Fact::HousedUnderThreePartyLease(housed) => self.housed(on, &housed.terms.corporation),
            Fact::HousedUnderTemporaryLease(housed) => self.housed(on, &housed.terms.corporation),
            Fact::HousedUnderOwnLease(housed) => self.housed(on, &housed.terms.corporation),
            Fact::RunningCaseTakenOver(case) => {
                if let Some(lease) = &case.lease {
                    self.housed(on, &lease.terms.corporation);
                }
            }
            _ => {}
        }
    }

    /// Why a corporation may not report this fact: it is not a party to the lease or offer
    /// concerned.
    pub(super) fn refuse(&self, corporation: &OrganisationId, fact: &Fact) -> Option<Ground> {
        let on = fact.occurred_on();
        match fact {
            Fact::OfferAccepted(answer) => self.refuse_offer(corporation, answer.offer_id),
            Fact::OfferRefused(answer) => self.refuse_offer(corporation, answer.offer_id),
            Fact::FittingTestDone(test) => self.refuse_offer(corporation, test.offer_id),
            Fact::OfferWithdrawn(answer) => self.refuse_offer(corporation, answer.offer_id),
            Fact::HousedUnderIntermediaryLease(housed) => {
                (housed.terms.corporation != *corporation).then_some(Ground::NotPartyToTheLease("/terms"))
            }
            Fact::HousedUnderThreePartyLease(housed) => {
                (housed.terms.corporation != *corporation).then_some(Ground::NotPartyToTheLease("/terms"))
            }
            Fact::HousedUnderOwnLease(housed) => {
                (housed.terms.corporation != *corporation).then_some(Ground::NotPartyToTheLease("/terms"))
            }
            Fact::HousedUnderTemporaryLease(housed) => {
                (housed.terms.corporation != *corporation).then_some(Ground::NotPartyToTheLease("/terms"))
            }
            _ => self.refuse_kind(corporation, fact.fact_type(), on),
        }
    }

    /// Whether a corporation may report some fact of this kind on this day: one about its own lease
    /// or offer, or one that concerns neither.
    pub(super) fn admits(&self, corporation: &OrganisationId, kind: FactType, on: Day) -> bool {
        match kind {
            // The fact itself names the corporation.
            FactType::DwellingOffered
            | FactType::HousedUnderIntermediaryLease
            | FactType::HousedUnderThreePartyLease
            | FactType::HousedUnderTemporaryLease
            | FactType::HousedUnderOwnLease => true,
            FactType::OfferAccepted
            | FactType::OfferRefused
            | FactType::OfferWithdrawn
            | FactType::FittingTestDone => self.offers.values().any(|made_by| made_by == corporation),
            _ => self.refuse_kind(corporation, kind, on).is_none(),
        }
    }

    /// Why a corporation may not report any fact of this kind on this day. This covers the kinds
    /// that do not name the lease or offer that they concern.
    fn refuse_kind(&self, corporation: &OrganisationId, kind: FactType, on: Day) -> Option<Ground> {
        match kind {
            FactType::SecondOfferGranted | FactType::AssignmentReturned => {
                (self.nominated.as_ref() != Some(corporation)).then_some(Ground::NotPartyToTheOffer("/type"))
            }
            // A departure sets aside what is agreed about a home: of the corporations only the
            // landlord takes part in it.
            FactType::DepartureAgreed if at_day(&self.landlords, on).next().is_some() => {
                self.refuse_lease(corporation, on, "/type")
            }
            FactType::LeaseExtended
            | FactType::LeaseEndAgreed
            | FactType::RentChanged
            | FactType::RenovationStarted
            | FactType::RenovationEnded
            | FactType::DwellingRedivided
            | FactType::HeadLeaseTakenOver => self.refuse_lease(corporation, on, "/leaseId"),
            _ if kind.concerns_the_lease_being_made() => self.refuse_start(corporation, on),
            _ if kind.concerns_the_lease() => self.refuse_lease(corporation, on, "/type"),
            _ => None,
        }
    }

    /// Each landlord of the client with its first day, ordered by day.
    pub(super) fn into_landlords(self) -> Vec<(Day, OrganisationId)> {
        self.landlords
    }

    fn housed(&mut self, on: Day, corporation: &OrganisationId) {
        insert(&mut self.landlords, on, corporation.clone());
        insert(&mut self.contracting, on, None);
    }

    fn refuse_offer(&self, corporation: &OrganisationId, offer: OfferId) -> Option<Ground> {
        let is_theirs = self.offers.get(&offer) == Some(corporation);
        (!is_theirs).then_some(Ground::NotPartyToTheOffer("/offerId"))
    }

    fn refuse_lease(&self, corporation: &OrganisationId, on: Day, at: &'static str) -> Option<Ground> {
        let is_theirs = at_day(&self.landlords, on).any(|landlord| landlord == corporation);
        (!is_theirs).then_some(Ground::NotPartyToTheLease(at))
    }

    /// What is agreed at the start of a tenancy belongs to the accepted offer before the keys, and
    /// to the lease afterwards.
    fn refuse_start(&self, corporation: &OrganisationId, on: Day) -> Option<Ground> {
        let mut offers = at_day(&self.contracting, on);
        if offers.any(|offer| offer.as_ref() == Some(corporation)) {
            return None;
        }
        let moved_in_or_never = at_day(&self.contracting, on).last().is_none_or(Option::is_none);
        let refused = self.refuse_lease(corporation, on, "/type");
        if moved_in_or_never { refused } else { Some(Ground::NotPartyToTheLease("/type")) }
    }
}

impl FactType {
    /// Whether it concerns the start of a tenancy: a current lease, or an accepted offer.
    pub(crate) fn concerns_the_lease_being_made(self) -> bool {
        matches!(
            self,
            Self::LivingAgreementsSigned
                | Self::FlipConditionsSet
                | Self::NeighbourhoodMeetingHeld
                | Self::NeighbourhoodInformed
                | Self::WelcomeTalkHeld
        )
    }

    /// Whether it concerns the client's home, rent or lease. Of the corporations only the landlord
    /// may report it.
    #[must_use]
    pub fn concerns_the_lease(self) -> bool {
        self.concerns_the_lease_being_made()
            || matches!(
                self,
                Self::HousedUnderIntermediaryLease
                    | Self::HousedUnderThreePartyLease
                    | Self::HousedUnderTemporaryLease
                    | Self::HousedUnderOwnLease
                    | Self::LeaseExtended
                    | Self::RentChanged
                    | Self::RenovationStarted
                    | Self::RenovationEnded
                    | Self::DwellingRedivided
                    | Self::HeadLeaseTakenOver
                    | Self::FlipConditionReviewed
                    | Self::EvaluationHeld
                    | Self::AnnualReviewHeld
                    | Self::RentMissed
                    | Self::ArrearsPlanAgreed
                    | Self::ArrearsCleared
                    | Self::DamageReported
                    | Self::DamageSettled
                    | Self::GuaranteeFundClaimed
                    | Self::NuisanceReported
                    | Self::ApproachAgreed
                    | Self::Escalated
                    | Self::WarningIssued
                    | Self::LastChanceAgreed
                    | Self::Deescalated
                    | Self::NuisanceResolved
                    | Self::NuisanceReopened
                    | Self::NuisanceCaseClosed
                    | Self::NuisanceFoundUnfounded
                    | Self::NuisanceHandedOver
                    | Self::LeaseTerminationStarted
                    | Self::EvictionOrdered
                    | Self::EvictionPrevented
                    | Self::LeaseEndAgreed
                    | Self::FlipTalkHeld
                    | Self::FlipPositionGiven
                    | Self::FlipPostponed
                    | Self::FlipCancelled
                    | Self::RentAtFlipDisclosed
                    | Self::FlipApproved
                    | Self::ContractFlipped
            )
    }

    /// Whether it concerns one offer. Of the corporations only the one that made it may report it.
    #[must_use]
    pub fn concerns_an_offer(self) -> bool {
        matches!(
            self,
            Self::AssignmentReturned
                | Self::DwellingOffered
                | Self::OfferAccepted
                | Self::OfferRefused
                | Self::OfferWithdrawn
                | Self::FittingTestDone
                | Self::SecondOfferGranted
        )
    }
}

fn insert<T>(timeline: &mut Vec<(Day, T)>, on: Day, entry: T) {
    let after = timeline.partition_point(|(day, _)| *day <= on);
    timeline.insert(after, (on, entry));
}

/// The entries in force on a day: at its start, or from some moment of that day.
pub(super) fn at_day<T>(timeline: &[(Day, T)], on: Day) -> impl Iterator<Item = &T> {
    let first_of_the_day = timeline.partition_point(|(day, _)| *day < on);
    let next_day = timeline.partition_point(|(day, _)| *day <= on);
    timeline[first_of_the_day.saturating_sub(1)..next_day].iter().map(|(_, entry)| entry)
}
