//! Facts that are admitted at any time.

use super::*;

pub fn departure(on: Day) -> DepartureAgreed {
    DepartureAgreed {
        occurred_on: on,
        obligation: code("4.5"),
        agreed_by: vec![Party::Client, Party::CareProvider],
        asks: vec![Party::HousingCorporation],
        reason: "knows the neighbours already".into(),
    }
}

pub fn transferred(on: Day) -> TrajectoryTransferred {
    TrajectoryTransferred {
        occurred_on: on,
        care_provider: Some(code("het-anker")),
        municipality: None,
        ground: TransferGround::ProviderBankrupt,
    }
}

pub fn ended_with(outcome: Outcome) -> impl FnOnce(Day) -> TrajectoryEnded {
    move |on| TrajectoryEnded { occurred_on: on, outcome, notes: Some("as it went".into()) }
}

pub fn trajectory_ended(on: Day) -> TrajectoryEnded {
    ended_with(Outcome::Withdrew)(on)
}

pub fn registered_by_mistake(on: Day) -> RegisteredByMistake {
    RegisteredByMistake {
        occurred_on: on,
        same_as: Some(TrajectoryId(uuid::Uuid::from_u128(0x7fa1_0002))),
        reason: "was registered yesterday as well".into(),
    }
}

/// Retracts a fact.
pub fn retracted(sequence: u64) -> impl FnOnce(Day) -> EventCorrected {
    move |on| EventCorrected {
        occurred_on: on,
        corrects: sequence,
        replacement: None,
        reason: "typed in the wrong case".into(),
    }
}

/// Replaces a fact.
pub fn replaced(sequence: u64, by: impl Into<Fact>) -> impl FnOnce(Day) -> EventCorrected {
    let replacement = Some(Box::new(by.into()));
    move |on| EventCorrected { replacement, ..retracted(sequence)(on) }
}

pub fn corrected(on: Day) -> EventCorrected {
    retracted(2)(on)
}

pub fn agreement_set_changed(on: Day) -> AgreementSetChanged {
    AgreementSetChanged {
        occurred_on: on,
        agreement_set: bound_to("amsterdam-2020"),
        reason: "the region rewrote three titles".into(),
    }
}

pub fn restricted(on: Day) -> ProcessingRestricted {
    ProcessingRestricted {
        occurred_on: on,
        ground: RestrictionGround::AccuracyContested,
        asked_by: RestrictionAsker::Client,
    }
}

pub fn restriction_lifted(on: Day) -> RestrictionLifted {
    RestrictionLifted { occurred_on: on }
}

pub fn erased(on: Day) -> PersonalDataErased {
    PersonalDataErased { occurred_on: on, ground: ErasureGround::Objected, facts: None }
}

pub fn legal_hold(on: Day) -> LegalHoldPlaced {
    LegalHoldPlaced {
        occurred_on: on,
        ground: HoldGround::Complaint,
        reference: Some(code("dms:2026/00417")),
    }
}

pub fn legal_hold_lifted(on: Day) -> LegalHoldLifted {
    LegalHoldLifted { occurred_on: on }
}
