//! The timeline: every fact as it was recorded.

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use omklap_domain::trajectory::Mark;
use omklap_domain::visibility::{Category, Shown, View, Viewer};
use omklap_store::{RecordedEvent, Stream};
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Named;
use crate::http::Services;
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::page::{Page, PageParameters};
use crate::http::request::query::{Asked, Parameters, Query};
use crate::http::view::disclosure::{Disclosure, shows};
use crate::http::view::erased_texts;
use crate::http::view::redact::tells_who;
use crate::http::view::shown_fact::ShownFact;

/// Which page of the timeline.
#[derive(Clone, Debug)]
pub struct Wanted {
    known_at: Option<Timestamp>,
    page: Page<u64>,
}

/// Which part of the timeline.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into an instant; this is its documentation")]
struct WantedParameters {
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    known_at: Option<String>,
}

/// A page of the timeline, in the order of recording.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelinePage)]
struct PageBody {
    /// The facts.
    items: Vec<ItemBody>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A fact of the timeline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineItem)]
#[serde(untagged)]
enum ItemBody {
    /// One that the caller may see.
    Seen(Box<EntryBody>),
    /// One of which the caller sees no more than that it is there.
    Withheld(WithheldBody),
}

/// A fact that the caller may not see.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WithheldEntry)]
struct WithheldBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Always true.
    #[schema(value_type = bool, default = true)]
    withheld: bool,
}

/// A fact as it was recorded: by whom, when, and what became of it. Who is known, unless another program wrote the row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
#[serde(rename_all = "camelCase")]
pub struct EntryBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Its own id.
    event_id: Uuid,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The person, by a pseudonym that only the own organisation can resolve. Like purpose, correlation and causation it is
    /// told to that organisation and to an auditor.
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
    /// Its link in the hash chain: SHA-256, in hexadecimal; absent where something of the fact is withheld, for it covers that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
    /// Whether it stands.
    mark: MarkBody,
    /// What happened, without what is withheld and without the texts that were erased.
    #[schema(value_type = ShownFact)]
    fact: Value,
    /// The fields of the fact that the caller may not see, as JSON pointers into it; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    withheld: Vec<String>,
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
    operation_id = "readTimeline", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(Named, Caller, WantedParameters, PageParameters),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/trajectories/{trajectoryId}/events")]
pub async fn timeline(
    services: Data<Services>,
    named: Named,
    caller: Caller,
    Asked(Wanted { known_at, page }): Asked<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (stream, view) = super::as_of::seen(&services, &caller, named.trajectory, known_at).await?;
    let mut entries = page_of(stream, &page, &view);
    let more = entries.len() > page.limit as usize;
    entries.truncate(page.limit as usize);
    // A text that is withheld is not even opened, where its fact is.
    let seen = entries.iter_mut().filter(|entry| entry.shown != Shown::Withheld);
    services.ledger.open_texts(seen.map(|entry| (named.trajectory, &mut entry.event.fact))).await?;
    let next = entries.last().filter(|_| more).map(|last| page.next(&last.event.sequence));
    let categories: BTreeSet<Category> = entries.iter().flat_map(|entry| &entry.tells).copied().collect();
    let withheld = entries.iter().any(|entry| entry.shown != Shown::Whole);
    let shown = Disclosure::of(named.trajectory, categories).in_part(withheld);
    let mut answer = HttpResponse::Ok();
    if let Some(next) = &next {
        answer.insert_header(next.header());
    }
    let items = entries.into_iter().map(|entry| ItemBody::of(entry, &caller.viewer)).collect();
    let page = answer.json(PageBody { items, next: next.map(|next| next.cursor) });
    Ok(shows(page, [shown]))
}

/// A fact as it was recorded, what became of it, and how it leaves.
struct Entry {
    event: RecordedEvent,
    mark: Mark,
    shown: Shown,
    /// Of which kinds of data it tells.
    tells: BTreeSet<Category>,
}

/// The entries of a page, and one more where there is a next page.
fn page_of(stream: Stream, page: &Page<u64>, view: &View) -> Vec<Entry> {
    let history = stream.history();
    let marks: Vec<Mark> = history.entries().iter().map(|entry| entry.mark).collect();
    let after = page.after.unwrap_or(0);
    let entries = stream.events.into_iter().zip(marks).filter(|(event, _)| event.sequence > after);
    let recorded = history.recorded();
    let entries = entries.map(|(event, mark)| Entry {
        shown: view.show_among(recorded, &event.fact),
        tells: view.tells(recorded, &event.fact),
        event,
        mark,
    });
    entries.take(page.limit as usize + 1).collect()
}

/// What a reader is answered with, to show.
#[must_use]
pub fn example(event: RecordedEvent) -> impl Serialize {
    let entry = EntryBody::of(event, Mark::Stands, &Shown::Whole, true);
    PageBody { items: vec![ItemBody::Seen(Box::new(entry))], next: None }
}

impl Parameters for Wanted {
    fn read(query: &mut Query) -> Self {
        Self { known_at: query.take_instant("knownAt"), page: Page::read(query) }
    }
}

impl ItemBody {
    fn of(Entry { event, mark, shown, .. }: Entry, viewer: &Viewer) -> Self {
        if shown == Shown::Withheld {
            return Self::Withheld(WithheldBody { sequence: event.sequence, withheld: true });
        }
        Self::Seen(Box::new(EntryBody::told_to(viewer, event, mark, &shown)))
    }
}

impl EntryBody {
    /// What a viewer is told of a fact that leaves like this; its texts are open.
    pub(in crate::http) fn told_to(viewer: &Viewer, event: RecordedEvent, mark: Mark, shown: &Shown) -> Self {
        let who = tells_who(viewer, event.metadata.get("organisation"));
        Self::of(event, mark, shown, who)
    }

    fn of(event: RecordedEvent, mark: Mark, shown: &Shown, tells_who: bool) -> Self {
        let mut known = event.metadata;
        if !tells_who {
            known.retain(|name, _| ["organisation", "role", "agreementSet"].contains(&name.as_str()));
        }
        let mut fact = serde_json::to_value(&event.fact).expect("a fact can be written as JSON");
        let withheld = if let Shown::InPart { withheld } = shown { withheld.clone() } else { Vec::new() };
        shown.strip(&mut fact);
        let erased = erased_texts::take_out(&mut fact);
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
            hash: event.hash.filter(|_| withheld.is_empty()).map(hex::encode),
            mark: mark.into(),
            fact,
            withheld,
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
