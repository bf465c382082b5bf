//! The feed: every event that the caller may know of, in one order, for whoever follows the ledger.

use std::time::Duration;

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::ids::OrganisationId;
use omklap_domain::trajectory::FactType;
use omklap_domain::visibility::Viewer;
use omklap_store::access_log::Action;
use omklap_store::deadlines::DeadlineKind;
use omklap_store::destruction::DESTROYED;
use omklap_store::{FeedEvent, Place};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use utoipa::IntoParams;

pub mod body;
pub mod cursor;
mod full;

use body::{EventBody, PageBody};
use cursor::Cursor;
use full::Full;

use super::request::caller::Caller;
use super::request::page;
use super::request::query::{Parameters, Params, Query};
use crate::auth::scope::Scope;
use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;
use crate::views::cache::{Seen, WITHDRAWN, WITHHELD, ignores_type_filter};
use crate::views::log_disclosures::FeedDisclosures;

/// How many items a page has where nobody says, and at the most.
const USUAL: u32 = 100;
const MOST: u32 = 1_000;
/// How long a caller may wait at the most, in seconds.
const LONGEST: u64 = 60;
/// How many events are looked at for one answer: a caller that may see few of them is not kept waiting for long, but gets
/// a cursor that moved on.
const LOOKED_AT: usize = 10_000;

/// Which part of the feed.
#[derive(Clone, Debug)]
pub struct FeedParams {
    after: Option<Cursor>,
    types: Kinds,
    detail: Detail,
    wait: Duration,
    limit: u32,
}

/// How much of each event is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// That it happened, and where it can be read.
    #[default]
    Thin,
    /// All that the caller may see of it now.
    Full,
}

/// Which part of the feed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a cursor and a wait; this is their documentation")]
struct FeedParamsDoc {
    /// The `next` of the page before, or the `cursor` of an event; without it, from the first event.
    #[param(nullable = false, max_length = 4000, pattern = r"^[^\x00]*$", example = json!(cursor::EXAMPLE))]
    after: Option<String>,
    /// The kinds of events, separated by commas; without it, all. `trajectory-withdrawn` and `trajectory-destroyed` come in any case.
    #[param(
        nullable = false,
        max_length = 4000,
        pattern = r"^[^\x00]*$",
        example = "offer-refused,obligation-overdue"
    )]
    types: Option<String>,
    /// How much of each event: `thin` says that it happened; `full` brings what the caller may see of it now.
    #[param(required = false, pattern = "^(thin|full)$", default = "thin")]
    detail: String,
    /// How long to wait for something new where there is nothing yet, in seconds: `30s`.
    #[param(required = false, pattern = "^([0-9]|[1-5][0-9]|60)s$", default = "0s")]
    wait: String,
    /// How many at the most.
    #[param(required = false, minimum = 1, maximum = 1000, default = 100)]
    limit: u32,
}

/// Kinds of events; none: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds(Vec<&'static str>);

impl Kinds {
    /// The kinds of these names, or the names that are of none.
    ///
    /// # Errors
    /// Where a name is of no kind.
    pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, Vec<&'n str>> {
        let (mut kinds, mut unknown) = (Vec::new(), Vec::new());
        for name in names {
            match Self::known().find(|kind| *kind == name) {
                Some(kind) if kinds.contains(&kind) => {}
                Some(kind) => kinds.push(kind),
                None => unknown.push(name),
            }
        }
        if unknown.is_empty() { Ok(Self(kinds)) } else { Err(unknown) }
    }

    /// Every kind of event.
    pub fn known() -> impl Iterator<Item = &'static str> {
        FactType::ALL
            .iter()
            .map(|kind| kind.as_str())
            .chain(DeadlineKind::ALL.map(DeadlineKind::as_str))
            .chain([WITHHELD, WITHDRAWN, DESTROYED])
    }

    /// Whether an event of this kind is told to who asked for these.
    #[must_use]
    pub fn have(&self, kind: &str) -> bool {
        self.0.is_empty() || ignores_type_filter(kind) || self.0.contains(&kind)
    }
}

/// Follow the ledger
///
/// Every event that the caller may know of, in one order that never changes: keep `next` and give it as `after`, and nothing is
/// skipped or sent twice. A cursor is opaque, and another one every time. With `wait` an answer without items comes only after that time. What is told of an event is what the
/// caller may see of it at this moment: what was withdrawn, corrected or erased since is shown as such.
#[utoipa::path(
    operation_id = "readFeed", tag = "feed", security(("signIn" = ["trajectories:read"])), params(Caller, FeedParamsDoc),
    responses((status = 200, description = "A page.", body = PageBody)),
)]
#[get("/feed")]
pub async fn feed(
    services: Data<Services>,
    caller: Caller,
    Params(params): Params<FeedParams>,
) -> Result<Disclosed<PageBody>, Problem> {
    caller.may(Scope::TrajectoriesRead)?;
    let viewer = &caller.viewer;
    let until = Instant::now() + params.wait;
    let mut waiting = services.messaging.feed_watch.wait();
    let mut read = Reading::begin(&services, &viewer.organisation, &params).await?;
    loop {
        // Looked at before it is read: what comes in between is seen as a change.
        waiting.mark_unchanged();
        read.on(&services, viewer, &params).await?;
        if !read.items.is_empty() || read.more {
            break;
        }
        let there_is_news = tokio::select! {
            changed = timeout_at(until, waiting.changed()) => changed.is_ok(),
            () = services.messaging.feed_watch.ended() => false,
        };
        if !there_is_news {
            break;
        }
    }
    let next = Cursor::of(&services.ledger, read.place, &viewer.organisation).to_string();
    let Reading { mut items, more, full, disclosures, .. } = read;
    if let Some(full) = full {
        full.fill(&services.ledger, viewer, &mut items).await?;
    }
    let disclosures = disclosures.alike().into_iter().map(|((categories, in_part), trajectories)| {
        Disclosure::of_each(trajectories, categories).in_part(in_part).by(Action::Follow)
    });
    Ok(Disclosed::whole(PageBody { items, next, more }, disclosures))
}

