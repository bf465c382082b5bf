//! Three years of follow-up (S2 Eindhoven).

use omklap_domain::day::Day;
use omklap_domain::trajectory::fact::{
    FollowUpCheckHeld, FollowUpCheckMissed, FollowUpEnded, FollowUpFinding, MissedReason, Outcome, Tenancy,
    TenancyEnded, TenancyEnder, TenantDeathReported,
};

use super::living::Due;
use super::simulation::{Advance, Simulation};
use super::{living, way_back, words};

/// The months after the flip with a check.
const CHECKS: [u8; 5] = [3, 6, 12, 24, 36];

/// From the flip to the end of the follow-up.
pub(super) fn keep_an_eye(simulation: &mut Simulation<'_>) -> Advance {
    let flipped_on = simulation.state().flip.flipped_on.expect("the contract has flipped");
    let mut due = Due::from(flipped_on);
    for month in CHECKS {
        live_until(simulation, &mut due, flipped_on.plus_months(u16::from(month)))?;
        check(simulation, month)?;
    }
    end(simulation, Outcome::FollowUpCompleted)
}

/// The months between two checks: calmer than before the flip.
fn live_until(simulation: &mut Simulation<'_>, due: &mut Due, day: Day) -> Advance {
    while simulation.today < day {
        simulation.pass(20..40)?;
        due.keep(simulation)?;
        living::month(simulation, 0.45)?;
        match simulation.days(0..10_000) {
            0..3 => end(simulation, Outcome::Deceased)?,
            3..12 => {
                let died_on = Some(simulation.today.plus_days(-4));
                simulation.report(TenantDeathReported { occurred_on: simulation.today, died_on })?;
            }
            12..17 => give_notice(simulation)?,
            17..35 => end(simulation, Outcome::MovedOnWell)?,
            35..50 => end(simulation, Outcome::MovedAway)?,
            50..60 => end(simulation, Outcome::OutOfSight)?,
            60..80 => way_back::ask(simulation)?,
            _ => {}
        }
    }
    Ok(())
}

fn check(simulation: &mut Simulation<'_>, month: u8) -> Advance {
    if simulation.chance(0.12) {
        let reason = simulation.one_of(&[
            MissedReason::NotReached,
            MissedReason::NotReached,
            MissedReason::Declined,
            MissedReason::NotPlanned,
        ]);
        simulation.report_with_slips(FollowUpCheckMissed { occurred_on: simulation.today, month, reason })?;
        if simulation.chance(0.5) {
            return Ok(());
        }
        simulation.pass(10..40)?;
    }
    let held = FollowUpCheckHeld {
        occurred_on: simulation.today,
        month,
        tenancy: Tenancy::OwnTenancy,
        resident: simulation.one_of(&[
            FollowUpFinding::Well,
            FollowUpFinding::Well,
            FollowUpFinding::Well,
            FollowUpFinding::Attention,
            FollowUpFinding::Concern,
        ]),
        notes: simulation.perhaps(words::FOLLOW_UP),
    };
    simulation.report_with_slips(held)
}

/// The corporation reports that the client gave notice; the provider asks where the client lives.
fn give_notice(simulation: &mut Simulation<'_>) -> Advance {
    let lease_id = simulation.lease().id;
    let ended_by = TenancyEnder::Tenant;
    simulation.report(TenancyEnded { occurred_on: simulation.today, lease_id, ended_by })?;
    simulation.pass(5..40)?;
    let outcome = simulation.one_of(&[Outcome::MovedOnWell, Outcome::MovedOnWell, Outcome::MovedAway]);
    end(simulation, outcome)
}

fn end(simulation: &mut Simulation<'_>, outcome: Outcome) -> Advance {
    simulation.report(FollowUpEnded { occurred_on: simulation.today, outcome })
}
