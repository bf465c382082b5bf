//! Intake, consent, transfer and the end.

use imbl::{OrdMap, OrdSet};

use super::{Lease, Offers, Partners, ProfileSet, Trajectory};
use crate::day::Day;
use crate::ids::OrganisationId;
use crate::nuisance::NuisanceCase;
use crate::trajectory::fact::{
    AgreementSetVersion, ConsentScope, Fact, Origin, Outcome, Party, RegionTerms, RunningCaseTakenOver,
};
use crate::trajectory::phase::Phase;

impl Trajectory {
    pub(super) fn evolve_intake(&mut self, fact: &Fact) {
        match fact {
            Fact::IntakeRegistered(intake) => {
                self.opened_on = Some(intake.occurred_on);
                self.home_at_risk = intake.origin == Origin::HomeAtRisk;
                self.referred_by.clone_from(&intake.referred_by);
                self.agreement_set = Some(intake.agreement_set.clone());
                self.partners = Some(Partners {
                    care_provider: intake.care_provider.clone(),
                    municipality: intake.municipality.clone(),
                    region: intake.region.clone(),
                });
            }
            Fact::RunningCaseTakenOver(case) => self.take_over(case),
            Fact::AgreementSetChanged(changed) => self.bound_by(&changed.agreement_set),
            Fact::ConsentGiven(consent) => {
                self.consents.insert(consent.scope);
                self.consents_withdrawn.remove(&consent.scope);
                if consent.scope == ConsentScope::OutflowProfile {
                    self.profile_shared_with.extend(&consent.recipients);
                }
            }
            Fact::ConsentWithdrawn(consent) => {
                self.consents.remove(&consent.scope);
                self.consents_withdrawn.insert(consent.scope);
                if consent.scope == ConsentScope::OutflowProfile {
                    self.profile_shared_with.clear();
                }
            }
            Fact::OutflowProfileSet(set) => self.profile = Some(ProfileSet::of(set)),
            Fact::ReadinessConfirmed(ready) => self.ready_on = Some(ready.occurred_on),
            Fact::ReadinessRevoked(_) => {
                self.ready_on = None;
                self.is_nominated = false;
            }
            Fact::TrajectoryTransferred(transfer) => {
                self.proposed_transfer = None;
                self.guided_by(transfer.care_provider.as_ref());
                self.directed_by(transfer.municipality.as_ref());
            }
            Fact::RegionTransferProposed(proposed) => self.proposed_transfer = Some(proposed.to.clone()),
            Fact::RegionTransferRefused(_) => self.proposed_transfer = None,
            Fact::RegionTransferAccepted(accepted) => self.moves_to(&accepted.to),
            Fact::SecondProviderJoined(joined) => {
                self.second_providers.insert(joined.second_provider.clone());
            }
            Fact::SecondProviderLeft(left) => {
                self.second_providers.remove(&left.second_provider);
            }
            Fact::TrajectoryEnded(end) => self.end(end.outcome, end.occurred_on),
            Fact::FollowUpEnded(end) => self.end(end.outcome, end.occurred_on),
            Fact::TenantDeathReported(death) => self.end(Outcome::Deceased, death.occurred_on),
            Fact::RegisteredByMistake(end) => self.end(Outcome::RegisteredByMistake, end.occurred_on),
            // A client who returns after the follow-up ended keeps the outcome it ended with: the
            // figures of that time do not change.
            Fact::ReturnedToShelter(back) => {
                self.tenancy.left = true;
                if self.outcome.is_none() {
                    self.end(Outcome::ReturnedToShelter, back.occurred_on);
                }
            }
            _ => {}
        }
    }

    fn bound_by(&mut self, set: &AgreementSetVersion) {
        let before = self.agreement_set.replace(set.clone());
        let earlier = before.filter(|before| !self.earlier_sets.contains(before));
        self.earlier_sets.extend(earlier);
    }

