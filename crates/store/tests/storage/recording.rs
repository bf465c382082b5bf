//! Recording a report: what is admitted and refused, repeats, and races.

use crate::story::*;
use omklap_domain::trajectory::{Phase, Refusal};
use omklap_store::{Once, RecordError, Report, StoreError};
use sqlx::Executor;

#[tokio::test]
async fn an_intake_opens_a_trajectory() {
    let story = Story::begins().await;
    let id = new_id();
    let recorded = story.ledger.record(opens(id, [intake()])).await.expect("admitted");
    assert_eq!((recorded.version(), recorded.first_sequence, recorded.event_ids.len()), (1, 1, 1));
    assert_eq!(recorded.history.state().phase, Phase::Preparing);
    assert_eq!(story.version(id).await, 1);
}

#[tokio::test]
async fn later_facts_are_appended_in_order() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained(), outflow_announced()]).await;
    let types: Vec<_> = story.facts(id).await.iter().map(|fact| fact.fact_type().as_str()).collect();
    assert_eq!(types, ["intake-registered", "privacy-explained", "outflow-announced"]);
}

#[tokio::test]
async fn a_refused_fact_rejects_the_whole_report() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let outcome = story.ledger.record(reports(id, [privacy_explained(), welcome_talk()])).await;
    let RecordError::Refused(refused) = error(outcome) else { panic!("refused") };
    assert_eq!((refused.index, refused.refusals), (1, vec![Refusal::NotAdmittedInPhase]));
    assert_eq!(story.version(id).await, 1);
}

#[tokio::test]
async fn a_trajectory_is_opened_once_and_must_exist_for_further_reports() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let again = story.ledger.record(opens(id, [intake()])).await;
    assert!(matches!(error(again), RecordError::AlreadyOpened));
    let nowhere = story.ledger.record(reports(new_id(), [privacy_explained()])).await;
    assert!(matches!(error(nowhere), RecordError::NotFound));
}

#[tokio::test]
async fn an_empty_report_changes_nothing() {
    let story = Story::begins().await;
    let id = story.opened().await;
    assert_eq!(story.goes_on(id, []).await.version(), 1);
    assert!(matches!(error(story.ledger.record(opens(new_id(), [])).await), RecordError::NotFound));
}

#[tokio::test]
async fn a_report_on_an_older_version_is_stale() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story
        .ledger
        .record(seen(&story.ledger, 1, reports(id, [privacy_explained()])))
        .await
        .expect("the current version");
    let stale = story.ledger.record(seen(&story.ledger, 1, reports(id, [outflow_announced()]))).await;
    assert!(matches!(error(stale), RecordError::Stale { version: 2 }));
}

