//! Events can be read without this program, and a change of an event is found.

use std::collections::HashMap;
use std::sync::Arc;

use crate::story::*;
use cqrs_es::CqrsFramework;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::aggregate::Reported;
use omklap_domain::trajectory::work::Work;
use omklap_store::consistency::check::stock_store;
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::write_admitted;
use omklap_store::error::Alteration;
use omklap_store::events::hash_chain::Link;
use omklap_store::tree::Pace;
use omklap_store::{Ledger, RecordError, RecordedEvent, StoreError, Table};
use sqlx::Executor;
use uuid::Uuid;

#[tokio::test]
async fn the_stock_repository_reads_what_the_ledger_wrote() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained(), case_discussed("wacht op inkomen")]).await;
    assert_eq!(story.ledger.check_stock(id).await.expect("readable"), None);
}

/// The library can write the table, but it has no key to admit an event.
#[tokio::test]
async fn what_the_stock_repository_wrote_is_neither_shown_nor_continued_nor_rebuilt_nor_signed() {
    let story = Story::begins().await;
    let id = new_id();
    written_by_stock(&story, id).await;
    assert_eq!(
        story.ledger.check_chain(id).await.expect("readable"),
        Some(Finding::NotAdmitted { sequence: 1 })
    );
    let refused = |error: StoreError| assert_eq!(altered(&error), Some(Alteration::NotAdmitted), "{error}");
    refused(story.ledger.load(id).await.expect_err("not shown"));
    refused(story.ledger.histories(&[id]).await.expect_err("not shown"));
    refused(story.ledger.feed().events_after(0, 9).await.expect_err("not shown"));
    match story.ledger.record(reports(id, [case_discussed("wacht op inkomen")])).await {
        Err(RecordError::Store(error)) => refused(error),
        other => panic!("{other:?}"),
    }
    let ledger = Arc::new(story.ledger.clone());
    refused(ledger.rebuild(Which::After(None), Table::ALL, |_| ()).await.expect_err("not rebuilt"));
    let now = code("2026-03-02T09:00:00Z");
    refused(story.database.signer().sign(Pace::AT_ONCE, now).await.expect_err("not signed"));
}

#[tokio::test]
async fn both_repositories_upgrade_an_older_version() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let opening = story.ledger.load(id).await.expect("readable").expect("there").events[0].hash;
    let older = r#"{"type": "outflow-announced", "occurredOn": "2026-02-04", "expectedMonth": "2026-09"}"#;
    let link = Link {
        aggregate_type: "trajectory",
        aggregate_id: &id.to_string(),
        sequence: 2,
        event_id: Uuid::from_u128(2),
        event_type: "outflow-announced",
        event_version: "1.0",
        recorded_at: code("2026-03-02T09:00:00Z"),
        payload: older.into(),
        metadata: "{}".into(),
    };
    write_admitted(&mut story.database.as_owner().await, &link, &opening).await;
    assert_eq!(story.facts(id).await[1], outflow_announced());
    assert_eq!(story.ledger.check_stock(id).await.expect("readable"), None);
}

#[tokio::test]
async fn a_changed_event_breaks_the_chain_at_its_place() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained(), outflow_announced()]).await;
    for change_to in [
        "recorded_at = recorded_at + interval '1 microsecond'",
        "event_id = gen_random_uuid()",
        "payload = replace(payload::text, '2026-02-03', '2026-02-02')::json",
        "payload = replace(payload::text, ':', ' : ')::json",
        "hash = sha256('something else')",
        "previous_hash = NULL",
    ] {
        let kept = story.ledger.load(id).await.expect("readable").expect("there");
        change(&story, &format!("{change_to} WHERE sequence = 2")).await;
        let found = story.ledger.check_chain(id).await.expect("readable");
        assert_eq!(found, Some(Finding::ChainBroken { sequence: 2 }), "{change_to}");
        restore(&story, &kept.events[0], &kept.events[1]).await;
    }
}

#[tokio::test]
async fn a_removed_event_is_reported_missing() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained(), outflow_announced()]).await;
    story.database.as_owner().await.execute("DELETE FROM events WHERE sequence = 2").await.expect("removed");
    assert_eq!(story.ledger.check_chain(id).await.expect("readable"), Some(Finding::Missing { sequence: 2 }));
}

