//! Matching.

use super::*;

pub fn housing_requested(on: Day) -> HousingRequested {
    HousingRequested { occurred_on: on, application: Some(code("dms:application-88")) }
}

pub fn request_returned(on: Day) -> RequestReturned {
    RequestReturned {
        occurred_on: on,
        missing: vec![MissingItem::Income],
        notes: Some("a payslip is missing".into()),
    }
}

pub fn corporation_assigned(on: Day) -> CorporationAssigned {
    CorporationAssigned { occurred_on: on, corporation: code("stadswonen"), assigned_by: None }
}

/// The provider assigned the corporation, together with it.
pub fn assigned_together(on: Day) -> CorporationAssigned {
    CorporationAssigned { assigned_by: Some(Party::CareProvider), ..corporation_assigned(on) }
}

pub fn assignment_returned(on: Day) -> AssignmentReturned {
    AssignmentReturned {
        occurred_on: on,
        corporation: code("stadswonen"),
        ground: AssignmentReturnGround::NoFittingDwelling,
        explanation: Some("nothing with a lift before summer".into()),
    }
}

pub fn dwelling_offered(on: Day) -> DwellingOffered {
    DwellingOffered {
        occurred_on: on,
        offer_id: OFFER,
        corporation: code("stadswonen"),
        unit: code("VHE-00412"),
        complex: Some(code("C-118")),
        municipality: code("0363"),
        rent_cents: euros(620),
        access: Some(Access::GroundFloorOrLift),
        nuisance_on_file: false,
        considerations: Considerations {
            wishes: "a small place of one's own".into(),
            profile: "P1".into(),
            dwelling: "two rooms on the second floor".into(),
            neighbourhood: "a quiet stairwell".into(),
            network: "ten minutes from a sister".into(),
            day_activity: "the workshop is near".into(),
        },
        agreed_by: vec![Party::CareProvider, Party::HousingCorporation],
        respond_by: Some(on.plus_days(14)),
        vacancy: None,
        weighing: None,
        why: None,
    }
}

/// The first in the list of a vacancy gets the dwelling.
pub fn offered_to_the_first(on: Day) -> DwellingOffered {
    let weighing = OfferWeighing {
        valid_on: on,
        known_at: "2026-03-02T09:00:00Z".parse().expect("an instant"),
        eligible: 3,
        place: 1,
        digest: code(&"9f".repeat(32)),
    };
    DwellingOffered { vacancy: Some(VACANCY), weighing: Some(weighing), ..dwelling_offered(on) }
}

/// The second in the list of a vacancy gets the dwelling, with the reason.
pub fn offered_to_the_second(on: Day) -> DwellingOffered {
    let mut offer = offered_to_the_first(on);
    offer.weighing.iter_mut().for_each(|weighing| weighing.place = 2);
    DwellingOffered { why: Some("the first is on a long journey".into()), ..offer }
}

/// Another dwelling than the first is offered.
pub fn another_dwelling_offered(on: Day) -> DwellingOffered {
    DwellingOffered { offer_id: SECOND_OFFER, unit: code("VHE-00999"), ..dwelling_offered(on) }
}

pub fn offer_accepted(on: Day) -> OfferAccepted {
    OfferAccepted { occurred_on: on, offer_id: OFFER, viewed_on: Some(on) }
}

pub fn offer_refused(on: Day) -> OfferRefused {
    OfferRefused {
        occurred_on: on,
        offer_id: OFFER,
        ground: RefusalGround::TooFarFromNetwork,
        explanation: Some("an hour by bus".into()),
    }
}

pub fn offer_not_answered(on: Day) -> OfferRefused {
    OfferRefused { ground: RefusalGround::NotAnsweredInTime, ..offer_refused(on) }
}

pub fn fitting_tested(on: Day) -> FittingTestDone {
    FittingTestDone {
        occurred_on: on,
        offer_id: OFFER,
        result: FittingResult::Fits,
        tested_by: Party::HousingCorporation,
    }
}

pub fn offer_withdrawn(on: Day) -> OfferWithdrawn {
    OfferWithdrawn {
        occurred_on: on,
        offer_id: OFFER,
        ground: WithdrawalGround::DwellingNotAvailable,
        explanation: Some("let by mistake".into()),
    }
}

pub fn second_offer_granted(on: Day) -> SecondOfferGranted {
    SecondOfferGranted { occurred_on: on, reason: "too far from the only family".into() }
}

pub fn case_discussed(on: Day) -> CaseDiscussed {
    CaseDiscussed {
        occurred_on: on,
        bottleneck: Bottleneck::DwellingSupply,
        outcome: "a second corporation looks along".into(),
        attendees: Vec::new(),
    }
}

/// Provider, corporation and municipality at one table.
pub fn discussed_by_three(on: Day) -> CaseDiscussed {
    let of = |party, organisation: &str| Attendee { party, organisation: Some(code(organisation)) };
    CaseDiscussed {
        attendees: vec![
            of(Party::CareProvider, "de-vaart"),
            of(Party::HousingCorporation, "stadswonen"),
            of(Party::Municipality, "gemeente-amsterdam"),
        ],
        ..case_discussed(on)
    }
}

pub fn obstacle_removed(on: Day) -> ObstacleRemoved {
    ObstacleRemoved {
        occurred_on: on,
        bottleneck: Bottleneck::MunicipalityOfOrigin,
        explanation: Some("the two municipalities agreed who pays".into()),
    }
}

pub fn budget_coach_sent(on: Day) -> BudgetCoachSent {
    BudgetCoachSent { occurred_on: on, coach: Some("Ali Yilmaz".into()) }
}

pub fn place_found(on: Day) -> PlaceFound {
    PlaceFound {
        occurred_on: on,
        kind: PlaceKind::InBetween,
        explanation: Some("a room from Monday on".into()),
    }
}
