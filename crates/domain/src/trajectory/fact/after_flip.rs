//! After the flip: aftercare, follow-up, and the way back that is always open.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::row::{CLIENTS_SIDE, CORPORATION, EVER_HOUSED, PROVIDER, Row};
use super::terms::{Outcome, Party};
use crate::category::Category::{Course, Guidance, Return, ReturnGrounds};
use crate::day::Day;
use crate::ids::{LeaseId, ReturnRequestId};
use crate::role::Role::{CareProvider, Client, Guide, WmoConsultant};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::To;
use crate::trajectory::phase::Phase::{Ended, FollowUp, Housed};

/// The partners keep in touch after the flip. Dutch: *waakvlam*. Source: S1 (agreement 9), obligation 9.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AftercareAgreed {
    /// The day it happened.
    pub occurred_on: Day,
    /// How many weeks there are between contacts.
    #[schema(minimum = 1, maximum = 52)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_every_weeks: Option<u8>,
    /// Whom the client calls.
    pub contact_point: PrivateText,
    /// The last day of the aftercare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

impl AftercareAgreed {
    pub(super) const ROW: Row = Row::stays(
        &[Housed, FollowUp],
        PROVIDER,
        &[(Course, "occurredOn until"), (Guidance, "contactEveryWeeks contactPoint")],
    );
}

/// A partner asked how the client is doing. Dutch: *vinger aan de pols*. Source: S2 (Eindhoven: three years),
/// obligation 9.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FollowUpCheckHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// The month after the flip that the check is for.
    #[schema(minimum = 1, maximum = 120)]
    pub month: u8,
    /// Where the client lives.
    pub tenancy: Tenancy,
    /// How the client fares.
    pub resident: FollowUpFinding,
    /// What should be remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl FollowUpCheckHeld {
    pub(super) const ROW: Row = Row::stays(
        &[FollowUp],
        PROVIDER,
        &[(Course, "occurredOn month tenancy"), (Guidance, "resident notes")],
    )
    .needing(&[Need::FollowUpCheck]);
}

/// Where a client lives after the flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Tenancy {
    /// Still in their own tenancy.
    OwnTenancy,
    /// In another good home.
    MovedOnWell,
    /// The tenancy ended otherwise.
    LeftTenancy,
}

/// How a client fares after the flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpFinding {
    /// *Goed*.
    Well,
    /// *Aandacht nodig*.
    Attention,
    /// *Zorgelijk*.
    Concern,
}

/// The check did not happen. Dutch: *niet bereikt*. Source: obligation 9.2; `docs/DOMAIN.md` §6:
/// the unknown is never hidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FollowUpCheckMissed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The month after the flip that the check is for.
    #[schema(minimum = 1, maximum = 120)]
    pub month: u8,
    /// Why.
    pub reason: MissedReason,
}

impl FollowUpCheckMissed {
    pub(super) const ROW: Row = Row::stays(&[FollowUp], PROVIDER, &[(Course, "occurredOn month reason")])
        .needing(&[Need::CheckToMiss]);
}

/// Why a check did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum MissedReason {
    /// *Niet bereikt*.
    NotReached,
    /// *Wilde niet*.
    Declined,
    /// *Niet gepland*.
    NotPlanned,
}

/// The client asks to come back. Dutch: *terugkeerverzoek*. Source: S2 (Assen: if it does not work you may
/// always come back), obligation 9.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnRequested {
    /// The day it happened.
    pub occurred_on: Day,
    /// The request.
    pub request_id: ReturnRequestId,
    /// The party that asks.
    pub requested_by: Party,
    /// Why.
    pub reason: PrivateText,
}

impl ReturnRequested {
    pub(super) const ROW: Row = Row::stays(
        EVER_HOUSED,
        &[Client, Guide, CareProvider, WmoConsultant],
        &[(Return, "occurredOn requestId requestedBy"), (ReturnGrounds, "reason")],
    )
    .needing(&[Need::HousedOnce, Need::ClientAlive, Need::NoOpenReturnRequest]);
}

