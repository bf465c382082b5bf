//! Living there: reviews, signals, and times away.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{
    BEFORE_THE_FLIP, CORPORATION, EVERY_PARTY, LANDLORDS, PROVIDER, RUNNING, Row, WITH_A_LEASE,
};
use super::terms::{GuidanceLevel, Party};
use crate::category::Category::{Course, Guidance, Living, NuisanceCourse, Rent, Signals};
use crate::day::Day;
use crate::ids::{DocumentReference, LeaseId, NuisanceCaseId, SignalId};
use crate::text::PrivateText;

/// The half-yearly evaluation of the home, the rent and the resident. Dutch: *halfjaarlijkse evaluatie*.
/// Source: obligation 4.4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluationHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// How the home is kept.
    pub home: Finding,
    /// How the rent is paid.
    pub rent: Finding,
    /// How the resident is doing.
    pub resident: Finding,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl EvaluationHeld {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, CORPORATION, &[(Living, "occurredOn home resident notes"), (Rent, "rent")])
            .needing(&[Need::Lease]);
}

/// The result of one part of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// *Goed*.
    Good,
    /// *Aandacht nodig*.
    Attention,
    /// *Zorgelijk*.
    Concern,
}

/// The yearly review of the living agreements, by all three. Dutch: *jaarlijkse bespreking*. Source: S0,
/// obligation 4.2. A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnualReviewHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// The parties that attended: client, provider and corporation are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub attended_by: Vec<Party>,
    /// Whether the living agreements were changed.
    pub agreements_changed: bool,
    /// The report, or the agreements as changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentReference>,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl AnnualReviewHeld {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        LANDLORDS,
        &[(Living, "occurredOn attendedBy agreementsChanged document notes")],
    )
    .needing(&[Need::Lease]);
}

/// Guidance went up or down. Dutch: *op- of afschalen*. Source: obligation 2.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuidanceScaled {
    /// The day it happened.
    pub occurred_on: Day,
    /// The level from now on.
    pub level: GuidanceLevel,
    /// The signal that led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal_id: Option<SignalId>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl GuidanceScaled {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(Guidance, "occurredOn level signalId reason")]);
}

/// A temporary lease is extended. Dutch: *verlenging*. Source: `docs/DOMAIN.md` §3.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseExtended {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// When the lease now ends.
    pub ends_on: Day,
}

impl LeaseExtended {
    pub(super) const ROW: Row =
        Row::stays(BEFORE_THE_FLIP, LANDLORDS, &[(Course, "occurredOn leaseId endsOn")])
            .needing(&[Need::TemporaryLease]);
}

/// A partner or somebody near the client reports a concern. Dutch: *signaal, vroegsignalering*. Source: S2
/// (Assen: see it early), obligation 5.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignalReported {
    /// The day it happened.
    pub occurred_on: Day,
    /// The signal.
    pub signal_id: SignalId,
    /// Where the signal comes from.
    pub source: SignalSource,
    /// What the signal is about.
    pub kind: SignalKind,
    /// The party that is asked to answer.
    pub asked: Party,
    /// Whether it asks for guidance to be scaled (obligation 2.3).
    pub asks_for_guidance: bool,
    /// What was seen.
    pub observation: PrivateText,
}

impl SignalReported {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        EVERY_PARTY,
        &[(Living, "occurredOn signalId asked"), (Signals, "source kind asksForGuidance observation")],
    );
}

/// Where a signal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum SignalSource {
    /// *Corporatie*.
    Corporation,
    /// *Zorgaanbieder*.
    CareProvider,
    /// *Gemeente, wijkteam*.
    Municipality,
    /// The client.
    Client,
    /// *Familie*.
    Family,
    /// *Buren*.
    Neighbour,
    /// *Wijkagent*.
    Police,
    /// *Huismeester, beheerder* (S2 Hoogezand).
    Caretaker,
    /// *Vakman, onderhoudsmonteur*.
    Craftsman,
    /// Somebody else.
    Other,
}

/// What a signal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum SignalKind {
    /// *Huur*.
    Rent,
    /// *De woning*.
    Home,
    /// *Overlast*.
    Nuisance,
    /// *Gezondheid*.
    Health,
    /// *Eenzaamheid*.
    Loneliness,
    /// Something else.
    Other,
}

impl SignalKind {
    /// Whether the signal is about somebody's health, which is guidance data.
    #[must_use]
    pub fn is_of_health(self) -> bool {
        matches!(self, Self::Health | Self::Loneliness)
    }
}

/// The party that was asked answers. Dutch: *signaal opgepakt*. Source: S2, obligation 5.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignalAnswered {
    /// The day it happened.
    pub occurred_on: Day,
    /// The signal.
    pub signal_id: SignalId,
    /// What is done.
    pub answer: PrivateText,
}

impl SignalAnswered {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, EVERY_PARTY, &[(Living, "occurredOn signalId"), (Signals, "answer")])
            .needing(&[Need::UnansweredSignal]);
}

/// The client stays elsewhere and keeps the home. Dutch: *time-out, time-in-bed*. Source: S2 (Noord-Limburg,
/// Eindhoven).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemporaryPlacementStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Where the client stays.
    pub kind: PlacementKind,
    /// When it is expected to end, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_until: Option<Day>,
    /// The nuisance case that led to it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nuisance_case: Option<NuisanceCaseId>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl TemporaryPlacementStarted {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        PROVIDER,
        &[(Living, "occurredOn expectedUntil"), (NuisanceCourse, "nuisanceCase"), (Guidance, "kind reason")],
    )
    .needing(&[Need::Lease, Need::AtHome]);
}

/// Where a client stays temporarily.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum PlacementKind {
    /// *Time-outvoorziening* (S2 Noord-Limburg).
    TimeOut,
    /// *Time-in-bed in de crisisopvang* (S2 Eindhoven).
    TimeInBed,
    /// *Opname*.
    Clinic,
}

/// The client is back from a temporary placement. Dutch: *teruggekeerd*. Source: `docs/DOMAIN.md` §3.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnedHome {
    /// The day it happened.
    pub occurred_on: Day,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl ReturnedHome {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, PROVIDER, &[(Living, "occurredOn"), (Guidance, "notes")])
            .needing(&[Need::Placed]);
}

/// The client is away for another reason. Dutch: *afwezigheid*. Source: `docs/DOMAIN.md` §3.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbsenceStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why.
    pub kind: AbsenceKind,
    /// When it is expected to end, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_until: Option<Day>,
}

impl AbsenceStarted {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, PROVIDER, &[(Living, "occurredOn expectedUntil"), (Guidance, "kind")])
            .needing(&[Need::Lease, Need::AtHome]);
}

/// Why a client is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum AbsenceKind {
    /// *Ziekenhuis*.
    Hospital,
    /// *Detentie*.
    Detention,
    /// *Bij familie*.
    WithFamily,
    /// The reason is not known.
    Unknown,
}

/// The client is home again. Dutch: *terug van afwezigheid*. Source: `docs/DOMAIN.md` §3.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbsenceEnded {
    /// The day it happened.
    pub occurred_on: Day,
}

impl AbsenceEnded {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, PROVIDER, &[(Living, "occurredOn")]).needing(&[Need::Absent]);
}
