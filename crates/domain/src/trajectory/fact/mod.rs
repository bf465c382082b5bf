//! The vocabulary: everything that can be reported about a trajectory.
//!
//! People do not give this system orders; they report what happened. So a [`Fact`] is at once the request
//! body, the stored event, the timeline entry and the export line. Its struct is in the file of its group;
//! the list below is the whole vocabulary (`docs/DOMAIN.md` §3.1).
//!
//! Decision: ADR 1.

mod after_flip;
mod always;
mod case_table;
mod consent;
mod ending;
mod flip;
mod intake;
mod lease_changes;
mod living;
mod matching;
mod money;
mod moving_in;
mod municipality;
mod need;
mod neighbourhood;
mod nuisance;
mod offers;
mod prevention;
mod profile;
mod record;
mod region_transfer;
mod row;
mod schema;
mod second_provider;
mod stored;
mod terms;

pub use after_flip::*;
pub use always::*;
pub use case_table::*;
pub use consent::*;
pub use ending::*;
pub use flip::*;
pub use intake::*;
pub use lease_changes::*;
pub use living::*;
pub use matching::*;
pub use money::*;
pub use moving_in::*;
pub use municipality::*;
pub use need::Need;
pub use neighbourhood::*;
pub use nuisance::*;
pub use offers::*;
pub use prevention::*;
pub use profile::*;
pub use record::*;
pub use region_transfer::*;
pub use row::{Belongs, Row};
pub use schema::{Collected, published};
pub use second_provider::*;
pub use terms::*;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use derive_visitor::{DriveMut, visitor_enter_fn_mut};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::phase::{Leads, Phase};
use crate::category::Category;
use crate::day::Day;
use crate::text::PrivateText;

macro_rules! facts {
    ($($name:ident $type:literal,)*) => {
        /// One thing that happened in a trajectory. In JSON it is
        /// `{"type": "rent-missed", "occurredOn": "2026-03-01", …}`.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DriveMut)]
        #[serde(tag = "type", rename_all = "kebab-case")]
        pub enum Fact {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        /// The kinds of facts, in the order in which they usually happen in a trajectory.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum FactType {
            $(#[doc = concat!("See [`struct@", stringify!($name), "`].")] $name,)*
        }

        impl FactType {
            /// Every kind of fact.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on the wire and in the ledger.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $type,)* }
            }

            /// The kind with this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                static NAMED: LazyLock<HashMap<&str, FactType>> =
                    LazyLock::new(|| FactType::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect());
                NAMED.get(name).copied()
            }

            /// What is the same for every fact of this kind.
            #[must_use]
            pub fn row(self) -> &'static Row {
                match self { $(Self::$name => &$name::ROW,)* }
            }
        }

        impl Fact {
            /// Reads a fact of a known kind from its JSON.
            ///
            /// # Errors
            /// If it is not a fact of this kind.
            pub fn read(kind: FactType, json: &str) -> serde_json::Result<Self> {
                let mut json = serde_json::Deserializer::from_str(json);
                let fields = stored::Fields { json: &mut json, kind };
                let fact = match kind {
                    $(FactType::$name => $name::deserialize(fields).map(Self::$name),)*
                }?;
                json.end()?;
                Ok(fact)
            }

            /// What kind of fact this is.
            #[must_use]
            pub fn fact_type(&self) -> FactType {
                match self { $(Self::$name(_) => FactType::$name,)* }
            }

            /// The day on which it happened.
            #[must_use]
            pub fn occurred_on(&self) -> Day {
                match self { $(Self::$name(fact) => fact.occurred_on,)* }
            }
        }

        $(impl From<$name> for Fact {
            fn from(fact: $name) -> Self {
                Self::$name(fact)
            }
        })*

        /// The schema of every kind of fact, and everything these schemas refer to.
        fn schemas_of_all() -> schema::Collected {
            let mut collected = schema::Collected::default();
            $(collected.fact::<$name>($type);)*
            collected
        }
    };
}

