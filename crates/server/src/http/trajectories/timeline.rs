//! The timeline: every fact as it was recorded.

use std::collections::BTreeSet;

use actix_web::get;
use actix_web::web::Data;
use jiff::Timestamp;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use omklap_domain::trajectory::{Fact, FactType, History, Mark};
use omklap_domain::visibility::{Category, Shown, View, Viewer};
use omklap_store::{Metadata, RecordedEvent, Stream};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::TrajectoryPath;
use super::as_of::{CaseAsOf, KnownAt};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::page::{PageParams, PageParamsDoc, cursor};
use crate::http::request::query::{Parameters, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;
use crate::http::view::redact::sees_person;
use crate::http::view::shown_fact::{FactInPart, ShownFact};
use crate::views::cache::WITHHELD;

/// The query parameters of the timeline.
#[derive(Clone, Debug)]
pub struct TimelineParams {
    known_at: Option<Timestamp>,
    page: PageParams<u64>,
}

/// The query parameters of the timeline.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into an instant; this is its documentation")]
struct TimelineParamsDoc {
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
pub(in crate::http) enum ItemBody {
    /// One that the caller may see.
    Seen(Box<EntryBody>),
    /// One whose content the caller may not see.
    Withheld(WithheldBody),
}

/// A fact that the caller may not see.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WithheldEntry)]
pub(in crate::http) struct WithheldBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// The same for every one of them.
    #[serde(rename = "type")]
    #[schema(schema_with = fact_withheld)]
    kind: &'static str,
}

/// The schema of the one kind of such an entry.
fn fact_withheld() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([WITHHELD]))
        .description(Some("The same for every one of them."))
        .build()
}

/// A fact as it was recorded: by whom, when, and what became of it. The reporter is known, unless
/// another program wrote the row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
#[serde(rename_all = "camelCase")]
pub struct EntryBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// What kind of fact it is.
    #[serde(rename = "type")]
    kind: FactType,
    /// Its own id.
    event_id: Uuid,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The person, by a pseudonym that only the person's organisation can resolve. Like purpose,
    /// correlation, causation and token it is shown only to that organisation and to an auditor.
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
    /// SHA-256 of the access token with which it was reported, in hexadecimal. It proves which token was
    /// used to anyone who has the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9a-f]{64}$")]
    token_digest: Option<String>,
    /// The `jti` of that token, by which its issuer finds it in its own log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    token_id: Option<String>,
    /// The agreements that held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agreement_set: Option<AgreementSetVersion>,
    /// Its link in the hash chain: SHA-256, in hexadecimal; absent if something of the fact is
    /// withheld, for it covers that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
    /// Whether it still holds.
    mark: MarkBody,
    /// What happened; absent if something of it is withheld or erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Fact>, nullable = false)]
    fact: Option<Value>,
    /// What is left of a fact if a part of it is withheld or erased; absent if `fact` is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FactInPart>, nullable = false)]
    fact_in_part: Option<Value>,
    /// The fields of the fact that the caller may not see, as JSON pointers into it; absent if
    /// there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    withheld: Vec<String>,
    /// The places of erased texts, as JSON pointers into the fact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    erased: Vec<String>,
}

/// What became of a recorded fact.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mark)]
#[serde(rename_all = "camelCase")]
struct MarkBody {
    /// Whether it still holds, never happened, or was replaced.
    status: MarkStatus,
    /// The number of the correction that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum MarkStatus {
    /// It still holds.
    Standing,
    /// It never happened.
    Retracted,
    /// A correction replaced it.
    Replaced,
}

/// Read the timeline
///
/// Every fact in the order of recording, corrected ones too, with its mark: a correction shows from
/// its own recording on.
#[utoipa::path(
    operation_id = "readTimeline", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, TimelineParamsDoc, PageParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody,
        headers(("Link", description = "The next page (`rel=\"next\"`); absent on the last one.")))),
)]
#[get("/trajectories/{trajectoryId}/events")]
pub async fn timeline(
    services: Data<Services>,
    case: CaseAsOf<TimelineParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    let CaseAsOf { trajectory, caller, params, stream, history, view, .. } = case;
    // One more than the page holds, if there is a next page.
    let (after, most) = (params.page.after.unwrap_or(0), params.page.limit as usize + 1);
    let mut entries = entries_of(stream, &history, after, most, &view);
    let next = params.page.cut(&mut entries, |last| last.event.sequence);
    // The texts of a withheld fact are not even decrypted.
    let seen = entries.iter_mut().filter(|entry| entry.shown != Shown::Withheld);
    services.ledger.open_texts(seen.map(|entry| (trajectory, &mut entry.event.fact))).await?;
    let categories: BTreeSet<Category> =
        entries.iter().flat_map(|entry| &entry.categories).copied().collect();
    let in_part = entries.iter().any(|entry| entry.shown != Shown::Whole);
    let items = entries.iter().map(|entry| ItemBody::of(entry, &caller.viewer));
    let items = items.collect::<Result<_, _>>()?;
    let disclosure = Disclosure::of(trajectory, categories).in_part(in_part);
    let body = PageBody { items, next: cursor(next.as_ref()) };
    Ok(Disclosed::whole(body, [disclosure]).linked(next.as_ref()))
}