#[tokio::test]
async fn a_dry_run_answers_and_writes_nothing() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let tried = Report { dry_run: true, ..once("k-1", reports(id, [case_discussed("geheim")])) };
    assert_eq!(story.ledger.record(tried).await.expect("admissible").version(), 2);
    for table in ["events WHERE sequence = 2", "idempotency_keys", "vault WHERE text_id IS NULL"] {
        assert_eq!(count(&story, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_repeat_is_answered_and_not_recorded_again() {
    let story = Story::begins().await;
    let id = new_id();
    let first =
        story.ledger.record(once("k-1", opens(id, [intake(), privacy_explained()]))).await.expect("admitted");
    story.goes_on(id, [outflow_announced()]).await;

    let elsewhere = new_id();
    let again = story
        .ledger
        .record(once("k-1", opens(elsewhere, [intake(), privacy_explained()])))
        .await
        .expect("known");
    assert!(again.is_repeat() && !first.is_repeat());
    assert_eq!((again.trajectory, again.version(), again.first_sequence), (id, 2, 1));
    assert_eq!((again.event_ids, again.recorded_at), (first.event_ids, first.recorded_at));
    assert_eq!(again.history.state(), first.history.state());
    assert_eq!(story.version(elsewhere).await, 0);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.ledger.record(once("k-1", reports(id, [privacy_explained()]))).await.expect("admitted");
    let other = story.ledger.record(once("k-1", reports(id, [outflow_announced()]))).await;
    assert!(matches!(error(other), RecordError::KeyReused));
}

#[tokio::test]
async fn the_key_of_a_request_from_which_no_fact_followed_is_kept_as_well() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let report = once("k-1", reports(id, [privacy_explained()]));
    let request = report.once.clone().expect("a key");
    let other = Once { request_hash: [9; 32], ..request.clone() };
    let keep = async |once: &Once| story.ledger.keep_without_facts(once, id.0, report.recorded_at).await;
    keep(&request).await.expect("kept");
    keep(&request).await.expect("the same request");
    assert!(matches!(keep(&other).await, Err(RecordError::KeyReused)));
    let with_facts = Report { once: Some(other), ..report.clone() };
    assert!(matches!(error(story.ledger.record(with_facts).await), RecordError::KeyReused));
    let again = story.ledger.record(report.clone()).await.expect("a repeat");
    assert!(again.is_repeat() && again.event_ids.is_empty());
    assert_eq!(story.version(id).await, 1);
}

#[tokio::test]
async fn a_refused_report_leaves_its_key_free() {
    let story = Story::begins().await;
    let id = story.opened().await;
    error(story.ledger.record(once("k-1", reports(id, [welcome_talk()]))).await);
    story.ledger.record(once("k-1", reports(id, [privacy_explained()]))).await.expect("the key is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_two_reports_on_the_same_version_is_recorded() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let report = || story.ledger.record(seen(&story.ledger, 1, reports(id, [privacy_explained()])));
    let (one, other) = tokio::join!(report(), report());
    let stale = if one.is_ok() { other } else { one };
    assert!(matches!(error(stale), RecordError::Stale { version: 2 }));
    assert_eq!(story.version(id).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reports_without_a_version_are_all_recorded() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let report = || story.ledger.record(reports(id, [case_discussed("wacht op inkomen")]));
    let all = tokio::join!(report(), report(), report(), report());
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok() && all.3.is_ok());
    assert_eq!(story.version(id).await, 5);
    assert_eq!(story.ledger.check_chain(id).await.expect("readable"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_concurrent_repeats_record_once_and_get_the_same_answer() {
    let story = Story::begins().await;
    let report = || story.ledger.record(once("k-1", opens(new_id(), [intake()])));
    let (one, other) = tokio::join!(report(), report());
    let (one, other) = (one.expect("answered"), other.expect("answered"));
    assert_eq!(one.trajectory, other.trajectory);
    assert_ne!(one.is_repeat(), other.is_repeat());
    assert_eq!(count(&story, "events").await, 1);
}

#[tokio::test]
async fn the_timestamps_of_a_trajectory_never_go_back() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let earlier = "2026-03-01T00:00:00Z".parse().expect("an instant");
    let recorded =
        story.ledger.record(Report { recorded_at: earlier, ..reports(id, [privacy_explained()]) }).await;
    assert_eq!(recorded.expect("admitted").recorded_at.to_string(), "2026-03-02T09:00:00.123456Z");
}

#[tokio::test]
async fn an_unreachable_database_is_an_error_and_no_refusal() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.database.pool().close().await;
    let outcome = story.ledger.record(reports(id, [privacy_explained()])).await;
    assert!(matches!(error(outcome), RecordError::Store(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn broken_idle_connections_are_replaced() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    story.database.as_owner().await.execute(others).await.expect("ended");
    assert_eq!(story.goes_on(id, [privacy_explained()]).await.version(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_connection_breaks_while_committing_the_key_shows_whether_it_was_recorded() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let mut owner = story.database.as_owner().await;
    owner.execute("BEGIN; LOCK TABLE idempotency_keys IN SHARE MODE").await.expect("locked");
    let report = || story.ledger.record(once("k-1", reports(id, [privacy_explained()])));

    let (outcome, ()) = tokio::join!(report(), end_waiting_connections(&story));
    assert!(matches!(error(outcome), RecordError::Store(StoreError::Unavailable(_))));
    assert_eq!(story.version(id).await, 1);

    owner.execute("ROLLBACK").await.expect("unlocked");
    assert!(!report().await.expect("admitted").is_repeat());
    assert!(report().await.expect("admitted").is_repeat());
}

#[tokio::test]
async fn the_program_can_neither_change_nor_remove_what_was_recorded() {
    let story = Story::begins().await;
    story.opened().await;
    for statement in
        ["UPDATE events SET sequence = 9", "DELETE FROM events", "TRUNCATE events", "DELETE FROM vault"]
    {
        let refused = story.database.pool().execute(statement).await.expect_err(statement);
        assert!(refused.to_string().contains("permission denied"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn no_statement_of_the_program_lasts_longer_than_twenty_seconds() {
    let story = Story::begins().await;
    let pool = story.database.pool();
    let mut connections = vec![pool.acquire().await.expect("one"), pool.acquire().await.expect("another")];
    for connection in &mut connections {
        let limit = sqlx::query_scalar::<_, String>("SHOW statement_timeout").fetch_one(&mut **connection);
        assert_eq!(limit.await.expect("readable"), "20s");
    }
}

async fn end_waiting_connections(story: &Story) {
    // Only in this database, because tests on other databases wait as well.
    let waiting =
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
                   WHERE NOT granted AND datname = current_database()";
    let mut owner = story.database.as_owner().await;
    while owner.execute(waiting).await.expect("allowed").rows_affected() == 0 {
        tokio::task::yield_now().await;
    }
}

async fn count(story: &Story, rows: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {rows}");
    sqlx::query_scalar(&count).fetch_one(story.database.pool()).await.expect("counted")
}
