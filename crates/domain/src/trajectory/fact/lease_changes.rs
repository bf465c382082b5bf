//! A lease that changes while it runs (`docs/DOMAIN.md` §3.6).

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{BEFORE_THE_FLIP, CORPORATION, LANDLORDS, PROVIDER, RUNNING, Row, WITH_A_LEASE};
use super::terms::{Amount, Cents};
use crate::category::Category::{Course, Dwelling, Guidance, Living, Rent};
use crate::day::Day;
use crate::ids::{DocumentReference, LeaseId, OrganisationId, UnitId};
use crate::text::PrivateText;

/// The rent of a running lease changes. Dutch: *huurwijziging*. Source: S2 (Den Haag: the rent rose after the
/// renovation). It happens on the first day of the new rent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RentChanged {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// The rent a month from now on, in euro cents.
    #[schema(value_type = Amount)]
    pub rent_cents: Cents,
    /// Why.
    pub ground: RentChangeGround,
}

impl RentChanged {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, LANDLORDS, &[(Rent, "occurredOn leaseId rentCents ground")])
            .needing(&[Need::Lease]);
}

/// Why a rent changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum RentChangeGround {
    /// *Jaarlijkse huuraanpassing*.
    Yearly,
    /// *Woningverbetering*.
    Renovation,
    /// *Huurverlaging*.
    Reduction,
    /// Another reason.
    Other,
}

/// The home is renovated, and the client lives in a temporary home meanwhile. Dutch: *renovatie, wisselwoning*.
/// Source: S2 (Den Haag). The lease goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenovationStarted {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// The temporary home.
    pub temporary_unit: UnitId,
    /// When the client is expected back, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_until: Option<Day>,
}

impl RenovationStarted {
    pub(super) const ROW: Row = Row::stays(
        WITH_A_LEASE,
        CORPORATION,
        &[(Living, "occurredOn leaseId expectedUntil"), (Dwelling, "temporaryUnit")],
    )
    .needing(&[Need::Lease, Need::AtHome]);
}

/// The client is back in the renovated home. Dutch: *terug uit de wisselwoning*. Source: S2 (Den Haag).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenovationEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
}

impl RenovationEnded {
    pub(super) const ROW: Row = Row::stays(WITH_A_LEASE, CORPORATION, &[(Living, "occurredOn leaseId")])
        .needing(&[Need::Lease, Need::InRenovation]);
}

/// The dwelling becomes another one without a move: merged with a neighbouring home, or split. Dutch: *woning
/// samengevoegd of gesplitst*. Source: our decision, `docs/DOMAIN.md` §3.6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DwellingRedivided {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// Whether homes were merged or one was split.
    pub change: Redivision,
    /// The dwelling from now on.
    pub unit: UnitId,
}

impl DwellingRedivided {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, CORPORATION, &[(Course, "occurredOn leaseId"), (Dwelling, "change unit")])
            .needing(&[Need::Lease]);
}

/// What happened to a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Redivision {
    /// *Samengevoegd*.
    Merged,
    /// *Gesplitst*.
    Split,
}

/// The provider that guides now takes over the head lease of the one before it. Dutch: *hoofdhuur overgenomen,
/// indeplaatsstelling*. Source: our decision, `docs/DOMAIN.md` §3.6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeadLeaseTakenOver {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// The head tenant from now on.
    pub care_provider: OrganisationId,
    /// The lease between corporation and provider (*hoofdhuurovereenkomst*).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_lease: Option<DocumentReference>,
}

impl HeadLeaseTakenOver {
    pub(super) const ROW: Row = Row::stays(
        BEFORE_THE_FLIP,
        LANDLORDS,
        &[(Course, "occurredOn leaseId careProvider"), (Rent, "headLease")],
    )
    .needing(&[Need::HeadLeaseOfAnother]);
}

/// The indication for sheltered housing ends; the client goes on with other support or none. Dutch: *einde
/// indicatie*. Source: S4 (Noord-Limburg).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CareIndicationEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// The support afterwards, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_afterwards: Option<PrivateText>,
}

impl CareIndicationEnded {
    pub(super) const ROW: Row = Row::stays(RUNNING, PROVIDER, &[(Guidance, "occurredOn supportAfterwards")]);
}
