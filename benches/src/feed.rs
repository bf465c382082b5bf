//! How fast the feed is read, with what the reader may see worked out for every event, beside a plain scan of the table.

use std::sync::Arc;
use std::time::{Duration, Instant};

use omklap::demo;
use omklap::http::feed::body::EventBody;
use omklap::http::feed::cursor::Cursor;
use omklap::messaging::{Messaging, Settings};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Target};
use sqlx::{Executor, PgConnection, PgPool};
use uuid::Uuid;

use crate::omklap as bench;

/// How many trajectories are told; the others are copies of them.
const TOLD: u64 = 500;
/// How many events are read at each depth.
const READ: usize = 200_000;
/// How many events a page has: the most that the API gives.
const PAGE: u32 = 1_000;

/// Fills a ledger with about so many events and reads it at its start, in its middle and at its end.
#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
pub async fn measure(events: i64) {
    let database = ScratchDatabase::create().await;
    let ledger = bench::ledger(&database, OperatorKey::generate());
    let sets = AgreementSets::shipped();
    for number in 0..TOLD {
        let id = TrajectoryId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number));
        let report = bench::report(Target::New(id), demo::history(7, number, &sets));
        ledger.record(report).await.expect("an invented history is admissible");
    }
    let there = multiply(&mut database.as_owner().await, events).await;
    println!("{there} events");
    let regions = sets.iter().flat_map(|set| set.regions.iter().cloned()).collect();
    let organisation = "auditors".parse().expect("a code");
    let viewer = Viewer { role: Role::Auditor, organisation, regions, trajectory: None };
    let last: i64 = sqlx::query_scalar("SELECT max(position) FROM events")
        .fetch_one(database.pool())
        .await
        .expect("a table");
    let messaging = Messaging::new(Arc::clone(&ledger), database.pool().clone(), Settings::default());
    println!("{:>12} {:>14} {:>14} {:>14}   {:>10}", "from", "scan", "feed", "feed, again", "again/scan");
    let read = i64::try_from(READ).expect("few");
    for from in [0, last / 2, last - read] {
        let scan = rate(scanned(database.pool(), from).await);
        let first = rate(followed(&messaging, &viewer, from).await);
        // The second reader of a stretch, or the same one later: what it may see is remembered.
        let again = rate(followed(&messaging, &viewer, from).await);
        println!("{from:>12} {scan:>14.0} {first:>14.0} {again:>14.0}   {:>10.2}", again / scan);
    }
}

/// A keyset scan that looks at nothing.
async fn scanned(pool: &PgPool, from: i64) -> Duration {
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
    started.elapsed()
}

/// What `GET /v1/feed` does for a page, without HTTP.
async fn followed(messaging: &Messaging, viewer: &Viewer, from: i64) -> Duration {
    let (started, mut after, mut read) = (Instant::now(), from, 0);
    let mut fetched = messaging.feed.events_after(after, PAGE).await.expect("readable");
    while read < READ && !fetched.is_empty() {
        after = fetched.last().map_or(after, |last| last.position);
        let page = std::mem::take(&mut fetched);
        // Two cores, as one reader of several pages has them: the next page is fetched while this one is told.
        let (next, ()) = tokio::join!(messaging.feed.events_after(after, PAGE), async {
            let seen = messaging.sights.seen(viewer, &page).await.expect("readable");
            let told: Vec<_> = page
                .iter()
                .filter_map(|event| {
                    let cursor = Cursor::after(event.position, &viewer.organisation).to_string();
                    Some(EventBody::thin(event, seen.kind(event)?, cursor))
                })
                .collect();
            assert!(!serde_json::to_vec(&told).expect("JSON").is_empty());
        });
        read += page.len();
        fetched = next.expect("readable");
    }
    started.elapsed()
}

/// Copies of the trajectories under other ids, interleaved as reports are.
async fn multiply(owner: &mut PgConnection, events: i64) -> i64 {
    owner
        .execute(
            "CREATE TEMP TABLE told AS SELECT *, row_number() OVER (PARTITION BY aggregate_id ORDER BY sequence) AS nth FROM events",
        )
        .await
        .expect("the owner may");
    let told: i64 =
        sqlx::query_scalar("SELECT count(*) FROM told").fetch_one(&mut *owner).await.expect("a table");
    for copy in 1..=(events / told) {
        let id = format!("overlay(%s placing lpad(to_hex({copy}), 6, '0') from 3 for 6)");
        let statements = [
            format!(
                "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at)
                 SELECT aggregate_type, {}, sequence, event_type, event_version, payload, metadata, recorded_at
                 FROM told ORDER BY nth, aggregate_id",
                id.replace("%s", "aggregate_id")
            ),
            format!(
                "INSERT INTO trajectories (trajectory_id, version, updated_at, phase, agreement_set, region, municipality,
                                           care_provider, corporation)
                 SELECT ({})::uuid, version, updated_at, phase, agreement_set, region, municipality, care_provider, corporation
                 FROM trajectories WHERE trajectory_id::text IN (SELECT aggregate_id FROM told)",
                id.replace("%s", "trajectory_id::text")
            ),
        ];
        for statement in statements {
            owner.execute(statement.as_str()).await.expect("the owner may");
        }
    }
    owner.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
    sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(owner).await.expect("a table")
}

#[expect(clippy::cast_precision_loss, reason = "a rate of fewer than 2^52 events")]
fn rate(took: Duration) -> f64 {
    READ as f64 / took.as_secs_f64()
}
