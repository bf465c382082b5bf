//! Reporting facts of a stream.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use jiff::Timestamp;
use omklap_domain::allocation::{BrokenRule, Refusal, Stream, StreamFact, StreamId};
use omklap_domain::register::Register;
use omklap_store::allocation::{NotRecorded, RecordedFacts, StreamReport, StreamTarget};
use omklap_store::{Once, Seen};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::facts::StreamFacts;
use crate::http::request::preconditions::{IdempotencyKey, etag};
use crate::http::services::Services;
use crate::http::trajectories::report::Trial;

/// What a report on a stream led to, or would lead to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedFacts)]
#[serde(rename_all = "camelCase")]
pub struct RecordedBody {
    /// Whether it was recorded. If it was only tried, the ids are made up.
    recorded: bool,
    /// The id of what was reported on: the last part of its path.
    #[schema(value_type = Uuid)]
    id: StreamId,
    /// Its version after this: the number of facts recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// The facts of this report, in their order.
    events: Vec<EventBody>,
    /// When they were recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The ledger's signed promise that it recorded these facts (a C2SP signed note); absent if nothing
    /// was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    receipt: Option<String>,
}

/// A fact that was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedStreamEvent)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    /// Its number.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Its own id.
    event_id: Uuid,
    /// What kind of fact it is.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "complex-described")]
    kind: &'static str,
}

/// How a report is made, besides its facts.
#[derive(Clone, Debug)]
pub(super) struct How {
    /// Where the stream is read.
    pub location: Location,
    pub key: IdempotencyKey,
    pub trial: Trial,
}

/// Where a stream is read.
#[derive(Clone, Debug)]
pub(super) enum Location {
    /// Under its id, in this collection.
    UnderItsId(&'static str),
    /// At this path.
    At(String),
}

impl Location {
    fn of(self, id: StreamId) -> String {
        match self {
            Self::UnderItsId(collection) => format!("/v1/{collection}/{id}"),
            Self::At(path) => path,
        }
    }
}

/// Begins the stream that the first fact names.
pub(super) async fn begin_stream<S: Stream>(
    services: &Services,
    caller: &Caller,
    how: How,
    facts: StreamFacts<S>,
) -> Result<HttpResponse, Problem> {
    let named = facts.facts.first().and_then(StreamFact::stream);
    let unnamed = || {
        let broken = vec![BrokenRule::from(Refusal::StreamNotNamed)];
        Problem::of_stream(NotRecorded::Refused { index: 0, broken }, facts.shape)
    };
    let id = named.ok_or_else(unnamed)?;
    record(services, StreamTarget::New(id), caller, how, facts).await
}

/// Begins the stream that the path and the first fact name together. A fact that names another one breaks
/// a rule.
pub(super) async fn begin_stream_named<S: Stream>(
    services: &Services,
    id: StreamId,
    caller: &Caller,
    how: How,
    facts: StreamFacts<S>,
) -> Result<HttpResponse, Problem> {
    record(services, StreamTarget::New(id), caller, how, facts).await
}

/// Reports on a stream that is there.
pub(super) async fn report_on_stream<S: Stream>(
    services: &Services,
    (id, seen): (StreamId, Seen),
    caller: &Caller,
    how: How,
    facts: StreamFacts<S>,
) -> Result<HttpResponse, Problem> {
    record(services, StreamTarget::Existing { id, seen }, caller, how, facts).await
}

async fn record<S: Stream>(
    services: &Services,
    target: StreamTarget,
    caller: &Caller,
    How { location, key, trial }: How,
    facts: StreamFacts<S>,
) -> Result<HttpResponse, Problem> {
    let recorded = recorded(services, target, caller, (key, trial), facts).await?;
    let mut body = RecordedBody::of(&recorded, !trial.is_one());
    if !body.recorded {
        return Ok(HttpResponse::Ok().json(body));
    }
    let RecordedFacts { id, first_sequence, hashes, recorded_at, .. } = &recorded;
    body.receipt = services.signer.keys.receipt_of(*id, *first_sequence, hashes, *recorded_at);
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, location.of(*id)));
    answer.insert_header((ETAG, etag(&services.ledger, *id, body.version, *recorded_at)));
    Ok(answer.json(body))
}

/// Reports facts of a stream, in the one way that there is.
///
/// # Errors
/// Why they were not recorded.
pub(in crate::http) async fn recorded<S: Stream>(
    services: &Services,
    target: StreamTarget,
    caller: &Caller,
    (key, trial): (IdempotencyKey, Trial),
    StreamFacts { facts, shape, request_hash }: StreamFacts<S>,
) -> Result<RecordedFacts<S>, Problem> {
    let report = StreamReport::<S> {
        target,
        register: register_for::<S>(services, &facts).await?,
        facts,
        reporter: caller.viewer.clone(),
        metadata: caller.metadata(),
        recorded_at: services.clock.now(),
        today: services.clock.today(),
        once: key.key.map(|key| Once { client: caller.client.to_string(), key, request_hash }),
        dry_run: trial.is_one(),
    };
    let recorded = services.ledger.record_facts(report).await;
    recorded.map_err(|error| Problem::of_stream(error, shape))
}

/// The register against which these facts are held. A name that is wrong by the cached register may be
/// registered by now.
async fn register_for<S: Stream>(services: &Services, facts: &[S::Fact]) -> Result<Arc<Register>, Problem> {
    let register = services.sign_in.register().await?;
    if register.misnamed_in_stream(&S::default(), facts, services.ledger.sets()).is_empty() {
        return Ok(register);
    }
    Ok(services.sign_in.current_register().await?)
}

impl RecordedBody {
    fn of<S: Stream>(recorded: &RecordedFacts<S>, kept: bool) -> Self {
        let history = recorded.history.recorded();
        let reported = &history[history.len().saturating_sub(recorded.event_ids.len())..];
        let events = (recorded.first_sequence..).zip(&recorded.event_ids).zip(reported);
        let body = |((sequence, event_id), fact): ((u64, &Uuid), &S::Fact)| EventBody {
            sequence,
            event_id: *event_id,
            kind: fact.kind(),
        };
        Self {
            recorded: kept,
            id: recorded.id,
            version: recorded.history.version(),
            events: events.map(body).collect(),
            recorded_at: recorded.recorded_at,
            receipt: None,
        }
    }
}

/// An example of the response.
#[must_use]
pub fn example<S: Stream>(id: StreamId, fact: &S::Fact, at: Timestamp) -> impl Serialize + use<S> {
    let event = EventBody { sequence: 1, event_id: Uuid::from_u128(7), kind: fact.kind() };
    let receipt = Some(crate::http::trajectories::report::RECEIPT.to_owned());
    RecordedBody { recorded: true, id, version: 1, events: vec![event], recorded_at: at, receipt }
}
