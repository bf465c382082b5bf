//! `Eenheid`: the dwelling of a vacancy, by itself.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, patch, post, put};
use omklap_domain::allocation::{StreamId, Vacancy, VacancyOpened, VacancyStatus};
use omklap_domain::ids::UnitId;
use omklap_store::allocation::ListedStreams;
use omklap_vera::{Published, UnitMessage, Written, vacancy_id};

use super::body::Sender;
use super::publications::follow;
use super::received::Received;
use super::schemas::Eenheid;
use super::{corporation, faulty};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;

/// How many vacancies are looked at at most.
const MOST_VACANCIES: u32 = 10_000;

/// Geeft de eenheden
///
/// The dwellings of the corporation's open vacancies.
#[utoipa::path(
    operation_id = "listEenheden", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    responses((status = 200, description = "The dwellings.", body = Vec<Eenheid>))
)]
#[get("/eenheden")]
pub(super) async fn list(services: Data<Services>, caller: Caller) -> Result<HttpResponse, Problem> {
    let vacant = vacant(&services, &caller).await?;
    let written: Vec<Written> = vacant.iter().map(|(_, opened)| Written::unit(&opened.home)).collect();
    Ok(HttpResponse::Ok().json(written))
}

/// Geeft een eenheid
///
/// The dwelling of an open vacancy of the corporation, by its code.
#[utoipa::path(
    operation_id = "readEenheidById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:read"])),
    params(("id" = String, Path, description = "Its code.")),
    responses((status = 200, description = "The dwelling.", body = Eenheid))
)]
#[get("/eenheden/{id}")]
pub(super) async fn read(
    services: Data<Services>,
    caller: Caller,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let vacant = vacant(&services, &caller).await?;
    let unit: UnitId = id.parse().map_err(|_| Kind::NoSuchStream)?;
    let (_, opened) = vacant.iter().find(|(_, opened)| opened.home.unit == unit).ok_or(Kind::NoSuchStream)?;
    Ok(HttpResponse::Ok().json(Written::unit(&opened.home)))
}

/// Voegt een eenheid toe
///
/// A dwelling by itself is no vacancy. If the corporation has an open one of it, what the message says is
/// recorded as `vacancy-changed`; what it leaves out stays as it was.
#[utoipa::path(
    operation_id = "createEenheid", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])), params(Sender),
    request_body = Eenheid,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[post("/eenheden")]
pub(super) async fn add(received: Received) -> Result<HttpResponse, Problem> {
    let unit = UnitMessage::unit(received.value());
    described(&received, unit).await
}

/// Wijzigt een eenheid
///
/// As a new one.
#[utoipa::path(
    operation_id = "updateEenheidById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])),
    params(("id" = String, Path, description = "Its code."), Sender),
    request_body = Eenheid,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[patch("/eenheden/{id}")]
pub(super) async fn update(id: Path<String>, received: Received) -> Result<HttpResponse, Problem> {
    described(&received, id.parse().ok()).await
}

/// Vervangt een eenheid
///
/// As a new one: what it leaves out stays as it was, since a dwelling says less than its publication.
#[utoipa::path(
    operation_id = "replaceEenheidById", tag = "woonruimteverdeling", security(("signIn" = ["trajectories:report"])),
    params(("id" = String, Path, description = "Its code."), Sender),
    request_body = Eenheid,
    responses((status = 200, description = "Read; recorded if a fact follows."))
)]
#[put("/eenheden/{id}")]
pub(super) async fn replace(id: Path<String>, received: Received) -> Result<HttpResponse, Problem> {
    described(&received, id.parse().ok()).await
}

/// Records what a message says of a dwelling.
async fn described(received: &Received, unit: Option<UnitId>) -> Result<HttpResponse, Problem> {
    if received.before_of_vacancy().await?.is_some() {
        return Ok(HttpResponse::Ok().finish());
    }
    let vacant = vacant(&received.services, &received.caller).await?;
    let found = vacant.into_iter().find(|(_, opened)| Some(&opened.home.unit) == unit.as_ref());
    let before = found.as_ref().map(|(_, opened)| Published { opened, status: VacancyStatus::Open });
    let change = UnitMessage::read(received.message(), before).map_err(faulty)?;
    let about = match (found, unit) {
        (Some((id, _)), _) => id,
        // The number of a message about a dwelling that is not vacant is kept under the dwelling.
        (None, Some(unit)) => StreamId(vacancy_id(received.corporation()?, &unit.key()).0),
        (None, None) => return Err(Kind::NoSuchStream.into()),
    };
    follow(received, about, change).await
}

/// The open vacancies of the corporation.
async fn vacant(services: &Services, caller: &Caller) -> Result<Vec<(StreamId, VacancyOpened)>, Problem> {
    let listed = ListedStreams {
        viewer: &caller.viewer,
        organisation: Some(corporation(caller)?.as_str()),
        region: None,
        status: Some(VacancyStatus::Open.as_str()),
        after: None,
        limit: MOST_VACANCIES,
    };
    let found = services.ledger.list_streams::<Vacancy>(&listed).await?;
    let opened =
        found.into_iter().filter_map(|stream| Some((stream.id, stream.history().state().opened.clone()?)));
    Ok(opened.collect())
}
