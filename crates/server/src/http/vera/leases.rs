//! `Huurovereenkomst` and `Huuropzegging`: leases, the flip, and the end of a lease.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, patch, post};
use omklap_domain::ids::{LeaseId, UnitId};
use omklap_domain::trajectory::Fact;
use omklap_vera::{CaseKey, LeaseContext, LeaseEndMessage, LeaseEndReading, LeaseMessage, Message, Written};

use super::body::{Body, CasePath, Sender};
use super::offers::reported;
use super::schemas::{Huuropzegging, Huurovereenkomst};
use super::{BASE, cases, corporation, faulty, uris};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::services::Services;
use crate::http::view::disclosure::{logged, shows};

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
    let today = services.clock.today();
    let corporation = corporation(&caller)?;
    let case = match LeaseMessage::trajectory(&body.value) {
        Some(trajectory) => Some(cases::one(&services, &caller, trajectory).await?),
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
    let (old, unit) = (lease.map(|lease| lease.id), unit_of(&fact, lease.map(|lease| &lease.unit)));
    let written = Written::leases(trajectory, &fact, old, unit.as_ref(), &uris(&services));
    reported(&services, &caller, trajectory, key, (&body, fact), &request).await?;
    Ok(logged(created(written.last())))
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
    ended(&services, &caller, lease, key, &body, &request).await
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
    ended(&services, &caller, lease, key, &body, &request).await
}

fn no_lease() -> Problem {
    let code = omklap_vera::FaultCode::Required;
    let expected = "het nummer van een huurovereenkomst, zoals omklap het schreef";
    faulty(vec![omklap_vera::Fault::at("/huurovereenkomst/id", code).expecting(expected)])
}

async fn ended(
    services: &Services,
    caller: &Caller,
    CaseKey { trajectory, part }: CaseKey,
    key: IdempotencyKey,
    body: &Body,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let message = Message::new(&body.value, services.clock.today());
    match LeaseEndMessage::read(message, LeaseId(part)).map_err(faulty)? {
        LeaseEndReading::Fact(fact) => {
            reported(services, caller, trajectory, key, (body, *fact), request).await?;
            Ok(logged(HttpResponse::Ok().finish()))
        }
        LeaseEndReading::FlipExpected | LeaseEndReading::Nothing => {
            Ok(shows(HttpResponse::Ok().finish(), []))
        }
    }
}

/// The dwelling of a new lease: at a flip, the one in which the client lives.
fn unit_of(fact: &Fact, lives_in: Option<&UnitId>) -> Option<UnitId> {
    match fact {
        Fact::HousedUnderIntermediaryLease(housed) => Some(housed.terms.unit.clone()),
        Fact::HousedUnderThreePartyLease(housed) => Some(housed.terms.unit.clone()),
        Fact::HousedUnderTemporaryLease(housed) => Some(housed.terms.unit.clone()),
        Fact::HousedUnderOwnLease(housed) => Some(housed.terms.unit.clone()),
        _ => lives_in.cloned(),
    }
}
