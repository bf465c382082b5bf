//! The flip: a talk, three positions, a decision, the client's own lease.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moving_in::FlipConditionKind;
use super::need::Need;
use super::row::{CORPORATION, LANDLORDS, Row, THE_THREE};
use super::terms::{Amount, Cents, Party};
use crate::category::Category::{Course, Flip, Rent};
use crate::day::Day;
use crate::ids::{FlipTalkId, LeaseId};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::To;
use crate::trajectory::phase::Phase::{FollowUp, Housed};

/// How far the client is with one of the flip conditions. Dutch: *voortgang op een omklapvoorwaarde*. Source: S0
/// (the client knows from the start what to achieve).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipConditionReviewed {
    /// The day it happened.
    pub occurred_on: Day,
    /// What the condition is about.
    pub kind: FlipConditionKind,
    /// How far the client is.
    pub progress: Progress,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl FlipConditionReviewed {
    pub(super) const ROW: Row = Row::stays(&[Housed], LANDLORDS, &[(Flip, "occurredOn kind progress notes")])
        .needing(&[Need::FlipConditions]);
}

/// How far a client is with a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// *Gehaald*.
    Met,
    /// *Op weg*.
    OnTheWay,
    /// *Nog niet begonnen, of teruggevallen*.
    NotYet,
}

/// Client, provider and corporation talk about the flip. Dutch: *omklapgesprek*. Source: obligation 8.1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipTalkHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// The talk.
    pub talk_id: FlipTalkId,
    /// The parties that attended: client, provider and corporation are needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub attended_by: Vec<Party>,
    /// Notes to keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<PrivateText>,
}

impl FlipTalkHeld {
    pub(super) const ROW: Row =
        Row::stays(&[Housed], LANDLORDS, &[(Flip, "occurredOn talkId attendedBy notes")])
            .needing(&[Need::LeaseToFlip]);
}

/// A party gives its position. Dutch: *standpunt*. Source: S0 (the decision is taken together), obligation
/// 8.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipPositionGiven {
    /// The day it happened.
    pub occurred_on: Day,
    /// The talk.
    pub talk_id: FlipTalkId,
    /// The party that takes the position: client, provider or corporation.
    pub party: Party,
    /// The position.
    pub position: Position,
    /// Why. Needed unless the position is `agree`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl FlipPositionGiven {
    pub(super) const ROW: Row =
        Row::stays(&[Housed], THE_THREE, &[(Flip, "occurredOn talkId party position reason")])
            .needing(&[Need::FlipTalk]);
}

/// What a party thinks of the flip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// *Akkoord*.
    Agree,
    /// *Nog niet*.
    NotYet,
    /// *Niet akkoord*.
    Disagree,
}

/// The flip waits: what is missing, what is done about it, and when the next talk is. Dutch: *omklap
/// uitgesteld*. Source: obligation 8.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipPostponed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The talk.
    pub talk_id: FlipTalkId,
    /// What is not met yet.
    #[schema(min_items = 1, max_items = 50)]
    pub unmet_conditions: Vec<PrivateText>,
    /// What is done about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub actions: Vec<PrivateText>,
    /// When the next talk is.
    pub next_talk_on: Day,
}

impl FlipPostponed {
    pub(super) const ROW: Row =
        Row::stays(&[Housed], LANDLORDS, &[(Flip, "occurredOn talkId unmetConditions actions nextTalkOn")])
            .needing(&[Need::FlipTalk]);
}

/// The client was shown the rent after the flip. Dutch: *nieuwe huur getoond*. Source: S2 (Den Haag: the rent
/// jumped), obligation 7.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RentAtFlipDisclosed {
    /// The day it happened.
    pub occurred_on: Day,
    /// The rent a month now, in euro cents.
    #[schema(value_type = Amount)]
    pub current_rent_cents: Cents,
    /// The rent a month after the flip, in euro cents.
    #[schema(value_type = Amount)]
    pub new_rent_cents: Cents,
}

impl RentAtFlipDisclosed {
    pub(super) const ROW: Row =
        Row::stays(&[Housed], LANDLORDS, &[(Flip, "occurredOn"), (Rent, "currentRentCents newRentCents")])
            .needing(&[Need::LeaseToFlip]);
}

/// The corporation approves, as its own second step. Dutch: *akkoord corporatie*. Source:
/// `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipApproved {
    /// The day it happened.
    pub occurred_on: Day,
    /// The talk.
    pub talk_id: FlipTalkId,
    /// When the lease will flip.
    pub flip_on: Day,
}

impl FlipApproved {
    pub(super) const ROW: Row = Row::stays(&[Housed], CORPORATION, &[(Flip, "occurredOn talkId flipOn")])
        .needing(&[Need::FlipTalk, Need::AgreedFlip]);
}

/// The flip was agreed and is called off. Dutch: *omklap afgeblazen*. Source: `docs/DOMAIN.md` §3.3
/// (because of the rent).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlipCancelled {
    /// The day it happened.
    pub occurred_on: Day,
    /// The talk.
    pub talk_id: FlipTalkId,
    /// Why.
    pub ground: CancellationGround,
    /// An explanation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<PrivateText>,
}

impl FlipCancelled {
    pub(super) const ROW: Row =
        Row::stays(&[Housed], LANDLORDS, &[(Flip, "occurredOn talkId ground reason")])
            .needing(&[Need::FlipTalk]);
}

/// Why a flip is called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum CancellationGround {
    /// *Huur te hoog* (S2 Den Haag).
    RentTooHigh,
    /// *Overlast*.
    Nuisance,
    /// *Wens van de cliënt*.
    ClientChoice,
    /// *Corporatie ziet ervan af*.
    Corporation,
    /// Something else.
    Other,
}

/// The lease is now in the client's own name. Dutch: *omgeklapt*. Source: S0, S2 (Eindhoven). A milestone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContractFlipped {
    /// The day it happened.
    pub occurred_on: Day,
    /// The own lease.
    pub lease_id: LeaseId,
    /// The rent a month, in euro cents.
    #[schema(value_type = Amount)]
    pub rent_cents: Cents,
    /// When the previous lease ends: the head lease, or the three-party or temporary lease. If several clients
    /// live under one head lease, the day on which this home leaves it.
    pub head_lease_ends_on: Day,
    /// When the sublease ends. Needed if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sublease_ends_on: Option<Day>,
    /// When the client's own lease starts.
    pub own_lease_starts_on: Day,
}

impl ContractFlipped {
    pub(super) const ROW: Row = Row::leads(
        &[Housed],
        To(FollowUp),
        CORPORATION,
        &[
            (Course, "occurredOn leaseId headLeaseEndsOn subleaseEndsOn ownLeaseStartsOn"),
            (Rent, "rentCents"),
        ],
    )
    .needing(&[
        Need::LeaseToFlip,
        Need::FlipConditions,
        Need::FlipTalk,
        Need::AgreedFlip,
        Need::ApprovedFlip,
        Need::Aftercare,
        Need::NothingBlocksTheFlip,
        Need::NoNoticeAtTheFlip,
        Need::NoArrearsAtTheFlip,
        Need::NotPlacedAtTheFlip,
    ]);
}
