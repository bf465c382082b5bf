//! Money: rent, arrears, support, damage and the guarantee fund.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::terms::Cents;
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
    /// How much is open for it, in euro cents.
    pub amount_cents: Cents,
}

/// The client pays the arrears in parts. Dutch: *betalingsregeling*. Source: obligation 5.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrearsPlanAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// All arrears, in euro cents.
    pub total_cents: Cents,
    /// What is paid a month, in euro cents.
    pub instalment_cents: Cents,
    /// When the first part is due.
    pub first_instalment_on: Day,
}

/// Nothing is open any more. Dutch: *achterstand ingelopen*. Source: obligation 5.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArrearsCleared {
    /// The day it happened.
    pub occurred_on: Day,
}

/// Somebody helps with the money. Dutch: *financiële ondersteuning*. Source: agreement 7; S2 (Haarlem:
/// budget coaches).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinancialSupportAssigned {
    /// The day it happened.
    pub occurred_on: Day,
    /// What kind.
    pub kind: FinancialSupport,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supporter: Option<PrivateText>,
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

/// A debt arrangement runs. Dutch: *schuldregeling*. Source: agreement 7.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DebtArrangementStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Which one.
    pub kind: DebtArrangement,
    /// When it should be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_end_on: Option<Day>,
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
    pub estimate_cents: Cents,
    /// What happened.
    pub description: PrivateText,
}

/// A claim on the guarantee fund. Dutch: *beroep op het garantiefonds*. Source: S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeFundClaimed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The claim.
    pub claim_id: ClaimId,
    /// For what.
    pub ground: ClaimGround,
    /// The damage it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage_id: Option<DamageId>,
    /// How much, in euro cents.
    pub amount_cents: Cents,
}

/// What the guarantee fund is asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimGround {
    /// *Schade*.
    Damage,
    /// *Huurachterstand*.
    Arrears,
    /// *Ontruiming*.
    Clearance,
}

/// The fund decided. Dutch: *garantiefonds afgehandeld*. Source: S4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuaranteeFundSettled {
    /// The day it happened.
    pub occurred_on: Day,
    /// The claim.
    pub claim_id: ClaimId,
    /// What it pays, in euro cents; 0 is a refusal.
    pub awarded_cents: Cents,
}
