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
        ground: TerminationGround::Nuisance,
        case_id: Some(CASE),
        explanation: None,
        by: Party::CareProvider,
        client_heard_on: Some(on.plus_days(-1)),
        document: code("dms:warning-1"),
    }
}

/// A warning about arrears.
pub fn warning_about_arrears(on: Day) -> WarningIssued {
    WarningIssued { ground: TerminationGround::Arrears, case_id: None, ..warning(on) }
}

/// A warning on another ground, which it explains.
pub fn warning_about_subletting(on: Day) -> WarningIssued {
    WarningIssued {
        ground: TerminationGround::Other,
        explanation: Some("a room is let to others".into()),
        ..warning_about_arrears(on)
    }
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
        ground: TerminationGround::Nuisance,
        case_id: Some(CASE),
        acute: None,
        alternative_place: "a room at the provider's".into(),
        notice_until: on.plus_months(3),
        document: code("dms:notice-1"),
    }
}

/// The lease is ended because of arrears.
pub fn termination_for_arrears(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted { ground: TerminationGround::Arrears, case_id: None, ..termination(on) }
}

/// The lease itself is ended because of danger.
pub fn termination_in_danger(on: Day) -> LeaseTerminationStarted {
    LeaseTerminationStarted {
        ground: TerminationGround::Other,
        acute: Some(AcuteGround::Fire),
        ..termination_for_arrears(on)
    }
}

pub fn eviction_ordered(on: Day) -> EvictionOrdered {
    EvictionOrdered { occurred_on: on, case_id: Some(CASE), judgment: code("rechtbank:2026-1188") }
}

/// Client and provider agree that the lease ends a month later.
pub fn lease_end_agreed(on: Day) -> LeaseEndAgreed {
    LeaseEndAgreed {
        occurred_on: on,
        lease_id: LEASE,
        signed_by: vec![Party::Client, Party::CareProvider],
        ends_on: on.plus_months(1),
        next_place: "a room with his brother".into(),
        document: code("dms:lease-end-1"),
    }
}

pub fn eviction_prevented(on: Day) -> EvictionPrevented {
    EvictionPrevented { occurred_on: on, case_id: Some(CASE), how: "daily guidance".into() }
}
