//! Lines of the access log that wait for a batch.

use std::slice;

use crate::manipulations::{every_transaction_has_ended, line};
use crate::story::*;
use jiff::SignedDuration;
use omklap_store::Restorations;
use omklap_store::access_log::{Action, Line, Unbatched};

#[tokio::test]
async fn lines_that_wait_for_a_batch_while_the_log_goes_on_are_found() {
    let story = Story::begins().await;
    let read = |at: &str| line(Action::Read, at, new_id());
    let logs = async |at| story.ledger.log_access(&[read(at)]).await.expect("logged");
    logs("2026-03-02T09:00:00Z").await;
    every_transaction_has_ended(&story).await;
    let batch = async |at| story.ledger.batch_access_log(code(at), SignedDuration::ZERO).await;
    assert_eq!(batch("2026-03-02T09:01:00Z").await.expect("made"), 1);
    let unbatched = async |at| story.ledger.unbatched(code(at)).await.expect("readable");
    assert_eq!(unbatched("2026-03-02T09:01:00Z").await, None);

    logs("2026-03-02T09:02:00Z").await;
    let since = code("2026-03-02T09:02:00Z");
    assert_eq!(unbatched("2026-03-02T12:00:00Z").await, Some(Unbatched { since, latest: since }));
    assert_eq!(found(&story).await, [""; 0], "no server ran, or nobody looked");
    logs("2026-03-02T09:40:00Z").await;
    let lag =
        "access log: 2 lines are in no batch yet; the first is of 2026-03-02T09:02:00Z, and the log goes on";
    assert_eq!(found(&story).await, [lag]);
    assert!(unbatched("2026-03-02T12:00:00Z").await.is_some_and(Unbatched::lags));

    Restorations::new(story.database.pool().clone()).mark().await.expect("marked");
    assert_eq!(found(&story).await, [""; 0], "a copy makes no batches");
}

#[tokio::test]
async fn a_line_that_was_committed_after_it_was_given_up_is_written_and_there_once() {
    let story = Story::begins().await;
    let [given_up, new] = [(); 2].map(|()| line(Action::Read, "2026-03-02T09:00:00Z", new_id()));
    let logs = async |lines: &[Line]| story.ledger.log_access(lines).await;
    logs(slice::from_ref(&given_up)).await.expect("written");
    logs(slice::from_ref(&given_up)).await.expect("it is there");
    logs(&[given_up, new]).await.expect_err("one of them is not there");
    let lines: i64 = sqlx::query_scalar("SELECT count(*) FROM access_log")
        .fetch_one(story.database.pool())
        .await
        .expect("readable");
    assert_eq!(lines, 1);
}

#[tokio::test]
async fn every_line_is_in_a_batch_after_a_clock_was_an_hour_ahead() {
    let story = Story::begins().await;
    let logs = async |at: &str| {
        story.ledger.log_access(&[line(Action::Read, at, new_id())]).await.expect("logged");
        every_transaction_has_ended(&story).await;
    };
    let batch = async |at: &str| {
        story.ledger.batch_access_log(code(at), SignedDuration::from_secs(60)).await.expect("made")
    };
    logs("2026-03-02T09:00:00Z").await;
    assert_eq!(batch("2026-03-02T09:01:00Z").await, 1);
    // As many batches as are recounted at once, so that the clock is corrected at the end of a page.
    for minute in 0..99 {
        let ahead = code::<jiff::Timestamp>("2026-03-02T10:02:00Z") + SignedDuration::from_mins(minute);
        let ahead = ahead.to_string();
        logs(&ahead).await;
        assert_eq!(batch(&ahead).await, 1, "{ahead}");
    }
    logs("2026-03-02T09:04:00Z").await;
    let waits = story.ledger.unbatched(code("2026-03-02T09:20:00Z")).await.expect("readable");
    assert_eq!(waits.map(|waits| waits.since), Some(code("2026-03-02T09:04:00Z")));
    assert_eq!(batch("2026-03-02T09:20:00Z").await, 1, "a batch is made at once, with what waited for it");
    logs("2026-03-02T09:21:00Z").await;
    assert_eq!(batch("2026-03-02T09:22:00Z").await, 1);
    assert_eq!(found(&story).await, [""; 0]);
}

async fn found(story: &Story) -> Vec<String> {
    let mut found = Vec::new();
    let now = code("2026-03-02T12:00:00Z");
    story.ledger.check_access_log(now, |one| found.push(one.to_string())).await.expect("readable");
    found
}
