//! Which earlier data the rules depend on, in the categories of `docs/DOMAIN.md` §8.

use super::Category::{
    self, Consents, Course, Dwelling, DwellingProfile, FirstRent, Flip, GuaranteeFund, Guidance, Living,
    NuisanceCourse, Profile, Rent, Return, Transfer,
};
use crate::trajectory::{FactType, Refusal};

/// Whether the rules for a fact of this kind read the phase. Those for a light Wmo test read only
/// the request that it answers, and those for a settlement the claim: there is such a request or claim only
/// while the client is or was housed.
pub(super) fn reads_the_phase(kind: FactType) -> bool {
    !matches!(kind, FactType::LightWmoTestDone | FactType::GuaranteeFundSettled)
}

/// What the rules for a fact of this kind read besides the phase and the rest of the course. A test
/// checks this against the rules: two histories that differ in hidden facts give the same refusals.
pub(super) fn reads(kind: FactType) -> &'static [Category] {
    use FactType as F;
    match kind {
        F::ConsentWithdrawn => &[Consents],
        F::GuidanceScaled
        | F::AbsenceStarted
        | F::AbsenceEnded
        | F::ReturnedHome
        | F::RenovationStarted
        | F::RenovationEnded => &[Living],
        F::TemporaryPlacementStarted => &[Living, NuisanceCourse],
        F::ArrearsPlanAgreed | F::ArrearsCleared | F::DamageReported | F::DamageSettled => &[Rent],
        F::GuaranteeFundClaimed => &[Rent, GuaranteeFund],
        F::GuaranteeFundSettled => &[GuaranteeFund],
        F::FirstRentRepaid => &[FirstRent],
        F::RegionTransferAccepted | F::RegionTransferRefused => &[Transfer],
        F::SecondProviderJoined | F::SecondProviderLeft => &[Guidance],
        F::ReturnRequested | F::ReturnRequestWithdrawn | F::LightWmoTestDone | F::ReturnedToShelter => {
            &[Return]
        }
        F::FollowUpEnded | F::TrajectoryEnded => &[NuisanceCourse, Return],
        F::NuisanceReported
        | F::ReporterInformed
        | F::ApproachAgreed
        | F::Escalated
        | F::LastChanceAgreed
        | F::Deescalated
        | F::NuisanceResolved
        | F::NuisanceReopened
        | F::NuisanceCaseClosed
        | F::NuisanceFoundUnfounded
        | F::NuisanceHandedOver
        | F::EvictionOrdered
        | F::EvictionPrevented => &[NuisanceCourse],
        F::WarningIssued => &[NuisanceCourse, Rent],
        F::LeaseTerminationStarted => &[NuisanceCourse, Living, Rent],
        F::FlipConditionReviewed
        | F::FlipTalkHeld
        | F::FlipPositionGiven
        | F::FlipPostponed
        | F::RentAtFlipDisclosed
        | F::FlipApproved
        | F::FlipCancelled => &[Flip],
        // Of the departures, those that the corporation itself agreed to.
        F::ContractFlipped => &[Flip, NuisanceCourse, Rent, Living],
        _ => &[],
    }
}

