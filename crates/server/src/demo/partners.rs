//! The partners of told and invented trajectories, so that they can sign in.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::ids::{MunicipalityCode, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use serde_json::Value;

use crate::http::organisations::{ClientBody, OrganisationBody};

/// Where facts name partners, and what kind those are.
const NAMED: [(&str, OrganisationKind); 3] = [
    ("careProvider", OrganisationKind::CareProvider),
    ("corporation", OrganisationKind::HousingCorporation),
    ("municipality", OrganisationKind::Municipality),
];

/// Every partner that these facts name, one fact a line, and a matching point and an auditor for all of their regions. Each has a client of
/// its own name, which may speak in every role of the partner.
#[must_use]
pub fn partners(facts: &str) -> BTreeMap<OrganisationId, OrganisationBody> {
    let facts: Vec<Value> = facts.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let text = |fact: &Value, field: &str| fact.get(field).and_then(Value::as_str).map(str::to_owned);
    let regions: BTreeSet<RegionId> =
        facts.iter().filter_map(|fact| text(fact, "region")?.parse().ok()).collect();
    let mut partners = BTreeMap::new();
    let mut add = |name: &str, kind| {
        if let Ok(id) = name.parse::<OrganisationId>() {
            partners.entry(id).or_insert_with(|| partner(name, kind, &regions));
        }
    };
    add("matching-point", OrganisationKind::MatchingPoint);
    add("auditor", OrganisationKind::Auditor);
    for fact in &facts {
        for (field, kind) in NAMED {
            // The municipality of a dwelling is a number of Statistics Netherlands, and no partner.
            if let Some(name) = text(fact, field).filter(|name| name.parse::<MunicipalityCode>().is_err()) {
                add(&name, kind);
            }
        }
    }
    partners
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
