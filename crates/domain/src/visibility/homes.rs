//! Whose lease and whose offer a fact is about: a corporation reports about its own homes and no others.

use super::Viewer;
use crate::ids::OrganisationId;
use crate::trajectory::fact::{Fact, Party};
use crate::trajectory::{FactType, History, Trajectory};

use super::reporting::Ground;

/// What of a trajectory a fact is about, as far as it belongs to one corporation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The home that the client rents, or rented last: its lease, rent, damage, nuisance, reviews and flip.
    Home,
    /// The offer that is open.
    Offer,
    /// What is agreed about a home before the keys: the offer that was accepted, or else the home.
    OfferOrHome,
    /// Nothing that belongs to one corporation.
    Nothing,
}

/// Holds the facts of one report, in their order, against the corporations of the homes and offers that they are about.
pub(super) struct Homes<'h> {
    /// The corporation that reports; none if another partner does.
    corporation: Option<&'h OrganisationId>,
    history: &'h History,
    /// What holds after the facts of the report that were looked at.
    state: Option<Trajectory>,
}

impl<'h> Homes<'h> {
    pub(super) fn new(viewer: &'h Viewer, history: &'h History) -> Self {
        let is_corporation = viewer.role.party() == Some(Party::HousingCorporation);
        Self { corporation: is_corporation.then_some(&viewer.organisation), history, state: None }
    }

    /// Why a fact is not this corporation's to report, if it is about the home or the offer of another one.
    pub(super) fn not_theirs(&mut self, fact: &Fact) -> Option<Ground> {
        let corporation = self.corporation?;
        let told = match fact {
            Fact::EventCorrected(correction) => correction.replacement.as_deref(),
            _ => Some(fact),
        };
        let ground = told.filter(|fact| {
            // A late fact is about the home of its own day.
            let late = self
                .history
                .happened()
                .last()
                .is_some_and(|(_, last)| last.occurred_on() > fact.occurred_on());
            let then = late.then(|| self.history.state_on(fact.occurred_on()));
            let state = then.as_ref().or(self.state.as_ref()).unwrap_or_else(|| self.history.state());
            owner(about(fact.fact_type()), state).is_some_and(|owner| owner != corporation)
        });
        let ground = ground.map(|_| Ground::OfAnotherCorporation);
        self.state.get_or_insert_with(|| self.history.state().clone()).evolve(fact);
        ground
    }
}

/// The corporation to which belongs what a fact is about; none if nobody has it yet, which is for the rules to refuse.
fn owner(about: About, state: &Trajectory) -> Option<&OrganisationId> {
    let home = state.tenancy.lease.as_ref().map(|lease| &lease.corporation);
    let offer = state.offers.open.as_ref().map(|offer| &offer.corporation);
    match about {
        About::Home => home,
        About::Offer => offer,
        About::OfferOrHome => offer.or(home),
        About::Nothing => None,
    }
}

#[expect(clippy::match_same_arms, reason = "the rows stand by group, as the desk reads them")]
fn about(fact: FactType) -> About {
    use FactType as F;
    match fact {
        F::IntakeRegistered
        | F::RunningCaseTakenOver
        | F::ContactPersonAssigned
        | F::PrivacyExplained
        | F::ConsentGiven
        | F::ConsentWithdrawn
        | F::PreparationStepCompleted
        | F::OutflowAnnounced
        | F::OutflowProfileSet
        | F::ReadinessConfirmed
        | F::ReadinessRevoked => About::Nothing,
        F::HousingRequested
        | F::RequestReturned
        | F::CorporationAssigned
        | F::SecondOfferGranted
        | F::CaseDiscussed
        | F::DwellingOffered => About::Nothing,
        F::OfferAccepted | F::OfferRefused | F::OfferWithdrawn => About::Offer,
        // Its terms name the corporation, which speaks for itself.
        F::HousedUnderIntermediaryLease | F::HousedUnderThreePartyLease | F::HousedUnderTemporaryLease => {
            About::Nothing
        }
        F::FirstRentCovered
        | F::LivingAgreementsSigned
        | F::FlipConditionsSet
        | F::WelcomeTalkHeld
        | F::NeighboursMet => About::OfferOrHome,
        F::LeaseExtended | F::EvaluationHeld | F::AnnualReviewHeld => About::Home,
        F::GuidancePlanAgreed | F::RelapsePlanAgreed | F::GuidanceScaled => About::Nothing,
        F::SignalReported | F::SignalAnswered => About::Home,
        F::TemporaryPlacementStarted | F::ReturnedHome | F::AbsenceStarted | F::AbsenceEnded => About::Home,
        F::RentMissed
        | F::ArrearsPlanAgreed
        | F::ArrearsCleared
        | F::DamageReported
        | F::GuaranteeFundClaimed
        | F::GuaranteeFundSettled => About::Home,
        F::FinancialSupportAssigned | F::DebtArrangementStarted => About::Nothing,
        F::NuisanceReported
        | F::ReporterInformed
        | F::ApproachAgreed
        | F::Escalated
        | F::WarningIssued
        | F::LastChanceAgreed
        | F::Deescalated
        | F::NuisanceResolved
        | F::NuisanceReopened
        | F::NuisanceCaseClosed
        | F::NuisanceFoundUnfounded
        | F::NuisanceHandedOver
        | F::EvictionPrevented
        | F::LeaseTerminationStarted => About::Home,
        F::FlipTalkHeld
        | F::FlipPostponed
        | F::FlipCancelled
        | F::RentAtFlipDisclosed
        | F::FlipPositionGiven
        | F::FlipApproved
        | F::ContractFlipped => About::Home,
        F::AftercareAgreed | F::FollowUpCheckHeld | F::FollowUpCheckMissed | F::FollowUpEnded => About::Home,
        F::ReturnRequested | F::LightWmoTestDone | F::ReturnedToShelter => About::Nothing,
        F::DepartureAgreed
        | F::AgreementSetChanged
        | F::TrajectoryTransferred
        | F::TrajectoryEnded
        | F::EventCorrected => About::Nothing,
        F::ProcessingRestricted
        | F::RestrictionLifted
        | F::PersonalDataErased
        | F::LegalHoldPlaced
        | F::LegalHoldLifted => About::Nothing,
    }
}
