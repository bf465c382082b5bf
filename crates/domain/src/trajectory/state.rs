//! The state after a history of facts.

use std::collections::{BTreeMap, BTreeSet};

use imbl::{OrdMap, OrdSet};

use super::fact::{
    AgreementSetVersion, Cents, ConsentScope, ContractModel, Fact, FlipConditionKind, LeaseTerms, Outcome,
    OutflowProfileSet, Party, Position, Profile, THE_THREE, TerminationGround,
};
use super::phase::{Leads, Phase};
use crate::agreements::AgreementSet;
use crate::day::Day;
use crate::ids::{
    AgreementSetId, ClaimId, DamageId, FlipTalkId, LeaseId, NuisanceCaseId, ObligationId, OfferId,
    OrganisationId, RegionId, ReturnRequestId, SignalId, UnitId,
};
use crate::nuisance::{Level, NuisanceCase};

mod evolve_flip;
mod evolve_intake;
mod evolve_living;
mod evolve_matching;
mod evolve_nuisance;
mod evolve_record;

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
    pub damages: OrdSet<DamageId>,
    /// Claims on the guarantee fund; `None` once settled.
    pub claims: OrdMap<ClaimId, Option<Cents>>,
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

/// Offers made and open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// How many count as the client's.
    pub used: u8,
    /// How many of these the client did not answer in time. The set says whether they count.
    pub unanswered: u8,
    /// How many more were granted.
    pub granted: u8,
    /// The id of every offer.
    pub made: OrdSet<OfferId>,
    /// The offer that is open or accepted.
    pub open: Option<Offer>,
}

impl Offers {
    /// How many count as the client's, if an unanswered offer does or does not.
    #[must_use]
    pub fn counted(&self, unanswered_counts: bool) -> u8 {
        self.used.saturating_sub(if unanswered_counts { 0 } else { self.unanswered })
    }
}

/// One offer of a dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The offer.
    pub id: OfferId,
    /// The corporation that offers.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// The rent a month.
    pub rent: Cents,
    /// The last day on which it may be answered.
    pub respond_by: Option<Day>,
    /// Whether the client took it.
    pub accepted: bool,
    /// Whether living agreements were signed for it before the keys were handed over.
    pub living_agreements_signed: bool,
    /// Whether flip conditions were set and acknowledged for it before the keys were handed over.
    pub flip_conditions_set: bool,
    /// What those conditions are about.
    pub flip_conditions: BTreeSet<FlipConditionKind>,
}

/// Where a client lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the home, and none follows from another"
)]
pub struct Tenancy {
    /// The lease that runs.
    pub lease: Option<Lease>,
    /// When the client first moved in.
    pub housed_on: Option<Day>,
    /// The id of every lease.
    pub leases: OrdSet<LeaseId>,
    /// Whether living agreements are signed for this dwelling.
    pub living_agreements_signed: bool,
    /// Whether there are arrears.
    pub in_arrears: bool,
    /// Whether a plan covers the arrears: none was agreed since the latest rent that was missed.
    pub arrears_planned: bool,
    /// The days on which the landlord warned the client about this lease, by ground.
    pub warnings: OrdMap<WarnedAbout, OrdSet<Day>>,
    /// The end of the lease, if the landlord gave notice.
    pub termination: Option<Termination>,
    /// The last day of the lease, if client and landlord agreed that it ends.
    pub end_agreed_on: Option<Day>,
    /// Whether the client stays elsewhere temporarily, and how.
    pub away: Option<Away>,
    /// Whether the client left the dwelling for good and no other dwelling followed in this
    /// trajectory.
    pub left: bool,
}

/// The ground of a warning. Only warnings on one ground count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarnedAbout {
    /// Arrears.
    Arrears,
    /// A nuisance case.
    Case(NuisanceCaseId),
    /// Another reason.
    Other,
}

