//! A message that is sent again under the same number gets the first answer. That is looked up before the
//! message is read: what it means depends on the ledger, which has moved on since.

use actix_web::HttpResponse;
use omklap_domain::allocation::Vacancy;
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::Action;
use omklap_store::allocation::RecordedFacts;
use omklap_store::{Before, Once, Recorded};
use uuid::Uuid;

use super::body::Body;
use crate::http::problem::{Problem, Shape};
use crate::http::request::caller::Caller;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::services::Services;
use crate::http::view::disclosure::{Disclosure, categories_of, logged, shows};

/// What this message about a case led to before.
///
/// # Errors
/// If its number was used for another message, or the caller has lost access to the case.
pub(super) async fn of_case(
    services: &Services,
    caller: &Caller,
    key: &IdempotencyKey,
    body: &Body,
) -> Result<Option<Before<Recorded>>, Problem> {
    let Some(once) = once(caller, key, body) else { return Ok(None) };
    let recorded = services.ledger.recorded_once(&once, &caller.viewer).await;
    recorded.map_err(|error| Problem::of_report(error, Shape::One))
}

/// What this message about a publication led to before.
///
/// # Errors
/// As [`of_case`].
pub(super) async fn of_publication(
    services: &Services,
    caller: &Caller,
    key: &IdempotencyKey,
    body: &Body,
) -> Result<Option<Before<RecordedFacts<Vacancy>>>, Problem> {
    let Some(once) = once(caller, key, body) else { return Ok(None) };
    let recorded = services.ledger.facts_recorded_once(&once, &caller.viewer).await;
    recorded.map_err(|error| Problem::of_stream(error, Shape::One))
}

/// The first answer to a change from which a fact may follow, which has no body.
pub(super) fn answered(before: &Before<Recorded>) -> HttpResponse {
    let answer = HttpResponse::Ok().finish();
    match before {
        Before::Facts(recorded) => accounted(answer, recorded),
        Before::NoFact => shows(answer, []),
    }
}

/// Keeps the number of a message about this case or publication from which no fact followed.
///
/// # Errors
/// If it was used for another message meanwhile.
pub(super) async fn keep(
    services: &Services,
    caller: &Caller,
    key: &IdempotencyKey,
    body: &Body,
    about: Uuid,
) -> Result<(), Problem> {
    let Some(once) = once(caller, key, body) else { return Ok(()) };
    let kept = services.ledger.keep_without_facts(&once, about, services.clock.now()).await;
    kept.map_err(|error| Problem::of_report(error, Shape::One))
}

fn once(caller: &Caller, IdempotencyKey { key }: &IdempotencyKey, body: &Body) -> Option<Once> {
    let (client, request_hash) = (caller.client.to_string(), body.hash);
    key.clone().map(|key| Once { client, key, request_hash })
}

/// The fact of a message about a case.
pub(super) fn fact_of(recorded: &Recorded) -> Option<&Fact> {
    let index = usize::try_from(recorded.first_sequence).ok()?.checked_sub(1)?;
    recorded.history.recorded().get(index)
}

/// The answer, with its line in the access log: a new fact was logged when it was recorded.
pub(super) fn accounted(answer: HttpResponse, recorded: &Recorded) -> HttpResponse {
    if !recorded.is_repeat() {
        return logged(answer);
    }
    let categories: Vec<Category> = fact_of(recorded)
        .map_or_else(Vec::new, |fact| categories_of(std::slice::from_ref(fact)).into_iter().collect());
    shows(answer, [Disclosure::of(recorded.trajectory, categories).by(Action::Report)])
}
