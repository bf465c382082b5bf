//! The flip talk, the three positions, and the day the contract flips.

use omklap_domain::day::Day;
use omklap_domain::ids::{FlipTalkId, LeaseId};
use omklap_domain::trajectory::fact::{
    AftercareAgreed, CancellationGround, ContractFlipped, ContractModel, FlipApproved, FlipCancelled,
    FlipPositionGiven, FlipPostponed, FlipTalkHeld, Party, Position, RentAtFlipDisclosed, THE_THREE,
};

use super::teller::{Over, Teller, Told, cents};
use super::words;

/// What came of a talk.
pub(super) enum Decision {
    Flipped,
    /// The next talk is not before this day.
    NotBefore(Day),
}

/// One talk and what follows from it.
pub(super) fn decide(teller: &mut Teller<'_>) -> Result<Decision, Over> {
    let talk_id = FlipTalkId(teller.id());
    let notes = teller.perhaps(words::FLIP_TALK);
    teller.say(FlipTalkHeld { occurred_on: teller.today, talk_id, attended_by: THE_THREE.into(), notes })?;
    if !give_positions(teller, talk_id)? {
        return postpone(teller, talk_id);
    }
    show_the_rent(teller)?;
    teller.pass(3..20)?;
    if teller.chance(0.05) {
        return cancel(teller, talk_id);
    }
    teller.say(FlipApproved { occurred_on: teller.today, talk_id, flip_on: teller.today.plus_days(30) })?;
    teller.pass(5..20)?;
    let aftercare = AftercareAgreed {
        occurred_on: teller.today,
        contact_every_weeks: Some(teller.one_of(&[2, 4, 6, 8])),
        contact_point: teller.words(words::CONTACT_POINTS),
        until: Some(teller.today.plus_months(36)),
    };
    teller.say(aftercare)?;
    teller.pass(5..25)?;
    flip(teller)?;
    match teller.state().flip.flipped_on {
        Some(_) => Ok(Decision::Flipped),
        None => Ok(Decision::NotBefore(teller.today.plus_months(3))),
    }
}

/// Whether all three agree. Arrears and open nuisance speak against it.
fn give_positions(teller: &mut Teller<'_>, talk_id: FlipTalkId) -> Result<bool, Over> {
    let something_open = teller.state().tenancy.in_arrears || teller.state().worst_nuisance_level().is_some();
    let against = something_open || teller.trouble(0.22);
    let who = teller.one_of(&[
        Party::CareProvider,
        Party::HousingCorporation,
        Party::HousingCorporation,
        Party::Client,
    ]);
    for party in teller.in_any_order(&THE_THREE) {
        let (position, reason) = if against && party == who {
            let position =
                teller.one_of(&[Position::NotYet, Position::NotYet, Position::NotYet, Position::Disagree]);
            (position, Some(teller.words(words::NOT_YET)))
        } else {
            (Position::Agree, None)
        };
        teller.say(FlipPositionGiven { occurred_on: teller.today, talk_id, party, position, reason })?;
        if teller.chance(0.3) {
            teller.pass(1..6)?;
        }
    }
    Ok(!against)
}

fn postpone(teller: &mut Teller<'_>, talk_id: FlipTalkId) -> Result<Decision, Over> {
    teller.pass(1..10)?;
    let months = teller.one_of(&[3, 4, 6]);
    let next_talk_on = teller.today.plus_months(months);
    let postponed = FlipPostponed {
        occurred_on: teller.today,
        talk_id,
        unmet_conditions: vec![teller.words(words::UNMET)],
        actions: vec![teller.words(words::ACTIONS)],
        next_talk_on,
    };
    teller.say(postponed)?;
    Ok(Decision::NotBefore(next_talk_on))
}

fn cancel(teller: &mut Teller<'_>, talk_id: FlipTalkId) -> Result<Decision, Over> {
    let ground = teller.one_of(&[
        CancellationGround::RentTooHigh,
        CancellationGround::RentTooHigh,
        CancellationGround::ClientChoice,
        CancellationGround::Corporation,
    ]);
    let reason = teller.perhaps(words::CANCELLED);
    teller.say(FlipCancelled { occurred_on: teller.today, talk_id, ground, reason })?;
    Ok(Decision::NotBefore(teller.today.plus_months(4)))
}

/// In most cases the rent stays as it was; after a renovation it jumps (S2 Den Haag).
fn show_the_rent(teller: &mut Teller<'_>) -> Told {
    let current_rent_cents = teller.cents(50_000..72_000);
    let more = if teller.chance(0.15) { teller.days(2_000..18_000) } else { 0 };
    let new_rent_cents = cents(i64::from(current_rent_cents) + i64::from(more));
    teller.say(RentAtFlipDisclosed { occurred_on: teller.today, current_rent_cents, new_rent_cents })
}

/// The old leases end and the own lease starts, the same day.
fn flip(teller: &mut Teller<'_>) -> Told {
    let on = teller.today;
    let sublet = teller.lease().model == Some(ContractModel::Intermediary);
    let flipped = ContractFlipped {
        occurred_on: on,
        lease_id: LeaseId(teller.id()),
        rent_cents: teller.cents(50_000..75_000),
        head_lease_ends_on: on,
        sublease_ends_on: sublet.then_some(on),
        own_lease_starts_on: on,
    };
    teller.say(flipped)
}
