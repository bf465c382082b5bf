//! Homes and those who seek one.

use omklap_domain::allocation::weigh::{HomeNeeds, OffersSoFar, RefusedHome, Seeker};
use omklap_domain::allocation::{PersonsRange, VacancyOpened};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::{Access, Household};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::words::code;

pub fn any_home() -> impl Strategy<Value = VacancyOpened> {
    let access = prop::option::of(any_access());
    (
        access,
        40_000..120_000_i64,
        any::<bool>(),
        prop::option::of(1..4_u8),
        0..4_usize,
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(access, rent, nuisance, most, model, quiet)| {
            let mut home = home();
            (home.home.access, home.home.nuisance_on_file, home.home.quiet) = (access, nuisance, quiet);
            home.home.rent_cents = rent.try_into().expect("an amount");
            home.home.persons = most.map(|max| PersonsRange { min: 1, max });
            let model = ["intermediary", "three-party", "temporary", "own"][model];
            home.home.contract_models = vec![serde_json::from_value(model.into()).expect("a model")];
            home
        })
}

pub fn any_seeker() -> impl Strategy<Value = Seeker> {
    let days = prop::option::of(1..28_u8);
    let household = prop::sample::select(vec![Household::Single, Household::Couple, Household::WithChildren]);
    (any::<u128>(), days, any_access(), 40_000..120_000_i64, household, any::<[bool; 5]>()).prop_map(
        |(id, day, access, limit, household, [left, quiet, pets, excluded, refused])| {
            let mut seeker = Seeker { trajectory: TrajectoryId(Uuid::from_u128(id)), ..seeker() };
            seeker.offers.used = u8::from(!left);
            seeker.ready_on = day.map(|day| code(&format!("2026-02-{day:02}")));
            let home = home();
            let again = RefusedHome {
                corporation: home.corporation,
                unit: Some(home.home.unit),
                complex: home.home.complex,
            };
            seeker.refused.extend(refused.then_some(again));
            let profile = profile(&mut seeker);
            (profile.access, profile.household) = (access, household);
            (profile.quiet_needed, profile.pets) = (quiet, pets);
            profile.rent_limit_cents = limit.try_into().expect("an amount");
            if !excluded {
                profile.excluded_areas.clear();
            }
            seeker
        },
    )
}

pub fn any_access() -> impl Strategy<Value = Access> {
    prop::sample::select(vec![Access::AnyFloor, Access::GroundFloorOrLift, Access::Wheelchair])
}

pub fn home() -> VacancyOpened {
    let home = json!({
        "unit": "VHE-1", "complex": "C-118", "municipality": "0983", "availableFrom": "2026-05-01", "certain": true,
        "rentCents": 65_000, "access": "ground-floor-or-lift", "quiet": true, "persons": {"min": 1, "max": 2},
        "contractModels": ["intermediary", "three-party"], "nuisanceOnFile": false
    });
    of(json!({
        "occurredOn": "2026-02-02", "vacancyId": "7ac00001-0000-4000-8000-000000000001",
        "corporation": "stadswonen", "region": "noord-limburg", "home": home
    }))
}

pub fn seeker() -> Seeker {
    let profile = json!({
        "occurredOn": "2026-01-05", "profile": "p1", "household": "single", "municipalityOfOrigin": "0983",
        "preferredAreas": [{"municipality": "0983"}], "excludedAreas": [{"municipality": "0957", "reason": "x"}],
        "rentLimitCents": 80_000, "access": "any-floor", "quietNeeded": false, "pets": false, "guidanceLevel": 2,
        "reachAtNight": false, "financialSupport": false, "assessor": "u-1", "clientAgreed": true,
        "validFrom": "2026-01-05"
    });
    Seeker {
        trajectory: TrajectoryId(Uuid::from_u128(1)),
        ready_on: Some(code("2026-02-01")),
        expected_on: None,
        requested_on: Some(code("2026-02-02")),
        profile: Some(HomeNeeds::of(&of(profile))),
        reach_at_night: Some(false),
        assigned_to: Some(code("stadswonen")),
        offers: OffersSoFar::default(),
        refused: Vec::new(),
        tests: Vec::new(),
    }
}

pub fn profile(seeker: &mut Seeker) -> &mut HomeNeeds {
    seeker.profile.as_mut().expect("a profile")
}

pub fn of<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("well written")
}
