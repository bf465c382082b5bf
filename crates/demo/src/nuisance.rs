//! A nuisance case from the report to the quiet after it, or to the end of the lease
//! (docs/DOMAIN.md §5).

use omklap_domain::ids::NuisanceCaseId;
use omklap_domain::nuisance::{Level, NuisanceStatus};
use omklap_domain::trajectory::fact::{
    AcuteGround, ApproachAgreed, Channel, Deescalated, Escalated, EvictionOrdered, EvictionPrevented,
    HandedTo, LastChanceAgreed, LeaseTerminationStarted, NuisanceCaseClosed, NuisanceFoundUnfounded,
    NuisanceHandedOver, NuisanceKind, NuisanceReopened, NuisanceReported, NuisanceResolved, Outcome,
    PlaceFound, PlaceKind, PlacementKind, ReporterInformed, ReturnedHome, THE_THREE,
    TemporaryPlacementStarted, TerminationGround, WarningIssued,
};

use super::preparation::end;
use super::simulation::{Advance, Finished, Simulation};
use super::words;

const KINDS: &[NuisanceKind] = &[
    NuisanceKind::Noise,
    NuisanceKind::Noise,
    NuisanceKind::Visitors,
    NuisanceKind::Pollution,
    NuisanceKind::Threat,
    NuisanceKind::Other,
];

/// What a month may bring in nuisance.
pub(super) fn month(simulation: &mut Simulation<'_>, part: f64) -> Advance {
    let open = simulation.state().nuisance.iter().find(|(_, case)| case.is_open()).map(|(id, _)| *id);
    match open {
        // A case that was taken over at level 1: somebody has to continue it.
        Some(case) => work_on(simulation, case),
        None if simulation.trouble(0.022 * part) => report(simulation),
        None => Ok(()),
    }
}

fn report(simulation: &mut Simulation<'_>) -> Advance {
    let case_id = NuisanceCaseId(simulation.id());
    let over = simulation.state().nuisance.iter().find(|(_, case)| case.status == NuisanceStatus::Over);
    let over = over.map(|(id, _)| *id);
    let moved_in_on = simulation.state().tenancy.housed_on.unwrap_or(simulation.today);
    let report = NuisanceReported {
        occurred_on: simulation.today,
        case_id,
        happened_on: simulation.today.plus_days(-simulation.days(0..4)).max(moved_in_on),
        place: simulation.words(words::NUISANCE_PLACES),
        kind: simulation.one_of(KINDS),
        channel: simulation.one_of(&[Channel::Telephone, Channel::Email, Channel::Visit, Channel::Police]),
        facts: simulation.words(words::NUISANCE),
        reporter: simulation.perhaps(words::REPORTERS),
        earlier_case: over.filter(|_| simulation.chance(0.3)),
    };
    simulation.report(report)?;
    match simulation.days(0..100) {
        0..8 => find_unfounded(simulation, case_id),
        8..13 => hand_over(simulation, case_id),
        13..16 => act_at_once(simulation, case_id),
        _ => agree_on_an_approach(simulation, case_id),
    }
}

fn find_unfounded(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    simulation.pass(1..5)?;
    inform(simulation, case_id);
    let finding = simulation.words(words::UNFOUNDED);
    simulation.report(NuisanceFoundUnfounded { occurred_on: simulation.today, case_id, finding })
}

fn hand_over(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    simulation.pass(1..5)?;
    inform(simulation, case_id);
    let to = simulation.one_of(&[HandedTo::Police, HandedTo::Municipality, HandedTo::Corporation]);
    simulation.report(NuisanceHandedOver { occurred_on: simulation.today, case_id, to, explanation: None })
}

fn act_at_once(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    inform(simulation, case_id);
    let acute = simulation.one_of(&[AcuteGround::Violence, AcuteGround::Threat, AcuteGround::Fire]);
    escalate(simulation, case_id, Level::SCALED_UP, Some(acute))?;
    work_on(simulation, case_id)
}

fn agree_on_an_approach(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    simulation.pass(1..4)?;
    inform(simulation, case_id);
    let approach = simulation.words(words::APPROACHES);
    let agreed_by = THE_THREE.into();
    simulation.report(ApproachAgreed { occurred_on: simulation.today, case_id, agreed_by, approach })?;
    work_on(simulation, case_id)
}

/// Two working days are mostly kept.
fn inform(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) {
    let message = simulation.perhaps(words::REPORTED_BACK);
    let within = if simulation.chance(0.85) { 0..2 } else { 3..12 };
    simulation.later(within, |on| ReporterInformed { occurred_on: on, case_id, told: message });
}

/// Review after review, up and down the ladder, until it is quiet or the lease ends.
fn work_on(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    while let Some(level) = open_at(simulation, case_id) {
        simulation.pass(20..36)?;
        if simulation.chance(0.5) {
            resolve(simulation, case_id)?;
        } else if level > Level::APPROACH_AGREED && level < Level::ENDING_THE_LEASE && simulation.chance(0.3)
        {
            let down = Level::try_from(u8::from(level) - 1).expect("one below a level is a level");
            let reason = simulation.perhaps(words::DEESCALATED);
            simulation.report(Deescalated {
                occurred_on: simulation.today,
                case_id,
                to_level: down,
                reviewed_on: simulation.today,
                reason,
            })?;
        } else {
            climb(simulation, case_id, level)?;
        }
    }
    Ok(())
}

