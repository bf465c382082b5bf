//! The flip talk, the three positions, and the day the contract flips.

use omklap_domain::day::Day;
use omklap_domain::ids::{FlipTalkId, LeaseId};
use omklap_domain::trajectory::fact::{
    AftercareAgreed, CancellationGround, ContractFlipped, ContractModel, FlipApproved, FlipCancelled,
    FlipPositionGiven, FlipPostponed, FlipTalkHeld, Party, Position, RentAtFlipDisclosed, THE_THREE,
};

use super::simulation::{Advance, Finished, Simulation, cents};
use super::words;

/// What came of a talk.
pub(super) enum Decision {
    Flipped,
    /// The next talk is not before this day.
    NotBefore(Day),
}

/// One talk and what follows from it.
pub(super) fn decide(simulation: &mut Simulation<'_>) -> Result<Decision, Finished> {
    let talk_id = FlipTalkId(simulation.id());
    let notes = simulation.perhaps(words::FLIP_TALK);
    simulation.report(FlipTalkHeld {
        occurred_on: simulation.today,
        talk_id,
        attended_by: THE_THREE.into(),
        notes,
    })?;
    show_the_rent(simulation)?;
    if !give_positions(simulation, talk_id)? {
        return postpone(simulation, talk_id);
    }
    simulation.pass(3..20)?;
    if simulation.chance(0.05) {
        return cancel(simulation, talk_id);
    }
    let flip_on = simulation.today.plus_days(30);
    simulation.report(FlipApproved { occurred_on: simulation.today, talk_id, flip_on })?;
    simulation.pass(5..20)?;
    let aftercare = AftercareAgreed {
        occurred_on: simulation.today,
        contact_every_weeks: Some(simulation.one_of(&[2, 4, 6, 8])),
        contact_point: simulation.words(words::CONTACT_POINTS),
        until: Some(simulation.today.plus_months(36)),
    };
    simulation.report(aftercare)?;
    simulation.pass_to(flip_on)?;
    flip(simulation)?;
    match simulation.state().flip.flipped_on {
        Some(_) => Ok(Decision::Flipped),
        None => Ok(Decision::NotBefore(simulation.today.plus_months(3))),
    }
}

/// Whether all three agree. Arrears and open nuisance speak against it.
fn give_positions(simulation: &mut Simulation<'_>, talk_id: FlipTalkId) -> Result<bool, Finished> {
    let something_open =
        simulation.state().tenancy.in_arrears || simulation.state().worst_nuisance_level().is_some();
    let against = something_open || simulation.trouble(0.22);
    let who = simulation.one_of(&[
        Party::CareProvider,
        Party::HousingCorporation,
        Party::HousingCorporation,
        Party::Client,
    ]);
    for party in simulation.in_any_order(&THE_THREE) {
        let (position, reason) = if against && party == who {
            let position = simulation.one_of(&[
                Position::NotYet,
                Position::NotYet,
                Position::NotYet,
                Position::Disagree,
            ]);
            (position, Some(simulation.words(words::NOT_YET)))
        } else {
            (Position::Agree, None)
        };
        simulation.report(FlipPositionGiven {
            occurred_on: simulation.today,
            talk_id,
            party,
            position,
            reason,
        })?;
        if simulation.chance(0.3) {
            simulation.pass(1..6)?;
        }
    }
    Ok(!against)
}

fn postpone(simulation: &mut Simulation<'_>, talk_id: FlipTalkId) -> Result<Decision, Finished> {
    simulation.pass(1..10)?;
    let months = simulation.one_of(&[3, 4, 6]);
    let next_talk_on = simulation.today.plus_months(months);
    let postponed = FlipPostponed {
        occurred_on: simulation.today,
        talk_id,
        unmet_conditions: vec![simulation.words(words::UNMET)],
        actions: vec![simulation.words(words::ACTIONS)],
        next_talk_on,
    };
    simulation.report(postponed)?;
    Ok(Decision::NotBefore(next_talk_on))
}

fn cancel(simulation: &mut Simulation<'_>, talk_id: FlipTalkId) -> Result<Decision, Finished> {
    let ground = simulation.one_of(&[
        CancellationGround::RentTooHigh,
        CancellationGround::RentTooHigh,
        CancellationGround::ClientChoice,
        CancellationGround::Corporation,
    ]);
    let reason = simulation.perhaps(words::CANCELLED);
    simulation.report(FlipCancelled { occurred_on: simulation.today, talk_id, ground, reason })?;
    Ok(Decision::NotBefore(simulation.today.plus_months(4)))
}

/// In most cases the rent stays as it was; after a renovation it jumps (S2 Den Haag).
fn show_the_rent(simulation: &mut Simulation<'_>) -> Advance {
    let current_rent_cents = simulation.lease().rent;
    let more = if simulation.chance(0.15) { simulation.days(2_000..18_000) } else { 0 };
    let new_rent_cents = cents(i64::from(current_rent_cents) + i64::from(more));
    simulation.report(RentAtFlipDisclosed {
        occurred_on: simulation.today,
        current_rent_cents,
        new_rent_cents,
    })
}

/// The old leases end and the client's own lease starts, on the same day.
fn flip(simulation: &mut Simulation<'_>) -> Advance {
    let on = simulation.today;
    let sublet = simulation.lease().model == Some(ContractModel::Intermediary);
    let shown = simulation.state().flip.disclosed_rent;
    let flipped = ContractFlipped {
        occurred_on: on,
        lease_id: LeaseId(simulation.id()),
        rent_cents: shown.unwrap_or(simulation.lease().rent),
        head_lease_ends_on: on,
        sublease_ends_on: sublet.then_some(on),
        own_lease_starts_on: on,
    };
    simulation.report(flipped)
}
