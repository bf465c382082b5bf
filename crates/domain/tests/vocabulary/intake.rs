//! Intake and preparation.

use super::*;

pub fn bound_to(set: &str) -> AgreementSetVersion {
    AgreementSetVersion { id: code(set), version: 1 }
}

pub fn intake(on: Day) -> IntakeRegistered {
    IntakeRegistered {
        occurred_on: on,
        client_name: "Sam de Boer".into(),
        client_contact: Some("06 00 00 00 00".into()),
        origin: Origin::ShelteredHousing,
        care_started_on: Some(on.plus_months(1).plus_days(-400)),
        care_provider: code("de-vaart"),
        municipality: code("gemeente-amsterdam"),
        region: code("amsterdam"),
        agreement_set: bound_to("amsterdam-2018"),
        previous_trajectory: None,
        referred_by: None,
    }
}

/// An intake in a region that allows three-party leases.
pub fn intake_in_the_north_of_limburg(on: Day) -> IntakeRegistered {
    IntakeRegistered { region: code("noord-limburg"), agreement_set: bound_to("noord-limburg"), ..intake(on) }
}

pub fn taken_over_as(phase: Phase, on: Day) -> RunningCaseTakenOver {
    RunningCaseTakenOver {
        occurred_on: on,
        client_name: "Robin Smit".into(),
        client_contact: None,
        origin: Origin::GroupHome,
        care_provider: code("de-vaart"),
        municipality: code("gemeente-amsterdam"),
        region: code("amsterdam"),
        agreement_set: bound_to("amsterdam-2018"),
        previous_trajectory: None,
        phase,
        intake_on: on.plus_months(1).plus_days(-800),
        ready_on: None,
        corporation: None,
        lease: None,
        flipped_on: None,
        open_nuisance_cases: Vec::new(),
        already_kept: Vec::new(),
    }
}

pub fn taken_over(on: Day) -> RunningCaseTakenOver {
    taken_over_as(Phase::Preparing, on)
}

/// A case of a client who lives in a dwelling.
pub fn taken_over_housed(on: Day) -> RunningCaseTakenOver {
    RunningCaseTakenOver {
        ready_on: Some(on.plus_days(-500)),
        corporation: Some(code("stadswonen")),
        lease: Some(RunningLease {
            model: ContractModel::Intermediary,
            terms: lease_terms(),
            started_on: on.plus_days(-400),
        }),
        ..taken_over_as(Phase::Housed, on)
    }
}

/// A case of a client whose contract has flipped.
pub fn taken_over_flipped(on: Day) -> RunningCaseTakenOver {
    RunningCaseTakenOver {
        phase: Phase::FollowUp,
        flipped_on: Some(on.plus_days(-30)),
        ..taken_over_housed(on)
    }
}

pub fn contact_person(on: Day) -> ContactPersonAssigned {
    ContactPersonAssigned {
        occurred_on: on,
        party: Party::CareProvider,
        organisation: Some(code("de-vaart")),
        user: Some(code("u-7f3a")),
        name: "Noor Bakker".into(),
        contact: "noor@de-vaart.example".into(),
        function: None,
    }
}

/// The caretaker of the complex.
pub fn caretaker(on: Day) -> ContactPersonAssigned {
    ContactPersonAssigned {
        party: Party::HousingCorporation,
        organisation: Some(code("stadswonen")),
        function: Some(ContactFunction::Caretaker),
        ..contact_person(on)
    }
}

/// Somebody who is about to lose a home.
pub fn home_at_risk(on: Day) -> IntakeRegistered {
    IntakeRegistered { origin: Origin::HomeAtRisk, care_started_on: None, ..intake(on) }
}

pub fn representative(on: Day) -> RepresentativeAppointed {
    RepresentativeAppointed {
        occurred_on: on,
        capacity: Capacity::Guardian,
        name: "Mia Jansen".into(),
        contact: Some("mia@voogd.example".into()),
    }
}

pub fn client_journey(on: Day) -> ClientJourneyRecorded {
    ClientJourneyRecorded {
        occurred_on: on,
        how_it_came: "gave up the home because of the neighbours".into(),
        what_would_have_helped: Some("somebody who asked".into()),
        missed_chances: vec![MissedChance::WaitingTimeLost],
    }
}

pub fn privacy_explained(on: Day) -> PrivacyExplained {
    PrivacyExplained {
        occurred_on: on,
        shared_with: vec![Party::HousingCorporation, Party::Municipality],
        leaflet: Some(code("dms:leaflet-3")),
    }
}

pub fn consent_given(on: Day) -> ConsentGiven {
    ConsentGiven {
        occurred_on: on,
        scope: ConsentScope::Health,
        recipients: vec![Party::HousingCorporation],
        document: Some(code("dms:consent-12")),
    }
}

pub fn consent_withdrawn(on: Day) -> ConsentWithdrawn {
    ConsentWithdrawn {
        occurred_on: on,
        scope: ConsentScope::Health,
        reason: Some("no longer wants this".into()),
    }
}

pub fn preparation_step(on: Day) -> PreparationStepCompleted {
    PreparationStepCompleted {
        occurred_on: on,
        step: PreparationStep::LivingSkillsTraining,
        notes: Some("cooks every day".into()),
    }
}

pub fn outflow_announced(on: Day) -> OutflowAnnounced {
    OutflowAnnounced { occurred_on: on, expected_on: on.plus_months(6) }
}

pub fn profile(on: Day) -> OutflowProfileSet {
    OutflowProfileSet {
        occurred_on: on,
        profile: Profile::P1,
        household: Household::Single,
        municipality_of_origin: code("0363"),
        preferred_areas: vec![Area { municipality: code("0363"), neighbourhood: Some("Noord".into()) }],
        excluded_areas: vec![ExcludedArea {
            municipality: code("0363"),
            neighbourhood: Some("Centrum".into()),
            reason: "old friends live there".into(),
        }],
        rent_limit_cents: euros(650),
        access: Access::AnyFloor,
        quiet_needed: true,
        pets: false,
        day_activity_place: Some("the bicycle workshop".into()),
        network_place: Some("a sister in Noord".into()),
        guidance_level: guidance(2),
        reach_at_night: false,
        financial_support: true,
        ready_within_months: Some(3),
        assessor: code("u-7f3a"),
        client_agreed: true,
        valid_from: on,
    }
}

pub fn readiness_confirmed(on: Day) -> ReadinessConfirmed {
    ReadinessConfirmed {
        occurred_on: on,
        assessor: code("u-7f3a"),
        notes: Some("all steps are taken".into()),
    }
}

pub fn readiness_revoked(on: Day) -> ReadinessRevoked {
    ReadinessRevoked { occurred_on: on, reason: "asked for more time".into() }
}
