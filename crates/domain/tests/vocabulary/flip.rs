//! The flip.

use super::*;

pub fn flip_talk(on: Day) -> FlipTalkHeld {
    FlipTalkHeld {
        occurred_on: on,
        talk_id: TALK,
        attended_by: THE_THREE.to_vec(),
        notes: Some("a good talk".into()),
    }
}

pub fn second_flip_talk(on: Day) -> FlipTalkHeld {
    FlipTalkHeld { talk_id: SECOND_TALK, ..flip_talk(on) }
}

/// A party takes a position on the first talk.
pub fn position_of(party: Party, position: Position) -> impl FnOnce(Day) -> FlipPositionGiven {
    move |on| FlipPositionGiven {
        occurred_on: on,
        talk_id: TALK,
        party,
        position,
        reason: (position != Position::Agree).then(|| "the debts are not paid yet".into()),
    }
}

pub fn client_agrees(on: Day) -> FlipPositionGiven {
    position_of(Party::Client, Position::Agree)(on)
}

pub fn flip_postponed(on: Day) -> FlipPostponed {
    FlipPostponed {
        occurred_on: on,
        talk_id: TALK,
        unmet_conditions: vec!["debts".into()],
        actions: vec!["a plan with the budget coach".into()],
        next_talk_on: on.plus_months(3),
    }
}

pub fn rent_disclosed(on: Day) -> RentAtFlipDisclosed {
    RentAtFlipDisclosed { occurred_on: on, current_rent_cents: euros(620), new_rent_cents: euros(690) }
}

pub fn flip_approved(on: Day) -> FlipApproved {
    FlipApproved { occurred_on: on, talk_id: TALK, flip_on: on.plus_days(7) }
}

pub fn flip_cancelled(on: Day) -> FlipCancelled {
    FlipCancelled {
        occurred_on: on,
        talk_id: TALK,
        ground: CancellationGround::RentTooHigh,
        reason: Some("seventy euro more".into()),
    }
}

pub fn contract_flipped(on: Day) -> ContractFlipped {
    ContractFlipped {
        occurred_on: on,
        lease_id: OWN_LEASE,
        rent_cents: euros(690),
        head_lease_ends_on: on,
        sublease_ends_on: Some(on),
        own_lease_starts_on: on,
    }
}