facts! {
    IntakeRegistered "intake-registered",
    RunningCaseTakenOver "running-case-taken-over",
    ContactPersonAssigned "contact-person-assigned",
    RepresentativeAppointed "representative-appointed",
    ClientJourneyRecorded "client-journey-recorded",
    PrivacyExplained "privacy-explained",
    ConsentGiven "consent-given",
    ConsentWithdrawn "consent-withdrawn",
    PreparationStepCompleted "preparation-step-completed",
    OutflowAnnounced "outflow-announced",
    OutflowProfileSet "outflow-profile-set",
    ReadinessConfirmed "readiness-confirmed",
    ReadinessRevoked "readiness-revoked",
    HousingRequested "housing-requested",
    RequestReturned "request-returned",
    CorporationAssigned "corporation-assigned",
    AssignmentReturned "assignment-returned",
    DwellingOffered "dwelling-offered",
    OfferAccepted "offer-accepted",
    OfferRefused "offer-refused",
    FittingTestDone "fitting-test-done",
    OfferWithdrawn "offer-withdrawn",
    SecondOfferGranted "second-offer-granted",
    CaseDiscussed "case-discussed",
    ObstacleRemoved "obstacle-removed",
    FirstRentHelpRequested "first-rent-help-requested",
    FirstRentCovered "first-rent-covered",
    FirstRentRepaid "first-rent-repaid",
    HousedUnderIntermediaryLease "housed-under-intermediary-lease",
    HousedUnderThreePartyLease "housed-under-three-party-lease",
    HousedUnderTemporaryLease "housed-under-temporary-lease",
    HousedUnderOwnLease "housed-under-own-lease",
    LivingAgreementsSigned "living-agreements-signed",
    FlipConditionsSet "flip-conditions-set",
    GuidancePlanAgreed "guidance-plan-agreed",
    RelapsePlanAgreed "relapse-plan-agreed",
    NeighboursMet "neighbours-met",
    NeighbourhoodMeetingHeld "neighbourhood-meeting-held",
    NeighbourhoodInformed "neighbourhood-informed",
    NeighbourhoodCircleJoined "neighbourhood-circle-joined",
    WelcomeTalkHeld "welcome-talk-held",
    EvaluationHeld "evaluation-held",
    AnnualReviewHeld "annual-review-held",
    GuidanceScaled "guidance-scaled",
    LeaseExtended "lease-extended",
    RentChanged "rent-changed",
    RenovationStarted "renovation-started",
    RenovationEnded "renovation-ended",
    DwellingRedivided "dwelling-redivided",
    HeadLeaseTakenOver "head-lease-taken-over",
    CareIndicationEnded "care-indication-ended",
    SecondProviderJoined "second-provider-joined",
    SecondProviderLeft "second-provider-left",
    FlipConditionReviewed "flip-condition-reviewed",
    SignalReported "signal-reported",
    SignalAnswered "signal-answered",
    TemporaryPlacementStarted "temporary-placement-started",
    ReturnedHome "returned-home",
    AbsenceStarted "absence-started",
    AbsenceEnded "absence-ended",
    RentMissed "rent-missed",
    ArrearsPlanAgreed "arrears-plan-agreed",
    ArrearsCleared "arrears-cleared",
    BudgetCoachSent "budget-coach-sent",
    FinancialSupportAssigned "financial-support-assigned",
    DebtArrangementStarted "debt-arrangement-started",
    DamageReported "damage-reported",
    DamageSettled "damage-settled",
    GuaranteeFundClaimed "guarantee-fund-claimed",
    GuaranteeFundSettled "guarantee-fund-settled",
    NuisanceReported "nuisance-reported",
    ReporterInformed "reporter-informed",
    ApproachAgreed "approach-agreed",
    Escalated "escalated",
    WarningIssued "warning-issued",
    LastChanceAgreed "last-chance-agreed",
    Deescalated "deescalated",
    NuisanceResolved "nuisance-resolved",
    NuisanceReopened "nuisance-reopened",
    NuisanceCaseClosed "nuisance-case-closed",
    NuisanceFoundUnfounded "nuisance-found-unfounded",
    NuisanceHandedOver "nuisance-handed-over",
    LeaseTerminationStarted "lease-termination-started",
    PlaceFound "place-found",
    EvictionOrdered "eviction-ordered",
    EvictionPrevented "eviction-prevented",
    LeaseEndAgreed "lease-end-agreed",
    FlipTalkHeld "flip-talk-held",
    FlipPositionGiven "flip-position-given",
    FlipPostponed "flip-postponed",
    RentAtFlipDisclosed "rent-at-flip-disclosed",
    FlipApproved "flip-approved",
    FlipCancelled "flip-cancelled",
    ContractFlipped "contract-flipped",
    AftercareAgreed "aftercare-agreed",
    FollowUpCheckHeld "follow-up-check-held",
    FollowUpCheckMissed "follow-up-check-missed",
    ReturnRequested "return-requested",
    ReturnRequestWithdrawn "return-request-withdrawn",
    LightWmoTestDone "light-wmo-test-done",
    ReturnedToShelter "returned-to-shelter",
    TenancyEnded "tenancy-ended",
    TenantDeathReported "tenant-death-reported",
    FollowUpEnded "follow-up-ended",
    DepartureAgreed "departure-agreed",
    AgreementSetChanged "agreement-set-changed",
    TrajectoryTransferred "trajectory-transferred",
    RegionTransferProposed "region-transfer-proposed",
    RegionTransferAccepted "region-transfer-accepted",
    RegionTransferRefused "region-transfer-refused",
    TrajectoryEnded "trajectory-ended",
    RegisteredByMistake "registered-by-mistake",
    ProcessingRestricted "processing-restricted",
    RestrictionLifted "restriction-lifted",
    PersonalDataErased "personal-data-erased",
    LegalHoldPlaced "legal-hold-placed",
    LegalHoldLifted "legal-hold-lifted",
    EventCorrected "event-corrected",
}

