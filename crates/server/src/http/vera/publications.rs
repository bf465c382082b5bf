//! `Publicatie`: a dwelling for the outflow.

use std::collections::BTreeMap;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, patch, post, put};
use omklap_domain::allocation::{StreamId, Vacancy, VacancyFact, VacancyOpened, VacancyStatus};
use omklap_domain::ids::RegionId;
use omklap_domain::trajectory::fact::ContractModel;
use omklap_store::allocation::{RecordedFacts, StreamTarget};
use omklap_store::{Before, Seen};
use omklap_vera::{PublicationChange, PublicationContext, PublicationMessage, Published, Written};

use super::body::Sender;
use super::received::Received;
use super::schemas::Publicatie;
use super::{BASE, faulty, uris};
use crate::http::allocation::{StreamAsOf, stream_in};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;

/// Voegt een publicatie toe
///
/// Only with `model` DIS and `detailModel` OMK. It is recorded as `vacancy-opened`.
#[utoipa::path(
    operation_id = "createPublicatie", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Publicatie,
    responses((status = 201, description = "Recorded.", body = Publicatie, headers(("Location", description = "The publication."))))
)]
#[post("/publicaties")]
pub(super) async fn open(received: Received) -> Result<HttpResponse, Problem> {
    let recorded = match received.before_of_vacancy().await? {
        Some(Before::Facts(recorded)) => *recorded,
        Some(Before::NoFact) | None => opened(&received).await?,
    };
    let written = Written::publication(&recorded.history.state(), &uris(&received.services));
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, format!("{BASE}/publicaties/{}", recorded.id)));
    Ok(answer.json(written))
}

/// Reports a new vacancy.
async fn opened(received: &Received) -> Result<RecordedFacts<Vacancy>, Problem> {
    let regions = regions(&received.services, &received.caller);
    let context = PublicationContext { corporation: received.corporation()?, regions: &regions };
    let opened = PublicationMessage::opened(received.message(), &context).map_err(faulty)?;
    let target = StreamTarget::New(StreamId(opened.vacancy_id.0));
    received.report_on_vacancy(target, VacancyFact::VacancyOpened(opened)).await
}

/// Wijzigt een publicatie
///
/// What it does not say stays as it is. It is recorded as `vacancy-changed`, `vacancy-withdrawn` or
/// `vacancy-let`; if nothing follows, nothing is recorded.
#[utoipa::path(
    operation_id = "updatePublicatieById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])),
    params(("id" = String, Path, description = "Its id."), Sender),
    request_body = Publicatie,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[patch("/publicaties/{id}")]
pub(super) async fn update(received: Received, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if received.before_of_vacancy().await?.is_some() {
        return Ok(HttpResponse::Ok().finish());
    }
    let (id, opened, status) = named(&received, &request).await?;
    let before = Published { opened: &opened, status };
    let change = PublicationMessage::changed(received.message(), before).map_err(faulty)?;
    follow(&received, id, change).await
}

/// Vervangt een publicatie
///
/// It describes the dwelling again as a whole: what it leaves out is not known any more. It is recorded as a
/// change is.
#[utoipa::path(
    operation_id = "replacePublicatieById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])),
    params(("id" = String, Path, description = "Its id."), Sender),
    request_body = Publicatie,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[put("/publicaties/{id}")]
pub(super) async fn replace(received: Received, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if received.before_of_vacancy().await?.is_some() {
        return Ok(HttpResponse::Ok().finish());
    }
    let (id, opened, status) = named(&received, &request).await?;
    let regions = regions(&received.services, &received.caller);
    let context = PublicationContext { corporation: received.corporation()?, regions: &regions };
    let before = Published { opened: &opened, status };
    let change = PublicationMessage::replaced(received.message(), before, &context).map_err(faulty)?;
    follow(&received, id, change).await
}

/// The vacancy of a publication in a path, and how far it is, if the corporation may read it.
async fn named(
    received: &Received,
    request: &HttpRequest,
) -> Result<(StreamId, VacancyOpened, VacancyStatus), Problem> {
    let id = stream_in(request, "id")?;
    let (services, caller) = (&received.services, &received.caller);
    let found = StreamAsOf::<Vacancy>::read(services, caller, id, AsOfParams::default()).await?;
    let Vacancy { opened, status, .. } = found.state;
    Ok((id, opened.ok_or(Kind::NoSuchStream)?, status))
}

/// Records the fact of a change, if there is one, and else the number of the message.
pub(super) async fn follow(
    received: &Received,
    id: StreamId,
    change: PublicationChange,
) -> Result<HttpResponse, Problem> {
    match change {
        PublicationChange::Fact(fact) => {
            let target = StreamTarget::Existing { id, seen: Seen::Any };
            received.report_on_vacancy(target, *fact).await?;
        }
        PublicationChange::Nothing => received.keep(id.0).await?,
    }
    Ok(HttpResponse::Ok().finish())
}

/// The regions of the caller, each with the contract models of its agreement set.
fn regions(services: &Services, caller: &Caller) -> BTreeMap<RegionId, Vec<ContractModel>> {
    let with_models = |region: &RegionId| {
        let set = services.ledger.sets().of_region(region)?;
        Some((region.clone(), set.contract_models.clone()))
    };
    caller.viewer.regions.iter().filter_map(with_models).collect()
}
