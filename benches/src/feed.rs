//! How fast the feed is read, including what the reader may see of every event, compared with a
//! plain scan of the table.

use std::sync::Arc;
use std::time::Instant;

use omklap::http::feed::body::EventBody;
use omklap::http::feed::cursor::Cursor;
use omklap::webhooks::{Messaging, Settings};
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::Ledger;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::PgPool;

use crate::results::{Figure, result};
use crate::timing::per_second;

/// The most events that are read at each depth.
const READ: usize = 200_000;
/// The number of events on a page: the most that the API allows.
const PAGE: u32 = 1_000;

/// Reads it at its start, in its middle and at its end.
pub async fn measure(ledger: &Arc<Ledger>, database: &ScratchDatabase) {
    let regions = ledger.sets().iter().flat_map(|set| set.regions.iter().cloned()).collect();
    let organisation = "auditors".parse().expect("a code");
    let viewer = Viewer { role: Role::Auditor, organisation, regions, trajectory: None };
    let last: i64 = sqlx::query_scalar("SELECT max(position) FROM events")
        .fetch_one(database.pool())
        .await
        .expect("a table");
    let messaging = Messaging::new(Arc::clone(ledger), Settings::default());
    let read = i64::try_from(READ).expect("few");
    let parts = [("start", 0), ("middle", last / 2), ("end", (last - read).max(0))];
    for (part, from) in parts {
        let scan = scanned(database.pool(), from).await;
        let first = followed(ledger, &messaging, &viewer, from).await;
        // Another reader of the same part, or the same reader later: what it may see is cached.
        let again = followed(ledger, &messaging, &viewer, from).await;
        let part = format!("at the {part} (after position {from})");
        result(&format!("a scan of the table {part}"), &[Figure::events_per_second(scan)]);
        result(&format!("the feed {part}"), &[Figure::events_per_second(first)]);
        result(
            &format!("the feed again {part}, compared with the scan"),
            &[Figure::events_per_second(again), Figure::times_the_rate(again / scan)],
        );
    }
}

/// A keyset scan that does nothing with the rows.
async fn scanned(pool: &PgPool, from: i64) -> f64 {
    let (started, mut after, mut read) = (Instant::now(), from, 0);
    while read < READ {
        let rows = sqlx::query("SELECT * FROM events WHERE position > $1 ORDER BY position LIMIT $2")
            .bind(after)
            .bind(i64::from(PAGE))
            .fetch_all(pool)
            .await
            .expect("a table");
        let Some(last) = rows.last() else { break };
        after = sqlx::Row::get(last, "position");
        read += rows.len();
    }
    per_second(read as u64, started.elapsed())
}

/// What `GET /v1/feed` does for a page, without HTTP.
async fn followed(ledger: &Ledger, messaging: &Messaging, viewer: &Viewer, from: i64) -> f64 {
    let (started, mut after, mut read) = (Instant::now(), from, 0);
    let mut fetched = messaging.feed.events_after(after, PAGE).await.expect("readable");
    while read < READ && !fetched.is_empty() {
        after = fetched.last().map_or(after, |last| last.position);
        let page = std::mem::take(&mut fetched);
        // Two tasks, as for two requests: the next page is fetched while this one is serialised.
        let feed = messaging.feed.clone();
        let next = tokio::spawn(async move { feed.events_after(after, PAGE).await });
        let seen = messaging.views.seen(viewer, &page).await.expect("readable");
        let bodies = page.iter().filter_map(|event| {
            let cursor = Cursor::of(ledger, event.place(), &viewer.organisation).to_string();
            Some(EventBody::thin(event, seen.item(event)?, cursor))
        });
        assert!(!serde_json::to_vec(&bodies.collect::<Vec<_>>()).expect("JSON").is_empty());
        read += page.len();
        fetched = next.await.expect("it does not panic").expect("readable");
    }
    per_second(read as u64, started.elapsed())
}
