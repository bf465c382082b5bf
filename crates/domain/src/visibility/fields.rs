//! The category of every field of every fact. A test checks this against the published schema: a
//! field without a category, or with two, fails it.

use super::Category::{
    self, Consents, Course, Debts, DebtsArranged, Departures, Dwelling, FirstRent, Flip, Guidance, Identity,
    Living, LivingGoals, Nuisance, NuisanceCourse, Profile, Rent, Reporter, Return, ReturnGrounds, Signals,
};
use crate::trajectory::FactType;

/// Fields of one category, separated by spaces. A field inside another is written with slashes; `*`
/// means every element of a list. A field includes all its parts, except those that are listed here
/// themselves. If it is hidden, all its parts are, so that their number is hidden too.
pub type Fields = (Category, &'static str);

impl FactType {
    /// The category of every field, that of `occurredOn` first. It is also the category of the fact
    /// itself: a viewer who may not see when it happened does not see what it is.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one row for each fact, in the order of the vocabulary")]
    #[rustfmt::skip]
    pub fn fields(self) -> &'static [Fields] {
        match self {
            Self::IntakeRegistered => &[
                (Course, "occurredOn careProvider municipality region agreementSet"),
                (Identity, "clientName clientContact previousTrajectory"),
                // A clinic, a women's shelter or forensic care reveals the client's health or past.
                (Guidance, "origin careStartedOn"),
            ],
            Self::RunningCaseTakenOver => &[
                (Course, "occurredOn careProvider municipality region agreementSet phase intakeOn readyOn corporation flippedOn"),
                (Course, "lease/model lease/startedOn lease/terms/leaseId lease/terms/careProvider lease/terms/corporation"),
                (Identity, "clientName clientContact previousTrajectory"),
                // Obligations that were kept before can be about any category.
                (Guidance, "origin lease/terms/careAgreement alreadyKept"),
                (Dwelling, "lease/terms/unit"),
                (Rent, "lease/terms/rentCents"),
                (NuisanceCourse, "openNuisanceCases"),
            ],
            Self::ContactPersonAssigned => &[(Course, "occurredOn party organisation"), (Identity, "user name contact")],
            Self::PrivacyExplained => &[(Consents, "occurredOn sharedWith leaflet")],
            Self::ConsentGiven => &[(Consents, "occurredOn scope recipients document")],
            Self::ConsentWithdrawn => &[(Consents, "occurredOn scope"), (Guidance, "reason")],
            // A step that is not about money is part of the profile: see `View::show`.
            Self::PreparationStepCompleted => &[(DebtsArranged, "occurredOn step"), (Debts, "notes")],
            Self::OutflowAnnounced => &[(Course, "occurredOn expectedOn")],
            Self::OutflowProfileSet => &[
                (Course, "occurredOn validFrom"),
                (Dwelling, "profile household municipalityOfOrigin preferredAreas excludedAreas"),
                (Dwelling, "rentLimitCents access quietNeeded pets"),
                (Profile, "excludedAreas/*/reason dayActivityPlace networkPlace guidanceLevel reachAtNight financialSupport"),
                (Profile, "readyWithinMonths assessor clientAgreed"),
            ],
            Self::ReadinessConfirmed => &[(Course, "occurredOn"), (Profile, "assessor"), (Guidance, "notes")],
            Self::ReadinessRevoked => &[(Course, "occurredOn"), (Guidance, "reason")],

            Self::HousingRequested => &[(Course, "occurredOn"), (Profile, "application")],
            Self::RequestReturned => &[(Course, "occurredOn"), (Profile, "missing notes")],
            Self::CorporationAssigned => &[(Course, "occurredOn corporation")],
            // Provider and corporation weigh an offer together (S0), so both see the reasons.
            Self::DwellingOffered => &[
                (Course, "occurredOn offerId corporation agreedBy respondBy"),
                (Dwelling, "unit complex municipality rentCents nuisanceOnFile considerations"),
            ],
            Self::OfferAccepted => &[(Course, "occurredOn offerId viewedOn")],
            Self::OfferRefused => &[(Course, "occurredOn offerId ground"), (Profile, "explanation")],
            Self::OfferWithdrawn => &[(Course, "occurredOn offerId ground"), (Dwelling, "explanation")],
            Self::SecondOfferGranted => &[(Course, "occurredOn"), (Profile, "reason")],
            Self::CaseDiscussed => &[(Course, "occurredOn"), (Profile, "bottleneck outcome")],

            Self::FirstRentCovered => &[(FirstRent, "occurredOn coveredBy amountCents")],
            Self::HousedUnderIntermediaryLease => &[
                (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation"),
                (Dwelling, "terms/unit"), (Rent, "terms/rentCents headLease"), (Guidance, "terms/careAgreement"),
            ],
            Self::HousedUnderThreePartyLease => &[
                (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation"),
                (Dwelling, "terms/unit"), (Rent, "terms/rentCents guaranteeFund"), (Guidance, "terms/careAgreement"),
            ],
            Self::HousedUnderTemporaryLease => &[
                (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation endsOn"),
                (Dwelling, "terms/unit"), (Rent, "terms/rentCents"), (Guidance, "terms/careAgreement"),
            ],
            Self::LivingAgreementsSigned => &[(Living, "occurredOn signedBy document")],
            Self::FlipConditionsSet => &[(Flip, "occurredOn conditions acknowledgedByClient")],
            Self::GuidancePlanAgreed => &[(LivingGoals, "occurredOn goals"), (Guidance, "level document")],
            Self::RelapsePlanAgreed => &[(Guidance, "occurredOn earlySigns document")],
            Self::NeighboursMet => &[(Living, "occurredOn how")],
            Self::WelcomeTalkHeld => &[(Living, "occurredOn notes")],

            Self::EvaluationHeld => &[(Living, "occurredOn home resident notes"), (Rent, "rent")],
            Self::AnnualReviewHeld => &[(Living, "occurredOn attendedBy agreementsChanged document notes")],
            Self::GuidanceScaled => &[(Guidance, "occurredOn level signalId reason")],
            Self::LeaseExtended => &[(Course, "occurredOn leaseId endsOn")],
            Self::SignalReported => &[(Living, "occurredOn signalId asked"), (Signals, "source kind asksForGuidance observation")],
            Self::SignalAnswered => &[(Living, "occurredOn signalId"), (Signals, "answer")],
            Self::TemporaryPlacementStarted => &[
                (Living, "occurredOn expectedUntil"), (NuisanceCourse, "nuisanceCase"), (Guidance, "kind reason"),
            ],
            Self::ReturnedHome => &[(Living, "occurredOn"), (Guidance, "notes")],
            Self::AbsenceStarted => &[(Living, "occurredOn expectedUntil"), (Guidance, "kind")],
            Self::AbsenceEnded => &[(Living, "occurredOn")],

            Self::RentMissed => &[(Rent, "occurredOn dueOn amountCents")],
            Self::ArrearsPlanAgreed => &[(Rent, "occurredOn totalCents instalmentCents firstInstalmentOn")],
            Self::ArrearsCleared => &[(Rent, "occurredOn")],
            Self::FinancialSupportAssigned => &[(DebtsArranged, "occurredOn"), (Debts, "kind supporter")],
            Self::DebtArrangementStarted => &[(DebtsArranged, "occurredOn"), (Debts, "kind expectedEndOn")],
            Self::DamageReported => &[(Rent, "occurredOn damageId estimateCents description")],
            Self::GuaranteeFundClaimed => &[(Rent, "occurredOn claimId ground damageId amountCents")],
            Self::GuaranteeFundSettled => &[(Rent, "occurredOn claimId awardedCents")],

            Self::NuisanceReported => &[
                (NuisanceCourse, "occurredOn caseId happenedOn earlierCase"),
                (Nuisance, "place kind channel facts"),
                (Reporter, "reporter"),
            ],
            Self::ReporterInformed => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "told")],
            Self::ApproachAgreed => &[(NuisanceCourse, "occurredOn caseId agreedBy"), (Nuisance, "approach")],
            Self::Escalated => &[(NuisanceCourse, "occurredOn caseId toLevel clientHeardOn"), (Nuisance, "acute reason")],
            Self::WarningIssued => &[(NuisanceCourse, "occurredOn caseId by clientHeardOn"), (Nuisance, "document")],
            Self::LastChanceAgreed => &[(NuisanceCourse, "occurredOn caseId signedBy until municipalityToldOn"), (Nuisance, "document")],
            Self::Deescalated => &[(NuisanceCourse, "occurredOn caseId toLevel reviewedOn"), (Nuisance, "reason")],
            Self::NuisanceResolved => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "how")],
            Self::NuisanceReopened => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "reason")],
            Self::NuisanceCaseClosed => &[(NuisanceCourse, "occurredOn caseId")],
            Self::NuisanceFoundUnfounded => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "finding")],
            Self::NuisanceHandedOver => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "to explanation")],
            Self::LeaseTerminationStarted => &[(NuisanceCourse, "occurredOn caseId noticeUntil"), (Nuisance, "acute alternativePlace document")],
            Self::EvictionPrevented => &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "how")],

            Self::FlipTalkHeld => &[(Flip, "occurredOn talkId attendedBy notes")],
            Self::FlipPositionGiven => &[(Flip, "occurredOn talkId party position reason")],
            Self::FlipPostponed => &[(Flip, "occurredOn talkId unmetConditions actions nextTalkOn")],
            Self::RentAtFlipDisclosed => &[(Flip, "occurredOn"), (Rent, "currentRentCents newRentCents")],
            Self::FlipApproved => &[(Flip, "occurredOn talkId flipOn")],
            Self::FlipCancelled => &[(Flip, "occurredOn talkId ground reason")],
            Self::ContractFlipped => &[
                (Course, "occurredOn leaseId headLeaseEndsOn subleaseEndsOn ownLeaseStartsOn"), (Rent, "rentCents"),
            ],

            Self::AftercareAgreed => &[(Course, "occurredOn until"), (Guidance, "contactEveryWeeks contactPoint")],
            Self::FollowUpCheckHeld => &[(Course, "occurredOn month tenancy"), (Guidance, "resident notes")],
            Self::FollowUpCheckMissed => &[(Course, "occurredOn month reason")],
            Self::ReturnRequested => &[(Return, "occurredOn requestId requestedBy"), (ReturnGrounds, "reason")],
            Self::LightWmoTestDone => &[(Return, "occurredOn requestId granted"), (ReturnGrounds, "explanation")],
            Self::ReturnedToShelter => &[(Return, "occurredOn requestId to")],
            Self::FollowUpEnded => &[(Course, "occurredOn outcome")],

            Self::DepartureAgreed => &[(Departures, "occurredOn obligation agreedBy reason")],
            Self::AgreementSetChanged => &[(Course, "occurredOn agreementSet"), (Living, "reason")],
            Self::TrajectoryTransferred => &[(Course, "occurredOn careProvider municipality ground")],
            Self::TrajectoryEnded => &[(Course, "occurredOn outcome"), (Guidance, "notes")],
            // Acts on the record are shown to the parties concerned, and to those who may see the
            // access log.
            Self::ProcessingRestricted => &[(Consents, "occurredOn ground askedBy")],
            Self::RestrictionLifted => &[(Consents, "occurredOn")],
            Self::PersonalDataErased => &[(Consents, "occurredOn ground facts")],
            Self::LegalHoldPlaced => &[(Consents, "occurredOn ground reference")],
            Self::LegalHoldLifted => &[(Consents, "occurredOn")],
            // What is shown of a correction depends on the fact that it corrects: see
            // `View::show_correction`.
            Self::EventCorrected => &[(Course, "occurredOn corrects replacement reason")],
        }
    }

    /// The category of the fact itself: that it happened, and when. It is the first in the list.
    #[must_use]
    pub fn category(self) -> Category {
        self.fields()[0].0
    }
}