/// The data that decides whether a rule is broken; none if the report alone decides it.
#[expect(clippy::too_many_lines, reason = "one row for each rule, and none can be forgotten")]
pub(super) fn basis(refusal: Refusal) -> Option<Category> {
    use Refusal as R;
    match refusal {
        R::OccurredInTheFuture
        | R::DateAfterTheFact
        | R::DateBeforeTheFact
        | R::PhaseCannotBeTakenOver
        | R::LeaseMissing
        | R::FlipDateMissing
        | R::NuisanceOnFile
        | R::OfferNotAgreedByBoth
        | R::VacancyNotNamed
        | R::WhyMissing
        // Of the reporter's own vacancy, and of the list that the reporter may read.
        | R::VacancyUnknown
        | R::VacancyClosed
        | R::UnitNotOfVacancy
        | R::ComplexNotOfVacancy
        | R::MunicipalityNotOfVacancy
        | R::RentNotOfVacancy
        | R::WeighingNotOfTheList
        | R::WeighingMissing
        | R::SignatureOfTheThreeMissing
        | R::OneOfTheThreeAbsent
        | R::ApproachNotAgreedByTheThree
        | R::PartyHasNoPosition
        | R::ReasonMissing
        | R::GroundDoesNotFit
        | R::ExplanationMissing
        | R::ClaimRestsOnNothing
        | R::RegionNotServed
        | R::CorrectedFactUnknown
        | R::CorrectionOfACorrection
        | R::ReplacementIsACorrection
        | R::FactAboutTheRecord
        | R::LaterStepWouldBreak
        | R::PastDayNotTried
        | R::ReasonWithheld => None,

        R::NotAdmittedInPhase
        | R::OccurredBeforeIntake
        | R::AgreementSetUnknown
        | R::TransferToNobody
        | R::NotAnotherRegion
        | R::NoOutflowProfile
        | R::ReadinessNotConfirmed
        | R::LivesInADwelling
        | R::CorporationNotAssigned
        | R::AssignerNotAgreed
        | R::OfferAlreadyMade
        | R::OfferIdTaken
        | R::OfferNotOpen
        | R::OfferExpired
        | R::OfferStillRuns
        | R::LeaseDoesNotMatchOffer
        | R::LeaseIdTaken
        | R::BeforeMovingIn
        | R::RentNotAsOffered
        | R::LeaseOfAnotherProvider
        | R::ContractModelNotAgreed
        | R::NoLease
        | R::LeaseNotRunning
        | R::LeaseNotTemporary
        | R::NoHeadLease
        | R::NotTheProviderThatGuides
        | R::AlreadyHeadTenant
        | R::LeaseIsOwn
        | R::NotTheLandlord
        | R::AftercareNotAgreed
        | R::LeasesDoNotMeet
        | R::NoticeTooShort
        | R::ClientOrLandlordDidNotSign
        | R::FollowUpCheckAlreadyHeld
        | R::CheckTooEarly
        | R::CheckOfALaterMonth
        | R::FollowUpNotOver
        | R::OutcomeDoesNotFit
        | R::NeverHoused
        | R::NoGuaranteeFund
        | R::ClientDeceased
        | R::ObligationUnknown
        | R::NeverSetAside
        | R::KeptObligationUnknown
        | R::NotYetOpened => Some(Course),

        R::DwellingHeld => Some(Dwelling),

        R::ProfileFitsNoHome => Some(DwellingProfile),
        R::ProfileNotAgreedByClient => Some(Profile),

        R::ConsentNotGiven
        | R::AlreadyRestricted
        | R::NotRestricted
        | R::LegalHoldStands
        | R::NoLegalHold => Some(Consents),

        R::SignalIdTaken
        | R::SignalUnknown
        | R::SignalAlreadyAnswered
        | R::AlreadyAway
        | R::NotAway
        | R::PlacedElsewhere
        | R::NoSignedAgreements => Some(Living),

        R::NoArrears
        | R::ArrearsWithoutPlan
        | R::DamageIdTaken
        | R::DamageUnknown
        | R::DamageAlreadySettled
        | R::RentNotMissed
        | R::LeaseNotCovered
        | R::AlreadyClaimed
        | R::ClaimAboveLoss
        | R::DwellingNotLeft => Some(Rent),

        R::ClaimIdTaken | R::ClaimNotOpen | R::AwardAboveClaim | R::NotTheKeeper => Some(GuaranteeFund),

        R::NuisanceCaseIdTaken
        | R::NuisanceCaseUnknown
        | R::NuisanceCaseNotOpen
        | R::NuisanceCaseNotResolved
        | R::EarlierCaseNotOver
        | R::ApproachNotAgreed
        | R::ApproachAlreadyAgreed
        | R::LevelDoesNotRise
        | R::LevelSkipped
        | R::ClientNotHeard
        | R::HeardBeforeTheReport
        | R::ReviewedBeforeTheLevel
        | R::LevelDoesNotFall
        | R::LeaseIsBeingEnded
        | R::NotScaledUp
        | R::NotWarned
        | R::QuietPeriodNotOver
        | R::NotEnoughWarnings
        | R::NoLastChance
        | R::TerminationAlreadyStarted
        | R::NoTerminationStarted
        | R::NoticeNotOver
        | R::NoEvictionOrder
        | R::LeaseEndNotAgreed
        | R::NuisanceCaseOpen => Some(NuisanceCourse),

        R::FlipTalkIdTaken
        | R::NoFlipTalkHeld
        | R::NotTheLatestTalk
        | R::FlipConditionsNotSet
        | R::NoSuchFlipCondition
        | R::FlipNotAgreedByAllThree
        | R::NewRentNotDisclosed
        | R::RentNotAsDisclosed
        | R::NotOnTheApprovedDay
        | R::FlipNotApproved => Some(Flip),

        R::RepaidAboveAdvance => Some(FirstRent),

        R::NoTransferProposed | R::TransferNotAsProposed => Some(Transfer),

        R::AlreadyAProvider | R::NotASecondProvider => Some(Guidance),

        R::ReturnAlreadyRequested | R::ReturnNotRequested | R::ReturnNotGranted => Some(Return),
    }
}
