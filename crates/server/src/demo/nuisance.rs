//! A nuisance case from the report to the quiet after it, or to the end of the lease (`domain.md` §5).

use omklap_domain::ids::NuisanceCaseId;
use omklap_domain::nuisance::{Level, NuisanceStatus};
use omklap_domain::trajectory::fact::{
    AcuteGround, ApproachAgreed, Channel, Deescalated, Escalated, EvictionPrevented, HandedTo,
    LastChanceAgreed, LeaseTerminationStarted, NuisanceCaseClosed, NuisanceFoundUnfounded,
    NuisanceHandedOver, NuisanceKind, NuisanceReopened, NuisanceReported, NuisanceResolved, Outcome,
    PlacementKind, ReporterInformed, ReturnedHome, THE_THREE, TemporaryPlacementStarted, WarningIssued,
};

use super::preparation::end;
use super::teller::{Over, Teller, Told};
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
pub(super) fn month(teller: &mut Teller<'_>, part: f64) -> Told {
    let open = teller.state().nuisance.iter().find(|(_, case)| case.is_open()).map(|(id, _)| *id);
    match open {
        // A case that was taken over at level 1: somebody has to go on with it.
        Some(case) => work_on(teller, case),
        None if teller.trouble(0.022 * part) => report(teller),
        None => Ok(()),
    }
}

fn report(teller: &mut Teller<'_>) -> Told {
    let case_id = NuisanceCaseId(teller.id());
    let over = teller.state().nuisance.iter().find(|(_, case)| case.status == NuisanceStatus::Over);
    let over = over.map(|(id, _)| *id);
    let report = NuisanceReported {
        occurred_on: teller.today,
        case_id,
        happened_on: teller.today.plus_days(-teller.days(0..4)),
        place: teller.words(words::NUISANCE_PLACES),
        kind: teller.one_of(KINDS),
        channel: teller.one_of(&[Channel::Telephone, Channel::Email, Channel::Visit, Channel::Police]),
        facts: teller.words(words::NUISANCE),
        reporter: teller.perhaps(words::REPORTERS),
        earlier_case: over.filter(|_| teller.chance(0.3)),
    };
    teller.say(report)?;
    match teller.days(0..100) {
        0..8 => find_unfounded(teller, case_id),
        8..13 => hand_over(teller, case_id),
        13..16 => act_at_once(teller, case_id),
        _ => agree_on_an_approach(teller, case_id),
    }
}

fn find_unfounded(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    teller.pass(1..5)?;
    inform(teller, case_id);
    let finding = teller.words(words::UNFOUNDED);
    teller.say(NuisanceFoundUnfounded { occurred_on: teller.today, case_id, finding })
}

fn hand_over(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    teller.pass(1..5)?;
    inform(teller, case_id);
    let to = teller.one_of(&[HandedTo::Police, HandedTo::Municipality, HandedTo::Corporation]);
    teller.say(NuisanceHandedOver { occurred_on: teller.today, case_id, to, explanation: None })
}

fn act_at_once(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    inform(teller, case_id);
    let acute = teller.one_of(&[AcuteGround::Violence, AcuteGround::Threat, AcuteGround::Fire]);
    escalate(teller, case_id, Level::SCALED_UP, Some(acute))?;
    work_on(teller, case_id)
}

fn agree_on_an_approach(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    teller.pass(1..4)?;
    inform(teller, case_id);
    let approach = teller.words(words::APPROACHES);
    let agreed_by = THE_THREE.into();
    teller.say(ApproachAgreed { occurred_on: teller.today, case_id, agreed_by, approach })?;
    work_on(teller, case_id)
}

/// Two working days are mostly kept.
fn inform(teller: &mut Teller<'_>, case_id: NuisanceCaseId) {
    let told = teller.perhaps(words::TOLD_TO_REPORTER);
    let within = if teller.chance(0.85) { 0..2 } else { 3..12 };
    teller.later(within, |on| ReporterInformed { occurred_on: on, case_id, told });
}

/// Review after review, up and down the ladder, until it is quiet or the lease ends.
fn work_on(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    while let Some(level) = open_at(teller, case_id) {
        teller.pass(20..36)?;
        if teller.chance(0.5) {
            resolve(teller, case_id)?;
        } else if level > Level::APPROACH_AGREED && level < Level::ENDING_THE_LEASE && teller.chance(0.3) {
            let down = Level::try_from(u8::from(level) - 1).expect("one below a level is a level");
            let reason = teller.perhaps(words::DEESCALATED);
            teller.say(Deescalated {
                occurred_on: teller.today,
                case_id,
                to_level: down,
                reviewed_on: teller.today,
                reason,
            })?;
        } else {
            climb(teller, case_id, level)?;
        }
    }
    Ok(())
}

