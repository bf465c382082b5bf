//! An organisation as every partner sees it.

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::ids::RegionId;
use omklap_domain::organisation::OrganisationKind;
use omklap_store::organisations::Organisation;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{ClientBody, OrganisationBody, contact_points};
use crate::http::request::caller::Administrator;

/// A partner: what it is called, its kind, its regions and its contact points.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Partner)]
#[serde(rename_all = "camelCase")]
pub struct PartnerBody {
    /// What kind of partner it is.
    kind: OrganisationKind,
    /// What people call it.
    #[schema(example = "Zorggroep De Vaart")]
    name: String,
    /// The regions it works in.
    #[schema(inline)]
    regions: BTreeSet<RegionId>,
    /// How its desks are reached, by their names, such as `nuisance-desk`.
    #[schema(schema_with = contact_points)]
    contact_points: BTreeMap<String, String>,
    /// Whether it is a partner no longer: earlier facts name it, and a new one cannot.
    disabled: bool,
    /// The programs that act for it; administrators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    clients: Option<Vec<ClientBody>>,
}

impl PartnerBody {
    /// The organisation, with its programs if the caller is an administrator.
    pub(super) fn of(organisation: Organisation, administrator: Option<&Administrator>) -> Self {
        let OrganisationBody { kind, name, regions, contact_points, clients, disabled } = organisation.into();
        let clients = administrator.map(|_| clients);
        Self { kind, name, regions, contact_points, disabled, clients }
    }
}
