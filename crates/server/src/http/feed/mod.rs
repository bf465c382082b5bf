//! The feed: every event to which the caller has access, in one order.

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::ids::OrganisationId;
use omklap_domain::visibility::Viewer;
use omklap_store::access_log::Action;
use omklap_store::{FeedEvent, Place};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

pub mod body;
pub mod cursor;
pub mod event_type;
mod full;
mod params;

use body::{EventBody, PageBody};
use cursor::Cursor;
use full::Full;
use params::{FeedParamsDoc, MOST};

pub use params::{Detail, FeedParams, Kinds};

use super::request::caller::Caller;
use super::request::query::Params;
use crate::auth::scope::Scope;
use crate::http::problem::{Complaint, Fault, Problem};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;
use crate::views::cache::{FeedItem, Seen};
use crate::views::log_disclosures::FeedDisclosures;

/// How many events are read for one response. A caller that may see few of them is not kept
/// waiting, but gets a cursor further on.
const LOOKED_AT: usize = 10_000;

/// Follow the ledger
///
/// Every event to which the caller has access, in one order that never changes: of trajectories, and of the
/// complexes, vacancies, plans, years of a guarantee fund and rounds that the caller reads. Store `next` and
/// give it as `after`, and no event is skipped or sent twice. A cursor is opaque and different
/// every time. With `wait`, a response without items is sent only after that time. Each event shows
/// what the caller may see of it at this moment: what was withdrawn, corrected or erased since is
/// shown as such.
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
    let full = (params.detail == Detail::Full).then(|| Full::of_page(caller.may(Scope::FiguresRead).is_ok()));
    let mut read = Reading::begin(&services, &viewer.organisation, &params, full).await?;
    loop {
        // Subscribed before the read, so that events recorded in between count as a change.
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
        full.fill(&services, viewer, &mut items).await?;
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
    /// The content of the items, if full items were requested.
    full: Option<Full>,
    disclosures: FeedDisclosures,
    more: bool,
}

impl Reading {
    /// Starts after the caller's cursor, if it is valid.
    async fn begin(
        services: &Services,
        organisation: &OrganisationId,
        params: &FeedParams,
        full: Option<Full>,
    ) -> Result<Self, Problem> {
        let place = match &params.after {
            None => Place::default(),
            Some(cursor) => {
                place(services, organisation, cursor, Complaint::parameter("after", Fault::NotACursor))
                    .await?
            }
        };
        Ok(Self { place, items: Vec::new(), full, disclosures: FeedDisclosures::default(), more: false })
    }

    /// Reads on, to the end of the page or of the ledger.
    async fn on(&mut self, services: &Services, viewer: &Viewer, params: &FeedParams) -> Result<(), Problem> {
        let mut looked_at = 0;
        loop {
            let ledger = &services.messaging.feed;
            // The requested number, and one to see whether there are more. After a first read
            // without result, as many as allowed.
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
            if let Some(item) = seen.item(&event).filter(|item| params.types.have(item.kind)) {
                let cursor = Cursor::of(&services.ledger, event.place(), &viewer.organisation).to_string();
                let kind = item.kind;
                self.items.push(EventBody::thin(&event, item, cursor));
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

/// The place that a cursor names, if it was made for this organisation, of an event that this
/// ledger recorded.
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

/// An example of the response.
#[must_use]
pub fn example(event: &FeedEvent) -> impl Serialize + use<> {
    let next = cursor::EXAMPLE.to_owned();
    let item = FeedItem { kind: event.kind(), version: Some(1), path: None };
    PageBody { items: vec![EventBody::thin(event, item, next.clone())], next, more: false }
}
