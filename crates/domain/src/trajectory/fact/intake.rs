//! Intake and preparation: from the first conversation to being ready to move.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{BEFORE_HOUSING, Belongs, EVERY_PARTY, PROVIDER, RUNNING, Row};
use super::terms::{AgreementSetVersion, ContractModel, LeaseTerms, Party};
use crate::category::Category::{
    Course, Debts, DebtsArranged, Dwelling, Guidance, Identity, NuisanceCourse, Profile, Rent,
};
use crate::day::Day;
use crate::ids::{NuisanceCaseId, ObligationId, OrganisationId, RegionId, TrajectoryId, UserId};
use crate::nuisance::Level;
use crate::role::Role::{CareProvider, Guide, HousingCorporation, WmoConsultant};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::{AsStated, To};
use crate::trajectory::phase::Phase;
use crate::trajectory::phase::Phase::{Matching, Preparing, Ready, Unopened};

/// A client starts the way out of sheltered housing or shelter. Dutch: *intake, aanmelding*. Source:
/// `docs/DOMAIN.md` §3, S2 (start at the inflow). A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntakeRegistered {
    /// The day it happened.
    pub occurred_on: Day,
    /// The client's name.
    pub client_name: PrivateText,
    /// How to reach the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_contact: Option<PrivateText>,
    /// Where the client lives now.
    pub origin: Origin,
    /// Since when the client lives there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_started_on: Option<Day>,
    /// The provider that guides the client.
    pub care_provider: OrganisationId,
    /// The municipality that directs.
    pub municipality: OrganisationId,
    /// The region of partners.
    pub region: RegionId,
    /// The agreements that apply, bound at intake.
    pub agreement_set: AgreementSetVersion,
    /// An earlier trajectory of the same person (S2 Assen: one may always return).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_trajectory: Option<TrajectoryId>,
    /// The corporation that referred somebody who is about to lose a home; it follows the case until the
    /// client has a home (S2 Den Haag).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referred_by: Option<OrganisationId>,
}

impl IntakeRegistered {
    pub(super) const ROW: Row = Row::leads(
        &[Unopened],
        To(Preparing),
        &[Guide, CareProvider, HousingCorporation, WmoConsultant],
        &[
            (Course, "occurredOn careProvider municipality region agreementSet"),
            (Identity, "clientName clientContact previousTrajectory"),
            // A clinic, a women's shelter or forensic care reveals the client's health or past.
            (Guidance, "origin careStartedOn referredBy"),
        ],
    );
}

/// Where a client comes from. Dutch: *herkomst*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// *Beschermd wonen*.
    ShelteredHousing,
    /// *Maatschappelijke opvang*.
    Shelter,
    /// *Woongroep* (S2 Assen).
    GroupHome,
    /// *Kliniek*.
    Clinic,
    /// *Vrouwenopvang* (S4).
    WomensShelter,
    /// *Forensische zorg* (S4).
    ForensicCare,
    /// *Jeugdzorg* (S0): a young person who leaves youth care.
    YouthCare,
    /// *Dreigend verlies van de woning* (S2 Den Haag): the client still has a home. The corporation or the
    /// municipality may open such a case.
    HomeAtRisk,
    /// Another place.
    Other,
}

/// The opening balance of a case that was under way when the region started. Dutch: *lopende zaak
/// overgenomen*. Source: our decision, `docs/DOMAIN.md` §3.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunningCaseTakenOver {
    /// The day it happened.
    pub occurred_on: Day,
    /// The client's name.
    pub client_name: PrivateText,
    /// How to reach the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_contact: Option<PrivateText>,
    /// Where the client came from.
    pub origin: Origin,
    /// The provider that guides the client.
    pub care_provider: OrganisationId,
    /// The municipality that directs.
    pub municipality: OrganisationId,
    /// The region of partners.
    pub region: RegionId,
    /// The agreements that apply from now on.
    pub agreement_set: AgreementSetVersion,
    /// An earlier trajectory of the same person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_trajectory: Option<TrajectoryId>,
    /// The phase of the case: preparing, ready, matching, housed or follow-up.
    pub phase: Phase,
    /// When the intake was.
    pub intake_on: Day,
    /// When readiness was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_on: Option<Day>,
    /// The corporation, once assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporation: Option<OrganisationId>,
    /// The lease under which the client lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<RunningLease>,
    /// When the contract flipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flipped_on: Option<Day>,
    /// Nuisance cases that are open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub open_nuisance_cases: Vec<RunningNuisanceCase>,
    /// Obligations that were kept before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub already_kept: Vec<AlreadyKept>,
}

