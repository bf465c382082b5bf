//! Living there, and money.

use super::*;

pub fn evaluation(on: Day) -> EvaluationHeld {
    EvaluationHeld {
        occurred_on: on,
        home: Finding::Good,
        rent: Finding::Good,
        resident: Finding::Attention,
        notes: Some("misses company".into()),
    }
}

pub fn annual_review(on: Day) -> AnnualReviewHeld {
    AnnualReviewHeld {
        occurred_on: on,
        attended_by: THE_THREE.to_vec(),
        agreements_changed: false,
        document: Some(code("dms:review-1")),
        notes: Some("all as agreed".into()),
    }
}

pub fn guidance_scaled(on: Day) -> GuidanceScaled {
    GuidanceScaled {
        occurred_on: on,
        level: guidance(3),
        signal_id: None,
        reason: Some("needs more for a while".into()),
    }
}

pub fn lease_extended(on: Day) -> LeaseExtended {
    LeaseExtended { occurred_on: on, lease_id: LEASE, ends_on: on.plus_months(36) }
}

pub fn signal(on: Day) -> SignalReported {
    SignalReported {
        occurred_on: on,
        signal_id: SIGNAL,
        source: SignalSource::Neighbour,
        kind: SignalKind::Loneliness,
        asked: Party::CareProvider,
        asks_for_guidance: true,
        observation: "the curtains stay closed".into(),
    }
}

pub fn signal_answered(on: Day) -> SignalAnswered {
    SignalAnswered { occurred_on: on, signal_id: SIGNAL, answer: "visits twice a week".into() }
}

pub fn placement(on: Day) -> TemporaryPlacementStarted {
    TemporaryPlacementStarted {
        occurred_on: on,
        kind: PlacementKind::TimeOut,
        expected_until: Some(on.plus_weeks(6)),
        nuisance_case: None,
        reason: Some("rest".into()),
    }
}

pub fn returned_home(on: Day) -> ReturnedHome {
    ReturnedHome { occurred_on: on, notes: Some("rested".into()) }
}

pub fn absence(on: Day) -> AbsenceStarted {
    AbsenceStarted { occurred_on: on, kind: AbsenceKind::Hospital, expected_until: Some(on.plus_weeks(2)) }
}

pub fn absence_ended(on: Day) -> AbsenceEnded {
    AbsenceEnded { occurred_on: on }
}

pub fn rent_missed(on: Day) -> RentMissed {
    RentMissed { occurred_on: on, due_on: on.plus_days(-7), amount_cents: euros(620) }
}

pub fn arrears_plan(on: Day) -> ArrearsPlanAgreed {
    ArrearsPlanAgreed {
        occurred_on: on,
        total_cents: euros(620),
        instalment_cents: euros(62),
        first_instalment_on: on.plus_months(1),
    }
}

pub fn arrears_cleared(on: Day) -> ArrearsCleared {
    ArrearsCleared { occurred_on: on }
}

pub fn financial_support(on: Day) -> FinancialSupportAssigned {
    FinancialSupportAssigned {
        occurred_on: on,
        kind: FinancialSupport::BudgetCoach,
        supporter: Some("Ali Yilmaz".into()),
    }
}

pub fn debt_arrangement(on: Day) -> DebtArrangementStarted {
    DebtArrangementStarted {
        occurred_on: on,
        kind: DebtArrangement::Amicable,
        expected_end_on: Some(on.plus_months(18)),
    }
}

pub fn damage(on: Day) -> DamageReported {
    DamageReported {
        occurred_on: on,
        damage_id: DAMAGE,
        estimate_cents: euros(400),
        description: "a broken door".into(),
    }
}

pub fn damage_settled(on: Day) -> DamageSettled {
    DamageSettled { occurred_on: on, damage_id: DAMAGE, borne_by: BorneBy::Insurer }
}

pub fn fund_claimed(on: Day) -> GuaranteeFundClaimed {
    GuaranteeFundClaimed {
        occurred_on: on,
        claim_id: CLAIM,
        ground: ClaimGround::Damage,
        damage_id: Some(DAMAGE),
        rents_due_on: Vec::new(),
        amount_cents: euros(400),
    }
}

/// A claim on the fund for the rent that [`rent_missed`] says was missed the day before.
pub fn fund_claimed_for_rent(on: Day) -> GuaranteeFundClaimed {
    GuaranteeFundClaimed {
        ground: ClaimGround::Arrears,
        damage_id: None,
        rents_due_on: vec![rent_missed(on.plus_days(-1)).due_on],
        ..fund_claimed(on)
    }
}

pub fn fund_settled(on: Day) -> GuaranteeFundSettled {
    GuaranteeFundSettled { occurred_on: on, claim_id: CLAIM, awarded_cents: euros(300), settled_by: None }
}
