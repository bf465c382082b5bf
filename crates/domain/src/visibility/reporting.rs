//! Who may report what: the table of fact and role beside the table of fact and phase.

use super::Role::{
    self, CareProvider, Client, Guide, HousingCorporation, MatchingPoint, NuisanceDesk, NuisanceOfficer,
    WmoConsultant,
};
use super::{Shown, Viewer, view};
use crate::ids::TrajectoryId;
use crate::trajectory::fact::{Fact, LeaseTerms};
use crate::trajectory::{FactType, History};

/// A fact that is not the caller's to report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fact_type} is not theirs to report")]
pub struct NotTheirs {
    /// Which fact of the list, from 0.
    pub index: usize,
    /// What it is.
    pub fact_type: FactType,
}

const PROVIDER: &[Role] = &[Guide, CareProvider];
const CORPORATION: &[Role] = &[HousingCorporation];
const COORDINATOR: &[Role] = &[MatchingPoint];
const LANDLORDS: &[Role] = &[Guide, CareProvider, HousingCorporation];
const NUISANCE: &[Role] = &[Guide, CareProvider, NuisanceDesk, HousingCorporation, NuisanceOfficer];
const THE_THREE: &[Role] = &[Client, Guide, CareProvider, HousingCorporation];
const EVERY_PARTY: &[Role] = &[
    Client,
    Guide,
    CareProvider,
    NuisanceDesk,
    HousingCorporation,
    NuisanceOfficer,
    MatchingPoint,
    WmoConsultant,
];

impl FactType {
    /// The roles that may report it (our decision, after `domain.md` §2 and §5: who does a thing, reports it). An auditor and
    /// who sees figures only report nothing.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "the rows stand by group, as the desk reads them")]
    pub fn reporters(self) -> &'static [Role] {
        match self {
            Self::IntakeRegistered | Self::RunningCaseTakenOver => PROVIDER,
            Self::ContactPersonAssigned => EVERY_PARTY,
            Self::PrivacyExplained => PROVIDER,
            Self::ConsentGiven | Self::ConsentWithdrawn => &[Client, Guide, CareProvider],
            Self::PreparationStepCompleted
            | Self::OutflowAnnounced
            | Self::OutflowProfileSet
            | Self::ReadinessConfirmed
            | Self::ReadinessRevoked => PROVIDER,

            Self::HousingRequested => PROVIDER,
            Self::RequestReturned | Self::CorporationAssigned => COORDINATOR,
            Self::DwellingOffered | Self::OfferWithdrawn => CORPORATION,
            Self::OfferAccepted | Self::OfferRefused => THE_THREE,
            Self::SecondOfferGranted => &[HousingCorporation, MatchingPoint],
            Self::CaseDiscussed => &[Guide, CareProvider, HousingCorporation, MatchingPoint],

            Self::FirstRentCovered => &[Guide, CareProvider, WmoConsultant],
            Self::HousedUnderIntermediaryLease
            | Self::HousedUnderThreePartyLease
            | Self::HousedUnderTemporaryLease
            | Self::LivingAgreementsSigned
            | Self::FlipConditionsSet
            | Self::LeaseExtended => LANDLORDS,
            Self::GuidancePlanAgreed | Self::RelapsePlanAgreed | Self::GuidanceScaled => PROVIDER,
            Self::NeighboursMet => &[Client, Guide, CareProvider],
            Self::WelcomeTalkHeld | Self::EvaluationHeld => CORPORATION,

            Self::AnnualReviewHeld => LANDLORDS,
            Self::SignalReported | Self::SignalAnswered => EVERY_PARTY,
            Self::TemporaryPlacementStarted
            | Self::ReturnedHome
            | Self::AbsenceStarted
            | Self::AbsenceEnded => PROVIDER,

            Self::RentMissed
            | Self::ArrearsPlanAgreed
            | Self::ArrearsCleared
            | Self::DamageReported
            | Self::GuaranteeFundClaimed
            | Self::GuaranteeFundSettled => LANDLORDS,
            Self::FinancialSupportAssigned | Self::DebtArrangementStarted => PROVIDER,

            Self::ReporterInformed => &[Guide, CareProvider, NuisanceDesk],
            Self::NuisanceReported
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
            | Self::EvictionPrevented => NUISANCE,
            Self::LeaseTerminationStarted => LANDLORDS,

            Self::FlipTalkHeld | Self::FlipPostponed | Self::FlipCancelled | Self::RentAtFlipDisclosed => {
                LANDLORDS
            }
            Self::FlipPositionGiven => THE_THREE,
            Self::FlipApproved | Self::ContractFlipped => CORPORATION,

            Self::AftercareAgreed
            | Self::FollowUpCheckHeld
            | Self::FollowUpCheckMissed
            | Self::FollowUpEnded => PROVIDER,
            Self::ReturnRequested => &[Client, Guide, CareProvider, WmoConsultant],
            Self::LightWmoTestDone => &[WmoConsultant],
            Self::ReturnedToShelter => &[Guide, CareProvider, WmoConsultant],

            Self::DepartureAgreed => &[Guide, CareProvider, HousingCorporation, MatchingPoint, WmoConsultant],
            Self::AgreementSetChanged => COORDINATOR,
            Self::TrajectoryTransferred => &[Guide, CareProvider, MatchingPoint, WmoConsultant],
            Self::TrajectoryEnded => &[Guide, CareProvider, MatchingPoint],
            // Who could report the fact that it corrects, and what it puts in its place.
            Self::EventCorrected => EVERY_PARTY,

            // Facts about the record itself: the keeper of the ledger tells them, and no partner does.
            Self::ProcessingRestricted
            | Self::RestrictionLifted
            | Self::PersonalDataErased
            | Self::LegalHoldPlaced
            | Self::LegalHoldLifted => &[],
        }
    }
}

