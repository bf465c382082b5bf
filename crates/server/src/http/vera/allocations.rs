//! `Toewijzing`: a home that a client accepted, or that went to somebody else.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post, put};
use omklap_domain::allocation::{StreamId, Vacancy};
use omklap_domain::ids::OfferId;
use omklap_domain::trajectory::Fact;
use omklap_store::Seen;
use omklap_store::allocation::StreamTarget;
use omklap_vera::{AllocationMessage, AllocationSubject, CaseKey, Written};

use super::body::{CasePath, Sender};
use super::offers::written;
use super::received::{Received, answered};
use super::schemas::Toewijzing;
use super::{cases, faulty, uris};
use crate::http::allocation::StreamAsOf;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::view::disclosed::Disclosed;

/// Geeft de toewijzingen
///
/// The accepted offers of the corporation, in every case that it may read.
#[utoipa::path(
    operation_id = "listToewijzingen", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The allocations.", body = Vec<Toewijzing>))
)]
#[get("/toewijzingen")]
pub(super) async fn list(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let uris = uris(&services);
    written(&services, &caller, |case, offer| offer.allocation(case.lease_of(offer.offered), &uris)).await
}

/// Voegt een toewijzing toe
///
/// Of an offer that the client accepted it says nothing new: nothing is recorded. Of an offer that is still
/// open it is refused, since the client's side reports the acceptance. With a publication and no offer the
/// home went to somebody else: it is recorded as `vacancy-let`.
#[utoipa::path(
    operation_id = "createToewijzing", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Toewijzing,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[post("/toewijzingen")]
pub(super) async fn add(received: Received) -> Result<HttpResponse, Problem> {
    match AllocationMessage::subject(received.value(), received.corporation()?) {
        Some(AllocationSubject::Offer(key)) => of_offer(&received, key).await,
        Some(AllocationSubject::Publication(vacancy)) => elsewhere(&received, StreamId(vacancy.0)).await,
        None => Err(faulty(AllocationMessage::about_nothing(received.message()))),
    }
}

/// Wijzigt een toewijzing
///
/// Of an offer that the client accepted: nothing is recorded.
#[utoipa::path(
    operation_id = "updateToewijzingById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Toewijzing,
    responses((status = 200, description = "Read."))
)]
#[patch("/toewijzingen/{id}")]
pub(super) async fn update(CasePath { key }: CasePath, received: Received) -> Result<HttpResponse, Problem> {
    of_offer(&received, key).await
}

/// Vervangt een toewijzing
///
/// The same as a change.
#[utoipa::path(
    operation_id = "replaceToewijzingById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Toewijzing,
    responses((status = 200, description = "Read."))
)]
#[put("/toewijzingen/{id}")]
pub(super) async fn replace(CasePath { key }: CasePath, received: Received) -> Result<HttpResponse, Problem> {
    of_offer(&received, key).await
}

async fn of_offer(
    received: &Received,
    CaseKey { trajectory, part }: CaseKey,
) -> Result<HttpResponse, Problem> {
    if let Some(before) = received.before_of_case().await? {
        return Ok(answered(&before));
    }
    let case = cases::one(&received.services, &received.caller, trajectory).await?;
    let own = case.offers(received.corporation()?);
    let offer = own.iter().find(|own| own.offered.offer_id == OfferId(part));
    let offer = offer.ok_or(Kind::NoSuchTrajectory)?;
    let is_accepted = matches!(offer.ended_by, Some(Fact::OfferAccepted(_)));
    AllocationMessage::of_offer(received.message(), offer.offered, is_accepted).map_err(faulty)?;
    received.follow(trajectory, None).await
}

async fn elsewhere(received: &Received, id: StreamId) -> Result<HttpResponse, Problem> {
    if received.before_of_vacancy().await?.is_none() {
        let (services, caller) = (&received.services, &received.caller);
        StreamAsOf::<Vacancy>::read(services, caller, id, AsOfParams::default()).await?;
        let fact = AllocationMessage::elsewhere(received.message()).map_err(faulty)?;
        received.report_on_vacancy(StreamTarget::Existing { id, seen: Seen::Any }, fact).await?;
    }
    Ok(crate::http::view::disclosure::shows(HttpResponse::Ok().finish(), []))
}