fn open_at(simulation: &Simulation<'_>, case_id: NuisanceCaseId) -> Option<Level> {
    simulation.state().nuisance.get(&case_id).filter(|case| case.is_open()).map(|case| case.level)
}

fn climb(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId, from: Level) -> Advance {
    match from {
        Level::SCALED_UP if simulation.chance(0.25) => place_elsewhere(simulation, case_id),
        Level::SCALED_UP => warn(simulation, case_id),
        Level::WARNED if warnings(simulation, case_id) < 2 => warn(simulation, case_id),
        Level::WARNED => last_chance(simulation, case_id),
        Level::LAST_CHANCE => end_the_lease(simulation, case_id),
        from => match from.next() {
            Some(next) => escalate(simulation, case_id, next, None),
            None => Ok(()),
        },
    }
}

fn escalate(
    simulation: &mut Simulation<'_>,
    case_id: NuisanceCaseId,
    to_level: Level,
    acute: Option<AcuteGround>,
) -> Advance {
    let reason = simulation.words(words::ESCALATED);
    let client_heard_on = Some(simulation.today);
    simulation.report(Escalated {
        occurred_on: simulation.today,
        case_id,
        to_level,
        acute,
        client_heard_on,
        reason,
    })
}

fn warnings(simulation: &Simulation<'_>, case_id: NuisanceCaseId) -> usize {
    simulation.state().nuisance.get(&case_id).map_or(0, |case| case.warned_on.len())
}

fn warn(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    let by = simulation.lease().landlord();
    let client_heard_on = Some(simulation.today.plus_days(-2));
    let document = simulation.code("brief:");
    simulation.report(WarningIssued {
        occurred_on: simulation.today,
        ground: TerminationGround::Nuisance,
        case_id: Some(case_id),
        explanation: None,
        by,
        client_heard_on,
        document,
    })
}

fn place_elsewhere(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    if simulation.state().tenancy.away.is_some() {
        return Ok(());
    }
    let expected_until = Some(simulation.today.plus_weeks(4));
    let reason = simulation.perhaps(words::PLACED);
    simulation.report(TemporaryPlacementStarted {
        occurred_on: simulation.today,
        kind: PlacementKind::TimeOut,
        expected_until,
        nuisance_case: Some(case_id),
        reason,
    })?;
    let notes = simulation.perhaps(words::BACK_HOME);
    simulation.later(14..35, |on| ReturnedHome { occurred_on: on, notes });
    Ok(())
}

fn last_chance(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    let chance = LastChanceAgreed {
        occurred_on: simulation.today,
        case_id,
        signed_by: THE_THREE.into(),
        until: simulation.today.plus_months(6),
        municipality_told_on: simulation.today,
        document: simulation.code("laatste-kans:"),
    };
    simulation.report(chance)
}

fn end_the_lease(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Advance {
    if !simulation.state().tenancy.living_agreements_signed {
        return resolve(simulation, case_id);
    }
    let termination = LeaseTerminationStarted {
        occurred_on: simulation.today,
        ground: TerminationGround::Nuisance,
        case_id: Some(case_id),
        acute: None,
        alternative_place: simulation.words(words::ALTERNATIVE_PLACES),
        notice_until: simulation.today.plus_months(3),
        document: simulation.code("opzegging:"),
    };
    simulation.report(termination)?;
    simulation.pass(25..70)?;
    let kind = simulation.one_of(&[PlaceKind::InBetween, PlaceKind::ShelteredHousing, PlaceKind::Shelter]);
    let explanation = simulation.perhaps(words::PLACE_FOUND);
    simulation.report(PlaceFound { occurred_on: simulation.today, kind, explanation })?;
    go_to_court(simulation)?;
    if simulation.chance(0.6) {
        let how = simulation.words(words::EVICTION_PREVENTED);
        simulation.report(EvictionPrevented {
            occurred_on: simulation.today,
            case_id: Some(case_id),
            how,
        })?;
        simulation.pass(20..40)?;
        resolve(simulation, case_id)
    } else {
        evict(simulation)
    }
}

/// The court orders the eviction. Not every eviction that is ordered happens.
pub(super) fn go_to_court(simulation: &mut Simulation<'_>) -> Advance {
    let Some(termination) = simulation.state().tenancy.termination else { return Ok(()) };
    let judgment = simulation.code("vonnis:");
    simulation.report(EvictionOrdered { occurred_on: simulation.today, case_id: termination.case, judgment })
}

/// The term of notice passes.
pub(super) fn evict(simulation: &mut Simulation<'_>) -> Advance {
    let Some(termination) = simulation.state().tenancy.termination else { return Ok(()) };
    simulation.pass_to(termination.notice_until)?;
    end(simulation, Outcome::Evicted)
}

/// It is quiet. After eight weeks the case is closed, unless it began again.
fn resolve(simulation: &mut Simulation<'_>, case_id: NuisanceCaseId) -> Result<(), Finished> {
    let how = simulation.words(words::RESOLVED);
    simulation.report(NuisanceResolved { occurred_on: simulation.today, case_id, how })?;
    if simulation.chance(0.15) {
        simulation.pass(7..50)?;
        let reason = simulation.words(words::NUISANCE);
        return simulation.report(NuisanceReopened { occurred_on: simulation.today, case_id, reason });
    }
    simulation.later(56..75, |on| NuisanceCaseClosed { occurred_on: on, case_id });
    Ok(())
}
