//! The state after a history of facts.

use std::collections::{BTreeMap, BTreeSet};

use imbl::{OrdMap, OrdSet};

use super::fact::{
    AgreementSetVersion, Cents, ConsentScope, Fact, FlipConditionKind, Outcome, OutflowProfileSet, Party,
    Position, Profile, RegionTerms, THE_THREE,
};
use super::phase::{Leads, Phase};
use crate::agreements::set::GuaranteeFundSettings;
use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::ids::{
    AgreementSetId, ClaimId, DamageId, FlipTalkId, NuisanceCaseId, ObligationId, OrganisationId, RegionId,
    ReturnRequestId, SignalId,
};
use crate::nuisance::{Level, NuisanceCase};

mod evolve_flip;
mod evolve_intake;
mod evolve_living;
mod evolve_matching;
mod evolve_nuisance;
mod evolve_record;
mod loss;
mod offers;
mod tenancy;

pub use loss::{Claim, Loss};
pub use offers::*;
pub use tenancy::*;

/// What later rules need to know about a trajectory, and its phase. Not a read model: a field that
/// no rule and no summary reads does not belong here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trajectory {
    /// The phase.
    pub phase: Phase,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// Whether the client came because the home was at risk.
    pub home_at_risk: bool,
    /// The day of the intake, or of the take-over.
    pub opened_on: Option<Day>,
    /// The day it ended.
    pub ended_on: Option<Day>,
    /// The organisations that work on it.
    pub partners: Option<Partners>,
    /// The corporation or municipality that referred somebody who was about to lose a home.
    pub referred_by: Option<OrganisationId>,
    /// Providers that help beside the one that guides.
    pub second_providers: OrdSet<OrganisationId>,
    /// The move to another region that waits for an answer.
    pub proposed_transfer: Option<RegionTerms>,
    /// The agreements it is bound to.
    pub agreement_set: Option<AgreementSetVersion>,
    /// The sets that it was bound to before, each once. Obligations that started under them
    /// continue.
    pub earlier_sets: Vec<AgreementSetVersion>,
    /// What the client consents to.
    pub consents: BTreeSet<ConsentScope>,
    /// What the client no longer consents to.
    pub consents_withdrawn: BTreeSet<ConsentScope>,
    /// The outflow profile as it was set last, as far as rules need it.
    pub profile: Option<ProfileSet>,
    /// Since when the client is ready, unless that was revoked.
    pub ready_on: Option<Day>,
    /// Whether a dwelling is sought: the client was nominated, and the nomination was not
    /// withdrawn.
    pub is_nominated: bool,
    /// The corporation that was assigned.
    pub corporation: Option<OrganisationId>,
    /// Offers made and open.
    pub offers: Offers,
    /// Where the client lives.
    pub tenancy: Tenancy,
    /// The nuisance cases.
    pub nuisance: OrdMap<NuisanceCaseId, NuisanceCase>,
    /// Signals that were reported.
    pub signals: OrdMap<SignalId, Signal>,
    /// Damages reported.
    pub damages: OrdMap<DamageId, Loss>,
    /// Rents that were missed and not paid since, by the day on which they were due.
    pub rents_missed: OrdMap<Day, Loss>,
    /// Claims on the guarantee fund.
    pub claims: OrdMap<ClaimId, Claim>,
    /// What the municipality advanced of first rents and was not paid back, in euro cents.
    pub advanced_cents: i64,
    /// The parties with which the client shares the profile.
    pub profile_shared_with: BTreeSet<Party>,
    /// The way to the flip.
    pub flip: Flip,
    /// Months of the follow-up checks that were held.
    pub checks_held: BTreeSet<u8>,
    /// The latest request to return.
    pub return_request: Option<ReturnRequest>,
    /// The id of every request to return.
    pub return_requests: OrdSet<ReturnRequestId>,
    /// The obligations that parties agreed to set aside, each with the day on which a party last did.
    pub departures: OrdMap<ObligationId, BTreeMap<Party, Day>>,
    /// The state of the record itself.
    pub record: Record,
}

