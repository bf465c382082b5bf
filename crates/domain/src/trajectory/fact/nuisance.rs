//! Nuisance, per case: the facts of the protocol (`docs/DOMAIN.md` §5).

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ending::TerminationGround;
use super::need::Need;
use super::row::{NUISANCE, Row, WITH_A_LEASE};
use super::terms::{AcuteGround, Party};
use crate::category::Category::{Nuisance, NuisanceCourse, Reporter};
use crate::day::Day;
use crate::ids::{DocumentReference, NuisanceCaseId};
use crate::nuisance::Level;
use crate::role::Role::{CareProvider, Guide, NuisanceDesk};
use crate::text::PrivateText;

/// Nuisance is reported. Dutch: *overlastmelding*. Source: S0, S1, obligations 6.1 and 6.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceReported {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case that is opened.
    pub case_id: NuisanceCaseId,
    /// The day of the nuisance itself.
    pub happened_on: Day,
    /// Where it happened.
    pub place: PrivateText,
    /// The kind of nuisance.
    pub kind: NuisanceKind,
    /// How it was reported.
    pub channel: Channel,
    /// What happened, as reported.
    pub facts: PrivateText,
    /// Who reported it; only the nuisance desk and the corporation's officer see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<PrivateText>,
    /// A closed case that this one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier_case: Option<NuisanceCaseId>,
}

impl NuisanceReported {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[
            (NuisanceCourse, "occurredOn caseId happenedOn earlierCase"),
            (Nuisance, "place kind channel facts"),
            (Reporter, "reporter"),
        ],
    )
    .needing(&[Need::Lease]);
}

/// What kind of nuisance. Dutch: *soort overlast*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum NuisanceKind {
    /// *Geluid*.
    Noise,
    /// *Vervuiling*.
    Pollution,
    /// *Aanloop*.
    Visitors,
    /// *Drugs*.
    Drugs,
    /// *Bedreiging*.
    Threat,
    /// *Geweld*.
    Violence,
    /// *Brand, brandgevaar*.
    Fire,
    /// Something else.
    Other,
}

/// How a report came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// *Telefoon*.
    Telephone,
    /// *E-mail*.
    Email,
    /// *Aan de balie of aan de deur*.
    Visit,
    /// *Brief*.
    Letter,
    /// *Politie*.
    Police,
    /// Another way.
    Other,
}

/// The reporter was informed of the approach, or that there is none. Dutch: *terugkoppeling aan de melder*.
/// Source: obligation 6.1 (two working days).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReporterInformed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// What the reporter was informed of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<PrivateText>,
}

impl ReporterInformed {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        &[Guide, CareProvider, NuisanceDesk],
        &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "told")],
    )
    .needing(&[Need::NuisanceCase]);
}

/// The approach, agreed with client and corporation. Dutch: *aanpak afgesproken*. Source: obligation 6.2.
/// The case is now at level 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApproachAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The parties that agreed: client, provider and corporation are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub agreed_by: Vec<Party>,
    /// The approach.
    pub approach: PrivateText,
}

impl ApproachAgreed {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId agreedBy"), (Nuisance, "approach")],
    )
    .needing(&[Need::OpenCase(Level::REPORTED, Level::ENDING_THE_LEASE)]);
}

/// The case is scaled up. Dutch: *opgeschaald*. Source: S1 (it is clear when to scale up). A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Escalated {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The level from now on.
    pub to_level: Level,
    /// The danger that allows levels to be skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acute: Option<AcuteGround>,
    /// When the client was heard; needed from level 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_heard_on: Option<Day>,
    /// Why.
    pub reason: PrivateText,
}

impl Escalated {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId toLevel clientHeardOn"), (Nuisance, "acute reason")],
    )
    .needing(&[Need::CaseToEscalate]);
}

