//! Moving in.

use super::*;

pub fn first_rent_help_requested(on: Day) -> FirstRentHelpRequested {
    FirstRentHelpRequested { occurred_on: on, amount_cents: euros(620) }
}

pub fn first_rent_covered(on: Day) -> FirstRentCovered {
    FirstRentCovered { occurred_on: on, covered_by: Coverer::Municipality, amount_cents: euros(620) }
}

pub fn first_rent_repaid(on: Day) -> FirstRentRepaid {
    FirstRentRepaid { occurred_on: on, amount_cents: euros(100) }
}

pub fn neighbourhood_meeting(on: Day) -> NeighbourhoodMeetingHeld {
    NeighbourhoodMeetingHeld { occurred_on: on, outcome: Some("one number to call at night".into()) }
}

pub fn neighbourhood_informed(on: Day) -> NeighbourhoodInformed {
    NeighbourhoodInformed { occurred_on: on, informed: vec![Informed::Police, Informed::NeighbourhoodTeam] }
}

pub fn circle_joined(on: Day) -> NeighbourhoodCircleJoined {
    NeighbourhoodCircleJoined { occurred_on: on, circle: Some("cooks on Thursday".into()) }
}

pub fn lease_terms() -> LeaseTerms {
    LeaseTerms {
        lease_id: LEASE,
        care_provider: code("de-vaart"),
        corporation: code("stadswonen"),
        unit: code("VHE-00412"),
        rent_cents: euros(620),
        care_agreement: Some(code("dms:care-agreement-4")),
        care_form: Some(CareForm::ShelteredAtHome),
    }
}

pub fn intermediary_lease(on: Day) -> HousedUnderIntermediaryLease {
    HousedUnderIntermediaryLease {
        occurred_on: on,
        terms: lease_terms(),
        head_lease: Some(code("dms:head-lease-4")),
    }
}

pub fn three_party_lease(on: Day) -> HousedUnderThreePartyLease {
    HousedUnderThreePartyLease { occurred_on: on, terms: lease_terms(), guarantee_fund: true }
}

pub fn temporary_lease(on: Day) -> HousedUnderTemporaryLease {
    HousedUnderTemporaryLease { occurred_on: on, terms: lease_terms(), ends_on: on.plus_months(24) }
}

pub fn own_lease(on: Day) -> HousedUnderOwnLease {
    HousedUnderOwnLease { occurred_on: on, terms: lease_terms() }
}

pub fn living_agreements(on: Day) -> LivingAgreementsSigned {
    LivingAgreementsSigned {
        occurred_on: on,
        signed_by: THE_THREE.to_vec(),
        document: code("dms:living-agreements-4"),
    }
}

pub fn flip_conditions(on: Day) -> FlipConditionsSet {
    FlipConditionsSet {
        occurred_on: on,
        conditions: vec![FlipCondition {
            kind: FlipConditionKind::Debts,
            condition: "debts are paid".into(),
        }],
        acknowledged_by_client: true,
    }
}

pub fn guidance_plan(on: Day) -> GuidancePlanAgreed {
    GuidancePlanAgreed {
        occurred_on: on,
        level: guidance(2),
        goals: vec!["open the post every week".into()],
        document: Some(code("dms:plan-9")),
    }
}

pub fn relapse_plan(on: Day) -> RelapsePlanAgreed {
    RelapsePlanAgreed {
        occurred_on: on,
        early_signs: Some("sleeps in the daytime".into()),
        document: Some(code("dms:relapse-plan-9")),
    }
}

pub fn neighbours_met(on: Day) -> NeighboursMet {
    NeighboursMet { occurred_on: on, how: Meeting::WithGuide }
}

pub fn welcome_talk(on: Day) -> WelcomeTalkHeld {
    WelcomeTalkHeld { occurred_on: on, notes: Some("coffee with the caretaker".into()) }
}
