//! Facts that are admitted at any point of a running case.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Fact;
use super::terms::{AgreementSetVersion, Outcome, Party};
use crate::day::Day;
use crate::ids::{ObligationId, OrganisationId};
use crate::text::PrivateText;

/// The parties agree to set an obligation aside. Dutch: *afwijking afgesproken, maatwerk*. Source: S1 (room
/// for tailoring).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DepartureAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The obligation.
    pub obligation: ObligationId,
    /// The parties that agreed: at least two.
    #[schema(value_type = BTreeSet<Party>, min_items = 2, max_items = 5)]
    pub agreed_by: Vec<Party>,
    /// Why.
    pub reason: PrivateText,
}

/// The partners bind the trajectory to another agreement set, or to a newer version: never
/// silently. Dutch: *andere afsprakenset*. Source: our decision, `docs/DOMAIN.md` §4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementSetChanged {
    /// The day it happened.
    pub occurred_on: Day,
    /// The agreements that apply from now on.
    pub agreement_set: AgreementSetVersion,
    /// Why.
    pub reason: PrivateText,
}

/// Another provider or municipality takes over. Dutch: *overgedragen*. Source: `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrajectoryTransferred {
    /// The day it happened.
    pub occurred_on: Day,
    /// The provider from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_provider: Option<OrganisationId>,
    /// The municipality from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<OrganisationId>,
    /// Why.
    pub ground: TransferGround,
}

/// Why a case is transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum TransferGround {
    /// *Faillissement*.
    ProviderBankrupt,
    /// *Zorgaanbieder stopt*.
    ProviderStopped,
    /// *Wens van de cliënt*.
    ClientChoice,
    /// *Verhuizing*.
    Moved,
    /// Something else.
    Other,
}

/// The case ends. Dutch: *traject beëindigd*. Source: `docs/DOMAIN.md` §3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrajectoryEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// How it ended.
    pub outcome: Outcome,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

/// An earlier fact was wrong: it is retracted, or replaced. Dutch: *gecorrigeerd*. Source: `docs/DOMAIN.md`
/// §3.1. The earlier fact stays readable; the log itself is never edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventCorrected {
    /// The day it happened.
    pub occurred_on: Day,
    /// The number of the fact in this trajectory.
    #[schema(minimum = 1)]
    pub corrects: u64,
    /// What really happened; without it the fact is retracted.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<Fact>>,
    /// What was wrong.
    pub reason: PrivateText,
}