/// Whether somebody may report these facts on a trajectory with this history.
///
/// # Errors
/// The first fact that is not theirs to report.
pub fn may_report(
    viewer: &Viewer,
    id: TrajectoryId,
    history: &History,
    facts: &[Fact],
) -> Result<(), NotTheirs> {
    let not_theirs = |fact: &&Fact| !is_theirs(viewer, id, history, fact);
    match facts.iter().position(|fact| not_theirs(&fact)) {
        Some(index) => Err(NotTheirs { index, fact_type: facts[index].fact_type() }),
        None => Ok(()),
    }
}

fn is_theirs(viewer: &Viewer, id: TrajectoryId, history: &History, fact: &Fact) -> bool {
    let Fact::EventCorrected(correction) = fact else { return is_theirs_to_tell(viewer, fact) };
    let at = correction.corrects.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    let corrected = at.and_then(|at| history.recorded().get(at));
    let view = view(viewer, id, history);
    // A fact that is not there is for the rules to refuse; one that is hidden is none of theirs.
    let corrects = corrected.is_none_or(|corrected| {
        view.show(corrected) != Shown::Withheld && is_theirs_to_tell(viewer, corrected)
    });
    let replacement = correction.replacement.as_deref();
    FactType::EventCorrected.reporters().contains(&viewer.role)
        && corrects
        && replacement.is_none_or(|replacement| is_theirs_to_tell(viewer, replacement))
}

/// Whether a role may report facts of this kind, and the fact speaks for nobody else.
fn is_theirs_to_tell(viewer: &Viewer, fact: &Fact) -> bool {
    let party = viewer.role.party();
    let is_landlord =
        |terms: &LeaseTerms| [&terms.corporation, &terms.care_provider].contains(&&viewer.organisation);
    let speaks_for_itself = match fact {
        Fact::IntakeRegistered(intake) => intake.care_provider == viewer.organisation,
        Fact::RunningCaseTakenOver(case) => case.care_provider == viewer.organisation,
        Fact::ContactPersonAssigned(contact) => party == Some(contact.party),
        Fact::DwellingOffered(offer) => offer.corporation == viewer.organisation,
        Fact::HousedUnderIntermediaryLease(housed) => is_landlord(&housed.terms),
        Fact::HousedUnderThreePartyLease(housed) => is_landlord(&housed.terms),
        Fact::HousedUnderTemporaryLease(housed) => is_landlord(&housed.terms),
        Fact::WarningIssued(warning) => party == Some(warning.by),
        Fact::FlipPositionGiven(given) => party == Some(given.party),
        Fact::DepartureAgreed(departure) => party.is_some_and(|party| departure.agreed_by.contains(&party)),
        _ => true,
    };
    fact.fact_type().reporters().contains(&viewer.role) && speaks_for_itself
}
