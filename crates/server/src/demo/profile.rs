//! The outflow profile.

use omklap_domain::trajectory::fact::{
    Access, Area, ExcludedArea, GuidanceLevel, Household, OutflowProfileSet, Profile,
};

use super::regions::Municipality;
use super::teller::{Teller, Told, written};
use super::words;

const PROFILES: &[Profile] =
    &[Profile::P1, Profile::P1, Profile::P2, Profile::P2, Profile::P3, Profile::P4, Profile::P5];

const HOUSEHOLDS: &[Household] = &[
    Household::Single,
    Household::Single,
    Household::Single,
    Household::WithChildren,
    Household::Couple,
    Household::Shared,
];

const ACCESS: &[Access] =
    &[Access::AnyFloor, Access::AnyFloor, Access::GroundFloorOrLift, Access::Wheelchair];

/// The outflow profile, at first or anew.
pub(super) fn set_profile(teller: &mut Teller<'_>) -> Told {
    let at = teller.one_of(teller.region.municipalities);
    let profile = OutflowProfileSet {
        occurred_on: teller.today,
        profile: teller.one_of(PROFILES),
        household: teller.one_of(HOUSEHOLDS),
        municipality_of_origin: written(at.code),
        preferred_areas: vec![preferred(teller, at)],
        excluded_areas: excluded(teller),
        rent_limit_cents: teller.cents(58_000..72_000),
        access: teller.one_of(ACCESS),
        quiet_needed: teller.chance(0.4),
        pets: teller.chance(0.2),
        day_activity_place: teller.perhaps(words::DAY_ACTIVITY_PLACES),
        network_place: teller.perhaps(words::NEIGHBOURHOODS),
        guidance_level: guidance_level(teller, &[1, 2, 2, 3]),
        reach_at_night: teller.chance(0.3),
        financial_support: teller.chance(0.4),
        ready_within_months: Some(teller.one_of(&[0, 1, 2, 3, 6])),
        assessor: teller.code("u-"),
        client_agreed: teller.chance(0.95),
        valid_from: teller.today,
    };
    teller.say(profile)
}

fn preferred(teller: &mut Teller<'_>, at: Municipality) -> Area {
    Area { municipality: written(at.code), neighbourhood: teller.perhaps(words::NEIGHBOURHOODS) }
}

fn excluded(teller: &mut Teller<'_>) -> Vec<ExcludedArea> {
    if !teller.chance(0.25) {
        return Vec::new();
    }
    let at = teller.one_of(teller.region.municipalities);
    vec![ExcludedArea {
        municipality: written(at.code),
        neighbourhood: teller.perhaps(words::NEIGHBOURHOODS),
        reason: teller.words(words::NOT_THERE),
    }]
}

/// One of these levels.
pub(super) fn guidance_level(teller: &mut Teller<'_>, levels: &[u8]) -> GuidanceLevel {
    GuidanceLevel::try_from(teller.one_of(levels)).expect("levels are from 0 to 4")
}
