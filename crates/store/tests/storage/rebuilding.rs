//! The read models are checked against the events, and can be rebuilt while reports come in.

use std::sync::Arc;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_store::Ledger;
use omklap_store::Table;
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Progress;
use omklap_store::consistency::scan::Which;
use sqlx::Executor;

#[tokio::test]
async fn an_unchanged_ledger_has_no_differences() {
    let story = Story::begins().await;
    let (one, other) = (story.opened().await, story.opened().await);
    story.goes_on(one, [privacy_explained(), outflow_announced()]).await;
    assert_eq!(found(story, Which::These(vec![one, other])).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_difference_is_named() {
    let story = Story::begins().await;
    let id = story.opened().await;
    for change in [
        "UPDATE obligations SET due_on = '2026-05-05' WHERE obligation = '1.2'",
        "DELETE FROM obligations WHERE obligation = '10.1'",
        "INSERT INTO follow_ups VALUES ((SELECT trajectory_id FROM trajectories), 3, 1, '2026-01-01', '2026-04-01', true, NULL, NULL, NULL, '{}')",
        "UPDATE contributions SET region = 'elsewhere'",
    ] {
        story.database.as_owner().await.execute(change).await.expect("the owner may");
    }
    let found = found(story, Which::After(None)).await;
    for expected in [
        "obligations: 1.2 started by event 1 (1) says something else: due_on is \"2026-05-05\", not null",
        "obligations: 10.1 started by event 1 (1) is missing",
        "follow-ups: month 3 does not follow from the events",
        "contributions: the contribution to elsewhere does not follow from the events",
        "contributions: the contribution to noord-limburg is missing",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected}\n{found:#?}");
    }
    assert_eq!(found.len(), 5, "{id}: {found:#?}");
}

#[tokio::test]
async fn a_rebuild_mends_the_requested_tables_and_no_others() {
    let story = Story::begins().await;
    let id = story.opened().await;
    for table in ["obligations", "contributions"] {
        story
            .database
            .as_owner()
            .await
            .execute(format!("TRUNCATE {table}").as_str())
            .await
            .expect("the owner may");
    }
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let progress = ledger.rebuild(Which::After(None), &[Table::Obligations], |_| ()).await.expect("mended");
    assert_eq!((progress.trajectories, progress.events, progress.mended), (1, 1, 1));
    let rows = ledger.derived_rows(id).await.expect("readable");
    assert!(!rows.obligations.is_empty() && rows.contributions.is_empty());
    ledger.rebuild(Which::After(None), Table::ALL, |_| ()).await.expect("mended");
    let again = ledger.rebuild(Which::After(None), Table::ALL, |_| ()).await.expect("nothing to mend");
    assert_eq!(again.mended, 0);
}

#[tokio::test]
async fn a_rebuild_removes_a_row_of_no_trajectory() {
    let story = Story::begins().await;
    let _ = story.opened().await;
    story.changed("UPDATE trajectories SET trajectory_id = gen_random_uuid()").await;
    assert_eq!(
        differences(&story).await.len(),
        2,
        "one row is missing and one is unfounded, and nothing else is wrong"
    );
    assert_eq!(rebuilt(&story, Table::ALL).await.mended, 2);
    assert_eq!(differences(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_rebuild_of_one_read_model_leaves_the_others_as_they_are() {
    let story = Story::begins().await;
    let _ = story.opened().await;
    story.changed("UPDATE contributions SET contribution = '\\xff'").await;
    story.changed("UPDATE trajectories SET phase = 'housed'").await;
    story.changed("TRUNCATE obligations").await;
    assert_eq!(rebuilt(&story, &[Table::Obligations]).await.mended, 1);
    let left = differences(&story).await;
    assert_eq!(left.len(), 2, "{left:#?}");
    assert!(left[0].starts_with("contributions: a row cannot be read"), "{left:#?}");
    assert_eq!(
        left[1],
        "trajectories: the row in the list says something else: phase is \"housed\", not \"preparing\""
    );
}

#[tokio::test]
async fn an_unreadable_row_hides_no_other_difference() {
    let story = Story::begins().await;
    let _ = story.opened().await;
    story.changed("UPDATE contributions SET contribution = '\\xff'").await;
    story.changed("DELETE FROM obligations WHERE obligation = '10.1'").await;
    let found = differences(&story).await;
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.contains(&"obligations: 10.1 started by event 1 (1) is missing".to_owned()), "{found:#?}");
}

#[tokio::test]
async fn a_row_with_a_version_that_was_never_recorded_is_found_and_mended() {
    let story = Story::begins().await;
    let _ = story.opened().await;
    for change in [
        "UPDATE trajectories SET version = 9",
        "UPDATE contributions SET version = 2",
        "UPDATE obligations SET version = -1 WHERE obligation = '10.1'",
    ] {
        story.changed(change).await;
    }
    let found = differences(&story).await;
    for expected in [
        "trajectories: the row in the list says something else: version is 9, not 1",
        "contributions: the contribution to noord-limburg says something else: version is 2, of 1 events",
        "obligations: 10.1 started by event 1 (1) says something else: version is 0, of 1 events",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected}\n{found:#?}");
    }
    assert_eq!(rebuilt(&story, Table::ALL).await.mended, 1);
    assert_eq!(differences(&story).await, Vec::<String>::new());
}

#[tokio::test]
async fn reports_during_a_rebuild_cause_no_differences() {
    let story = Story::begins().await;
    let mut opened: Vec<TrajectoryId> = Vec::new();
    for _ in 0..12 {
        opened.push(story.opened().await);
    }
    story
        .database
        .as_owner()
        .await
        .execute("TRUNCATE obligations, contributions")
        .await
        .expect("the owner may");
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let reporting = async {
        for id in &opened {
            story.goes_on(*id, [privacy_explained()]).await;
            story.goes_on(*id, [outflow_announced()]).await;
        }
    };
    let rebuilding = ledger.rebuild(Which::After(None), Table::ALL, |_| ());
    let ((), rebuilt) = tokio::join!(reporting, rebuilding);
    rebuilt.expect("mended");
    assert_eq!(found(story, Which::After(None)).await, Vec::<String>::new());
}

// The words of these tests.

impl Story {
    /// Changes the database directly, without the ledger.
    async fn changed(&self, statement: &str) {
        self.database.as_owner().await.execute(statement).await.expect(statement);
    }
}

async fn rebuilt(story: &Story, read_models: &[Table]) -> Progress {
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    ledger.rebuild(Which::After(None), read_models, |_| ()).await.expect("mended")
}

/// The differences in the rows. The ledger that checks has another key and cannot read the texts.
async fn differences(story: &Story) -> Vec<String> {
    let mut findings =
        findings_of(&Arc::new(ledger_on(story.database.pool().clone())), Which::After(None)).await;
    findings.retain(|finding| *finding != Finding::KeyDiffers.to_string());
    findings
}

async fn found(story: Story, which: Which) -> Vec<String> {
    findings_of(&Arc::new(story.ledger), which).await
}

async fn findings_of(ledger: &Arc<Ledger>, which: Which) -> Vec<String> {
    let mut findings = Vec::new();
    let report = |_, wrong: Vec<(TrajectoryId, Vec<Finding>)>| {
        findings
            .extend(wrong.into_iter().flat_map(|(_, findings)| findings).map(|finding| finding.to_string()));
    };
    ledger.check(which, report).await.expect("readable");
    findings
}
