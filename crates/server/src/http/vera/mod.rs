//! The façade of VERA, `/vera/v4`: a corporation's allocation system reports and reads in the messages of
//! its own standard. Each operation reads a message, calls the same functions as `/v1`, and writes a
//! message: nothing is decided here, and nothing can be done here that cannot be done there.
//!
//! Decision: ADR 51. The mapping: `docs/VERA.md`.

mod allocations;
mod body;
mod candidates;
mod cases;
mod document;
mod leases;
mod offers;
mod priorities;
mod publications;
mod received;
mod relations;
mod schemas;
mod units;

use actix_web::web::ServiceConfig as Routes;
use omklap_domain::ids::OrganisationId;
use omklap_domain::visibility::Role;
use omklap_vera::UnitUris;
use utoipa_actix_web::service_config::ServiceConfig;

pub use document::{document, printed};

use crate::http::problem::{Complaint, Fault, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;

/// The path of everything here.
pub const BASE: &str = "/vera/v4";

/// Whether a path is one of VERA, whose errors are written as `Foutbericht`.
#[must_use]
pub(in crate::http) fn is_of_vera(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Adds every operation that the document of VERA describes. Their paths are relative to [`BASE`].
pub(in crate::http) fn documented(api: &mut ServiceConfig<'_>) {
    api.service(publications::open)
        .service(publications::update)
        .service(publications::replace)
        .service(units::list)
        .service(units::read)
        .service(units::add)
        .service(units::update)
        .service(units::replace)
        .service(candidates::list)
        .service(offers::make)
        .service(offers::close)
        .service(offers::replace)
        .service(offers::list)
        .service(allocations::list)
        .service(allocations::add)
        .service(allocations::update)
        .service(allocations::replace)
        .service(leases::begin)
        .service(leases::end)
        .service(leases::replace)
        .service(leases::give_notice)
        .service(leases::change_notice)
        .service(leases::replace_notice)
        .service(priorities::list)
        .service(priorities::profiles)
        .service(relations::people)
        .service(relations::roles)
        .service(relations::organisations);
}

/// Adds the document.
pub(in crate::http) fn routes(api: &mut Routes) {
    api.service(document::serve);
}

/// The corporation that calls. No other role speaks VERA.
///
/// # Errors
/// If the caller acts in another role.
fn corporation(caller: &Caller) -> Result<&OrganisationId, Problem> {
    if caller.viewer.role == Role::HousingCorporation {
        return Ok(&caller.viewer.organisation);
    }
    let role = Role::HousingCorporation.as_str();
    let complaint = Complaint::header("Authorization", Fault::NotOneOf).limit(role);
    Err(Problem { errors: vec![complaint], ..Kind::RoleNotAdmitted.into() })
}

/// The problem of a message with faults.
fn faulty(faults: Vec<omklap_vera::Fault>) -> Problem {
    Problem::malformed(faults.into_iter().map(Complaint::from).collect())
}

/// The URIs of dwellings and leases: below the public address of this server.
fn uris(services: &Services) -> UnitUris {
    UnitUris { base: format!("{}{BASE}", services.messaging.settings.public_url) }
}
