//! The neighbourhood: who was informed, who met, and who joined a circle.

use derive_visitor::DriveMut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{CLIENTS_SIDE, LANDLORDS, Row, WITH_A_LEASE};
use crate::category::Category::{Guidance, Living, LivingGoals};
use crate::day::Day;
use crate::text::PrivateText;
use crate::trajectory::phase::Phase::{Contracting, FollowUp, Housed};

/// Neighbours, corporation and provider met before or after a client moved in. Dutch: *bijeenkomst met de
/// buurt*. Source: S2 (Haarlem, Hoogezand).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeighbourhoodMeetingHeld {
    /// The day it happened.
    pub occurred_on: Day,
    /// What the neighbours asked for, and what was agreed. Nothing about the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<PrivateText>,
}

impl NeighbourhoodMeetingHeld {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed, FollowUp], LANDLORDS, &[(Living, "occurredOn outcome")]);
}

/// Police, neighbourhood team or neighbours know where to turn to. They get nothing personal, so the fact has
/// no text. Dutch: *wijkteam of wijkagent ingelicht*. Source: S2 (Eindhoven).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeighbourhoodInformed {
    /// The day it happened.
    pub occurred_on: Day,
    /// Who was informed.
    #[schema(value_type = BTreeSet<Informed>, min_items = 1, max_items = 4)]
    pub informed: Vec<Informed>,
}

impl NeighbourhoodInformed {
    pub(super) const ROW: Row =
        Row::stays(&[Contracting, Housed, FollowUp], LANDLORDS, &[(Living, "occurredOn informed")]);
}

/// Who in the neighbourhood was informed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum Informed {
    /// *Wijkagent*.
    Police,
    /// *Wijkteam*.
    NeighbourhoodTeam,
    /// *Buren*.
    Neighbours,
    /// *Buurthuis*.
    CommunityCentre,
}

/// The client takes part in a neighbourhood circle. Dutch: *buurtcirkel*. Source: S2 (Noord-Limburg).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeighbourhoodCircleJoined {
    /// The day it happened.
    pub occurred_on: Day,
    /// Which circle, and what the client does there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<PrivateText>,
}

impl NeighbourhoodCircleJoined {
    pub(super) const ROW: Row =
        Row::stays(WITH_A_LEASE, CLIENTS_SIDE, &[(LivingGoals, "occurredOn"), (Guidance, "circle")]);
}
