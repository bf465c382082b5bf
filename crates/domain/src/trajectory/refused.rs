//! A fact that was not admitted, and why.

use super::fact::{Fact, FactType};
use super::phase::Phase;
use super::refusal::Refusal;
use super::state::Trajectory;
use crate::day::Day;
use crate::ids::LeaseId;

/// A fact that was not admitted, with everything that a reporter needs to correct the report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fact_type} refused in phase {phase}: {}", codes(.refusals))]
pub struct Refused {
    /// What was reported.
    pub fact_type: FactType,
    /// Every rule that is broken.
    pub refusals: Vec<Refusal>,
    /// The phase on the day the fact happened.
    pub phase: Phase,
    /// What may be reported in that phase.
    pub admits: Vec<FactType>,
    /// The later step that would break, if a late fact or a correction does not fit in its place.
    pub breaks: Option<Step>,
    /// The lease of this client that holds the dwelling, if that is why an offer of it is refused.
    pub own_lease: Option<LeaseId>,
    /// The index of the refused fact in the list, from 0.
    pub index: usize,
}

/// A recorded fact that a late fact or a correction would make impossible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the trajectory.
    pub sequence: u64,
    /// What it is.
    pub fact_type: FactType,
    /// When it happened.
    pub occurred_on: Day,
    /// The rules it would break.
    pub refusals: Vec<Refusal>,
}

impl Refused {
    pub(crate) fn of(fact: &Fact, phase: Phase, refusals: Vec<Refusal>) -> Self {
        let (fact_type, admits) = (fact.fact_type(), phase.admits());
        Self { fact_type, refusals, phase, admits, breaks: None, own_lease: None, index: 0 }
    }

    /// The refusal of a fact in this state of its trajectory.
    pub(crate) fn in_state(fact: &Fact, state: &Trajectory, refusals: Vec<Refusal>) -> Self {
        let own_lease = match fact {
            Fact::DwellingOffered(offer) => state.tenancy.lives_without_end_in(offer).map(|lease| lease.id),
            _ => None,
        };
        Self { own_lease, ..Self::of(fact, state.phase, refusals) }
    }

    /// The refusal of a fact that holds a home which another trajectory holds. It says nothing else of
    /// that other one.
    #[must_use]
    pub fn held_elsewhere(fact: &Fact, index: usize, state: &Trajectory, refusal: Refusal) -> Self {
        Self { index, ..Self::of(fact, state.phase, vec![refusal]) }
    }

    /// The field that broke a rule, as a JSON pointer inside the refused fact. Empty if the fact as
    /// a whole broke it.
    #[must_use]
    pub fn field(&self, refusal: Refusal) -> &'static str {
        use Refusal::{
            CorrectedFactUnknown, CorrectionOfACorrection, FactAboutTheRecord, ReplacementIsACorrection,
        };
        match (self.fact_type, refusal) {
            (FactType::RunningCaseTakenOver, Refusal::LeaseOfAnotherProvider) => "/lease/terms/careProvider",
            (FactType::RunningCaseTakenOver, Refusal::ContractModelNotAgreed) => "/lease/model",
            (FactType::HousedUnderThreePartyLease, Refusal::NoGuaranteeFund) => "/guaranteeFund",
            (FactType::ContractFlipped, Refusal::LeaseIdTaken) => "/leaseId",
            (FactType::RenovationStarted, Refusal::DwellingHeld) => "/temporaryUnit",
            (
                FactType::HousedUnderIntermediaryLease
                | FactType::HousedUnderThreePartyLease
                | FactType::HousedUnderTemporaryLease
                | FactType::HousedUnderOwnLease,
                Refusal::DwellingHeld,
            ) => "/terms/unit",
            (FactType::NuisanceReported, Refusal::BeforeMovingIn) => "/happenedOn",
            (FactType::RunningCaseTakenOver, Refusal::BeforeMovingIn) => "/openNuisanceCases",
            (FactType::OutflowProfileSet, Refusal::ProfileFitsNoHome) => "/profile",
            (FactType::OutflowProfileSet, Refusal::ProfileNotAgreedByClient) => "/clientAgreed",
            (FactType::RegionTransferProposed, Refusal::AgreementSetUnknown) => "/to/agreementSet",
            (FactType::RegionTransferProposed, Refusal::RegionNotServed) => "/to/region",
            (FactType::RegionTransferProposed, Refusal::TransferToNobody) => "/to/careProvider",
            (FactType::TemporaryPlacementStarted, Refusal::NuisanceCaseUnknown) => "/nuisanceCase",
            (
                FactType::EventCorrected,
                CorrectedFactUnknown
                | CorrectionOfACorrection
                | FactAboutTheRecord
                | ReplacementIsACorrection,
            ) => refusal.field(),
            // Either the correction or its replacement can have broken the rule.
            (FactType::EventCorrected, _) => "",
            _ => refusal.field(),
        }
    }
}

fn codes(refusals: &[Refusal]) -> String {
    refusals.iter().map(|refusal| refusal.code()).collect::<Vec<_>>().join(", ")
}
