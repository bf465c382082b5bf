//! The caller: the organisation, roles and scopes of a token.

use std::collections::BTreeSet;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use omklap_domain::ids::{ClientId, OrganisationId, RegionId, TrajectoryId, UserId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use serde::Serialize;
use utoipa::ToSchema;

use super::middleware::authenticate::SignedIn;
use super::problem::{Kind, Problem};
use super::request::caller::{Caller, admitted, granted_roles};
use super::services::Services;
use crate::auth::scope::Scope;

/// The caller, as its token and its registration say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
#[serde(rename_all = "camelCase")]
struct MeBody {
    /// The program that signed in: its `client_id`.
    #[schema(value_type = String, example = "de-vaart")]
    client_id: ClientId,
    /// The person who uses the program, by a pseudonym of its organisation; the program itself
    /// if no person uses it.
    #[schema(value_type = String, example = "u-7f3a")]
    actor: UserId,
    /// The organisation for which the program acts; absent for an administrator that is not
    /// registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    organisation: Option<OwnOrganisationBody>,
    /// The role in which this request acts; absent if there are several and the request picks none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<Role>,
    /// The roles that token and registration both grant: the header `Omklap-Role` picks one of
    /// them for each request.
    roles: BTreeSet<Role>,
    /// The scopes that the token grants.
    #[schema(value_type = Vec<String>, example = json!(["trajectories:read", "trajectories:report"]))]
    scopes: BTreeSet<Scope>,
    /// The purpose that is recorded with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "case-work")]
    purpose: Option<String>,
    /// The one trajectory of a client (the person).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    trajectory_id: Option<TrajectoryId>,
}

/// The caller's own organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnOrganisation)]
#[serde(rename_all = "camelCase")]
struct OwnOrganisationBody {
    /// Its code.
    organisation_id: OrganisationId,
    /// What people call it.
    #[schema(example = "Zorggroep De Vaart")]
    name: String,
    /// What kind of partner it is.
    kind: OrganisationKind,
    /// The regions it works in.
    regions: BTreeSet<RegionId>,
}

/// Read who the caller is
///
/// The organisation, regions, roles and scopes of the token. Any token will do, also one with several
/// roles in a request that picks none.
#[utoipa::path(
    operation_id = "readMe", tag = "organisations", security(("signIn" = [])),
    responses((status = 200, description = "The caller.", body = MeBody)),
)]
#[get("/me")]
pub async fn me(
    services: Data<Services>,
    signed_in: SignedIn,
    caller: Option<Caller>,
) -> Result<HttpResponse, Problem> {
    let SignedIn { grant, registered, .. } = signed_in;
    let organisation = match &registered {
        Some(registered) => services.sign_in.organisations().get(&registered.organisation).await?,
        None => None,
    };
    let organisation = organisation.map(|(own, _)| OwnOrganisationBody {
        organisation_id: own.id,
        name: own.name,
        kind: own.kind,
        regions: own.regions,
    });
    let roles = registered.as_ref().map(|registered| granted_roles(&grant, &registered.client.roles));
    Ok(HttpResponse::Ok().json(MeBody {
        client_id: grant.client.clone(),
        actor: grant.actor.clone(),
        organisation,
        role: caller.as_ref().map(|caller| caller.viewer.role),
        roles: roles.unwrap_or_default(),
        scopes: grant.scopes.clone(),
        purpose: caller.as_ref().map(|caller| caller.purpose.as_str().to_owned()),
        trajectory_id: caller.and_then(|caller| caller.viewer.trajectory),
    }))
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(request).ok_or(Kind::SignInRequired.into()))
    }
}