impl RunningCaseTakenOver {
    pub(super) const ROW: Row = Row::leads(
        &[Unopened],
        AsStated,
        PROVIDER,
        &[
            (
                Course,
                "occurredOn careProvider municipality region agreementSet phase intakeOn readyOn corporation flippedOn",
            ),
            (
                Course,
                "lease/model lease/startedOn lease/terms/leaseId lease/terms/careProvider lease/terms/corporation",
            ),
            (Identity, "clientName clientContact previousTrajectory"),
            // Obligations that were kept before can be about any category.
            (Guidance, "origin lease/terms/careAgreement lease/terms/careForm alreadyKept"),
            (Dwelling, "lease/terms/unit"),
            (Rent, "lease/terms/rentCents"),
            (NuisanceCourse, "openNuisanceCases"),
        ],
    );
}

/// A lease that ran when the case was taken over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunningLease {
    /// The contract model.
    pub model: ContractModel,
    /// The terms of the lease.
    pub terms: LeaseTerms,
    /// When it started.
    pub started_on: Day,
}

/// A nuisance case that was open when the trajectory was taken over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunningNuisanceCase {
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The level it had reached.
    pub level: Level,
    /// When it was first reported.
    pub reported_on: Day,
}

/// An obligation kept before the take-over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlreadyKept {
    /// The obligation.
    pub obligation: ObligationId,
    /// When it was kept.
    pub kept_on: Day,
}

/// A party names its contact person. Dutch: *contactpersoon*. Source: obligation 5.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactPersonAssigned {
    /// The day it happened.
    pub occurred_on: Day,
    /// The party whose contact person this is.
    pub party: Party,
    /// The organisation, if the party is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// The person's pseudonym at that organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The person's name.
    pub name: PrivateText,
    /// How to reach the person.
    pub contact: PrivateText,
    /// What the person does, if it is not the usual contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<ContactFunction>,
}

/// What a contact person does. Dutch: *functie*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ContactFunction {
    /// *Huismeester* (S2 Hoogezand).
    Caretaker,
    /// *Wijkbeheerder*.
    NeighbourhoodManager,
    /// *Bereikbaar buiten kantooruren*.
    OutOfHours,
    /// *Casusregisseur*.
    CaseManager,
}

impl ContactPersonAssigned {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        EVERY_PARTY,
        &[(Course, "occurredOn party organisation"), (Identity, "user name contact function")],
    )
    .belonging(Belongs::ToThePartyInIt);
}

/// The client finished a step of the preparation. Dutch: *voorbereiding*. Source: S2 (Midden-Groningen,
/// Assen, Hoeksche Waard).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreparationStepCompleted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Which step.
    pub step: PreparationStep,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl PreparationStepCompleted {
    // These facts change no phase and are hidden from the parties that report moves and flips. They
    // are admitted as long as the case runs. Otherwise they would make late reports impossible, and a
    // refusal would disclose their dates (docs/DOMAIN.md §8.1).
    // A step that is not about money is part of the profile: see `View::show`.
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(DebtsArranged, "occurredOn step"), (Debts, "notes")]);
}

/// A step towards living on one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum PreparationStep {
    /// *Training woonvaardigheden*.
    LivingSkillsTraining,
    /// *Inkomen geregeld*.
    IncomeArranged,
    /// *Schulden in beeld*.
    DebtsInView,
    /// *Netwerk in beeld*.
    NetworkInView,
    /// *Dagbesteding geregeld*.
    DayActivityArranged,
}

impl PreparationStep {
    /// Whether the step says that income or debts are arranged.
    #[must_use]
    pub fn is_about_money(self) -> bool {
        matches!(self, Self::IncomeArranged | Self::DebtsInView)
    }
}

/// The provider announces when the client will be ready, half a year ahead. Dutch: *uitstroom aangekondigd*.
/// Source: S2 (Noord-Limburg), obligation 1.5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutflowAnnounced {
    /// The day it happened.
    pub occurred_on: Day,
    /// When the client is expected to move.
    pub expected_on: Day,
}

impl OutflowAnnounced {
    pub(super) const ROW: Row = Row::stays(BEFORE_HOUSING, PROVIDER, &[(Course, "occurredOn expectedOn")]);
}

/// The client is ready for a home. Dutch: *woonklaar*. Source: S2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadinessConfirmed {
    /// The day it happened.
    pub occurred_on: Day,
    /// Who assessed it.
    pub assessor: UserId,
    /// The grounds of the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl ReadinessConfirmed {
    pub(super) const ROW: Row = Row::leads(
        &[Preparing],
        To(Ready),
        PROVIDER,
        &[(Course, "occurredOn"), (Profile, "assessor"), (Guidance, "notes")],
    );
}

/// The client turns out not to be ready. Dutch: *toch niet woonklaar*. Source: S2 (Hoeksche Waard),
/// `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadinessRevoked {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why.
    pub reason: PrivateText,
}

impl ReadinessRevoked {
    pub(super) const ROW: Row = Row::leads(
        &[Ready, Matching],
        To(Preparing),
        PROVIDER,
        &[(Course, "occurredOn"), (Guidance, "reason")],
    )
    .needing(&[Need::NoLease]);
}
