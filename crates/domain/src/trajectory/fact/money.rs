//! Money: rent, arrears, support, damage and the guarantee fund.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{EVER_HOUSED, FUND_KEEPERS, LANDLORDS, PROVIDER, RUNNING, Row, WITH_A_LEASE};
use super::terms::{Amount, Cents, Party};
use crate::category::Category::{Debts, DebtsArranged, GuaranteeFund, Rent};
use crate::day::Day;
use crate::ids::{ClaimId, DamageId};
use crate::text::PrivateText;

/// A month's rent was not paid. Dutch: *huur niet betaald*. Source: S2 (Noord-Limburg: act on it at once),
/// obligation 5.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RentMissed {
    /// The day it happened.
    pub occurred_on: Day,
    /// When it was due.
    pub due_on: Day,
    /// The unpaid part of it, in euro cents.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl RentMissed {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, LANDLORDS, &[(Rent, "occurredOn dueOn amountCents")])
            .needing(&[Need::Lease]);
}

/// The client agrees to pay the arrears in instalments. Dutch: *betalingsregeling*. Source: obligation 5.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrearsPlanAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The total arrears, in euro cents.
    #[schema(value_type = Amount)]
    pub total_cents: Cents,
    /// The monthly instalment, in euro cents.
    #[schema(value_type = Amount)]
    pub instalment_cents: Cents,
    /// When the first instalment is due.
    pub first_instalment_on: Day,
}

impl ArrearsPlanAgreed {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        LANDLORDS,
        &[(Rent, "occurredOn totalCents instalmentCents firstInstalmentOn")],
    )
    .needing(&[Need::Arrears]);
}

/// The arrears are paid, also after the case has ended. Dutch: *achterstand ingelopen*. Source: obligation
/// 5.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrearsCleared {
    /// The day it happened.
    pub occurred_on: Day,
}

impl ArrearsCleared {
    pub(super) const ROW: Row =
        Row::stays(EVER_HOUSED, LANDLORDS, &[(Rent, "occurredOn")]).needing(&[Need::Arrears]);
}

/// The client gets help with money. Dutch: *financiële ondersteuning*. Source: agreement 7; S2 (Haarlem:
/// budget coaches).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinancialSupportAssigned {
    /// The day it happened.
    pub occurred_on: Day,
    /// The kind of support.
    pub kind: FinancialSupport,
    /// The person or organisation that supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supporter: Option<PrivateText>,
}

impl FinancialSupportAssigned {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(DebtsArranged, "occurredOn"), (Debts, "kind supporter")]);
}

/// Help with money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum FinancialSupport {
    /// *Budgetcoach*.
    BudgetCoach,
    /// *Budgetbeheer*.
    BudgetManagement,
    /// *Beschermingsbewind*.
    ProtectiveAdministration,
    /// *Schuldhulpverlening*.
    DebtCounselling,
}

/// A debt arrangement has started. Dutch: *schuldregeling*. Source: agreement 7.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebtArrangementStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// The kind of arrangement.
    pub kind: DebtArrangement,
    /// When it is expected to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_end_on: Option<Day>,
}

impl DebtArrangementStarted {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, PROVIDER, &[(DebtsArranged, "occurredOn"), (Debts, "kind expectedEndOn")]);
}

/// How debts are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum DebtArrangement {
    /// *Minnelijk (MSNP)*.
    Amicable,
    /// *Wettelijk (WSNP)*.
    Statutory,
}

/// The dwelling is damaged. Dutch: *schade gemeld*. Source: S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DamageReported {
    /// The day it happened.
    pub occurred_on: Day,
    /// The damage.
    pub damage_id: DamageId,
    /// What repair may cost, in euro cents.
    #[schema(value_type = Amount)]
    pub estimate_cents: Cents,
    /// What happened.
    pub description: PrivateText,
}

impl DamageReported {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, LANDLORDS, &[(Rent, "occurredOn damageId estimateCents description")])
            .needing(&[Need::Lease]);
}

/// Nothing more is asked for a damage that the guarantee fund does not pay for: the client or an insurer
/// paid, or the landlord bears it. Dutch: *schade afgehandeld*. Source: our decision (`docs/DOMAIN.md`
/// §3.7), so that the landlord's access to the case of a client who left can end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DamageSettled {
    /// The day it happened.
    pub occurred_on: Day,
    /// The damage.
    pub damage_id: DamageId,
    /// Who bears it.
    pub borne_by: BorneBy,
}

impl DamageSettled {
    pub(super) const ROW: Row = Row::stays(EVER_HOUSED, LANDLORDS, &[(Rent, "occurredOn damageId borneBy")])
        .needing(&[Need::HousedOnce, Need::DamageToSettle]);
}

/// Who bears a damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum BorneBy {
    /// The client paid it, or repaired it.
    Client,
    /// *Verzekeraar*.
    Insurer,
    /// The landlord repaired it at its own cost, or asks nothing for it.
    Landlord,
}

/// A claim on the guarantee fund. Dutch: *beroep op het garantiefonds*. Source: S4. It rests on one damage,
/// or on rents that were missed, under a lease that the fund backs (`docs/DOMAIN.md` §3.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeFundClaimed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The claim.
    pub claim_id: ClaimId,
    /// The ground of the claim.
    pub ground: ClaimGround,
    /// The damage that it rests on: what was damaged, or what it cost to clear the dwelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage_id: Option<DamageId>,
    /// The missed rents that it rests on, each by the day on which it was due.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 24)]
    pub rents_due_on: Vec<Day>,
    /// The amount, in euro cents: at most what it rests on.
    #[schema(value_type = Amount)]
    pub amount_cents: Cents,
}

impl GuaranteeFundClaimed {
    pub(super) const ROW: Row = Row::stays(
        EVER_HOUSED,
        LANDLORDS,
        &[(GuaranteeFund, "occurredOn claimId ground amountCents"), (Rent, "damageId rentsDueOn")],
    )
    .needing(&[Need::HousedOnce, Need::GuaranteeFund, Need::LossToClaim]);
}

/// What the guarantee fund is asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimGround {
    /// *Schade*.
    Damage,
    /// *Huurachterstand*.
    Arrears,
    /// *Ontruiming*: what it cost to clear a dwelling that the client left.
    Clearance,
}

/// The fund decided. Dutch: *garantiefonds afgehandeld*. Source: S4. The party that keeps the fund decides,
/// because it pays (our decision: `docs/DOMAIN.md` §3.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeFundSettled {
    /// The day it happened.
    pub occurred_on: Day,
    /// The claim.
    pub claim_id: ClaimId,
    /// The amount that the fund pays, in euro cents; 0 means that the claim is refused.
    pub awarded_cents: Cents,
    /// The party that keeps the fund; if absent, the municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<Party>,
}

impl GuaranteeFundSettled {
    pub(super) const ROW: Row = Row::stays(
        EVER_HOUSED,
        FUND_KEEPERS,
        &[(GuaranteeFund, "occurredOn claimId awardedCents settledBy")],
    )
    .needing(&[Need::OpenClaim]);

    /// The party that settles the claim.
    #[must_use]
    pub fn settler(&self) -> Party {
        self.settled_by.unwrap_or(Party::Municipality)
    }
}
