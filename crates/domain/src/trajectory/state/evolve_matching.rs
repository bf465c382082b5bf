//! Matching and moving in.

use super::{Offer, Offers, Trajectory};
use crate::trajectory::fact::{ContractModel, Coverer, Fact, RefusalGround};

impl Trajectory {
    pub(super) fn evolve_matching(&mut self, fact: &Fact) {
        match fact {
            Fact::HousingRequested(_) => {
                self.is_nominated = true;
                if self.tenancy.lease.is_some() {
                    // Another dwelling is sought: a new round, with its own offer.
                    self.offers = Offers { made: std::mem::take(&mut self.offers.made), ..Offers::default() };
                    self.corporation = None;
                }
            }
            Fact::RequestReturned(_) => self.is_nominated = false,
            Fact::CorporationAssigned(assigned) => self.corporation = Some(assigned.corporation.clone()),
            Fact::AssignmentReturned(_) => self.corporation = None,
            Fact::DwellingOffered(offer) => {
                self.offers.used = self.offers.used.saturating_add(1);
                self.offers.made.insert(offer.offer_id);
                self.offers.open = Some(Offer {
                    id: offer.offer_id,
                    corporation: offer.corporation.clone(),
                    unit: offer.unit.clone(),
                    rent: offer.rent_cents,
                    respond_by: offer.respond_by,
                    accepted: false,
                    living_agreements_signed: false,
                    flip_conditions_set: false,
                    flip_conditions: std::collections::BTreeSet::new(),
                });
            }
            Fact::OfferAccepted(_) => {
                if let Some(offer) = &mut self.offers.open {
                    offer.accepted = true;
                }
            }
            Fact::OfferRefused(refused) => {
                self.offers.open = None;
                if refused.ground == RefusalGround::NotAnsweredInTime {
                    self.offers.unanswered = self.offers.unanswered.saturating_add(1);
                }
            }
            Fact::OfferWithdrawn(_) => {
                self.offers.open = None;
                self.offers.used = self.offers.used.saturating_sub(1);
            }
            Fact::SecondOfferGranted(_) => self.offers.granted = self.offers.granted.saturating_add(1),
            Fact::FirstRentCovered(covered) if covered.covered_by == Coverer::Municipality => {
                self.advanced_cents = self.advanced_cents.saturating_add(covered.amount_cents.into());
            }
            Fact::FirstRentRepaid(repaid) => self.advanced_cents -= i64::from(repaid.amount_cents),
            Fact::HousedUnderIntermediaryLease(housed) => {
                self.move_in(&housed.terms, Some(ContractModel::Intermediary), housed.occurred_on, None);
            }
            Fact::HousedUnderThreePartyLease(housed) => {
                self.move_in(&housed.terms, Some(ContractModel::ThreeParty), housed.occurred_on, None);
                if let Some(lease) = &mut self.tenancy.lease {
                    lease.without_fund = !housed.guarantee_fund;
                }
            }
            Fact::HousedUnderOwnLease(housed) => {
                self.move_in(&housed.terms, Some(ContractModel::Own), housed.occurred_on, None);
            }
            Fact::HousedUnderTemporaryLease(housed) => {
                self.move_in(
                    &housed.terms,
                    Some(ContractModel::Temporary),
                    housed.occurred_on,
                    Some(housed.ends_on),
                );
            }
            _ => {}
        }
    }
}
