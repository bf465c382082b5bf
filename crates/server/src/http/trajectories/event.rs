//! One fact of the timeline.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, get};
use jiff::Timestamp;
use omklap_domain::visibility::Shown;
use utoipa::IntoParams;

use super::TrajectoryPath;
use super::as_of::{CaseAsOf, KnownAt};
use super::timeline::{ItemBody, entries_of};
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// The fact in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SequencePath {
    /// Its number in the trajectory, from 1.
    #[param(value_type = u64, minimum = 1)]
    sequence: Option<u64>,
}

/// The query parameters of one fact.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventParams {
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    known_at: Option<Timestamp>,
}

/// Read one fact
///
/// The entry of the timeline with this number: the fact as it was recorded, with its mark. A
/// message or an obligation names a fact by this number.
#[utoipa::path(
    operation_id = "readEvent", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, SequencePath, Caller, EventParams),
    responses((status = 200, description = "The fact.", body = ItemBody)),
)]
#[get("/trajectories/{trajectoryId}/events/{sequence}")]
pub async fn event(
    services: Data<Services>,
    case: CaseAsOf<EventParams>,
    SequencePath { sequence }: SequencePath,
) -> Result<Disclosed<ItemBody>, Problem> {
    let CaseAsOf { trajectory, caller, stream, history, view, .. } = case;
    // Not while the path is read: a caller without access to the case learns nothing about its facts.
    let sequence = sequence.ok_or(Kind::NoSuchEvent)?;
    let mut entry = entries_of(stream, &history, sequence - 1, 1, &view).pop().ok_or(Kind::NoSuchEvent)?;
    if entry.shown != Shown::Withheld {
        services.ledger.open_texts([(trajectory, &mut entry.event.fact)]).await?;
    }
    let disclosure = Disclosure::of(trajectory, entry.categories.iter().copied());
    let disclosure = disclosure.in_part(entry.shown != Shown::Whole);
    Ok(Disclosed::whole(ItemBody::of(&entry, &caller.viewer)?, [disclosure]))
}

impl KnownAt for EventParams {
    fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}

impl Parameters for EventParams {
    fn read(query: &mut Query) -> Self {
        Self { known_at: query.take_instant("knownAt") }
    }
}

impl FromRequest for SequencePath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// A number is written in one way.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let written = request.match_info().get("sequence").unwrap_or_default();
        let number = written.parse().ok().filter(|number: &u64| *number > 0 && number.to_string() == written);
        ready(Ok(Self { sequence: number }))
    }
}
