//! A client moves to another region: proposed by the partners of one region, and accepted or refused by those
//! of the other. Until it is accepted nothing changes
//! ([ADR 35](../../../../../docs/adr/0035-a-transfer-to-another-region-is-accepted.md)).

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::always::TransferGround;
use super::need::Need;
use super::row::{RUNNING, Row};
use super::terms::AgreementSetVersion;
use crate::category::Category::{Course, Transfer};
use crate::day::Day;
use crate::ids::{OrganisationId, RegionId};
use crate::role::Role::{CareProvider, Guide, MatchingPoint, WmoConsultant};
use crate::text::PrivateText;
use crate::trajectory::phase::Phase::{self, FollowUp, Housed, Matching, Preparing, Ready};

/// While an offer is open, or was accepted, a client does not go to another region: the offer is answered
/// first, or withdrawn.
const BETWEEN_OFFERS: &[Phase] = &[Preparing, Ready, Matching, Housed, FollowUp];

/// Where a trajectory goes: the other region, its agreements and the organisations that work there. Region and
/// agreements change together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegionTerms {
    /// The other region.
    pub region: RegionId,
    /// Its agreements, which apply from then on.
    pub agreement_set: AgreementSetVersion,
    /// The provider that guides the client from then on; it may be the same one.
    pub care_provider: OrganisationId,
    /// The municipality that directs from then on.
    pub municipality: OrganisationId,
}

/// The partners propose that another region takes over. They stay responsible until it is accepted. A newer
/// proposal replaces an older one. Dutch: *overdracht naar andere regio voorgesteld*. Source: S2 (Haarlem PACT,
/// Assen: back to the place of origin); that it is accepted first is our decision, `docs/DOMAIN.md` §3.10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegionTransferProposed {
    /// The day it happened.
    pub occurred_on: Day,
    /// Where the client goes.
    pub to: RegionTerms,
    /// Why.
    pub ground: TransferGround,
    /// What the receiver must know to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl RegionTransferProposed {
    pub(super) const ROW: Row = Row::stays(
        RUNNING,
        &[Guide, CareProvider, MatchingPoint, WmoConsultant],
        &[(Transfer, "occurredOn to ground explanation")],
    );
}

/// The receiver takes the client over on the terms that were proposed: from here on the trajectory is of the
/// other region, under its agreements. Dutch: *overdracht naar andere regio aanvaard*. Source: our decision,
/// `docs/DOMAIN.md` §3.10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegionTransferAccepted {
    /// The day it happened.
    pub occurred_on: Day,
    /// What is accepted: the same as was proposed.
    pub to: RegionTerms,
}

impl RegionTransferAccepted {
    pub(super) const ROW: Row = Row::stays(BETWEEN_OFFERS, RECEIVERS, &[(Course, "occurredOn to")])
        .needing(&[Need::ProposedTransfer]);
}

/// The receiver does not take the client over; the partners go on as they were. Dutch: *overdracht naar andere
/// regio geweigerd*. Source: our decision, `docs/DOMAIN.md` §3.10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegionTransferRefused {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why.
    pub reason: PrivateText,
}

impl RegionTransferRefused {
    pub(super) const ROW: Row =
        Row::stays(RUNNING, RECEIVERS, &[(Transfer, "occurredOn reason")]).needing(&[Need::ProposedTransfer]);
}

/// The roles in which an organisation of the other region can be the receiver.
const RECEIVERS: &[crate::role::Role] = &[Guide, CareProvider, WmoConsultant];
