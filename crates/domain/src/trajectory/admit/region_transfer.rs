//! Rules of the move to another region, and of a second provider (`docs/DOMAIN.md` §3.10).

use super::Admission;
use crate::ids::OrganisationId;
use crate::trajectory::fact::{Fact, RegionTerms};
use crate::trajectory::refusal::Refusal;

impl Admission<'_> {
    pub(super) fn region_transfer(&mut self, fact: &Fact) {
        match fact {
            Fact::RegionTransferProposed(proposed) => self.proposed(&proposed.to),
            Fact::RegionTransferAccepted(accepted) => {
                let proposed = self.state.proposed_transfer.as_ref();
                self.unless(proposed.is_some(), Refusal::NoTransferProposed);
                self.unless(proposed.is_none_or(|to| *to == accepted.to), Refusal::TransferNotAsProposed);
            }
            Fact::RegionTransferRefused(_) => {
                self.unless(self.state.proposed_transfer.is_some(), Refusal::NoTransferProposed);
            }
            Fact::SecondProviderJoined(joined) => {
                let helps = &joined.second_provider;
                self.unless(!self.guides(helps) && !self.helps(helps), Refusal::AlreadyAProvider);
            }
            Fact::SecondProviderLeft(left) => {
                self.unless(self.helps(&left.second_provider), Refusal::NotASecondProvider);
            }
            _ => {}
        }
    }

    fn proposed(&mut self, to: &RegionTerms) {
        let Some(partners) = &self.state.partners else { return };
        self.unless(to.region != partners.region, Refusal::NotAnotherRegion);
        let somebody_new =
            to.care_provider != partners.care_provider || to.municipality != partners.municipality;
        self.unless(somebody_new, Refusal::TransferToNobody);
        let set = self.sets.get(&to.agreement_set);
        self.unless(set.is_some(), Refusal::AgreementSetUnknown);
        self.unless(set.is_none_or(|set| set.is_of(&to.region)), Refusal::RegionNotServed);
    }

    fn guides(&self, provider: &OrganisationId) -> bool {
        self.state.partners.as_ref().is_some_and(|partners| partners.care_provider == *provider)
    }

    fn helps(&self, provider: &OrganisationId) -> bool {
        self.state.second_providers.contains(provider)
    }
}