impl FactType {
    /// Whether this is a fact about the record itself, which an operator of the ledger records. Partners do
    /// not report it, no response lists it among the facts that may be reported, and it is not corrected.
    #[must_use]
    pub fn is_about_the_record(self) -> bool {
        matches!(
            self,
            Self::ProcessingRestricted
                | Self::RestrictionLifted
                | Self::PersonalDataErased
                | Self::LegalHoldPlaced
                | Self::LegalHoldLifted
        )
    }

    /// Whether it ends the case. Such a fact comes after every other fact of its day.
    #[must_use]
    pub fn ends_the_case(self) -> bool {
        self.row().leads == Leads::To(Phase::Ended)
    }

    /// The category of the fact itself: that it happened, and when. It is the first in its row.
    #[must_use]
    pub fn category(self) -> Category {
        self.row().fields[0].0
    }
}

impl Phase {
    /// The facts that partners may report in this phase.
    #[must_use]
    pub fn admits(self) -> Vec<FactType> {
        let reported = |fact: &FactType| fact.row().phases.contains(&self) && !fact.is_about_the_record();
        FactType::ALL.iter().copied().filter(reported).collect()
    }
}

impl Fact {
    /// The version in which facts of this kind are written now. Older versions are upgraded when they are
    /// read.
    #[must_use]
    pub fn version(&self) -> &'static str {
        match self {
            Self::DwellingOffered(_) => "1.2",
            Self::OutflowAnnounced(_)
            | Self::IntakeRegistered(_)
            | Self::RunningCaseTakenOver(_)
            | Self::ContactPersonAssigned(_)
            | Self::CorporationAssigned(_)
            | Self::CaseDiscussed(_)
            | Self::HousedUnderIntermediaryLease(_)
            | Self::HousedUnderThreePartyLease(_)
            | Self::HousedUnderTemporaryLease(_)
            | Self::HousedUnderOwnLease(_)
            | Self::ProcessingRestricted(_)
            | Self::WarningIssued(_)
            | Self::LeaseTerminationStarted(_)
            | Self::GuaranteeFundClaimed(_)
            | Self::GuaranteeFundSettled(_)
            | Self::DepartureAgreed(_) => "1.1",
            _ => "1.0",
        }
    }

    /// The party to which it belongs, if it belongs to one.
    #[must_use]
    pub fn belongs_to(&self) -> Option<Party> {
        match (self.fact_type().row().belongs, self) {
            (Belongs::To(party), _) => Some(party),
            (Belongs::ToThePartyInIt, Self::ContactPersonAssigned(contact)) => Some(contact.party),
            (Belongs::ToThePartyInIt | Belongs::ToTheCase, _) => None,
        }
    }

    /// Passes every private text in this fact, including those of a replacement, to `exchange`, which may
    /// replace it. This is the only way in which texts go to the vault and come back.
    pub fn exchange_texts(&mut self, exchange: impl FnMut(&mut PrivateText)) {
        self.drive_mut(&mut visitor_enter_fn_mut(exchange));
    }
}

impl fmt::Display for FactType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
