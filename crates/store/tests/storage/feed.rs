//! A follower of the ledger sees every event once, in one order, however its writers overlap.

use std::time::Duration;

use crate::story::code;
use omklap_store::database::scratch::{ScratchDatabase, write_admitted};
use omklap_store::events::hash_chain::{GENESIS, Link};
use omklap_store::{Feed, OperatorKey};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

#[tokio::test]
async fn the_feed_of_an_empty_ledger_is_empty() {
    let database = ScratchDatabase::create().await;
    assert!(Follower::of(&database).sees().await.is_empty());
}

#[tokio::test]
async fn the_first_event_is_seen() {
    let database = ScratchDatabase::create().await;
    let first = write(&mut database.as_owner().await).await;
    assert_eq!(Follower::of(&database).sees().await, [first]);
}

#[tokio::test]
async fn nothing_is_shown_past_a_writer_that_commits_late() {
    let database = ScratchDatabase::create().await;
    let (mut slow, mut quick) = (database.as_owner().await, database.as_owner().await);
    let mut follower = Follower::of(&database);

    let mut late = slow.begin().await.expect("a transaction");
    let drawn_first = write(&mut late).await;
    let drawn_second = write(&mut quick).await;
    assert!(follower.sees().await.is_empty());

    late.commit().await.expect("committed");
    assert_eq!(follower.sees().await, [drawn_first, drawn_second]);
}

#[tokio::test]
async fn a_writer_that_rolls_back_leaves_a_gap_and_delays_no_follower() {
    let database = ScratchDatabase::create().await;
    let (mut one, mut other) = (database.as_owner().await, database.as_owner().await);
    let mut follower = Follower::of(&database);

    let mut doomed = one.begin().await.expect("a transaction");
    let never = write(&mut doomed).await;
    let kept = write(&mut other).await;
    doomed.rollback().await.expect("rolled back");

    assert!(never < kept);
    assert_eq!(follower.sees().await, [kept]);
}

#[tokio::test]
async fn a_writer_that_goes_back_to_a_savepoint_announces_itself_again() {
    let database = ScratchDatabase::create().await;
    let (mut slow, mut quick) = (database.as_owner().await, database.as_owner().await);
    let mut follower = Follower::of(&database);

    let mut late = slow.begin().await.expect("a transaction");
    let mut inner = late.begin().await.expect("a savepoint");
    write(&mut inner).await;
    inner.rollback().await.expect("back to the savepoint");
    let drawn_first = write(&mut late).await;
    let drawn_second = write(&mut quick).await;
    assert!(follower.sees().await.is_empty());

    late.commit().await.expect("committed");
    assert_eq!(follower.sees().await, [drawn_first, drawn_second]);
}

#[tokio::test]
async fn a_position_that_was_handed_out_is_never_beyond_what_was_drawn() {
    let database = ScratchDatabase::create().await;
    let (mut writer, mut slow) = (database.as_owner().await, database.as_owner().await);
    let feed = Feed::new(database.pool().clone(), OperatorKey::of_tests().mac_key());
    write(&mut writer).await;
    let last = write(&mut writer).await;
    assert_eq!(feed.settled().await.expect("reachable"), last);

    // A writer that read the last position before the second was drawn, and takes its lock only
    // now.
    let mut late = slow.begin().await.expect("a transaction");
    let lock = format!("SELECT pg_advisory_xact_lock_shared((28525::bigint << 48) | {})", last - 1);
    late.execute(lock.as_str()).await.expect("taken");
    assert_eq!(feed.settled().await.expect("reachable"), last - 1);
    assert_eq!(feed.last_drawn().await.expect("reachable"), last);
}