/// A fact as it was recorded, whether it was corrected, and what the caller sees of it.
pub(super) struct Entry {
    pub(super) event: RecordedEvent,
    mark: Mark,
    pub(super) shown: Shown,
    /// The categories that it discloses.
    pub(super) categories: BTreeSet<Category>,
}

/// At most `most` entries, from the one after this number.
pub(super) fn entries_of(
    stream: Stream,
    history: &History,
    after: u64,
    most: usize,
    view: &View,
) -> Vec<Entry> {
    let marks: Vec<Mark> = history.entries().iter().map(|entry| entry.mark).collect();
    let entries = stream.events.into_iter().zip(marks).filter(|(event, _)| event.sequence > after);
    let recorded = history.recorded();
    let entries = entries.map(|(event, mark)| Entry {
        shown: view.show_among(recorded, &event.fact),
        categories: view.shown_categories(recorded, &event.fact),
        event,
        mark,
    });
    entries.take(most).collect()
}

/// An example of the response.
#[must_use]
pub fn example(event: &RecordedEvent) -> impl Serialize + use<> {
    PageBody { items: vec![example_entry(event)], next: None }
}

/// An example of one entry.
#[must_use]
pub(in crate::http) fn example_entry(event: &RecordedEvent) -> ItemBody {
    let known = event.metadata.read().expect("the example has a map of texts");
    ItemBody::Seen(Box::new(EntryBody::of(event, known, Mark::Uncorrected, &Shown::Whole)))
}

impl KnownAt for TimelineParams {
    fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}

impl Parameters for TimelineParams {
    fn read(query: &mut Query) -> Self {
        Self { known_at: query.take_instant("knownAt"), page: PageParams::read(query) }
    }
}

impl ItemBody {
    pub(super) fn of(Entry { event, mark, shown, .. }: &Entry, viewer: &Viewer) -> Result<Self, Problem> {
        Ok(if *shown == Shown::Withheld {
            Self::Withheld(WithheldBody { sequence: event.sequence, kind: WITHHELD })
        } else {
            Self::Seen(Box::new(EntryBody::seen_by(viewer, event, *mark, shown)?))
        })
    }
}

impl EntryBody {
    /// A fact as this viewer sees it. Its texts are decrypted.
    pub(in crate::http) fn seen_by(
        viewer: &Viewer,
        event: &RecordedEvent,
        mark: Mark,
        shown: &Shown,
    ) -> Result<Self, Problem> {
        let mut known = event.metadata.read().map_err(Problem::internal)?;
        if !sees_person(viewer, known.get("organisation")) {
            known.retain(|name, _| ["organisation", "role", "agreementSet"].contains(&name.as_str()));
        }
        Ok(Self::of(event, known, mark, shown))
    }

    fn of(event: &RecordedEvent, mut known: Metadata, mark: Mark, shown: &Shown) -> Self {
        let ShownFact { whole, in_part, withheld, erased } = ShownFact::of(&event.fact, shown);
        Self {
            sequence: event.sequence,
            kind: event.fact.fact_type(),
            event_id: event.event_id,
            recorded_at: event.recorded_at,
            actor: known.remove("actor"),
            organisation: known.remove("organisation"),
            role: known.remove("role"),
            purpose: known.remove("purpose"),
            correlation_id: known.remove("correlationId"),
            causation_id: known.remove("causationId"),
            token_digest: known.remove("tokenDigest"),
            token_id: known.remove("tokenId"),
            agreement_set: known.get("agreementSet").and_then(|name| AgreementSetVersion::named(name)),
            hash: withheld.is_empty().then(|| hex::encode(event.hash)),
            mark: mark.into(),
            fact: whole,
            fact_in_part: in_part,
            withheld,
            erased,
        }
    }
}

impl From<Mark> for MarkBody {
    fn from(mark: Mark) -> Self {
        let (status, by) = match mark {
            Mark::Uncorrected => (MarkStatus::Standing, None),
            Mark::RetractedBy(by) => (MarkStatus::Retracted, Some(by)),
            Mark::ReplacedBy(by) => (MarkStatus::Replaced, Some(by)),
        };
        Self { status, by }
    }
}