/// The client, or the provider for the client, takes a request to return back. Dutch: *terugkeerverzoek
/// ingetrokken*. Source: S2 (Assen: you may always come back, and need not); our decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnRequestWithdrawn {
    /// The day it happened.
    pub occurred_on: Day,
    /// The request.
    pub request_id: ReturnRequestId,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl ReturnRequestWithdrawn {
    pub(super) const ROW: Row =
        Row::stays(EVER_HOUSED, CLIENTS_SIDE, &[(Return, "occurredOn requestId"), (ReturnGrounds, "reason")])
            .needing(&[Need::ReturnRequestToWithdraw]);
}

/// The municipality did the light test. Dutch: *lichte Wmo-toets*. Source: S2 (Assen), obligation 9.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LightWmoTestDone {
    /// The day it happened.
    pub occurred_on: Day,
    /// The request.
    pub request_id: ReturnRequestId,
    /// Whether the client may come back.
    pub granted: bool,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl LightWmoTestDone {
    pub(super) const ROW: Row = Row::stays(
        EVER_HOUSED,
        &[WmoConsultant],
        &[(Return, "occurredOn requestId granted"), (ReturnGrounds, "explanation")],
    )
    .needing(&[Need::OpenReturnRequest]);
}

/// The client is back; a new trajectory can start and name this one. Dutch: *teruggekeerd naar beschermd
/// wonen of opvang*. Source: S2 (Assen).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnedToShelter {
    /// The day it happened.
    pub occurred_on: Day,
    /// The request that was granted.
    pub request_id: ReturnRequestId,
    /// Where the client returns to.
    pub to: ReturnPlace,
}

impl ReturnedToShelter {
    pub(super) const ROW: Row = Row::leads(
        EVER_HOUSED,
        To(Ended),
        &[Guide, CareProvider, WmoConsultant],
        &[(Return, "occurredOn requestId to")],
    )
    .needing(&[Need::ClientAlive, Need::GrantedReturn]);
}

/// Where a client returns to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnPlace {
    /// *Beschermd wonen*.
    ShelteredHousing,
    /// *Maatschappelijke opvang*.
    Shelter,
}

/// The landlord says that the client's own tenancy ended. The follow-up goes on: the provider finds out where
/// the client lives now. Dutch: *huur geëindigd*. Source: our decision, `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenancyEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// The lease.
    pub lease_id: LeaseId,
    /// Who ended it.
    pub ended_by: TenancyEnder,
}

impl TenancyEnded {
    pub(super) const ROW: Row =
        Row::stays(&[FollowUp], CORPORATION, &[(Course, "occurredOn leaseId endedBy")])
            .needing(&[Need::RunningTenancy]);
}

/// Who ended a tenancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum TenancyEnder {
    /// *Opgezegd door de huurder*.
    Tenant,
    /// *Beëindigd door de verhuurder*, after a judgment or together.
    Landlord,
}

/// The landlord heard that the tenant died; the case ends. Dutch: *huurder overleden*. Source: our decision,
/// `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenantDeathReported {
    /// The day on which the landlord reports it.
    pub occurred_on: Day,
    /// When the tenant died, if the landlord knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Day>,
}

impl TenantDeathReported {
    pub(super) const ROW: Row =
        Row::leads(&[FollowUp], To(Ended), CORPORATION, &[(Course, "occurredOn diedOn")]);
}

/// The follow-up is over. Dutch: *einde nazorg*. Source: S2 (Eindhoven). A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FollowUpEnded {
    /// The day it happened.
    pub occurred_on: Day,
    /// How it ended.
    pub outcome: Outcome,
}

impl FollowUpEnded {
    pub(super) const ROW: Row =
        Row::leads(&[FollowUp], To(Ended), PROVIDER, &[(Course, "occurredOn outcome")]);
}
