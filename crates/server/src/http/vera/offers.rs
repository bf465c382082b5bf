//! `Aanbieding` and `Toewijzing`: offers, their answers and allocations.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post, put};
use omklap_domain::allocation::{StreamId, Vacancy, VacantHome};
use omklap_domain::ids::{OfferId, VacancyId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::{Before, Recorded};
use omklap_vera::{CaseKey, DraftContext, OfferAnswer, OfferDraft, OfferMessage, OfferWritten, Written};

use super::body::{CasePath, Sender};
use super::cases::{self, Case};
use super::received::{Received, accounted, answered, fact_of};
use super::schemas::Aanbieding;
use super::{BASE, corporation, faulty, uris};
use crate::http::allocation::StreamAsOf;
use crate::http::allocation::candidates::CandidatesRead;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;
use crate::http::view::disclosed::Disclosed;

/// Voegt een aanbieding toe
///
/// It is a draft, and refused with everything that it lacks, until it has the six considerations and the
/// agreement of provider and corporation. Then it is recorded as `dwelling-offered`.
#[utoipa::path(
    operation_id = "createAanbieding", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Aanbieding,
    responses((status = 201, description = "Recorded.", body = Aanbieding, headers(("Location", description = "The offer."))))
)]
#[post("/aanbiedingen")]
pub(super) async fn make(received: Received) -> Result<HttpResponse, Problem> {
    let recorded = match received.before_of_case().await? {
        Some(Before::Facts(recorded)) => *recorded,
        Some(Before::NoFact) | None => made(&received).await?,
    };
    let Some(Fact::DwellingOffered(offered)) = fact_of(&recorded) else {
        return Err(Kind::NoSuchTrajectory.into());
    };
    let trajectory = recorded.trajectory;
    let id = CaseKey { trajectory, part: offered.offer_id.0 };
    let written = OfferWritten { trajectory, offered, ended_by: None }.message(&uris(&received.services));
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, format!("{BASE}/aanbiedingen/{id}")));
    Ok(accounted(answer.json(written), &recorded))
}

/// Reports a new offer.
async fn made(received: &Received) -> Result<Recorded, Problem> {
    let candidate = OfferDraft::candidate(received.value());
    let home = match candidate {
        Some(CaseKey { part, .. }) => own_home(&received.services, &received.caller, StreamId(part)).await?,
        None => None,
    };
    let vacancy = candidate.map(|candidate| VacancyId(candidate.part)).zip(home.as_ref());
    let context = DraftContext { corporation: received.corporation()?, vacancy };
    let mut offered = OfferDraft::offered(received.message(), context).map_err(faulty)?;
    let candidate = candidate.ok_or(Kind::NoSuchTrajectory)?;
    // A message has no place for the weighing, so the offer keeps that of the list as it is now. Nor has it
    // one for why another than the first gets the home: that offer is made in omklap's own API.
    if home.is_some() {
        let as_of = AsOfParams { valid_on: Some(offered.occurred_on), known_at: None };
        let read =
            CandidatesRead::of(&received.services, &received.caller, StreamId(candidate.part), as_of).await?;
        offered.weighing = read.list.weighing_of(candidate.trajectory);
    }
    received.report(candidate.trajectory, Fact::DwellingOffered(offered)).await
}

/// Wijzigt een aanbieding
///
/// The answer to an offer. It is recorded as `offer-refused` or `offer-withdrawn`, by what the detail status
/// means; if nothing follows, nothing is recorded.
#[utoipa::path(
    operation_id = "updateAanbiedingById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Aanbieding,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[patch("/aanbiedingen/{id}")]
pub(super) async fn close(CasePath { key }: CasePath, received: Received) -> Result<HttpResponse, Problem> {
    closed(&received, key).await
}

/// Vervangt een aanbieding
///
/// The same as a change: what the ledger has of an offer is what its own facts say.
#[utoipa::path(
    operation_id = "replaceAanbiedingById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(CasePath, Sender),
    request_body = Aanbieding,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[put("/aanbiedingen/{id}")]
pub(super) async fn replace(CasePath { key }: CasePath, received: Received) -> Result<HttpResponse, Problem> {
    closed(&received, key).await
}

async fn closed(received: &Received, CaseKey { trajectory, part }: CaseKey) -> Result<HttpResponse, Problem> {
    if let Some(before) = received.before_of_case().await? {
        return Ok(answered(&before));
    }
    let case = cases::one(&received.services, &received.caller, trajectory).await?;
    let offer = OfferId(part);
    if !case.offers(received.corporation()?).iter().any(|own| own.offered.offer_id == offer) {
        return Err(Kind::NoSuchTrajectory.into());
    }
    let fact = match OfferMessage::answered(received.message(), offer).map_err(faulty)? {
        OfferAnswer::Fact(fact) => Some(*fact),
        OfferAnswer::Nothing => None,
    };
    received.follow(trajectory, fact).await
}

/// Geeft de aanbiedingen
///
/// Those of the corporation, in every case that it may read.
#[utoipa::path(
    operation_id = "listAanbiedingen", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The offers.", body = Vec<Aanbieding>))
)]
#[get("/aanbiedingen")]
pub(super) async fn list(
    services: Data<Services>,
    caller: Caller,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    written(&services, &caller, |_, offer| Some(offer.message(&uris(&services)))).await
}

/// The messages about the offers of the corporation.
pub(super) async fn written(
    services: &Services,
    caller: &Caller,
    write: impl Fn(&Case, OfferWritten<'_>) -> Option<Written>,
) -> Result<Disclosed<Vec<Written>>, Problem> {
    let (mut messages, mut shown) = (Vec::new(), Vec::new());
    for case in cases::all(services, caller).await? {
        let of_case = of(&case, caller)?.into_iter().filter_map(|offer| write(&case, offer));
        let before = messages.len();
        messages.extend(of_case);
        if messages.len() > before {
            shown.push(case.disclosure([Category::Course, Category::Dwelling]));
        }
    }
    Ok(Disclosed::whole(messages, shown))
}

fn of<'c>(case: &'c Case, caller: &Caller) -> Result<Vec<OfferWritten<'c>>, Problem> {
    let own = case.offers(corporation(caller)?);
    let written = own.into_iter().map(|offer| OfferWritten {
        trajectory: case.trajectory,
        offered: offer.offered,
        ended_by: offer.ended_by,
    });
    Ok(written.collect())
}

/// The dwelling of a vacancy of the corporation's own; none if it has no such vacancy.
async fn own_home(services: &Services, caller: &Caller, id: StreamId) -> Result<Option<VacantHome>, Problem> {
    corporation(caller)?;
    match StreamAsOf::<Vacancy>::read(services, caller, id, AsOfParams::default()).await {
        Ok(found) => Ok(found.state.opened.map(|opened| opened.home)),
        Err(problem) if problem.kind == Kind::NoSuchStream => Ok(None),
        Err(problem) => Err(problem),
    }
}