fn open_at(teller: &Teller<'_>, case_id: NuisanceCaseId) -> Option<Level> {
    teller.state().nuisance.get(&case_id).filter(|case| case.is_open()).map(|case| case.level)
}

fn climb(teller: &mut Teller<'_>, case_id: NuisanceCaseId, from: Level) -> Told {
    match from {
        Level::SCALED_UP if teller.chance(0.25) => place_elsewhere(teller, case_id),
        Level::SCALED_UP => warn(teller, case_id),
        Level::WARNED if warnings(teller, case_id) < 2 => warn(teller, case_id),
        Level::WARNED => last_chance(teller, case_id),
        Level::LAST_CHANCE => end_the_lease(teller, case_id),
        from => match from.next() {
            Some(next) => escalate(teller, case_id, next, None),
            None => Ok(()),
        },
    }
}

fn escalate(
    teller: &mut Teller<'_>,
    case_id: NuisanceCaseId,
    to_level: Level,
    acute: Option<AcuteGround>,
) -> Told {
    let reason = teller.words(words::ESCALATED);
    let client_heard_on = Some(teller.today);
    teller.say(Escalated { occurred_on: teller.today, case_id, to_level, acute, client_heard_on, reason })
}

fn warnings(teller: &Teller<'_>, case_id: NuisanceCaseId) -> usize {
    teller.state().nuisance.get(&case_id).map_or(0, |case| case.warned_on.len())
}

fn warn(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    let by = teller.lease().landlord();
    let client_heard_on = Some(teller.today.plus_days(-2));
    let document = teller.code("brief:");
    teller.say(WarningIssued {
        occurred_on: teller.today,
        case_id: Some(case_id),
        by,
        client_heard_on,
        document,
    })
}

fn place_elsewhere(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    if teller.state().tenancy.away.is_some() {
        return Ok(());
    }
    let expected_until = Some(teller.today.plus_weeks(4));
    let reason = teller.perhaps(words::PLACED);
    teller.say(TemporaryPlacementStarted {
        occurred_on: teller.today,
        kind: PlacementKind::TimeOut,
        expected_until,
        nuisance_case: Some(case_id),
        reason,
    })?;
    let notes = teller.perhaps(words::BACK_HOME);
    teller.later(14..35, |on| ReturnedHome { occurred_on: on, notes });
    Ok(())
}

fn last_chance(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    let chance = LastChanceAgreed {
        occurred_on: teller.today,
        case_id,
        signed_by: THE_THREE.into(),
        until: teller.today.plus_months(6),
        municipality_told_on: teller.today,
        document: teller.code("laatste-kans:"),
    };
    teller.say(chance)
}

fn end_the_lease(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Told {
    if !teller.state().tenancy.living_agreements_signed {
        return resolve(teller, case_id);
    }
    let termination = LeaseTerminationStarted {
        occurred_on: teller.today,
        case_id: Some(case_id),
        acute: None,
        alternative_place: teller.words(words::ALTERNATIVE_PLACES),
        notice_until: teller.today.plus_months(3),
        document: teller.code("opzegging:"),
    };
    teller.say(termination)?;
    teller.pass(25..70)?;
    if teller.chance(0.6) {
        let how = teller.words(words::EVICTION_PREVENTED);
        teller.say(EvictionPrevented { occurred_on: teller.today, case_id: Some(case_id), how })?;
        teller.pass(20..40)?;
        resolve(teller, case_id)
    } else {
        end(teller, Outcome::Evicted)
    }
}

/// It is quiet. After eight weeks the case is closed, unless it began again.
fn resolve(teller: &mut Teller<'_>, case_id: NuisanceCaseId) -> Result<(), Over> {
    let how = teller.words(words::RESOLVED);
    teller.say(NuisanceResolved { occurred_on: teller.today, case_id, how })?;
    if teller.chance(0.15) {
        teller.pass(7..50)?;
        let reason = teller.words(words::NUISANCE);
        return teller.say(NuisanceReopened { occurred_on: teller.today, case_id, reason });
    }
    teller.later(56..75, |on| NuisanceCaseClosed { occurred_on: on, case_id });
    Ok(())
}
