//! The timeline: every fact as it was recorded.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::trajectory::{Fact, Mark};
use omklap_store::{RecordedEvent, Stream};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Named;
use crate::erased;
use crate::http::access::{self, Disclosure};
use crate::http::caller::Caller;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::query::{Asked, Parameters, Query};
use crate::http::{Services, hex};

/// Which page of the timeline.
#[derive(Clone, Debug)]
pub struct Wanted {
    known_at: Option<Timestamp>,
    page: Page<u64>,
}

/// Which part of the timeline.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into an instant and a page; this is their documentation")]
struct WantedParameters {
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    known_at: Option<String>,
    /// How many at the most.
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    limit: u32,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// A page of the timeline, in the order of recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelinePage)]
struct PageBody {
    /// The facts.
    items: Vec<EntryBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A fact as it was recorded: by whom, when, and what became of it. Who is known, unless another program wrote the row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
#[serde(rename_all = "camelCase")]
struct EntryBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Its own id.
    event_id: Uuid,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The person, by a pseudonym that only the own organisation can resolve.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    actor: Option<String>,
    /// The organisation for which the person acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    organisation: Option<String>,
    /// In which role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<String>,
    /// For which purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    purpose: Option<String>,
    /// What it belonged to, across systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    correlation_id: Option<String>,
    /// The event or message that led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    causation_id: Option<String>,
    /// The agreements that held, as `id@version`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agreement_set: Option<String>,
    /// Its link in the hash chain: SHA-256, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
    /// Whether it stands.
    mark: MarkBody,
    /// What happened, without the texts that were erased.
    #[schema(value_type = Fact)]
    fact: Value,
    /// Where texts stood that were erased, as JSON pointers into the fact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    erased: Vec<String>,
}

/// What became of a recorded fact.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mark)]
#[serde(rename_all = "camelCase")]
struct MarkBody {
    /// Whether it stands, never happened, or was otherwise.
    status: MarkStatus,
    /// The number of the correction that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum MarkStatus {
    /// It stands.
    Standing,
    /// It never happened.
    Retracted,
    /// It was otherwise.
    Replaced,
}

/// Read the timeline
///
/// Every fact in the order of recording, corrected ones too, with its mark: a correction shows from its own recording on.
#[utoipa::path(
    operation_id = "readTimeline", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(Named, Caller, WantedParameters),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/trajectories/{trajectoryId}/events")]
pub async fn timeline(
    services: Data<Services>,
    named: Named,
    _: Caller,
    Asked(Wanted { known_at, page }): Asked<Wanted>,
) -> Result<HttpResponse, Problem> {
    let stream = super::standing::known(&services, named.trajectory, known_at).await?;
    let mut entries = page_of(stream, &page);
    let more = entries.len() > page.limit as usize;
    entries.truncate(page.limit as usize);
    services
        .ledger
        .open_texts(named.trajectory, entries.iter_mut().map(|(event, _)| &mut event.fact))
        .await?;
    let next = entries.last().filter(|_| more).map(|(last, _)| page.next(&last.sequence));
    let categories = access::categories_of(entries.iter().map(|(event, _)| &event.fact));
    let entries = entries.into_iter().map(|(event, mark)| EntryBody::of(event, mark)).collect();
    let mut answer = HttpResponse::Ok();
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    let page = answer.json(PageBody { items: entries, next: next.map(|next| next.cursor) });
    Ok(access::shows(page, [Disclosure::of(named.trajectory, categories)]))
}

/// The entries of a page, and one more where there is a next page.
fn page_of(stream: Stream, page: &Page<u64>) -> Vec<(RecordedEvent, Mark)> {
    let history = stream.history();
    let marks: Vec<Mark> = history.entries().iter().map(|entry| entry.mark).collect();
    let after = page.after.unwrap_or(0);
    let entries = stream.events.into_iter().zip(marks).filter(|(event, _)| event.sequence > after);
    entries.take(page.limit as usize + 1).collect()
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(event: RecordedEvent) -> impl Serialize {
    PageBody { items: vec![EntryBody::of(event, Mark::Stands)], next: None }
}

impl Parameters for Wanted {
    fn read(query: &mut Query) -> Self {
        Self { known_at: query.take_instant("knownAt"), page: Page::read(query) }
    }
}

impl EntryBody {
    fn of(event: RecordedEvent, mark: Mark) -> Self {
        let mut known = event.metadata;
        let mut fact = serde_json::to_value(&event.fact).expect("a fact can be written as JSON");
        let erased = erased::take_out(&mut fact);
        Self {
            sequence: event.sequence,
            event_id: event.event_id,
            recorded_at: event.recorded_at,
            actor: known.remove("actor"),
            organisation: known.remove("organisation"),
            role: known.remove("role"),
            purpose: known.remove("purpose"),
            correlation_id: known.remove("correlationId"),
            causation_id: known.remove("causationId"),
            agreement_set: known.remove("agreementSet"),
            hash: event.hash.map(|hash| hex(&hash)),
            mark: mark.into(),
            fact,
            erased,
        }
    }
}

impl From<Mark> for MarkBody {
    fn from(mark: Mark) -> Self {
        let (status, by) = match mark {
            Mark::Stands => (MarkStatus::Standing, None),
            Mark::RetractedBy(by) => (MarkStatus::Retracted, Some(by)),
            Mark::ReplacedBy(by) => (MarkStatus::Replaced, Some(by)),
        };
        Self { status, by }
    }
}
