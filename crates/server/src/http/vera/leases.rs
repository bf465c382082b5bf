//! `Huurovereenkomst` and `Huuropzegging`: leases, the flip, and the end of a lease.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, patch, post};
use omklap_domain::ids::LeaseId;
use omklap_store::{Before, Recorded};
use omklap_vera::{
    CaseKey, LeaseContext, LeaseEndForm, LeaseEndMessage, LeaseEndReading, LeaseMessage, Message, Written,
};

use super::body::{Body, CasePath, Sender};
use super::offers::reported;
use super::schemas::{Huuropzegging, Huurovereenkomst};
use super::{BASE, cases, corporation, faulty, repeats, uris};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::services::Services;
use crate::http::view::disclosure::shows;

/// Voegt een huurovereenkomst toe
///
/// The client is housed under it or, if they live in the home already, it is the flip: `contract-flipped`.
#[utoipa::path(
    operation_id = "createHuurovereenkomst", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Huurovereenkomst,
    responses((status = 201, description = "Recorded.", body = Huurovereenkomst, headers(("Location", description = "The lease."))))
)]
#[post("/huurovereenkomsten")]
pub(super) async fn begin(
    services: Data<Services>,
    caller: Caller,
    Sender { key, .. }: Sender,
    body: Body,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let recorded = match repeats::of_case(&services, &caller, &key, &body).await? {
        Some(Before::Facts(recorded)) => *recorded,
        Some(Before::NoFact) | None => begun(&services, &caller, key, &body, &request).await?,
    };
    let unit = recorded.history.state().tenancy.lease.as_ref().map(|lease| &lease.unit);
    let written = repeats::fact_of(&recorded)
        .map(|fact| Written::leases(recorded.trajectory, fact, None, unit, &uris(&services)));
    Ok(repeats::accounted(created(written.as_deref().and_then(<[_]>::last)), &recorded))
}

/// Reports a new lease.
async fn begun(
    services: &Services,
    caller: &Caller,
    key: IdempotencyKey,
    body: &Body,
    request: &HttpRequest,
) -> Result<Recorded, Problem> {
    let today = services.clock.today();
    let corporation = corporation(caller)?;
    let case = match LeaseMessage::trajectory(&body.value) {
        Some(trajectory) => Some(cases::one(services, caller, trajectory).await?),
        None => None,
    };
    let state = case.as_ref().map(|case| case.history.state());
    let partners = state.and_then(|state| state.partners.as_ref());
    let set = partners.and_then(|partners| services.ledger.sets().of_region(&partners.region));
    // A lease with another corporation is hidden, so it changes nothing here.
    let lease = state.and_then(|state| state.tenancy.lease.as_ref());
    let lease = lease.filter(|lease| lease.corporation == *corporation);
    let context = LeaseContext {
        corporation,
        care_provider: partners.map_or(corporation, |partners| &partners.care_provider),
        models: set.map_or(&[], |set| &set.contract_models),
        lives_under: lease.and_then(|lease| lease.model),
    };
    let fact = LeaseMessage::begun(Message::new(&body.value, today), &context).map_err(faulty)?;
    let trajectory = case.as_ref().map(|case| case.trajectory).ok_or(Kind::NoSuchTrajectory)?;
    reported(services, caller, trajectory, key, (body, fact), request).await
}

/// The answer about a new lease.
fn created(lease: Option<&Written>) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    if let Some(id) = lease.and_then(|lease| lease.get("id")?.as_str()) {
        answer.insert_header((LOCATION, format!("{BASE}/huurovereenkomsten/{id}")));
    }
    answer.json(lease)
}

/// Wijzigt een huurovereenkomst
///
/// The end of a lease. With the detail `WIJ` it is the first half of the flip, which the new lease
/// completes: nothing is recorded.
#[utoipa::path(
    operation_id = "updateHuurovereenkomstById", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Huurovereenkomst,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[patch("/huurovereenkomsten/{id}")]
pub(super) async fn end(
    services: Data<Services>,
    caller: Caller,
    CasePath { key: lease }: CasePath,
    Sender { key, .. }: Sender,
    body: Body,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    ended(&services, &caller, (LeaseEndForm::Lease, lease), key, &body, &request).await
}

/// Voegt een huuropzegging toe
///
/// It names its lease, and no dwelling. If client and landlord agreed, it is recorded as `lease-end-agreed`.
/// A landlord who ends a lease follows the protocol of the agreement set, in `/v1`.
#[utoipa::path(
    operation_id = "createHuuropzegging", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Huuropzegging,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[post("/huuropzeggingen")]
pub(super) async fn give_notice(
    services: Data<Services>,
    caller: Caller,
    Sender { key, .. }: Sender,
    body: Body,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let lease = LeaseEndMessage::lease(&body.value).ok_or_else(no_lease)?;
    ended(&services, &caller, (LeaseEndForm::Notice, lease), key, &body, &request).await
}

fn no_lease() -> Problem {
    let code = omklap_vera::FaultCode::Required;
    let expected = "het nummer van een huurovereenkomst, zoals omklap het schreef";
    faulty(vec![omklap_vera::Fault::at("/huurovereenkomst/id", code).expecting(expected)])
}

async fn ended(
    services: &Services,
    caller: &Caller,
    (form, CaseKey { trajectory, part }): (LeaseEndForm, CaseKey),
    key: IdempotencyKey,
    body: &Body,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    if let Some(before) = repeats::of_case(services, caller, &key, body).await? {
        return Ok(repeats::answered(&before));
    }
    let lease = LeaseId(part);
    if !cases::one(services, caller, trajectory).await?.has_lease(corporation(caller)?, lease) {
        return Err(Kind::NoSuchTrajectory.into());
    }
    let message = Message::new(&body.value, services.clock.today());
    match LeaseEndMessage::read(message, form, lease).map_err(faulty)? {
        LeaseEndReading::Fact(fact) => {
            let recorded = reported(services, caller, trajectory, key, (body, *fact), request).await?;
            Ok(repeats::accounted(HttpResponse::Ok().finish(), &recorded))
        }
        LeaseEndReading::FlipExpected | LeaseEndReading::Nothing => {
            repeats::keep(services, caller, &key, body, trajectory.0).await?;
            Ok(shows(HttpResponse::Ok().finish(), []))
        }
    }
}
