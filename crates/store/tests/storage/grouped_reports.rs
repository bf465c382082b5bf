//! Reports of many requests that are written together.

use std::sync::Arc;

use sqlx::Executor;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::{RecordError, Recorded, Report};

/// How many reports are made at once.
const AT_ONCE: usize = 40;

async fn cases(story: &Story) -> Vec<TrajectoryId> {
    let mut cases = Vec::new();
    for _ in 0..AT_ONCE {
        cases.push(story.opened().await);
    }
    cases
}

#[tokio::test]
async fn reports_at_the_same_time_are_committed_together_each_with_the_places_of_its_own_events() {
    let story = Story::begins().await;
    let cases = cases(&story).await;
    let facts = [privacy_explained(), outflow_announced()];
    let all = at_once(&story, cases.iter().map(|id| reports(*id, facts.clone()))).await;
    for (id, recorded) in cases.iter().zip(all) {
        let recorded = recorded.expect("admitted");
        let stored: Vec<i64> = sqlx::query_scalar(
            "SELECT position FROM events WHERE aggregate_id = $1 AND sequence > 1 ORDER BY sequence",
        )
        .bind(id.to_string())
        .fetch_all(story.database.pool())
        .await
        .expect("readable");
        assert_eq!(recorded.positions, stored);
        assert_eq!(story.facts(*id).await.len(), 3);
    }
    let transactions = "SELECT count(DISTINCT xmin::text) FROM events WHERE sequence > 1";
    let transactions: i64 =
        sqlx::query_scalar(transactions).fetch_one(story.database.pool()).await.expect("readable");
    assert!(transactions < 20, "{AT_ONCE} reports in {transactions} transactions");
    assert_eq!(found(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn of_reports_at_the_same_time_those_that_another_came_before_are_answered_as_if_alone() {
    let story = Story::begins().await;
    let cases = cases(&story).await;
    let newer = |id: &TrajectoryId| seen(&story.ledger, 1, reports(*id, [privacy_explained()]));
    let with_key = |id: &TrajectoryId| {
        let mut report = once("de sleutel", reports(*id, [outflow_announced()]));
        report.once.as_mut().expect("it has a key").request_hash[..16].copy_from_slice(id.0.as_bytes());
        report
    };
    // Twice on each: only one has seen the last version. One key for all: only one has it first.
    let stale = at_once(&story, cases.iter().chain(&cases).map(newer)).await;
    let (recorded, refused): (Vec<_>, Vec<_>) = stale.into_iter().partition(Result::is_ok);
    assert_eq!((recorded.len(), refused.len()), (AT_ONCE, AT_ONCE));
    for refused in refused {
        assert!(matches!(error(refused), RecordError::Stale { version: 2 }));
    }
    let keyed = at_once(&story, cases.iter().map(with_key)).await;
    let (recorded, refused): (Vec<_>, Vec<_>) = keyed.into_iter().partition(Result::is_ok);
    assert_eq!((recorded.len(), refused.len()), (1, AT_ONCE - 1));
    for refused in refused {
        assert!(matches!(error(refused), RecordError::KeyReused));
    }
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM events")
        .fetch_one(story.database.pool())
        .await
        .expect("readable");
    assert_eq!(usize::try_from(events), Ok(2 * AT_ONCE + 1));
    assert_eq!(found(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_report_that_waits_for_another_transaction_keeps_no_other_report_waiting() {
    let story = Story::begins().await;
    let cases = cases(&story).await;
    let mut owner = story.database.as_owner().await;
    let locks = format!("BEGIN; SELECT FROM trajectories WHERE trajectory_id = '{}' FOR UPDATE", cases[0].0);
    owner.execute(locks.as_str()).await.expect("the owner may");
    let (ledger, first) = (story.ledger.clone(), cases[0]);
    let waiting = tokio::spawn(async move { ledger.record(reports(first, [privacy_explained()])).await });
    let others = cases[1..].iter().map(|id| reports(*id, [privacy_explained()]));
    for recorded in at_once(&story, others).await {
        recorded.expect("the others are recorded");
    }
    assert!(!waiting.is_finished());
    owner.execute("ROLLBACK").await.expect("the owner may");
    waiting.await.expect("it ends").expect("it is recorded as soon as it can");
    assert_eq!(story.version(first).await, 2);
}

/// What becomes of reports that are made at the same time, in their order.
async fn at_once(
    story: &Story,
    reports: impl IntoIterator<Item = Report>,
) -> Vec<Result<Recorded, RecordError>> {
    let task = |report| {
        let ledger = story.ledger.clone();
        tokio::spawn(async move { ledger.record(report).await })
    };
    let tasks: Vec<_> = reports.into_iter().map(task).collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.expect("it ends"));
    }
    all
}

/// What the check of every case finds.
async fn found(story: &Story) -> Vec<String> {
    let (ledger, mut found) = (Arc::new(story.ledger.clone()), Vec::new());
    let report = |_, wrong: Vec<(TrajectoryId, Vec<Finding>)>| {
        found.extend(wrong.iter().map(|(id, findings)| format!("{id}: {findings:?}")));
    };
    ledger.check(Which::After(None), report).await.expect("readable");
    found
}
