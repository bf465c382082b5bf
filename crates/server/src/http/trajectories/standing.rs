//! Where a trajectory stands, on a day, as it was known at an instant.

use actix_web::http::header::ETAG;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::{Category, Sight, View, reportable};
use omklap_store::read_models::obligations;
use serde::Serialize;

use super::Named;
use super::as_of::{Then, seen};
use super::standing_body::{ClientBody, FIELDS, StandingBody};
use crate::http::Services;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::preconditions::etag;
use crate::http::request::query::Asked;
use crate::http::view::disclosure::shows;
use crate::http::view::due_obligation::DueBody;
use crate::http::view::redact;

/// Read where a trajectory stands
///
/// On the day `validOn`, as it was known at the instant `knownAt`; a correction shows from its own recording on. The `ETag`
/// comes with the present state only, for that is what the next report rests on.
#[utoipa::path(
    operation_id = "readTrajectory", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(Named, Caller, Then),
    responses((status = 200, description = "Where it stands.", body = StandingBody,
        headers(("ETag", description = "Its version, for `If-Match`; absent for another day or instant."))))
)]
#[get("/trajectories/{trajectoryId}")]
pub async fn standing(
    services: Data<Services>,
    named: Named,
    caller: Caller,
    Asked(then): Asked<Then>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (stream, view) = seen(&services, &caller, named.trajectory, then.known_at).await?;
    let history = stream.history();
    let state = then.valid_on.map_or_else(|| history.state().clone(), |day| history.state_on(day));
    let today = then.valid_on.unwrap_or(services.clock.today());
    let (sets, language) = (services.ledger.sets(), Language::of(request.headers()));
    let rows = obligations::derive_on(named.trajectory, &history, today, sets);
    let owed = redact::owed(rows, &view, sets);
    let told = redact::told_by_owed(owed.iter().filter(|row| row.is_open()), sets);
    let due = DueBody::list(owed, today, sets, language);
    let mut body =
        StandingBody::of(named.trajectory, stream.version(), &state, due).ok_or(Kind::NothingThen)?;
    body.leave_of(&view);
    body.admits = reportable(&caller.viewer, &view, &history, today, body.admits);
    body.client = client(&services, named.trajectory, &history, &view).await?;
    let mut answer = HttpResponse::Ok();
    if then.is_now() {
        let (ledger, version) = (&services.ledger, stream.version());
        if let Some(last) = stream.events.last() {
            answer.insert_header((ETAG, etag(ledger, named.trajectory, version, last.recorded_at)));
        }
    }
    let at_home = view.of_the_home(&state);
    let shown = redact::disclosure(named.trajectory, FIELDS, &at_home, told);
    Ok(shows(redact::answer(answer, body, FIELDS, &at_home), [shown]))
}

/// Who the client is, in the words that count now; a name that the caller may not see is not even opened.
async fn client(
    services: &Services,
    trajectory: TrajectoryId,
    history: &History,
    view: &View,
) -> Result<Option<ClientBody>, Problem> {
    let opening = history.happened().next().filter(|_| view.sees(Category::Identity) != Sight::None);
    let Some((_, opening)) = opening else { return Ok(None) };
    let mut opening = opening.clone();
    services.ledger.open_texts([(trajectory, &mut opening)]).await?;
    Ok(ClientBody::of(opening))
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(trajectory: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> impl Serialize {
    let rows = obligations::derive_on(trajectory, history, on, sets);
    let due = DueBody::list(rows, on, sets, Language::English);
    StandingBody::of(trajectory, history.version(), history.state(), due)
}
