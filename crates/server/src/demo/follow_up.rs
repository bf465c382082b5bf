//! Three years with somebody keeping an eye on it (S2 Eindhoven).

use omklap_domain::day::Day;
use omklap_domain::trajectory::fact::{
    FollowUpCheckHeld, FollowUpCheckMissed, FollowUpEnded, FollowUpFinding, MissedReason, Outcome, Tenancy,
};

use super::living::Due;
use super::teller::{Teller, Told};
use super::{living, way_back, words};

/// The months after which somebody asks how it goes.
const CHECKS: [u8; 5] = [3, 6, 12, 24, 36];

/// From the flip to the end of the follow-up.
pub(super) fn keep_an_eye(teller: &mut Teller<'_>) -> Told {
    let flipped_on = teller.state().flip.flipped_on.expect("the contract has flipped");
    let mut due = Due::from(flipped_on);
    for month in CHECKS {
        live_until(teller, &mut due, flipped_on.plus_months(u16::from(month)))?;
        check(teller, month)?;
    }
    end(teller, Outcome::FollowUpCompleted)
}

/// The months between two checks: calmer than before the flip.
fn live_until(teller: &mut Teller<'_>, due: &mut Due, day: Day) -> Told {
    while teller.today < day {
        teller.pass(20..40)?;
        due.keep(teller)?;
        living::month(teller, 0.45)?;
        match teller.days(0..10_000) {
            0..12 => end(teller, Outcome::Deceased)?,
            12..35 => end(teller, Outcome::MovedOnWell)?,
            35..50 => end(teller, Outcome::MovedAway)?,
            50..60 => end(teller, Outcome::OutOfSight)?,
            60..80 => way_back::ask(teller)?,
            _ => {}
        }
    }
    Ok(())
}

fn check(teller: &mut Teller<'_>, month: u8) -> Told {
    if teller.chance(0.12) {
        let reason = teller.one_of(&[
            MissedReason::NotReached,
            MissedReason::NotReached,
            MissedReason::Declined,
            MissedReason::NotPlanned,
        ]);
        teller.note(FollowUpCheckMissed { occurred_on: teller.today, month, reason })?;
        if teller.chance(0.5) {
            return Ok(());
        }
        teller.pass(10..40)?;
    }
    let held = FollowUpCheckHeld {
        occurred_on: teller.today,
        month,
        tenancy: Tenancy::OwnTenancy,
        resident: teller.one_of(&[
            FollowUpFinding::Well,
            FollowUpFinding::Well,
            FollowUpFinding::Well,
            FollowUpFinding::Attention,
            FollowUpFinding::Concern,
        ]),
        notes: teller.perhaps(words::FOLLOW_UP),
    };
    teller.note(held)
}

fn end(teller: &mut Teller<'_>, outcome: Outcome) -> Told {
    teller.say(FollowUpEnded { occurred_on: teller.today, outcome })
}
