//! Rules of matching and moving in.

use super::{Admission, all_three};
use crate::ids::OfferId;
use crate::trajectory::fact::{
    ContractModel, DwellingOffered, Fact, LeaseTerms, Party, RefusalGround, WithdrawalGround,
};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::ProfileSet;

impl Admission<'_> {
    pub(super) fn matching(&mut self, fact: &Fact) {
        match fact {
            Fact::HousingRequested(_) => {
                self.unless(self.state.profile.is_some(), Refusal::NoOutflowProfile);
                self.profile_of_the_nominated(self.state.profile);
                self.unless(self.state.ready_on.is_some(), Refusal::ReadinessNotConfirmed);
            }
            Fact::CorporationAssigned(assigned) => {
                let agreed = self.set.matching.assigned_by.contains(&assigned.assigner());
                self.unless(agreed, Refusal::AssignerNotAgreed);
            }
            Fact::AssignmentReturned(returned) => {
                let is_theirs = self.state.corporation.as_ref() == Some(&returned.corporation);
                self.unless(is_theirs, Refusal::CorporationNotAssigned);
            }
            Fact::OutflowProfileSet(set) if self.state.is_nominated => {
                self.profile_of_the_nominated(Some(ProfileSet::of(set)));
            }
            Fact::DwellingOffered(offer) => self.offered(offer),
            Fact::OfferAccepted(accepted) => {
                self.answers(accepted.offer_id);
                self.not_after(accepted.viewed_on);
                self.unless(!self.time_is_up(), Refusal::OfferExpired);
            }
            Fact::OfferRefused(refused) => {
                self.answers(refused.offer_id);
                let expired = refused.ground == RefusalGround::NotAnsweredInTime;
                self.unless(!expired || self.time_is_up(), Refusal::OfferStillRuns);
            }
            Fact::FittingTestDone(tested) => self.answers(tested.offer_id),
            Fact::OfferWithdrawn(withdrawn) => {
                self.answers(withdrawn.offer_id);
                let explained =
                    withdrawn.ground != WithdrawalGround::NotSuitable || withdrawn.explanation.is_some();
                self.unless(explained, Refusal::ExplanationMissing);
            }
            Fact::FirstRentRepaid(repaid) => {
                let open = i64::from(repaid.amount_cents) <= self.state.advanced_cents;
                self.unless(open, Refusal::RepaidAboveAdvance);
            }
            Fact::HousedUnderIntermediaryLease(housed) => {
                self.housed(&housed.terms, ContractModel::Intermediary);
            }
            Fact::HousedUnderThreePartyLease(housed) => {
                self.housed(&housed.terms, ContractModel::ThreeParty);
                let fund = !housed.guarantee_fund || self.set.guarantee_fund.is_some();
                self.unless(fund, Refusal::NoGuaranteeFund);
            }
            Fact::HousedUnderOwnLease(housed) => self.housed(&housed.terms, ContractModel::Own),
            Fact::HousedUnderTemporaryLease(housed) => {
                self.housed(&housed.terms, ContractModel::Temporary);
                self.not_before(Some(housed.ends_on));
            }
            Fact::LivingAgreementsSigned(signed) => {
                self.unless(all_three(&signed.signed_by), Refusal::SignatureOfTheThreeMissing);
            }
            _ => {}
        }
    }

    fn offered(&mut self, offer: &DwellingOffered) {
        let offers = &self.state.offers;
        let both = [Party::CareProvider, Party::HousingCorporation]
            .iter()
            .all(|party| offer.agreed_by.contains(party));
        self.unless(!offer.nuisance_on_file, Refusal::NuisanceOnFile);
        self.unless(both, Refusal::OfferNotAgreedByBoth);
        self.unless(
            self.state.corporation.as_ref() == Some(&offer.corporation),
            Refusal::CorporationNotAssigned,
        );
        self.unless(!offers.made.contains(&offer.offer_id), Refusal::OfferIdTaken);
        self.unless(self.state.tenancy.lives_without_end_in(offer).is_none(), Refusal::DwellingHeld);
        let matching = &self.set.matching;
        self.unless(
            offers.counted(matching.unanswered_offer_counts) < matching.offers.saturating_add(offers.granted),
            Refusal::OfferAlreadyMade,
        );
        self.not_before(offer.respond_by);
        self.weighed(offer);
    }

    /// A weighing is of a vacancy, and of a day that is not after the offer. Whether it is that of the
    /// list, the rest of the ledger decides (`crate::allocation::offered`).
    fn weighed(&mut self, offer: &DwellingOffered) {
        let Some(weighing) = &offer.weighing else { return };
        self.unless(offer.vacancy.is_some(), Refusal::VacancyNotNamed);
        self.unless(weighing.place == 1 || offer.why.is_some(), Refusal::WhyMissing);
        self.not_after(Some(weighing.valid_on));
    }

    /// Only a client with a profile that fits some home, and who agreed to it, is nominated. A
    /// client for whom that changes is not ready, or the request is returned, before the profile is
    /// set.
    fn profile_of_the_nominated(&mut self, profile: Option<ProfileSet>) {
        self.unless(profile.is_none_or(|profile| profile.fits_a_home), Refusal::ProfileFitsNoHome);
        self.unless(profile.is_none_or(|profile| profile.client_agreed), Refusal::ProfileNotAgreedByClient);
    }

    fn answers(&mut self, id: OfferId) {
        let is_open = self.state.offers.open.as_ref().is_some_and(|offer| offer.id == id);
        self.unless(is_open, Refusal::OfferNotOpen);
    }

    fn time_is_up(&self) -> bool {
        self.state.offers.open.as_ref().and_then(|offer| offer.respond_by).is_some_and(|last| self.on > last)
    }

    fn housed(&mut self, terms: &LeaseTerms, model: ContractModel) {
        let offer = self.state.offers.open.as_ref();
        let offer = offer.filter(|offer| offer.corporation == terms.corporation && offer.unit == terms.unit);
        self.lease_id_is_new(terms.lease_id);
        let provider = self.state.partners.as_ref().map(|partners| &partners.care_provider);
        self.unless(offer.is_some(), Refusal::LeaseDoesNotMatchOffer);
        // Of another offer the rent is not compared, so a refusal does not show it.
        self.unless(offer.is_none_or(|offer| offer.rent == terms.rent_cents), Refusal::RentNotAsOffered);
        self.unless(provider == Some(&terms.care_provider), Refusal::LeaseOfAnotherProvider);
        self.unless(self.set.contract_models.contains(&model), Refusal::ContractModelNotAgreed);
    }
}