impl WarnedAbout {
    /// The ground that a fact gives. `None` if ground and case do not fit.
    #[must_use]
    pub fn of(ground: TerminationGround, case: Option<NuisanceCaseId>) -> Option<Self> {
        match (ground, case) {
            (TerminationGround::Arrears, None) => Some(Self::Arrears),
            (TerminationGround::Nuisance, Some(case)) => Some(Self::Case(case)),
            (TerminationGround::Other, None) => Some(Self::Other),
            _ => None,
        }
    }
}

/// The end of a lease by its landlord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Termination {
    /// The nuisance case that led to it, if any.
    pub case: Option<NuisanceCaseId>,
    /// When the notice ends.
    pub notice_until: Day,
    /// Whether a court ordered the eviction.
    pub eviction_ordered: bool,
}

/// How a client is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Placed elsewhere as part of the guidance.
    Placed,
    /// Absent for another reason.
    Absent,
    /// In a temporary home, because the home is renovated.
    Renovation,
}

/// The lease under which the client lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lease.
    pub id: LeaseId,
    /// The contract model before the flip. `None` once the contract has flipped.
    pub model: Option<ContractModel>,
    /// The provider that rents the dwelling or co-signs the lease, until the contract flips.
    pub care_provider: OrganisationId,
    /// The corporation that owns the dwelling.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// The rent a month.
    pub rent: Cents,
    /// When it started.
    pub started_on: Day,
    /// When a temporary lease ends.
    pub ends_on: Option<Day>,
}

impl Lease {
    /// Whether the lease is the client's own since the first day.
    #[must_use]
    pub fn was_always_own(&self) -> bool {
        self.model == Some(ContractModel::Own)
    }

    /// The party that the client rents from: the provider under an intermediary lease, otherwise
    /// the corporation.
    #[must_use]
    pub fn landlord(&self) -> Party {
        if self.model == Some(ContractModel::Intermediary) {
            Party::CareProvider
        } else {
            Party::HousingCorporation
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

    /// A client moves into a dwelling, the first or another one. Agreements about another dwelling
    /// end. Agreements about this one, made before the keys were handed over, remain.
    fn move_in(
        &mut self,
        terms: &LeaseTerms,
        model: Option<ContractModel>,
        started_on: Day,
        ends_on: Option<Day>,
    ) {
        let (id, corporation, unit) = (terms.lease_id, terms.corporation.clone(), terms.unit.clone());
        let care_provider = terms.care_provider.clone();
        let rent = terms.rent_cents;
        let lease = Lease { id, model, care_provider, corporation, unit, rent, started_on, ends_on };
        self.is_nominated = false;
        self.departures = OrdMap::default();
        let before_the_keys = self.offers.open.take();
        let mut leases = std::mem::take(&mut self.tenancy.leases);
        leases.insert(id);
        let agreed = |what: fn(&Offer) -> bool| before_the_keys.as_ref().is_some_and(what);
        self.tenancy = Tenancy {
            lease: Some(lease),
            housed_on: self.tenancy.housed_on.or(Some(started_on)),
            leases,
            in_arrears: self.tenancy.in_arrears,
            arrears_planned: self.tenancy.arrears_planned,
            living_agreements_signed: agreed(|offer| offer.living_agreements_signed),
            ..Tenancy::default()
        };
        self.flip = Flip {
            talks: std::mem::take(&mut self.flip.talks),
            conditions_set: agreed(|offer| offer.flip_conditions_set),
            conditions: before_the_keys.map(|offer| offer.flip_conditions).unwrap_or_default(),
            ..Flip::default()
        };
        self.offers = Offers { made: std::mem::take(&mut self.offers.made), ..Offers::default() };
    }

    /// What belonged to the lease and its landlord ends with the lease.
    fn old_lease_ends(&mut self) {
        self.tenancy.warnings = OrdMap::default();
        self.tenancy.termination = None;
        self.tenancy.end_agreed_on = None;
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
