//! The phases of a trajectory, and the one table of which fact fits which phase.

use std::fmt;

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fact::FactType;

/// The phase of a trajectory (`docs/DOMAIN.md` §3). Dutch: *fase*.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    DriveMut,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Nothing was reported yet. No trajectory that can be read is in this phase.
    #[default]
    Unopened,
    /// Getting ready to live on one's own.
    Preparing,
    /// Ready for a home.
    Ready,
    /// Nominated; a dwelling is sought.
    Matching,
    /// A dwelling is offered.
    Offered,
    /// The offer is accepted; the lease is being made.
    Contracting,
    /// Living there, not yet under the own lease.
    Housed,
    /// The contract has flipped; the partners follow up for three years.
    FollowUp,
    /// Over.
    Ended,
}

impl Phase {
    /// Every phase, in the order of a trajectory.
    pub const ALL: [Self; 9] = [
        Self::Unopened,
        Self::Preparing,
        Self::Ready,
        Self::Matching,
        Self::Offered,
        Self::Contracting,
        Self::Housed,
        Self::FollowUp,
        Self::Ended,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unopened => "unopened",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Matching => "matching",
            Self::Offered => "offered",
            Self::Contracting => "contracting",
            Self::Housed => "housed",
            Self::FollowUp => "follow-up",
            Self::Ended => "ended",
        }
    }

    /// The facts that partners may report in this phase.
    #[must_use]
    pub fn admits(self) -> Vec<FactType> {
        let reported = |fact: &FactType| fact.row().phases.contains(&self) && !fact.is_about_the_record();
        FactType::ALL.iter().copied().filter(reported).collect()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The phase that a fact leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// The phase does not change.
    Nowhere,
    /// To this phase.
    To(Phase),
    /// To the phase that the fact itself states.
    AsStated,
    /// Back to the phase before matching: housed if there is a lease, otherwise ready.
    BackFromMatching,
}

/// One row of the table: the phases in which a fact may be reported, and the phase that it leads to.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The phases in which it may be reported.
    pub phases: &'static [Phase],
    /// The phase that it leads to.
    pub leads: Leads,
}

use Phase::{Contracting, Ended, FollowUp, Housed, Matching, Offered, Preparing, Ready, Unopened};

const BEFORE_HOUSING: &[Phase] = &[Preparing, Ready, Matching, Offered, Contracting];
/// A client who lives in a dwelling is also in these phases while another dwelling is sought.
const WITH_A_LEASE: &[Phase] = &[Matching, Offered, Contracting, Housed, FollowUp];
const BEFORE_THE_FLIP: &[Phase] = &[Matching, Offered, Contracting, Housed];
const RUNNING: &[Phase] = &[Preparing, Ready, Matching, Offered, Contracting, Housed, FollowUp];
const EVER_AFTER: &[Phase] = &[Preparing, Ready, Matching, Offered, Contracting, Housed, FollowUp, Ended];
const EVER_HOUSED: &[Phase] = &[Matching, Offered, Contracting, Housed, FollowUp, Ended];

impl FactType {
    /// The phases in which this fact may be reported, and the phase that it leads to. This is the single
    /// source of the refusals, of `admits` in every response, of the diagram in the docs and of the
    /// exhaustive test.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "the rows are grouped as the desk reads them")]
    pub fn row(self) -> Row {
        let stays = |phases| Row { phases, leads: Leads::Nowhere };
        let leads = |phases, to| Row { phases, leads: Leads::To(to) };
        match self {
            Self::IntakeRegistered => leads(&[Unopened], Preparing),
            Self::RunningCaseTakenOver => Row { phases: &[Unopened], leads: Leads::AsStated },

            Self::PrivacyExplained
            | Self::ConsentGiven
            | Self::ConsentWithdrawn
            | Self::ContactPersonAssigned
            | Self::FinancialSupportAssigned
            | Self::DebtArrangementStarted
            | Self::SignalReported
            | Self::SignalAnswered
            | Self::CaseDiscussed
            | Self::DepartureAgreed
            | Self::AgreementSetChanged
            | Self::TrajectoryTransferred => stays(RUNNING),

            // These facts change no phase and are hidden from the parties that report moves and flips. They
            // are admitted as long as the case runs. Otherwise they would make late reports impossible, and a
            // refusal would disclose their dates (docs/DOMAIN.md §8.1).
            Self::PreparationStepCompleted => stays(RUNNING),
            Self::OutflowAnnounced => stays(BEFORE_HOUSING),
            Self::OutflowProfileSet => stays(&[Preparing, Ready, Matching, Housed]),
            Self::ReadinessConfirmed => leads(&[Preparing], Ready),
            Self::ReadinessRevoked => leads(&[Ready, Matching], Preparing),

            Self::HousingRequested => leads(&[Ready, Housed], Matching),
            Self::RequestReturned => Row { phases: &[Matching], leads: Leads::BackFromMatching },
            Self::CorporationAssigned | Self::SecondOfferGranted => stays(&[Matching]),
            Self::DwellingOffered => leads(&[Matching], Offered),
            Self::OfferAccepted => leads(&[Offered], Contracting),
            Self::OfferRefused => leads(&[Offered], Matching),
            Self::OfferWithdrawn => leads(&[Offered, Contracting], Matching),

            Self::FirstRentCovered => stays(&[Contracting, Housed]),
            Self::HousedUnderIntermediaryLease
            | Self::HousedUnderThreePartyLease
            | Self::HousedUnderTemporaryLease => leads(&[Contracting], Housed),
            Self::LivingAgreementsSigned | Self::FlipConditionsSet => stays(&[Contracting, Housed]),
            Self::GuidancePlanAgreed | Self::RelapsePlanAgreed => stays(RUNNING),
            Self::NeighboursMet | Self::WelcomeTalkHeld => stays(&[Contracting, Housed, FollowUp]),

            Self::EvaluationHeld
            | Self::AnnualReviewHeld
            | Self::RentMissed
            | Self::ArrearsPlanAgreed
            | Self::ArrearsCleared
            | Self::DamageReported
            | Self::TemporaryPlacementStarted
            | Self::ReturnedHome
            | Self::AbsenceStarted
            | Self::AbsenceEnded
            | Self::NuisanceReported
            | Self::ReporterInformed
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
            | Self::EvictionPrevented => stays(WITH_A_LEASE),
            Self::LeaseExtended => stays(BEFORE_THE_FLIP),
            Self::GuidanceScaled => stays(RUNNING),
            Self::GuaranteeFundClaimed | Self::GuaranteeFundSettled => stays(EVER_HOUSED),

            Self::FlipTalkHeld
            | Self::FlipPositionGiven
            | Self::FlipPostponed
            | Self::RentAtFlipDisclosed
            | Self::FlipApproved
            | Self::FlipCancelled => stays(&[Housed]),
            Self::ContractFlipped => leads(&[Housed], FollowUp),
            Self::AftercareAgreed => stays(&[Housed, FollowUp]),

            Self::FollowUpCheckHeld | Self::FollowUpCheckMissed => stays(&[FollowUp]),
            Self::FollowUpEnded => leads(&[FollowUp], Ended),
            Self::ReturnRequested | Self::LightWmoTestDone => stays(EVER_HOUSED),
            Self::ReturnedToShelter => leads(EVER_HOUSED, Ended),
            Self::TrajectoryEnded => leads(RUNNING, Ended),
            Self::ProcessingRestricted
            | Self::RestrictionLifted
            | Self::PersonalDataErased
            | Self::LegalHoldPlaced
            | Self::LegalHoldLifted
            | Self::EventCorrected => stays(EVER_AFTER),
        }
    }
}
