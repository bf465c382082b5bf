//! A stream at the day and instant of a request.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use omklap_domain::allocation::{Stream, StreamId, read_events};
use omklap_store::allocation::{RecordedStream, StreamEvent};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::preconditions::etag;
use crate::http::services::Services;
use crate::http::trajectories::AsOfParams;

/// A stream that the caller may read, as it was on the day and was known at the instant of a request.
#[derive(Clone, Debug)]
pub struct StreamAsOf<S: Stream> {
    /// What was recorded until then.
    pub stream: RecordedStream<S>,
    /// The state on that day.
    pub state: S,
    /// Its version then, as the caller counts: a fact that changes nothing of what the caller sees is none.
    pub version: u64,
    /// Its tag for `If-Match`; none for another day or instant.
    pub etag: Option<String>,
}

/// A recorded fact.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamEvent)]
#[serde(rename_all = "camelCase")]
pub struct StreamEventBody<F> {
    /// Its number, for a correction.
    #[schema(minimum = 1)]
    sequence: u64,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// What was reported.
    fact: F,
}

impl<F: Clone> StreamEventBody<F> {
    /// The first event of a stream, to show.
    pub(super) fn first(fact: F, recorded_at: Timestamp) -> Self {
        Self { sequence: 1, recorded_at, fact }
    }

    /// The events of a stream, in the order of recording.
    #[must_use]
    pub fn list<S: Stream<Fact = F>>(stream: &RecordedStream<S>) -> Vec<Self> {
        let body = |event: &StreamEvent<S>| Self {
            sequence: event.sequence,
            recorded_at: event.recorded_at,
            fact: event.fact.clone(),
        };
        stream.events.iter().map(body).collect()
    }
}

impl<S: Stream> StreamAsOf<S> {
    /// Reads the stream. Who may read it is decided by its present state, also for its past.
    ///
    /// # Errors
    /// If there is none that the caller may read, or was none then.
    pub(in crate::http) async fn read(
        services: &Services,
        caller: &Caller,
        id: StreamId,
        as_of: AsOfParams,
    ) -> Result<Self, Problem> {
        let stream = services.ledger.load_stream::<S>(id).await?;
        let stream = stream.filter(|stream| stream.history().state().is_read_by(&caller.viewer));
        let stream = stream.ok_or(Kind::NoSuchStream)?;
        let stream = as_of.known_at.map_or(stream.clone(), |instant| stream.known_at(instant));
        let history = stream.history();
        let state = as_of.valid_on.map_or_else(|| history.state(), |day| history.state_on(day));
        if state.place().is_none() {
            return Err(Kind::NothingThen.into());
        }
        let seen = read_events(&history, &caller.viewer).pop();
        let last = seen.and_then(|seen| stream.events.iter().find(|event| event.sequence == seen.sequence));
        let version = seen.map_or(0, |seen| seen.version);
        let etag = last.map(|last| etag(&services.ledger, id, version, last.recorded_at));
        Ok(Self { stream, state, version, etag: etag.filter(|_| as_of.is_now()) })
    }
}

/// The id of the stream that this part of a path names: in the usual form of a UUID, and no other.
///
/// # Errors
/// If it is no such id.
pub(in crate::http) fn stream_in(request: &HttpRequest, part: &str) -> Result<StreamId, Problem> {
    let name = request.match_info().get(part).filter(|name| name.len() == 36);
    name.and_then(|name| name.parse().ok()).ok_or(Kind::NoSuchStream.into())
}

/// The answer to a read of a stream, with the tag of its version if it is the present one.
pub(super) fn tagged(etag: Option<String>, body: impl Serialize) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    if let Some(etag) = etag {
        answer.insert_header((ETAG, etag));
    }
    answer.json(body)
}
