//! `NatuurlijkPersoon`, `Rechtspersoon` and `Relatierol`: the people and organisations of a match. Before a
//! client has accepted a home of the corporation, there is nobody here.

use std::collections::BTreeSet;

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::ids::OrganisationId;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::Organisations;
use omklap_vera::{CaseKey, LeaseWritten, MatchWritten, Written};

use super::cases::{self, Case};
use super::corporation;
use super::schemas::{NatuurlijkPersoon, Rechtspersoon, Relatierol};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::listed::ListedCases;

/// Geeft de natuurlijke personen
///
/// The clients who accepted a home of the corporation.
#[utoipa::path(
    operation_id = "listNatuurlijkPersonen", tag = "relaties", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The clients.", body = Vec<NatuurlijkPersoon>))
)]
#[get("/natuurlijk-personen")]
pub(super) async fn people(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let cases = cases::all(&services, &caller).await?;
    let own = corporation(&caller)?;
    let matched: Vec<&Case> = cases.iter().filter(|case| matched(case, own).is_some()).collect();
    let ids = matched.iter().map(|case| case.trajectory);
    let listed = ListedCases::of(&services, &caller.viewer, ids).await?.all_sound()?;
    let (mut written, mut shown) = (Vec::new(), Vec::new());
    for case in matched {
        let name = listed.name(case.trajectory);
        let found = matched_with(case, own, name.as_deref());
        written.extend(found.map(|found| found.person()));
        let identity = name.map(|_| Category::Identity);
        shown.push(case.disclosure(identity.into_iter().chain([Category::Course])));
    }
    Ok(Disclosed::whole(written, shown))
}

/// Geeft de relatierollen
///
/// Of the same clients, and of a provider that rents the home of one.
#[utoipa::path(
    operation_id = "listRelatierollen", tag = "relaties", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The roles.", body = Vec<Relatierol>))
)]
#[get("/relatierollen")]
pub(super) async fn roles(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let own = corporation(&caller)?;
    let (mut written, mut shown) = (Vec::new(), Vec::new());
    for case in cases::all(&services, &caller).await? {
        if let Some(found) = matched_with(&case, own, None) {
            written.extend(found.roles());
            shown.push(case.disclosure([Category::Course, Category::Dwelling]));
        }
    }
    Ok(Disclosed::whole(written, shown))
}

/// Geeft de rechtspersonen
///
/// The providers of the same clients, until the flip: afterwards nothing says that a tenant had one.
#[utoipa::path(
    operation_id = "listRechtspersonen", tag = "relaties", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The providers.", body = Vec<Rechtspersoon>))
)]
#[get("/rechtspersonen")]
pub(super) async fn organisations(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let own = corporation(&caller)?;
    let (mut providers, mut shown): (BTreeSet<OrganisationId>, _) = (BTreeSet::new(), Vec::new());
    for case in cases::all(&services, &caller).await? {
        let state = case.history.state();
        let has_flipped = state.tenancy.lease.as_ref().is_some_and(|lease| lease.model.is_none());
        if let (Some(_), false, Some(partners)) = (matched(&case, own), has_flipped, &state.partners) {
            providers.insert(partners.care_provider.clone());
            shown.push(case.disclosure([Category::Course]));
        }
    }
    let register = Organisations::new(services.pool.clone());
    let mut written = Vec::new();
    for provider in providers {
        let found = register.get(&provider).await?;
        written.extend(found.map(|(found, _)| Written::organisation(&found.id, &found.name)));
    }
    Ok(Disclosed::whole(written, shown))
}

/// The fact with which the client accepted a home of the corporation, and the key of its offer.
fn matched<'c>(case: &'c Case, corporation: &OrganisationId) -> Option<(CaseKey, &'c Fact)> {
    let accepted = |fact: &&Fact| matches!(fact, Fact::OfferAccepted(_));
    let key = |offer| CaseKey { trajectory: case.trajectory, part: offer };
    let mut own = case.offers(corporation).into_iter().rev();
    own.find_map(|offer| Some((key(offer.offered.offer_id.0), offer.ended_by.filter(accepted)?)))
}

fn matched_with<'c>(
    case: &'c Case,
    corporation: &OrganisationId,
    name: Option<&'c str>,
) -> Option<MatchWritten<'c>> {
    let (key, fact) = matched(case, corporation)?;
    let lease = case.history.state().tenancy.lease.as_ref();
    let lease = lease.filter(|lease| lease.corporation == *corporation).map(|lease| LeaseWritten {
        model: lease.model,
        care_provider: &lease.care_provider,
        begins_on: lease.started_on,
    });
    Some(MatchWritten { key, accepted_on: fact.occurred_on(), name, lease })
}
