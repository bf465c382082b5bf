//! Nuisance.

use super::*;

pub fn nuisance_reported(on: Day) -> NuisanceReported {
    NuisanceReported {
        occurred_on: on,
        case_id: CASE,
        happened_on: on.plus_days(-1),
        place: "the stairwell".into(),
        kind: NuisanceKind::Noise,
        channel: Channel::Telephone,
        facts: "music until four".into(),
        reporter: Some("the neighbour below".into()),
        earlier_case: None,
    }
}

pub fn reporter_informed(on: Day) -> ReporterInformed {
    ReporterInformed { occurred_on: on, case_id: CASE, told: Some("what will be done".into()) }
}

pub fn approach_agreed(on: Day) -> ApproachAgreed {
    ApproachAgreed {
        occurred_on: on,
        case_id: CASE,
        agreed_by: THE_THREE.to_vec(),
        approach: "headphones after ten".into(),
    }
}

/// The case goes to a level. The client was heard the day before.
pub fn escalated_to(to: u8) -> impl FnOnce(Day) -> Escalated {
    move |on| Escalated {
        occurred_on: on,
        case_id: CASE,
        to_level: level(to),
        acute: None,
        client_heard_on: Some(on.plus_days(-1)),
        reason: "it goes on".into(),
    }
}

pub fn escalated(on: Day) -> Escalated {
    escalated_to(2)(on)
}

/// The case goes to a level because of danger.
pub fn in_danger(to: u8) -> impl FnOnce(Day) -> Escalated {
    move |on| Escalated { acute: Some(AcuteGround::Violence), ..escalated_to(to)(on) }
}

pub fn warning(on: Day) -> WarningIssued {
    WarningIssued {
        occurred_on: on,
        case_id: Some(CASE),
        by: Party::CareProvider,
        client_heard_on: Some(on.plus_days(-1)),
        document: code("dms:warning-1"),
    }
}

/// A warning about the lease itself, such as arrears.
pub fn warning_about_the_lease(on: Day) -> WarningIssued {
    WarningIssued { case_id: None, ..warning(on) }
}

pub fn last_chance(on: Day) -> LastChanceAgreed {
    LastChanceAgreed {
        occurred_on: on,
        case_id: CASE,
        signed_by: THE_THREE.to_vec(),
        until: on.plus_months(6),
        municipality_told_on: on,
        document: code("dms:last-chance-1"),
    }
}

pub fn deescalated_to(to: u8) -> impl FnOnce(Day) -> Deescalated {
    move |on| Deescalated {
        occurred_on: on,
        case_id: CASE,
        to_level: level(to),
        reviewed_on: on,
        reason: Some("four quiet weeks".into()),
    }
}

pub fn deescalated(on: Day) -> Deescalated {
    deescalated_to(1)(on)
}

pub fn nuisance_resolved(on: Day) -> NuisanceResolved {
    NuisanceResolved { occurred_on: on, case_id: CASE, how: "the neighbours talk".into() }
}

pub fn nuisance_reopened(on: Day) -> NuisanceReopened {
    NuisanceReopened { occurred_on: on, case_id: CASE, reason: "music again".into() }
}

pub fn nuisance_closed(on: Day) -> NuisanceCaseClosed {
    NuisanceCaseClosed { occurred_on: on, case_id: CASE }
}

pub fn nuisance_unfounded(on: Day) -> NuisanceFoundUnfounded {
    NuisanceFoundUnfounded { occurred_on: on, case_id: CASE, finding: "it was another floor".into() }
}

pub fn nuisance_handed_over(on: Day) -> NuisanceHandedOver {
    NuisanceHandedOver {
        occurred_on: on,
        case_id: CASE,
        to: HandedTo::Police,
        explanation: Some("it is about a visitor".into()),
    }
}

/// The lease is ended because of the nuisance case.
pub fn termination(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted {
        occurred_on: on,
        case_id: Some(CASE),
        acute: None,
        alternative_place: "a room at the provider's".into(),
        notice_until: on.plus_months(3),
        document: code("dms:notice-1"),
    }
}

/// The lease is ended for another reason, such as arrears.
pub fn termination_for_arrears(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted { case_id: None, ..termination(on) }
}

pub fn eviction_prevented(on: Day) -> EvictionPrevented {
    EvictionPrevented { occurred_on: on, case_id: Some(CASE), how: "daily guidance".into() }
}
