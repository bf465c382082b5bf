//! What holds after a history of facts.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{
    AgreementSetVersion, Cents, ConsentScope, ContractModel, Fact, LeaseTerms, Outcome, Party, Position,
    RunningCaseTakenOver, THE_THREE,
};
use super::phase::{Leads, Phase};
use crate::day::Day;
use crate::ids::{
    AgreementSetId, ClaimId, DamageId, FlipTalkId, LeaseId, NuisanceCaseId, OfferId, OrganisationId,
    RegionId, ReturnRequestId, SignalId, UnitId,
};
use crate::nuisance::{Level, NuisanceCase};

mod evolve_flip;
mod evolve_living;
mod evolve_matching;
mod evolve_nuisance;

/// What later rules need to know about a trajectory, and where it stands. Not a read model: a field that no rule and
/// no summary reads does not belong here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trajectory {
    /// The phase.
    pub phase: Phase,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// The day of the intake, or of the take-over.
    pub opened_on: Option<Day>,
    /// The day it ended.
    pub ended_on: Option<Day>,
    /// Who works on it.
    pub partners: Option<Partners>,
    /// The agreements it is bound to.
    pub agreement_set: Option<AgreementSetVersion>,
    /// What the client consents to.
    pub consents: BTreeSet<ConsentScope>,
    /// Whether an outflow profile was set.
    pub has_profile: bool,
    /// Since when the client is ready, unless that was revoked.
    pub ready_on: Option<Day>,
    /// The corporation that was assigned.
    pub corporation: Option<OrganisationId>,
    /// Offers made and open.
    pub offers: Offers,
    /// Where the client lives.
    pub tenancy: Tenancy,
    /// The nuisance cases.
    pub nuisance: BTreeMap<NuisanceCaseId, NuisanceCase>,
    /// Signals, and whether they were answered.
    pub signals: BTreeMap<SignalId, bool>,
    /// Damages reported.
    pub damages: BTreeSet<DamageId>,
    /// Claims on the guarantee fund; `None` once settled.
    pub claims: BTreeMap<ClaimId, Option<Cents>>,
    /// The way to the flip.
    pub flip: Flip,
    /// Months of the follow-up checks that were held.
    pub checks_held: BTreeSet<u8>,
    /// The latest request to return.
    pub return_request: Option<ReturnRequest>,
    /// Every request to return there was.
    pub return_requests: BTreeSet<ReturnRequestId>,
}

/// Who works on a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partners {
    /// The provider that guides the client.
    pub care_provider: OrganisationId,
    /// The municipality that directs.
    pub municipality: OrganisationId,
    /// The region they share.
    pub region: RegionId,
}

/// Offers made and open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// How many count as the client's.
    pub used: u8,
    /// How many more were granted.
    pub granted: u8,
    /// Every offer there was.
    pub made: BTreeSet<OfferId>,
    /// The offer that is open or accepted.
    pub open: Option<Offer>,
}

/// One offer of a dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The offer.
    pub id: OfferId,
    /// Who offers.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// Until when it may be answered.
    pub respond_by: Option<Day>,
    /// Whether living agreements were signed for it before the keys.
    pub living_agreements_signed: bool,
    /// Whether flip conditions were set and acknowledged for it before the keys.
    pub flip_conditions_set: bool,
}

/// Where a client lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tenancy {
    /// The lease that runs.
    pub lease: Option<Lease>,
    /// When the client first moved in.
    pub housed_on: Option<Day>,
    /// Whether living agreements are signed for this dwelling.
    pub living_agreements_signed: bool,
    /// Whether rent is open.
    pub in_arrears: bool,
    /// The dates of warnings about the lease itself.
    pub warned_on: Vec<Day>,
    /// Where the landlord is ending the lease: for which nuisance case, if any.
    pub ending: Option<Option<NuisanceCaseId>>,
    /// Whether the client stays elsewhere for a while, and how.
    pub away: Option<Away>,
}

/// How a client is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Placed elsewhere as part of the guidance.
    Placed,
    /// Absent for another reason.
    Absent,
}

/// The lease under which the client lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lease.
    pub id: LeaseId,
    /// The contract model before the flip; none once it is the client's own.
    pub model: Option<ContractModel>,
    /// The dwelling.
    pub unit: UnitId,
    /// When it started.
    pub started_on: Day,
    /// When a temporary lease ends.
    pub ends_on: Option<Day>,
}

impl Lease {
    /// Whom the client rents from: the provider under an intermediary lease, else the corporation.
    #[must_use]
    pub fn landlord(&self) -> Party {
        if self.model == Some(ContractModel::Intermediary) {
            Party::CareProvider
        } else {
            Party::HousingCorporation
        }
    }
}

/// The way to the flip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a condition of its own, and none follows from another"
)]
pub struct Flip {
    /// Whether conditions were set and acknowledged for this dwelling.
    pub conditions_set: bool,
    /// The talk that the present decision rests on.
    pub talk: Option<FlipTalkId>,
    /// Every talk there was.
    pub talks: BTreeSet<FlipTalkId>,
    /// The positions on that talk.
    pub positions: BTreeMap<Party, Position>,
    /// Whether the client saw the new rent.
    pub new_rent_disclosed: bool,
    /// Whether aftercare was agreed.
    pub aftercare_agreed: bool,
    /// Whether the corporation approved.
    pub approved: bool,
    /// When the contract flipped.
    pub flipped_on: Option<Day>,
}

impl Flip {
    /// Whether all three agree, on the same talk.
    #[must_use]
    pub fn positions_agree(&self) -> bool {
        THE_THREE.iter().all(|party| self.positions.get(party) == Some(&Position::Agree))
    }
}

