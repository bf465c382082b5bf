//! The outflow profile.

use omklap_domain::trajectory::fact::{
    Access, Area, ExcludedArea, GuidanceLevel, Household, OutflowProfileSet, Profile,
};

use super::regions::Municipality;
use super::simulation::{Advance, Simulation, written};
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

/// The outflow profile: the first one, or a new one.
pub(super) fn set_profile(simulation: &mut Simulation<'_>) -> Advance {
    let at = simulation.one_of(simulation.region.municipalities);
    let profile = OutflowProfileSet {
        occurred_on: simulation.today,
        profile: simulation.one_of(PROFILES),
        household: simulation.one_of(HOUSEHOLDS),
        municipality_of_origin: written(at.code),
        preferred_areas: vec![preferred(simulation, at)],
        excluded_areas: excluded(simulation),
        rent_limit_cents: simulation.cents(58_000..72_000),
        access: simulation.one_of(ACCESS),
        quiet_needed: simulation.chance(0.4),
        pets: simulation.chance(0.2),
        day_activity_place: simulation.perhaps(words::DAY_ACTIVITY_PLACES),
        network_place: simulation.perhaps(words::NEIGHBOURHOODS),
        guidance_level: guidance_level(simulation, &[1, 2, 2, 3]),
        reach_at_night: simulation.chance(0.3),
        financial_support: simulation.chance(0.4),
        ready_within_months: Some(simulation.one_of(&[0, 1, 2, 3, 6])),
        assessor: simulation.code("u-"),
        client_agreed: simulation.chance(0.95),
        valid_from: simulation.today,
    };
    let agreed = profile.client_agreed;
    simulation.report(profile.clone())?;
    if !agreed {
        // They talk about it, and the client agrees to what they write down then.
        simulation.pass(5..20)?;
        let agreed = OutflowProfileSet {
            occurred_on: simulation.today,
            valid_from: simulation.today,
            client_agreed: true,
            ..profile
        };
        simulation.report(agreed)?;
    }
    Ok(())
}

fn preferred(simulation: &mut Simulation<'_>, at: Municipality) -> Area {
    Area { municipality: written(at.code), neighbourhood: simulation.perhaps(words::NEIGHBOURHOODS) }
}

fn excluded(simulation: &mut Simulation<'_>) -> Vec<ExcludedArea> {
    if !simulation.chance(0.25) {
        return Vec::new();
    }
    let at = simulation.one_of(simulation.region.municipalities);
    vec![ExcludedArea {
        municipality: written(at.code),
        neighbourhood: simulation.perhaps(words::NEIGHBOURHOODS),
        reason: simulation.words(words::NOT_THERE),
    }]
}

/// One of these levels.
pub(super) fn guidance_level(simulation: &mut Simulation<'_>, levels: &[u8]) -> GuidanceLevel {
    GuidanceLevel::try_from(simulation.one_of(levels)).expect("levels are from 0 to 4")
}