/// The state of the record itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The first day of a restriction, if there is one: only an auditor sees the record (AVG art.
    /// 18).
    pub restricted_on: Option<Day>,
    /// The first day of a legal hold, if there is one: the record is kept even after its retention
    /// term.
    pub held_on: Option<Day>,
}

/// What the rules need to know about an outflow profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileSet {
    /// Whether some home fits: it is not `p0`.
    pub fits_a_home: bool,
    /// Whether the client agreed to it.
    pub client_agreed: bool,
}

impl ProfileSet {
    pub(super) fn of(set: &OutflowProfileSet) -> Self {
        Self { fits_a_home: set.profile != Profile::P0, client_agreed: set.client_agreed }
    }
}

/// The organisations that work on a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partners {
    /// The provider that guides the client.
    pub care_provider: OrganisationId,
    /// The municipality that directs.
    pub municipality: OrganisationId,
    /// The region they share.
    pub region: RegionId,
}

impl Partners {
    /// Who accepts or refuses that these terms hold: the provider that takes over, or the other municipality if
    /// the same provider goes on.
    #[must_use]
    pub fn receiver_of<'t>(&self, to: &'t RegionTerms) -> (Party, &'t OrganisationId) {
        if to.care_provider == self.care_provider {
            (Party::Municipality, &to.municipality)
        } else {
            (Party::CareProvider, &to.care_provider)
        }
    }
}

/// A signal from the home. Dutch: *signaal*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Whether it was answered.
    pub answered: bool,
}

/// The way to the flip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flip {
    /// Whether conditions were set and acknowledged for this dwelling.
    pub conditions_set: bool,
    /// What those conditions are about. Empty for a case that was taken over: it is not known.
    pub conditions: BTreeSet<FlipConditionKind>,
    /// The talk that the current decision is based on.
    pub talk: Option<FlipTalkId>,
    /// The id of every talk.
    pub talks: OrdSet<FlipTalkId>,
    /// The positions on that talk.
    pub positions: BTreeMap<Party, Position>,
    /// The rent after the flip that was last shown to the client since the latest talk.
    pub disclosed_rent: Option<Cents>,
    /// Whether aftercare was agreed.
    pub aftercare_agreed: bool,
    /// The day that the corporation approved.
    pub approved_for: Option<Day>,
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
    /// The decision of the light Wmo test.
    pub granted: Option<bool>,
}

impl Trajectory {
    /// Applies a fact that was admitted.
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
        self.evolve_record(fact);
    }

    /// Whether every party that owes an obligation, and every party that it protects, agreed to set it
    /// aside, within the days of the set.
    #[must_use]
    pub fn departed_from(&self, set: &AgreementSet, id: &ObligationId) -> bool {
        let Some((agreed, obligation)) = self.departures.get(id).zip(set.obligation(id)) else {
            return false;
        };
        let last = agreed.values().max();
        let first = last.map(|last| last.plus_days(-i32::from(set.departures.agreed_within_days)));
        let has_agreed = |party: &Party| agreed.get(party).is_some_and(|on| Some(*on) >= first);
        let landlord = self.tenancy.lease.as_ref().map_or(Party::CareProvider, Lease::landlord);
        let responsible = obligation.responsible.parties(landlord);
        obligation.can_be_set_aside() && responsible.iter().chain(&obligation.protects).all(has_agreed)
    }

    /// The guarantee fund of these agreements, or of the latest agreements before them that had one: a
    /// claim is settled even if the agreements changed meanwhile.
    #[must_use]
    pub fn fund<'s>(
        &self,
        set: &'s AgreementSet,
        sets: &'s AgreementSets,
    ) -> Option<&'s GuaranteeFundSettings> {
        let earlier = self.earlier_sets.iter().rev().filter_map(|earlier| sets.get(earlier));
        std::iter::once(set).chain(earlier).find_map(|set| set.guarantee_fund.as_ref())
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
