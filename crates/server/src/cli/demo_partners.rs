//! The partners of demo trajectories, so that they can sign in.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::partners_in;
use omklap_domain::trajectory::Fact;

use crate::http::organisations::{ClientBody, OrganisationBody};

/// Every partner that these facts name (one fact a line), for all of their regions, and a matching
/// point and an auditor for every region that has agreements: later demo cases are in other regions.
/// Each has one client with the partner's name and all of the partner's roles.
#[must_use]
pub fn partners(facts: &str) -> BTreeMap<OrganisationId, OrganisationBody> {
    let facts: Vec<Fact> = facts.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let regions: BTreeSet<RegionId> = facts.iter().filter_map(region).cloned().collect();
    let mut partners = BTreeMap::new();
    let mut add = |name: &str, kind, regions: &BTreeSet<RegionId>| {
        if let Ok(id) = name.parse::<OrganisationId>() {
            partners.entry(id).or_insert_with(|| partner(name, kind, regions));
        }
    };
    let sets = AgreementSets::shipped();
    let everywhere = sets.iter().flat_map(|set| set.regions.iter().cloned()).chain(regions.clone()).collect();
    add("matching-point", OrganisationKind::MatchingPoint, &everywhere);
    add("auditor", OrganisationKind::Auditor, &everywhere);
    facts.iter().flat_map(partners_in).for_each(|(id, kind)| add(id.as_str(), kind, &regions));
    partners
}

/// The partners of the simulated regions, each for all its regions.
pub fn simulated_partners() -> impl Iterator<Item = (OrganisationId, OrganisationBody)> {
    let mut partners: BTreeMap<OrganisationId, (&str, OrganisationKind, BTreeSet<RegionId>)> =
        BTreeMap::new();
    for (name, kind, region) in omklap_demo::simulated_partners() {
        if let (Ok(id), Ok(region)) = (name.parse(), region.parse()) {
            partners.entry(id).or_insert_with(|| (name, kind, BTreeSet::new())).2.insert(region);
        }
    }
    partners.into_iter().map(|(id, (name, kind, regions))| (id, partner(name, kind, &regions)))
}

/// The region of a fact that opens a trajectory.
fn region(fact: &Fact) -> Option<&RegionId> {
    match fact {
        Fact::IntakeRegistered(intake) => Some(&intake.region),
        Fact::RunningCaseTakenOver(case) => Some(&case.region),
        _ => None,
    }
}

fn partner(name: &str, kind: OrganisationKind, regions: &BTreeSet<RegionId>) -> OrganisationBody {
    let client = ClientBody {
        client_id: name.parse().expect("a code of an organisation is one of a client"),
        issuer: None,
        roles: kind.roles().iter().copied().collect(),
        purpose: Some("demo".to_owned()),
        disabled: false,
    };
    OrganisationBody {
        kind,
        name: name.to_owned(),
        regions: regions.clone(),
        contact_points: BTreeMap::new(),
        clients: vec![client],
        disabled: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partner_of_a_simulated_trajectory_is_registered_for_its_regions() {
        let sets = AgreementSets::shipped();
        let known: BTreeMap<OrganisationId, OrganisationBody> = simulated_partners().collect();
        for number in 0..400 {
            let facts = omklap_demo::history(7, number, &sets);
            let regions: BTreeSet<&RegionId> = facts.iter().filter_map(region).collect();
            for (id, _) in facts.iter().filter(|fact| region(fact).is_some()).flat_map(partners_in) {
                let regions_of = |id| known.get(id).map(|known: &OrganisationBody| &known.regions);
                let works_there =
                    regions_of(id).is_some_and(|known| regions.iter().all(|one| known.contains(*one)));
                assert!(works_there, "{number}: {id} in {regions:?}");
            }
            for (id, kind) in facts.iter().flat_map(partners_in) {
                assert!(known.contains_key(id), "{number}: {id} ({kind:?})");
            }
        }
    }
}
