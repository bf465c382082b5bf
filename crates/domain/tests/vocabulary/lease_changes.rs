//! A lease that changes while it runs.

use super::*;

pub fn rent_changed(on: Day) -> RentChanged {
    RentChanged { occurred_on: on, lease_id: LEASE, rent_cents: euros(640), ground: RentChangeGround::Yearly }
}

pub fn renovation_started(on: Day) -> RenovationStarted {
    RenovationStarted {
        occurred_on: on,
        lease_id: LEASE,
        temporary_unit: code("VHE-00777"),
        expected_until: Some(on.plus_months(3)),
    }
}

pub fn renovation_ended(on: Day) -> RenovationEnded {
    RenovationEnded { occurred_on: on, lease_id: LEASE }
}

pub fn dwelling_redivided(on: Day) -> DwellingRedivided {
    DwellingRedivided {
        occurred_on: on,
        lease_id: LEASE,
        change: Redivision::Merged,
        unit: code("VHE-00412-413"),
    }
}

/// The provider to which the case was transferred becomes the head tenant.
pub fn head_lease_taken_over(on: Day) -> HeadLeaseTakenOver {
    HeadLeaseTakenOver {
        occurred_on: on,
        lease_id: LEASE,
        care_provider: code("het-anker"),
        head_lease: Some(code("dms:head-lease-5")),
    }
}

pub fn indication_ended(on: Day) -> CareIndicationEnded {
    CareIndicationEnded { occurred_on: on, support_afterwards: Some("guidance at home".into()) }
}

pub fn condition_reviewed(on: Day) -> FlipConditionReviewed {
    FlipConditionReviewed {
        occurred_on: on,
        kind: FlipConditionKind::Debts,
        progress: Progress::OnTheWay,
        notes: Some("half of it is paid".into()),
    }
}
