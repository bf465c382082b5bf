//! The viewers of these tests, and stories that differ in what they see.

use std::collections::BTreeSet;

use omklap_domain::visibility::{Role, Viewer};
use uuid::Uuid;

use crate::vocabulary::*;

pub const ID: TrajectoryId = TrajectoryId(Uuid::from_u128(7));

/// Stories that differ in what viewers see.
pub fn stages() -> Vec<(&'static str, Story)> {
    let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Unopened);
    let mut stages: Vec<_> = phases.map(|phase| (phase.as_str(), life_in(phase))).collect();
    stages.extend([
        ("nuisance", nuisance()),
        ("quiet", quiet()),
        ("withdrawn", offered().then(offer_withdrawn)),
        ("nominated to another", nominated_to_another()),
        ("deceased", deceased()),
    ]);
    stages
}

pub fn nominated_to_another() -> Story {
    seeking_another_dwelling().then(to_another)
}

pub fn matching_with_another() -> Story {
    nominated().then(to_another)
}

pub fn to_another(on: Day) -> CorporationAssigned {
    CorporationAssigned { corporation: code("een-ander"), ..corporation_assigned(on) }
}

pub fn of(role: Role, organisation: &str) -> Viewer {
    let regions = BTreeSet::from([code("amsterdam")]);
    Viewer { role, organisation: code(organisation), regions, trajectory: Some(ID) }
}

pub fn other(role: Role) -> Viewer {
    of(role, "een-ander")
}

/// Every role, at the organisation that works on the case in that role, and the roles of another
/// corporation.
pub fn viewers() -> Vec<Viewer> {
    let partners = preparing().state().partners.clone().expect("opened");
    let own = Role::ALL.into_iter().map(|role| match role {
        Role::Guide | Role::CareProvider | Role::NuisanceDesk | Role::Client => {
            of(role, partners.care_provider.as_str())
        }
        Role::HousingCorporation | Role::NuisanceOfficer => of(role, "stadswonen"),
        _ => of(role, partners.municipality.as_str()),
    });
    own.chain([other(Role::HousingCorporation), other(Role::NuisanceOfficer)]).collect()
}

pub fn by(viewer: &Viewer, kind: FactType, on: Day) -> Fact {
    let mut fact = fact_of(kind, on);
    match &mut fact {
        Fact::DwellingOffered(offer) => offer.corporation = viewer.organisation.clone(),
        Fact::AssignmentReturned(returned) => returned.corporation = viewer.organisation.clone(),
        Fact::CorporationAssigned(assigned) => {
            (assigned.corporation, assigned.assigned_by) = (code("een-ander"), viewer.role.party());
        }
        _ => {}
    }
    fact
}

pub fn retracts(on: Day, corrects: u64) -> Fact {
    EventCorrected { occurred_on: on, corrects, replacement: None, reason: "it was not so".into() }.into()
}
