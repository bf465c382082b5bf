//! After the flip.

use super::*;

pub fn aftercare(on: Day) -> AftercareAgreed {
    AftercareAgreed {
        occurred_on: on,
        contact_every_weeks: Some(4),
        contact_point: "Noor, 020 000 00 00".into(),
        until: Some(on.plus_months(36)),
    }
}

pub fn check_held(on: Day) -> FollowUpCheckHeld {
    FollowUpCheckHeld {
        occurred_on: on,
        month: 3,
        tenancy: Tenancy::OwnTenancy,
        resident: FollowUpFinding::Well,
        notes: Some("has a job".into()),
    }
}

pub fn check_missed(on: Day) -> FollowUpCheckMissed {
    FollowUpCheckMissed { occurred_on: on, month: 3, reason: MissedReason::NotReached }
}

pub fn return_requested(on: Day) -> ReturnRequested {
    ReturnRequested {
        occurred_on: on,
        request_id: REQUEST,
        requested_by: Party::Client,
        reason: "living alone is too much".into(),
    }
}

pub fn return_request_withdrawn(on: Day) -> ReturnRequestWithdrawn {
    ReturnRequestWithdrawn { occurred_on: on, request_id: REQUEST, reason: Some("wants to try again".into()) }
}

pub fn tenancy_ended(on: Day) -> TenancyEnded {
    TenancyEnded { occurred_on: on, lease_id: OWN_LEASE, ended_by: TenancyEnder::Tenant }
}

pub fn tenant_death_reported(on: Day) -> TenantDeathReported {
    TenantDeathReported { occurred_on: on, died_on: Some(on) }
}

pub fn test_done(on: Day) -> LightWmoTestDone {
    LightWmoTestDone {
        occurred_on: on,
        request_id: REQUEST,
        granted: true,
        explanation: Some("welcome back".into()),
    }
}

pub fn test_said_no(on: Day) -> LightWmoTestDone {
    LightWmoTestDone { granted: false, ..test_done(on) }
}

pub fn returned_to_shelter(on: Day) -> ReturnedToShelter {
    ReturnedToShelter { occurred_on: on, request_id: REQUEST, to: ReturnPlace::ShelteredHousing }
}

pub fn follow_up_ended_with(outcome: Outcome) -> impl FnOnce(Day) -> FollowUpEnded {
    move |on| FollowUpEnded { occurred_on: on, outcome }
}

pub fn follow_up_ended(on: Day) -> FollowUpEnded {
    follow_up_ended_with(Outcome::FollowUpCompleted)(on)
}