    /// Another region takes over. The search for a home goes on there, with an offer of its own.
    fn moves_to(&mut self, to: &RegionTerms) {
        self.proposed_transfer = None;
        self.second_providers = OrdSet::new();
        self.guided_by(Some(&to.care_provider));
        self.directed_by(Some(&to.municipality));
        if let Some(partners) = &mut self.partners {
            partners.region = to.region.clone();
        }
        self.bound_by(&to.agreement_set);
        self.corporation = None;
        self.offers = Offers { made: std::mem::take(&mut self.offers.made), ..Offers::default() };
    }

    /// Another provider guides the client. What belonged to the one before ends.
    fn guided_by(&mut self, provider: Option<&OrganisationId>) {
        let Some(partners) = &mut self.partners else { return };
        let Some(provider) = provider.filter(|provider| **provider != partners.care_provider) else { return };
        partners.care_provider = provider.clone();
        self.second_providers.remove(provider);
        self.flip.positions.remove(&Party::CareProvider);
        self.flip.aftercare_agreed = false;
        self.agreed_no_more(Party::CareProvider);
        let lets = |lease: &Lease| lease.landlord() == Party::CareProvider;
        if self.tenancy.lease.as_ref().is_some_and(lets) {
            // Warnings belong to the landlord that gave them.
            self.tenancy.warnings = OrdMap::default();
        }
    }

    /// Another municipality directs.
    fn directed_by(&mut self, municipality: Option<&OrganisationId>) {
        let Some(partners) = &mut self.partners else { return };
        let Some(municipality) = municipality.filter(|one| **one != partners.municipality) else { return };
        partners.municipality = municipality.clone();
        self.agreed_no_more(Party::Municipality);
    }

    /// What a party agreed to set aside was the word of the organisation before.
    fn agreed_no_more(&mut self, party: Party) {
        let ids: Vec<_> = self.departures.keys().cloned().collect();
        for id in ids {
            if let Some(agreed) = self.departures.get_mut(&id) {
                agreed.remove(&party);
            }
        }
    }

    fn end(&mut self, outcome: Outcome, on: Day) {
        self.outcome = Some(outcome);
        self.ended_on = Some(on);
        self.is_nominated = false;
        self.proposed_transfer = None;
        self.second_providers = OrdSet::new();
        self.tenancy.left |= outcome.leaves_the_home();
    }

    /// The opening balance: as if every earlier fact had been reported.
    fn take_over(&mut self, case: &RunningCaseTakenOver) {
        self.opened_on = Some(case.occurred_on);
        self.home_at_risk = case.origin == Origin::HomeAtRisk;
        self.agreement_set = Some(case.agreement_set.clone());
        self.partners = Some(Partners {
            care_provider: case.care_provider.clone(),
            municipality: case.municipality.clone(),
            region: case.region.clone(),
        });
        // A client who was ready before the take-over had a profile under the old agreements.
        let was_ready = case.phase != Phase::Preparing;
        self.profile = was_ready.then_some(ProfileSet { fits_a_home: true, client_agreed: true });
        self.ready_on = case.ready_on.or(was_ready.then_some(case.occurred_on));
        self.is_nominated = case.phase == Phase::Matching;
        self.corporation.clone_from(&case.corporation);
        if let Some(lease) = &case.lease {
            self.move_in(&lease.terms, Some(lease.model), lease.started_on, None);
            // A home that the client moved into under the old agreements met what these required.
            self.tenancy.living_agreements_signed = true;
            self.flip.conditions_set = true;
        }
        if let (Some(flipped_on), Some(lease)) = (case.flipped_on, &mut self.tenancy.lease) {
            self.flip.flipped_on = Some(flipped_on);
            lease.model = None;
        }
        for open in &case.open_nuisance_cases {
            self.nuisance.insert(open.case_id, NuisanceCase::opened(open.level, open.reported_on));
        }
    }
}