/// What was read until now.
struct Reading {
    place: Place,
    items: Vec<EventBody>,
    /// What the items are filled with, where they are full.
    full: Option<Full>,
    disclosures: FeedDisclosures,
    more: bool,
}

impl Reading {
    /// Where the caller left off, if that is a place where it can have been.
    async fn begin(
        services: &Services,
        organisation: &OrganisationId,
        params: &FeedParams,
    ) -> Result<Self, Problem> {
        let place = match &params.after {
            None => Place::default(),
            Some(cursor) => {
                place(services, organisation, cursor, Complaint::parameter("after", Fault::NotACursor))
                    .await?
            }
        };
        let full = (params.detail == Detail::Full).then(Full::default);
        Ok(Self { place, items: Vec::new(), full, disclosures: FeedDisclosures::default(), more: false })
    }

    /// Reads on, to the end of the page or of the ledger.
    async fn on(&mut self, services: &Services, viewer: &Viewer, params: &FeedParams) -> Result<(), Problem> {
        let mut looked_at = 0;
        loop {
            let ledger = &services.messaging.feed;
            // As many as are asked for, and one to see whether there is more; where the caller may not know of them, many.
            let at_most = if looked_at == 0 { params.limit + 1 } else { MOST };
            let events = match params.detail {
                Detail::Thin => ledger.events_after(self.place.position, at_most).await?,
                Detail::Full => ledger.whole_events_after(self.place.position, at_most).await?,
            };
            let seen = services.messaging.views.seen(viewer, &events).await?;
            looked_at += events.len();
            let is_last = events.len() < at_most as usize;
            let cut = self.take(events, &seen, viewer, services, params);
            self.more = cut || !is_last;
            if cut || is_last || self.is_full(params) || looked_at >= LOOKED_AT {
                return Ok(());
            }
        }
    }

    /// Takes what fits; whether something did not.
    fn take(
        &mut self,
        events: Vec<FeedEvent>,
        seen: &Seen,
        viewer: &Viewer,
        services: &Services,
        params: &FeedParams,
    ) -> bool {
        for event in events {
            if self.is_full(params) {
                return true;
            }
            self.place = event.place();
            if let Some(kind) = seen.kind(&event).filter(|kind| params.types.have(kind)) {
                let cursor = Cursor::of(&services.ledger, event.place(), &viewer.organisation).to_string();
                self.items.push(EventBody::thin(&event, kind, cursor));
                let sets = services.ledger.sets();
                match &mut self.full {
                    Some(full) => full.take(event, seen, sets, &mut self.disclosures),
                    None => self.disclosures.add_event(&event, kind, sets),
                }
            }
        }
        false
    }

    fn is_full(&self, params: &FeedParams) -> bool {
        self.items.len() >= params.limit as usize
    }
}

/// The place that a cursor names, if it was made for this organisation, of an event that this ledger recorded.
///
/// # Errors
/// A cursor of another organisation, or of a ledger that was restored to an earlier state since.
pub async fn place(
    services: &Services,
    organisation: &OrganisationId,
    cursor: &Cursor,
    named: Complaint,
) -> Result<Place, Problem> {
    let wrong = |fault: Fault| Problem::from(Complaint { rule: fault.into(), ..named.clone() });
    let place = cursor.open(&services.ledger, organisation).map_err(wrong)?;
    if services.messaging.feed.recorded(&place).await? {
        Ok(place)
    } else {
        Err(wrong(Fault::CursorOfAnotherLedger))
    }
}

/// What a follower is answered with, to show.
#[must_use]
pub fn example(event: &FeedEvent) -> impl Serialize + use<> {
    let next = cursor::EXAMPLE.to_owned();
    PageBody { items: vec![EventBody::thin(event, event.kind(), next.clone())], next, more: false }
}

impl Parameters for FeedParams {
    fn read(query: &mut Query) -> Self {
        let limit = page::limit(query, USUAL, MOST);
        let wait = query.take_as("wait", Fault::NotAsAgreed, seconds).unwrap_or(0);
        let types = query.take_as("types", Fault::NotOneOf, |text| Kinds::named(text.split(',')).ok());
        let detail = query.take_as("detail", Fault::NotOneOf, |text| match text {
            "thin" => Some(Detail::Thin),
            "full" => Some(Detail::Full),
            _ => None,
        });
        let after = query.take_as("after", Fault::NotACursor, |text| text.parse().ok());
        let (types, detail) = (types.unwrap_or_default(), detail.unwrap_or_default());
        Self { after, types, detail, wait: Duration::from_secs(wait), limit }
    }
}

/// `30s`, in one way of writing.
fn seconds(text: &str) -> Option<u64> {
    let seconds = text.strip_suffix('s')?.parse::<u64>().ok()?;
    (seconds <= LONGEST && text == format!("{seconds}s")).then_some(seconds)
}
