//! Rules of a lease that changes while it runs (`docs/DOMAIN.md` §3.6).

use super::Admission;
use crate::ids::LeaseId;
use crate::trajectory::fact::{ContractModel, Fact, FlipConditionReviewed, HeadLeaseTakenOver};
use crate::trajectory::refusal::Refusal;
use crate::trajectory::state::Away;

impl Admission<'_> {
    pub(super) fn lease_changes(&mut self, fact: &Fact) {
        match fact {
            Fact::RentChanged(changed) => self.of_the_lease(changed.lease_id),
            Fact::RenovationStarted(started) => {
                self.of_the_lease(started.lease_id);
                self.unless(self.state.tenancy.away.is_none(), Refusal::AlreadyAway);
                self.not_before(started.expected_until);
            }
            Fact::RenovationEnded(ended) => {
                self.of_the_lease(ended.lease_id);
                self.unless(self.state.tenancy.away == Some(Away::Renovation), Refusal::NotAway);
            }
            Fact::DwellingRedivided(redivided) => self.of_the_lease(redivided.lease_id),
            Fact::HeadLeaseTakenOver(taken_over) => self.head_lease_taken_over(taken_over),
            Fact::FlipConditionReviewed(reviewed) => self.condition_reviewed(reviewed),
            _ => {}
        }
    }

    /// The fact names the lease that runs.
    fn of_the_lease(&mut self, id: LeaseId) {
        self.needs_a_lease();
        let lease = self.state.tenancy.lease.as_ref();
        self.unless(lease.is_none_or(|lease| lease.id == id), Refusal::LeaseNotRunning);
    }

    /// The provider that guides now takes the place of another head tenant.
    fn head_lease_taken_over(&mut self, taken_over: &HeadLeaseTakenOver) {
        self.of_the_lease(taken_over.lease_id);
        let guides = self.state.partners.as_ref().map(|partners| &partners.care_provider);
        self.unless(guides == Some(&taken_over.care_provider), Refusal::NotTheProviderThatGuides);
        if let Some(lease) = &self.state.tenancy.lease {
            let sublet = lease.model == Some(ContractModel::Intermediary);
            self.unless(sublet, Refusal::NoHeadLease);
            self.unless(lease.care_provider != taken_over.care_provider, Refusal::AlreadyHeadTenant);
        }
    }

    /// Of a case that was taken over, it is not known what the conditions are about.
    fn condition_reviewed(&mut self, reviewed: &FlipConditionReviewed) {
        let flip = &self.state.flip;
        self.unless(flip.conditions_set, Refusal::FlipConditionsNotSet);
        let known = flip.conditions.is_empty() || flip.conditions.contains(&reviewed.kind);
        self.unless(known, Refusal::NoSuchFlipCondition);
    }
}