#[tokio::test]
async fn open_transactions_without_new_events_delay_no_follower() {
    let database = ScratchDatabase::create().await;
    let (mut idle, mut writer) = (database.as_owner().await, database.as_owner().await);
    let mut open = idle.begin().await.expect("a transaction");
    for other in
        ["pg_advisory_xact_lock_shared(0)", "pg_advisory_xact_lock(28525, 0)", "pg_current_xact_id()"]
    {
        open.execute(format!("SELECT {other}").as_str()).await.expect("taken");
    }
    let written = write(&mut writer).await;
    assert_eq!(Follower::of(&database).sees().await, [written]);
}

#[tokio::test]
async fn the_feed_refuses_a_transaction_with_an_old_snapshot() {
    let database = ScratchDatabase::create().await;
    let mut connection = database.as_owner().await;
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.expect("begun");
    let refused = connection.execute("SELECT * FROM events_in_order(0, 10)").await.expect_err("refused");
    assert!(refused.to_string().contains("a new snapshot"), "{refused}");
}

#[tokio::test]
async fn a_transaction_of_many_statements_takes_one_lock() {
    let database = ScratchDatabase::create().await;
    let mut connection = database.as_owner().await;
    let mut long = connection.begin().await.expect("a transaction");
    for _ in 0..20 {
        write(&mut long).await;
    }
    let locks = sqlx::query_scalar(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    );
    assert_eq!(locks.fetch_one(&mut *long).await.map(|count: i64| count).ok(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load_every_committed_event_is_seen_once_and_in_order() {
    let database = ScratchDatabase::create().await;
    let until = Instant::now() + Duration::from_secs(5);
    let writers: Vec<_> =
        (0..8).map(|_| tokio::spawn(write_erratically(database.pool().clone(), until))).collect();

    let mut follower = Follower::of(&database);
    let mut seen = Vec::new();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        seen.extend(follower.sees().await);
    }
    for writer in writers {
        writer.await.expect("no writer failed");
    }
    seen.extend(follower.sees().await);

    let committed: Vec<i64> = sqlx::query_scalar("SELECT position FROM events ORDER BY position")
        .fetch_all(database.pool())
        .await
        .expect("readable");
    assert!(committed.len() > 500, "only {} events", committed.len());
    assert_eq!(seen, committed);
}

// The words of these tests.

struct Follower {
    feed: Feed,
    last_seen: i64,
}

impl Follower {
    fn of(database: &ScratchDatabase) -> Self {
        Self { feed: Feed::new(database.pool().clone(), OperatorKey::of_tests().mac_key()), last_seen: 0 }
    }

    /// The positions of all new events, read in pages of five.
    async fn sees(&mut self) -> Vec<i64> {
        let mut seen = Vec::new();
        loop {
            let page = self.feed.events_after(self.last_seen, 5).await.expect("the feed is readable");
            let Some(last) = page.last() else { return seen };
            self.last_seen = last.position;
            seen.extend(page.iter().map(|event| event.position));
        }
    }
}

/// Writes one event of a new trajectory. Returns its position.
async fn write(connection: &mut PgConnection) -> i64 {
    let link = Link {
        aggregate_type: "trajectory",
        aggregate_id: &Uuid::from_u128(rand::random()).to_string(),
        sequence: 1,
        event_id: Uuid::from_u128(rand::random()),
        event_type: "neighbours-met",
        event_version: "1.0",
        recorded_at: code("2026-03-01T09:00:00Z"),
        payload: r#"{"type": "neighbours-met", "occurredOn": "2026-03-01", "how": "alone"}"#.into(),
        metadata: "{}".into(),
    };
    write_admitted(connection, &link, &GENESIS).await
}

async fn write_erratically(pool: PgPool, until: Instant) {
    while Instant::now() < until {
        let mut transaction = pool.begin().await.expect("a transaction");
        for _ in 0..rand::random_range(1..4) {
            sleep(a_moment()).await;
            write(&mut transaction).await;
        }
        sleep(a_moment()).await;
        if rand::random_bool(0.25) {
            transaction.rollback().await.expect("rolled back");
        } else {
            transaction.commit().await.expect("committed");
        }
    }
}

fn a_moment() -> Duration {
    Duration::from_micros(rand::random_range(0..4000))
}
