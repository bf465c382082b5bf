//! Moving in: the lease, and what is agreed when the keys are handed over.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{CLIENTS_SIDE, CORPORATION, EVER_HOUSED, LANDLORDS, MUNICIPAL, PROVIDER, RUNNING, Row};
use super::terms::{Amount, Cents, ContractModel, GuidanceLevel, LeaseTerms, Party};
use crate::category::Category::{Course, Dwelling, FirstRent, Flip, Guidance, Living, LivingGoals, Rent};
use crate::day::Day;
use crate::ids::DocumentReference;
use crate::role::Role::{CareProvider, Guide, WmoConsultant};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::To;
use crate::trajectory::phase::Phase::{Contracting, FollowUp, Housed};

/// The client cannot pay the first month's rent, and asks for help. Dutch: *hulp bij de eerste huur gevraagd*.
/// Source: S2 (Venray), obligation 3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirstRentHelpRequested {
    /// The day it happened.
    pub occurred_on: Day,
    /// The amount that is needed, in euro cents.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl FirstRentHelpRequested {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed], CLIENTS_SIDE, &[(FirstRent, "occurredOn amountCents")]);
}

/// The first month's rent is paid before the client has any income. Dutch: *eerste huur voorgeschoten*.
/// Source: S2 (Venray), obligation 3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirstRentCovered {
    /// The day it happened.
    pub occurred_on: Day,
    /// Who pays it.
    pub covered_by: Coverer,
    /// The amount, in euro cents.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl FirstRentCovered {
    pub(super) const ROW: Row = Row::stays(
        &[Contracting, Housed],
        &[Guide, CareProvider, WmoConsultant],
        &[(FirstRent, "occurredOn coveredBy amountCents")],
    );
}

/// The client pays back the first rent that the municipality advanced, or a part of it. Dutch: *voorschot
/// terugbetaald*. Source: S2 (Venray).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirstRentRepaid {
    /// The day it happened.
    pub occurred_on: Day,
    /// The amount, in euro cents.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl FirstRentRepaid {
    pub(super) const ROW: Row = Row::stays(EVER_HOUSED, MUNICIPAL, &[(FirstRent, "occurredOn amountCents")])
        .needing(&[Need::Advance]);
}

/// Who covers the first rent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Coverer {
    /// An advance of the municipality (S2 Venray).
    Municipality,
    /// *Bijzondere bijstand*.
    SpecialAssistance,
    /// The provider.
    CareProvider,
    /// The client.
    OwnMeans,
}

/// The client moves in under a lease in the provider's name. Dutch: *intermediaire verhuur*. Source: S0,
/// obligation 3.1. A milestone. It happens on the day the keys are handed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HousedUnderIntermediaryLease {
    /// The day it happened.
    pub occurred_on: Day,
    /// The terms of the sublease.
    pub terms: LeaseTerms,
    /// The lease between corporation and provider (*hoofdhuurovereenkomst*). Several clients may live under one
    /// head lease: each trajectory has its own sublease and names the same head lease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_lease: Option<DocumentReference>,
}

impl HousedUnderIntermediaryLease {
    pub(super) const ROW: Row = Row::leads(
        &[Contracting],
        To(Housed),
        LANDLORDS,
        &[
            (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation"),
            (Dwelling, "terms/unit"),
            (Rent, "terms/rentCents headLease"),
            (Guidance, "terms/careAgreement terms/careForm"),
        ],
    )
    .needing(&[Need::Model(ContractModel::Intermediary)]);
}

/// The client moves in under a three-party agreement. Dutch: *driepartijenovereenkomst*. Source: S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HousedUnderThreePartyLease {
    /// The day it happened.
    pub occurred_on: Day,
    /// The terms of the agreement.
    pub terms: LeaseTerms,
    /// Whether the guarantee fund backs the lease (S4).
    pub guarantee_fund: bool,
}

impl HousedUnderThreePartyLease {
    pub(super) const ROW: Row = Row::leads(
        &[Contracting],
        To(Housed),
        LANDLORDS,
        &[
            (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation"),
            (Dwelling, "terms/unit"),
            (Rent, "terms/rentCents guaranteeFund"),
            (Guidance, "terms/careAgreement terms/careForm"),
        ],
    )
    .needing(&[Need::Model(ContractModel::ThreeParty)]);
}

/// The client moves in for a fixed term. Dutch: *tijdelijk contract*. Source: `docs/DOMAIN.md` §3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HousedUnderTemporaryLease {
    /// The day it happened.
    pub occurred_on: Day,
    /// The terms of the lease.
    pub terms: LeaseTerms,
    /// When it ends unless extended.
    pub ends_on: Day,
}

