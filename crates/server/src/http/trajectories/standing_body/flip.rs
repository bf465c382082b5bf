//! The way to the flip, as JSON.

use omklap_domain::day::Day;
use omklap_domain::ids::FlipTalkId;
use omklap_domain::trajectory::fact::{Party, Position};
use omklap_domain::trajectory::state::Flip;
use serde::Serialize;
use utoipa::ToSchema;

/// The way to the flip. Dutch: *omklap*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Flip)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is there or is not")]
#[serde(rename_all = "camelCase")]
pub(super) struct FlipBody {
    /// Whether conditions were set and acknowledged for this dwelling.
    #[schema(required = false)]
    conditions_set: bool,
    /// The talk that the present decision rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    talk_id: Option<FlipTalkId>,
    /// The positions on that talk.
    #[schema(required = false)]
    positions: Vec<PositionBody>,
    /// Whether the client saw the new rent.
    #[schema(required = false)]
    new_rent_disclosed: bool,
    /// Whether aftercare was agreed.
    #[schema(required = false)]
    aftercare_agreed: bool,
    /// Whether the corporation approved.
    #[schema(required = false)]
    approved: bool,
    /// When the contract flipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    flipped_on: Option<Day>,
}

/// What one of the three thinks of the flip.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PositionTaken)]
struct PositionBody {
    /// Who.
    party: Party,
    /// Agrees, not yet, or disagrees.
    position: Position,
}

impl FlipBody {
    pub(super) fn of(flip: &Flip) -> Self {
        let taken = flip
            .positions
            .iter()
            .map(|(party, position)| PositionBody { party: *party, position: *position });
        Self {
            conditions_set: flip.conditions_set,
            talk_id: flip.talk,
            positions: taken.collect(),
            new_rent_disclosed: flip.disclosed_rent.is_some(),
            aftercare_agreed: flip.aftercare_agreed,
            approved: flip.approved_for.is_some(),
            flipped_on: flip.flipped_on,
        }
    }
}
