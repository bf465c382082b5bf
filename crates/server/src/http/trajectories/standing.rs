//! The state of a trajectory, on a day, as it was known at an instant.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::{AccessLevel, Category, View, reportable};
use omklap_store::read_models::obligations;
use omklap_store::{Ledger, StoreError};
use serde::Serialize;

use super::TrajectoryPath;
use super::as_of::{AsOfParams, CaseAsOf};
use super::standing_body::{ClientBody, FIELDS, StandingBody};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::preconditions::etag;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::due_obligation::DueBody;
use crate::http::view::redact;

/// Read the state of a trajectory
///
/// On the day `validOn`, as it was known at the instant `knownAt`; a correction shows from its own
/// recording on. The `ETag` comes with the present state only, because the next report is based on
/// it.
#[utoipa::path(
    operation_id = "readTrajectory", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The state of the trajectory.", body = StandingBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/trajectories/{trajectoryId}")]
pub async fn standing(
    services: Data<Services>,
    mut case: CaseAsOf,
) -> Result<Disclosed<StandingBody>, Problem> {
    let (history, view, sets) = (&case.history, &case.view, services.ledger.sets());
    let state = case.params.valid_on.map_or_else(|| history.state().clone(), |day| history.state_on(day));
    let today = case.params.valid_on.unwrap_or(services.clock.today());
    let rows = obligations::derive_on(case.trajectory, history, today, sets);
    let due = redact::obligations(rows, view, sets);
    let categories = redact::categories_of_obligations(due.iter().filter(|row| row.is_open()), sets);
    let due = DueBody::list(due, today, sets, case.language);
    let body = StandingBody::of(case.trajectory, case.stream.version(), &state, due);
    let mut body = body.ok_or(Kind::NothingThen)?;
    body.leave_of(view);
    body.admits = reportable(&case.caller.viewer, view, history, today, sets, body.admits);
    body.client = client(&services, case.trajectory, history, view).await?;
    let own_reference = case.own_reference.clone();
    body.reference =
        own_reference.map_err(|source| StoreError::Vault { trajectory: case.trajectory, source })?;
    let etag = etag_of(&case, &services.ledger);
    case.view = case.view.of_the_home(&state);
    Ok(case.disclose(body, FIELDS).and(&categories).tagged(etag))
}

/// The `ETag` of the present state. The past has none, because no report is based on it.
fn etag_of(case: &CaseAsOf, ledger: &Ledger) -> Option<String> {
    let last = case.stream.events.last().filter(|_| case.params.is_now())?;
    Some(etag(ledger, case.trajectory, case.stream.version(), last.recorded_at))
}

/// The client's details in their latest wording. A name that the caller may not see is not even
/// decrypted.
async fn client(
    services: &Services,
    trajectory: TrajectoryId,
    history: &History,
    view: &View,
) -> Result<Option<ClientBody>, Problem> {
    let opening = history.happened().next().filter(|_| view.sees(Category::Identity) != AccessLevel::None);
    let Some((_, opening)) = opening else { return Ok(None) };
    let mut opening = opening.clone();
    services.ledger.open_texts([(trajectory, &mut opening)]).await?;
    Ok(ClientBody::of(opening))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> impl Serialize {
    let rows = obligations::derive_on(trajectory, history, on, sets);
    let due = DueBody::list(rows, on, sets, Language::English);
    StandingBody::of(trajectory, history.version(), history.state(), due)
}