/// The landlord warns the client in writing. It belongs to the lease and to the landlord that gave it. Dutch:
/// *waarschuwing*. Source: `docs/DOMAIN.md` §3.2, §3.4 and §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WarningIssued {
    /// The day it happened.
    pub occurred_on: Day,
    /// What the warning is about.
    pub ground: TerminationGround,
    /// The nuisance case. Needed if the warning is about nuisance, and only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<NuisanceCaseId>,
    /// What the warning is about, if the ground is `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
    /// The landlord: the provider before the flip, the corporation after it.
    pub by: Party,
    /// When the client was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_heard_on: Option<Day>,
    /// The letter, with its date.
    pub document: DocumentReference,
}

impl WarningIssued {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId by clientHeardOn"), (Nuisance, "ground explanation document")],
    )
    .needing(&[Need::Lease]);
}

/// A last chance, with its own term. Dutch: *laatste kans*. Source: `docs/DOMAIN.md` §5. The case
/// is now at level 4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastChanceAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The parties that signed: client, provider and corporation are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub signed_by: Vec<Party>,
    /// The last day of the term.
    pub until: Day,
    /// When the municipality was informed.
    pub municipality_told_on: Day,
    /// The agreement.
    pub document: DocumentReference,
}

impl LastChanceAgreed {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId signedBy until municipalityToldOn"), (Nuisance, "document")],
    )
    .needing(&[Need::OpenCase(Level::WARNED, Level::LAST_CHANCE)]);
}

/// The case is scaled down after a review. Dutch: *afgeschaald*. Source: `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deescalated {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The level from now on.
    pub to_level: Level,
    /// When it was reviewed.
    pub reviewed_on: Day,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl Deescalated {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId toLevel reviewedOn"), (Nuisance, "reason")],
    )
    .needing(&[Need::OpenCase(Level::SCALED_UP, Level::LAST_CHANCE)]);
}

/// The nuisance has stopped; a quiet period begins. Dutch: *overlast verholpen*. Source: `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceResolved {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// What helped.
    pub how: PrivateText,
}

impl NuisanceResolved {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, NUISANCE, &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "how")])
            .needing(&[Need::OpenCase(Level::APPROACH_AGREED, Level::LAST_CHANCE)]);
}

/// The nuisance began again in the quiet period. The case keeps its level. Dutch: *heropend*. Source:
/// `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceReopened {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// What happened.
    pub reason: PrivateText,
}

impl NuisanceReopened {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, NUISANCE, &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "reason")])
            .needing(&[Need::QuietCase]);
}

/// The quiet period is over. Dutch: *overlastzaak gesloten*. Source: `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceCaseClosed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
}

impl NuisanceCaseClosed {
    pub(super) const ROW: Row = Row::stays(WITH_A_LEASE, NUISANCE, &[(NuisanceCourse, "occurredOn caseId")])
        .needing(&[Need::QuietCaseLongEnough]);
}

/// The report turned out to be unfounded. Dutch: *ongegrond*. Source: `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceFoundUnfounded {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// Why.
    pub finding: PrivateText,
}

impl NuisanceFoundUnfounded {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, NUISANCE, &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "finding")])
            .needing(&[Need::OpenCase(Level::REPORTED, Level::REPORTED)]);
}

/// The case is not about this client and is handed over. Dutch: *overlast overgedragen*. Source: `docs/DOMAIN.md` §5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuisanceHandedOver {
    /// The day it happened.
    pub occurred_on: Day,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// Who takes the case over.
    pub to: HandedTo,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl NuisanceHandedOver {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        NUISANCE,
        &[(NuisanceCourse, "occurredOn caseId"), (Nuisance, "to explanation")],
    )
    .needing(&[Need::OpenCase(Level::REPORTED, Level::LAST_CHANCE)]);
}

/// Who takes over a nuisance case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum HandedTo {
    /// *Politie*.
    Police,
    /// *Gemeente*.
    Municipality,
    /// *Corporatie*.
    Corporation,
    /// *Andere zorgaanbieder*.
    OtherCareProvider,
}
