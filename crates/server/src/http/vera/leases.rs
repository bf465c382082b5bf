//! `Huurovereenkomst` and `Huuropzegging`: leases, the flip, and the end of a lease.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, patch, post, put};
use omklap_domain::ids::LeaseId;
use omklap_store::{Before, Recorded};
use omklap_vera::{
    CaseKey, LeaseContext, LeaseEndForm, LeaseEndMessage, LeaseEndReading, LeaseMessage, Written,
};

use super::body::{CasePath, Sender};
use super::received::{Received, accounted, answered, fact_of};
use super::schemas::{Huuropzegging, Huurovereenkomst};
use super::{BASE, cases, faulty, uris};
use crate::http::problem::{Kind, Problem};

/// Voegt een huurovereenkomst toe
///
/// The client is housed under it or, if they live in the home already, it is the flip: `contract-flipped`.
#[utoipa::path(
    operation_id = "createHuurovereenkomst", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Huurovereenkomst,
    responses((status = 201, description = "Recorded.", body = Huurovereenkomst, headers(("Location", description = "The lease."))))
)]
#[post("/huurovereenkomsten")]
pub(super) async fn begin(received: Received) -> Result<HttpResponse, Problem> {
    let recorded = match received.before_of_case().await? {
        Some(Before::Facts(recorded)) => *recorded,
        Some(Before::NoFact) | None => begun(&received).await?,
    };
    let unit = recorded.history.state().tenancy.lease.as_ref().map(|lease| &lease.unit);
    let written = fact_of(&recorded)
        .map(|fact| Written::leases(recorded.trajectory, fact, None, unit, &uris(&received.services)));
    Ok(accounted(created(written.as_deref().and_then(<[_]>::last)), &recorded))
}

/// Reports a new lease.
async fn begun(received: &Received) -> Result<Recorded, Problem> {
    let corporation = received.corporation()?;
    let case = match LeaseMessage::trajectory(received.value()) {
        Some(trajectory) => Some(cases::one(&received.services, &received.caller, trajectory).await?),
        None => None,
    };
    let state = case.as_ref().map(|case| case.history.state());
    let partners = state.and_then(|state| state.partners.as_ref());
    let set = partners.and_then(|partners| received.services.ledger.sets().of_region(&partners.region));
    // A lease with another corporation is hidden, so it changes nothing here.
    let lease = state.and_then(|state| state.tenancy.lease.as_ref());
    let lease = lease.filter(|lease| lease.corporation == *corporation);
    let context = LeaseContext {
        corporation,
        care_provider: partners.map_or(corporation, |partners| &partners.care_provider),
        models: set.map_or(&[], |set| &set.contract_models),
        lives_under: lease.and_then(|lease| lease.model),
    };
    let fact = LeaseMessage::begun(received.message(), &context).map_err(faulty)?;
    let trajectory = case.as_ref().map(|case| case.trajectory).ok_or(Kind::NoSuchTrajectory)?;
    received.report(trajectory, fact).await
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
    CasePath { key: lease }: CasePath,
    received: Received,
) -> Result<HttpResponse, Problem> {
    ended(&received, LeaseEndForm::Lease, lease).await
}

/// Vervangt een huurovereenkomst
///
/// The same as a change: what the ledger has of a lease is what its own facts say.
#[utoipa::path(
    operation_id = "replaceHuurovereenkomstById", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Huurovereenkomst,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[put("/huurovereenkomsten/{id}")]
pub(super) async fn replace(
    CasePath { key: lease }: CasePath,
    received: Received,
) -> Result<HttpResponse, Problem> {
    ended(&received, LeaseEndForm::Lease, lease).await
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
pub(super) async fn give_notice(received: Received) -> Result<HttpResponse, Problem> {
    let lease = LeaseEndMessage::lease(received.value()).ok_or_else(no_lease)?;
    ended(&received, LeaseEndForm::Notice, lease).await
}

/// Wijzigt een huuropzegging
///
/// The id is that of the lease: it has one notice. What the notice says of its lease is not read.
#[utoipa::path(
    operation_id = "updateHuuropzeggingById", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Huuropzegging,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[patch("/huuropzeggingen/{id}")]
pub(super) async fn change_notice(
    CasePath { key: lease }: CasePath,
    received: Received,
) -> Result<HttpResponse, Problem> {
    ended(&received, LeaseEndForm::Notice, lease).await
}

/// Vervangt een huuropzegging
///
/// The same as a change.
#[utoipa::path(
    operation_id = "replaceHuuropzeggingById", tag = "overeenkomsten", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Huuropzegging,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[put("/huuropzeggingen/{id}")]
pub(super) async fn replace_notice(
    CasePath { key: lease }: CasePath,
    received: Received,
) -> Result<HttpResponse, Problem> {
    ended(&received, LeaseEndForm::Notice, lease).await
}

fn no_lease() -> Problem {
    let code = omklap_vera::FaultCode::Required;
    let expected = "het nummer van een huurovereenkomst, zoals omklap het schreef";
    faulty(vec![omklap_vera::Fault::at("/huurovereenkomst/id", code).expecting(expected)])
}

async fn ended(
    received: &Received,
    form: LeaseEndForm,
    CaseKey { trajectory, part }: CaseKey,
) -> Result<HttpResponse, Problem> {
    if let Some(before) = received.before_of_case().await? {
        return Ok(answered(&before));
    }
    let lease = LeaseId(part);
    let case = cases::one(&received.services, &received.caller, trajectory).await?;
    if !case.has_lease(received.corporation()?, lease) {
        return Err(Kind::NoSuchTrajectory.into());
    }
    let fact = match LeaseEndMessage::read(received.message(), form, lease).map_err(faulty)? {
        LeaseEndReading::Fact(fact) => Some(*fact),
        LeaseEndReading::FlipExpected | LeaseEndReading::Nothing => None,
    };
    received.follow(trajectory, fact).await
}