/// A request to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRequest {
    /// The request.
    pub id: ReturnRequestId,
    /// What the light Wmo test said.
    pub granted: Option<bool>,
}

impl Trajectory {
    /// Takes in a fact that was admitted.
    pub fn evolve(&mut self, fact: &Fact) {
        self.phase = match fact.fact_type().row().leads {
            Leads::Nowhere => self.phase,
            Leads::To(phase) => phase,
            Leads::BackFromMatching if self.tenancy.lease.is_some() => Phase::Housed,
            Leads::BackFromMatching => Phase::Ready,
            Leads::AsStated => match fact {
                Fact::RunningCaseTakenOver(case) => case.phase,
                _ => self.phase,
            },
        };
        self.evolve_intake(fact);
        self.evolve_matching(fact);
        self.evolve_living(fact);
        self.evolve_nuisance(fact);
        self.evolve_flip(fact);
    }

    fn evolve_intake(&mut self, fact: &Fact) {
        match fact {
            Fact::IntakeRegistered(intake) => {
                self.opened_on = Some(intake.occurred_on);
                self.agreement_set = Some(intake.agreement_set.clone());
                self.partners = Some(Partners {
                    care_provider: intake.care_provider.clone(),
                    municipality: intake.municipality.clone(),
                    region: intake.region.clone(),
                });
            }
            Fact::RunningCaseTakenOver(case) => self.take_over(case),
            Fact::AgreementSetChanged(changed) => self.agreement_set = Some(changed.agreement_set.clone()),
            Fact::ConsentGiven(consent) => {
                self.consents.insert(consent.scope);
            }
            Fact::ConsentWithdrawn(consent) => {
                self.consents.remove(&consent.scope);
            }
            Fact::OutflowProfileSet(_) => self.has_profile = true,
            Fact::ReadinessConfirmed(ready) => self.ready_on = Some(ready.occurred_on),
            Fact::ReadinessRevoked(_) => self.ready_on = None,
            Fact::TrajectoryTransferred(transfer) => {
                if let Some(partners) = &mut self.partners {
                    partners.care_provider.clone_from(
                        transfer.care_provider.as_ref().unwrap_or(&partners.care_provider.clone()),
                    );
                    partners
                        .municipality
                        .clone_from(transfer.municipality.as_ref().unwrap_or(&partners.municipality.clone()));
                }
            }
            Fact::TrajectoryEnded(end) => self.end(end.outcome, end.occurred_on),
            Fact::FollowUpEnded(end) => self.end(end.outcome, end.occurred_on),
            // Who returns after the follow-up ended keeps the outcome it ended with: the figures of that time stand.
            Fact::ReturnedToShelter(back) if self.outcome.is_none() => {
                self.end(Outcome::ReturnedToShelter, back.occurred_on);
            }
            _ => {}
        }
    }

    fn end(&mut self, outcome: Outcome, on: Day) {
        self.outcome = Some(outcome);
        self.ended_on = Some(on);
    }

    /// The opening balance: as if everything before had been reported.
    fn take_over(&mut self, case: &RunningCaseTakenOver) {
        self.opened_on = Some(case.occurred_on);
        self.agreement_set = Some(case.agreement_set.clone());
        self.partners = Some(Partners {
            care_provider: case.care_provider.clone(),
            municipality: case.municipality.clone(),
            region: case.region.clone(),
        });
        self.has_profile = case.phase != Phase::Preparing;
        self.ready_on = case.ready_on.or(self.has_profile.then_some(case.occurred_on));
        self.corporation.clone_from(&case.corporation);
        if let Some(lease) = &case.lease {
            self.move_in(&lease.terms, Some(lease.model), lease.started_on, None);
            // A house that was moved into under the old agreements has what these asked for.
            self.tenancy.living_agreements_signed = true;
            self.flip.conditions_set = true;
        }
        if let (Some(flipped_on), Some(lease)) = (case.flipped_on, &mut self.tenancy.lease) {
            self.flip.flipped_on = Some(flipped_on);
            lease.model = None;
        }
        for open in &case.open_nuisance_cases {
            self.nuisance.insert(open.case_id, NuisanceCase::opened(open.level));
        }
    }

    /// A client moves into a dwelling, the first or another one; what was agreed about another dwelling is over, what
    /// was agreed about this one before the keys holds.
    fn move_in(
        &mut self,
        terms: &LeaseTerms,
        model: Option<ContractModel>,
        started_on: Day,
        ends_on: Option<Day>,
    ) {
        let lease = Lease { id: terms.lease_id, model, unit: terms.unit.clone(), started_on, ends_on };
        let before_the_keys = self.offers.open.take();
        let agreed = |what: fn(&Offer) -> bool| before_the_keys.as_ref().is_some_and(what);
        self.tenancy = Tenancy {
            lease: Some(lease),
            housed_on: self.tenancy.housed_on.or(Some(started_on)),
            in_arrears: self.tenancy.in_arrears,
            living_agreements_signed: agreed(|offer| offer.living_agreements_signed),
            ..Tenancy::default()
        };
        self.flip = Flip {
            talks: std::mem::take(&mut self.flip.talks),
            conditions_set: agreed(|offer| offer.flip_conditions_set),
            ..Flip::default()
        };
        self.offers = Offers { made: std::mem::take(&mut self.offers.made), ..Offers::default() };
    }

    /// The highest level among the open nuisance cases.
    #[must_use]
    pub fn worst_nuisance_level(&self) -> Option<Level> {
        self.nuisance.values().filter(|case| case.is_open()).map(|case| case.level).max()
    }

    /// The agreement set this trajectory is bound to, as `id@version`.
    #[must_use]
    pub fn bound_to(&self) -> Option<(&AgreementSetId, u16)> {
        self.agreement_set.as_ref().map(|set| (&set.id, set.version))
    }
}