#[tokio::test]
async fn a_missing_row_in_the_list_is_found_and_rebuilt() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.database.as_owner().await.execute("DELETE FROM trajectories").await.expect("removed");
    let ledger = Arc::new(story.ledger.clone());
    let missing = "trajectories: the row in the list is missing".to_owned();
    assert!(found(&ledger, id).await.contains(&missing));
    ledger.rebuild(Which::These(vec![id]), Table::ALL, |_| ()).await.expect("made again");
    assert_eq!(found(&ledger, id).await, Vec::<String>::new());
    story.goes_on(id, [outflow_announced()]).await;
    assert_eq!(found(&ledger, id).await, Vec::<String>::new());
}

/// One finding for the event, and the others are still checked.
#[tokio::test]
async fn an_event_that_cannot_be_read_is_one_finding() {
    let story = Story::begins().await;
    let (first, second) = (story.opened().await, story.opened().await);
    change(&story, &format!("payload = '{{}}' WHERE aggregate_id = '{first}'")).await;
    story.database.as_owner().await.execute("DELETE FROM trajectories").await.expect("removed");
    let ledger = Arc::new(story.ledger.clone());
    let unreadable = found(&ledger, first).await;
    assert!(
        matches!(unreadable.as_slice(), [one] if one.contains("event 1 cannot be read")),
        "{unreadable:?}"
    );
    assert!(
        found(&ledger, second).await.contains(&"trajectories: the row in the list is missing".to_owned())
    );
}

#[tokio::test]
async fn the_pages_of_trajectories_contain_every_trajectory() {
    let story = Story::begins().await;
    let mut opened = vec![story.opened().await, story.opened().await];
    opened.sort();
    let first = story.ledger.trajectories(None, 1).await.expect("readable");
    let rest = story.ledger.trajectories(first.last().copied(), 5).await.expect("readable");
    assert_eq!([first, rest].concat(), opened);
}

// The words of these tests.

/// An intake and a second fact, written by the library alone. Their private text is not encrypted,
/// because the library has no vault.
async fn written_by_stock(story: &Story, id: TrajectoryId) {
    let stock = CqrsFramework::new(
        stock_store(story.database.pool().clone()),
        vec![],
        AgreementSets::shipped().into(),
    );
    let reported = Reported {
        unfounded: Vec::new(),
        facts: vec![intake(), privacy_explained()],
        today: "2026-03-02".parse().expect("a day"),
        work: Work::default(),
    };
    let metadata = HashMap::from([("actor".to_owned(), "stock".to_owned())]);
    stock.execute_with_metadata(&id.to_string(), reported, metadata).await.expect("admitted and written");
}

fn altered(error: &StoreError) -> Option<Alteration> {
    match error {
        StoreError::Altered { how, .. } => Some(*how),
        _ => None,
    }
}

async fn found(ledger: &Arc<Ledger>, id: TrajectoryId) -> Vec<String> {
    let mut said = Vec::new();
    let found = |_, found: Vec<(TrajectoryId, Vec<Finding>)>| {
        said.extend(found.into_iter().flat_map(|(_, findings)| findings).map(|one| one.to_string()));
    };
    ledger.check(Which::These(vec![id]), found).await.expect("readable");
    said
}

async fn change(story: &Story, to: &str) {
    let changed = story.database.as_owner().await.execute(format!("UPDATE events SET {to}").as_str()).await;
    assert_eq!(changed.expect("the owner may").rows_affected(), 1);
}

async fn restore(story: &Story, before: &RecordedEvent, event: &RecordedEvent) {
    sqlx::query("UPDATE events SET recorded_at = $1::timestamptz, event_id = $2, payload = $3::json, hash = $4, previous_hash = $5 WHERE sequence = 2")
        .bind(jiff_sqlx::Timestamp::from(event.recorded_at))
        .bind(event.event_id)
        .bind(omklap_store::events::hash_chain::canonical(&event.fact).expect("JSON"))
        .bind(event.hash.to_vec())
        .bind(before.hash.to_vec())
        .execute(&mut story.database.as_owner().await)
        .await
        .expect("restored");
}
