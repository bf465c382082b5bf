//! The rows of the read models follow from the history, and are written with it.

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History};
use omklap_store::{Derived, Report};
use serde_json::json;

#[tokio::test]
async fn an_intake_starts_the_first_obligations() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let rows = story.ledger.derived_rows(id).await.expect("readable").obligations;
    assert!(rows.iter().any(|row| row.obligation.as_str() == "10.1" && row.is_open()));
    assert!(
        rows.iter()
            .all(|row| row.version.0 == 1 && row.partners.care_provider.as_deref() == Some("de-vaart"))
    );
}

#[tokio::test]
async fn a_report_leaves_the_rows_that_it_does_not_change_at_their_version() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained()]).await;
    let rows = story.ledger.derived_rows(id).await.expect("readable").obligations;
    let version =
        |obligation| rows.iter().find(|row| row.obligation.as_str() == obligation).map(|row| row.version.0);
    assert_eq!((version("10.1"), version("1.2")), (Some(2), Some(1)));
}

#[tokio::test]
async fn a_report_returns_the_obligations_that_became_due() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let signal = || once("signal", reports(id, [signal()]));
    let became_due = |recorded: omklap_store::Recorded| {
        recorded.became_due.iter().map(|row| row.obligation.to_string()).collect::<Vec<_>>()
    };
    let first = story.ledger.record(signal()).await.expect("admitted");
    assert!(!first.is_repeat());
    let first = became_due(first);
    assert_eq!(first, ["5.2"]);
    assert_eq!(became_due(story.ledger.record(signal()).await.expect("a repeat")), first);
}

#[tokio::test]
async fn the_rows_of_every_demo_case_are_those_derived_from_its_history() {
    let story = Story::begins().await;
    for facts in demo_cases() {
        let id = story.record_case(&facts).await;
        assert_eq!(story.ledger.derived_rows(id).await.expect("readable"), derived(id, facts));
    }
}

#[tokio::test]
async fn a_dry_run_writes_no_rows() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let before = story.ledger.derived_rows(id).await.expect("readable");
    let tried =
        story.ledger.record(Report { dry_run: true, ..reports(id, [signal()]) }).await.expect("admitted");
    assert_eq!(tried.became_due.len(), 1);
    assert_eq!(story.ledger.derived_rows(id).await.expect("readable"), before);
}

#[tokio::test]
async fn no_row_contains_a_private_text() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [signal()]).await;
    for table in ["obligations", "nuisance_cases", "follow_ups", "holds", "seekers"] {
        let rows: Vec<String> = sqlx::query_scalar(&format!("SELECT to_json(t)::text FROM {table} AS t"))
            .fetch_all(story.database.pool())
            .await
            .expect("readable");
        assert!(!rows.concat().contains("Ada"), "{table}");
    }
}

// The words of these tests.

fn signal() -> Fact {
    fact(json!({
        "type": "signal-reported", "occurredOn": "2026-02-10", "signalId": "00000000-0000-0000-0000-000000000007",
        "source": "corporation", "kind": "rent", "asked": "care-provider", "asksForGuidance": false, "observation": "Ada betaalt niet"
    }))
}

fn derived(id: TrajectoryId, facts: Vec<Fact>) -> Derived {
    Derived::of(id, &History::from(facts), &AgreementSets::shipped())
}