impl HousedUnderTemporaryLease {
    pub(super) const ROW: Row = Row::leads(
        &[Contracting],
        To(Housed),
        LANDLORDS,
        &[
            (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation endsOn"),
            (Dwelling, "terms/unit"),
            (Rent, "terms/rentCents"),
            (Guidance, "terms/careAgreement terms/careForm"),
        ],
    )
    .needing(&[Need::Model(ContractModel::Temporary)]);
}

/// The client moves in under a lease in their own name; the provider guides. No flip is expected. Dutch: *eigen
/// contract vanaf de eerste dag*. Source: `docs/DOMAIN.md` §3.5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HousedUnderOwnLease {
    /// The day it happened.
    pub occurred_on: Day,
    /// The terms of the lease.
    pub terms: LeaseTerms,
}

impl HousedUnderOwnLease {
    pub(super) const ROW: Row = Row::leads(
        &[Contracting],
        To(Housed),
        LANDLORDS,
        &[
            (Course, "occurredOn terms/leaseId terms/careProvider terms/corporation"),
            (Dwelling, "terms/unit"),
            (Rent, "terms/rentCents"),
            (Guidance, "terms/careAgreement terms/careForm"),
        ],
    )
    .needing(&[Need::Model(ContractModel::Own)]);
}

/// The living agreements, signed by client, provider and corporation. Dutch: *afspraken over wonen en goed
/// nabuurschap*. Source: S0, obligation 4.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LivingAgreementsSigned {
    /// The day it happened.
    pub occurred_on: Day,
    /// The parties that signed: client, provider and corporation are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub signed_by: Vec<Party>,
    /// The agreements.
    pub document: DocumentReference,
}

impl LivingAgreementsSigned {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed], LANDLORDS, &[(Living, "occurredOn signedBy document")]);
}

/// What the client must achieve before the lease flips, known from the start. Dutch: *omklapvoorwaarden*.
/// Source: S0, obligation 2.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipConditionsSet {
    /// The day it happened.
    pub occurred_on: Day,
    /// The conditions.
    #[schema(value_type = BTreeSet<FlipCondition>, min_items = 1, max_items = 50)]
    pub conditions: Vec<FlipCondition>,
    /// Whether the client confirmed that they understood the conditions.
    pub acknowledged_by_client: bool,
}

impl FlipConditionsSet {
    pub(super) const ROW: Row = Row::stays(
        &[Contracting, Housed],
        LANDLORDS,
        &[(Flip, "occurredOn conditions acknowledgedByClient")],
    );
}

/// One condition for the flip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipCondition {
    /// What it is about.
    pub kind: FlipConditionKind,
    /// The condition, in words the client understands.
    pub condition: PrivateText,
}

/// What a flip condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum FlipConditionKind {
    /// *Schulden inlossen* (S0).
    Debts,
    /// *Invulling van de dag* (S0).
    DayActivity,
    /// *Huur betalen*.
    Rent,
    /// *Goed nabuurschap*.
    Neighbours,
    /// *Begeleiding toelaten*.
    Guidance,
    /// Something else.
    Other,
}

/// A guidance plan, made with the client. Dutch: *begeleidingsplan*. Source: obligation 2.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuidancePlanAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The level of guidance.
    pub level: GuidanceLevel,
    /// The goals of the guidance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub goals: Vec<PrivateText>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentReference>,
}

impl GuidancePlanAgreed {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(LivingGoals, "occurredOn goals"), (Guidance, "level document")]);
}

/// What to do when things get worse. Dutch: *terugvalplan, signaleringsplan*. Source: obligation 5.4, our
/// decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelapsePlanAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The early signs to watch for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_signs: Option<PrivateText>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentReference>,
}

impl RelapsePlanAgreed {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(Guidance, "occurredOn earlySigns document")]);
}

/// The client met the neighbours, or chose not to. Dutch: *kennismaking met de buren*. Source: S2
/// (Eindhoven), obligation 4.5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeighboursMet {
    /// The day it happened.
    pub occurred_on: Day,
    /// How they met.
    pub how: Meeting,
}

impl NeighboursMet {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed, FollowUp], CLIENTS_SIDE, &[(Living, "occurredOn how")]);
}

/// How neighbours were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Meeting {
    /// By the client alone.
    Alone,
    /// Together with a guide.
    WithGuide,
    /// The client did not wish it.
    DeclinedByClient,
}

/// The corporation welcomed its new resident. Dutch: *welkomstgesprek*. Source: obligation 4.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WelcomeTalkHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl WelcomeTalkHeld {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed, FollowUp], CORPORATION, &[(Living, "occurredOn notes")]);
}
