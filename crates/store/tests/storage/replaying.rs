//! The check replays what the ledger decided: an event with a right hash and a right MAC that could
//! not have been admitted is found.

use std::sync::Arc;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::Fact;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::write_admitted;
use omklap_store::deadlines::Leadership;
use omklap_store::events::hash_chain::{GENESIS, Link, canonical};
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: &str = "2026-11-29T09:00:00Z";

#[tokio::test]
async fn every_story_is_admitted_again_and_every_deadline_follows_from_its_case() {
    let story = Story::begins().await;
    for facts in demo_cases() {
        let _ = story.record_case(&facts).await;
    }
    let mut leads = Leadership::candidate(story.database.pool()).await.expect("a candidate");
    assert!(leads.take().await.expect("asked"));
    let now = "2030-01-01T09:00:00Z";
    let recorded = leads.record_due(&story.ledger, code("2030-01-01"), code(now)).await.expect("recorded");
    assert!(recorded > 0, "some obligations are open");
    assert_eq!(found(&story).await, [] as [String; 0]);
}

#[tokio::test]
async fn a_second_flip_is_found_although_its_hash_and_its_mac_are_right() {
    let flips = |fact: &Fact| matches!(fact, Fact::ContractFlipped(_));
    let with_a_flip = |facts: &Vec<Fact>| facts.iter().any(flips);
    let facts = demo_cases().into_iter().find(with_a_flip).expect("a story with a flip");
    let upto = facts.iter().position(flips).expect("there") + 1;
    let story = Story::begins().await;
    let id = story.record_case(&facts[..upto]).await;
    forges(&story, id, &serde_json::to_value(&facts[upto - 1]).expect("JSON")).await;
    let expected = format!("event {} would be refused: ", upto + 1);
    let found = found(&story).await;
    assert!(found.iter().any(|finding| finding.starts_with(&expected)), "{found:?}");
}

#[tokio::test]
async fn a_fact_that_had_not_happened_yet_is_found() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let mut tomorrow = serde_json::to_value(privacy_explained()).expect("JSON");
    tomorrow["occurredOn"] = json!("2026-11-30");
    forges(&story, id, &tomorrow).await;
    let found = found(&story).await;
    assert!(found.contains(&"event 2 would be refused: occurred-in-the-future".to_owned()), "{found:?}");
}

#[tokio::test]
async fn a_deadline_that_does_not_follow_from_the_case_is_found() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let mut owner = story.database.as_owner().await;
    let stream = format!("{id}/1.1/1.1/2026-02-16");
    let payload = json!({
        "type": "obligation-overdue", "occurredOn": "2026-02-17", "trajectoryId": id, "agreement": 1,
        "obligation": "1.1", "agreementSet": "noord-limburg@1", "dueOn": "2026-02-16",
        "responsible": ["corporation"], "startedBy": 1, "part": 1
    });
    let payload = canonical(&payload).expect("JSON");
    let link = Link {
        aggregate_type: "deadline",
        aggregate_id: &stream,
        event_type: "obligation-overdue",
        payload: payload.into(),
        ..link(1, &stream)
    };
    write_admitted(&mut owner, &link, &GENESIS).await;
    let expected = format!("deadline {stream}: event 1 does not follow from the facts of that time");
    let found = found(&story).await;
    assert!(found.contains(&expected), "{found:?}");
}

/// Somebody with the operator's key writes one more fact of a case.
async fn forges(story: &Story, id: TrajectoryId, fact: &Value) {
    let stream = story.ledger.load(id).await.expect("readable").expect("there");
    let last = stream.events.last().expect("opened");
    let (payload, id) = (canonical(fact).expect("JSON"), id.to_string());
    let event_type = fact["type"].as_str().expect("a type");
    let link = Link { event_type, payload: payload.into(), ..link(last.sequence + 1, &id) };
    write_admitted(&mut story.database.as_owner().await, &link, &last.hash).await;
}

fn link(sequence: u64, aggregate_id: &str) -> Link<'_> {
    Link {
        aggregate_type: "trajectory",
        aggregate_id,
        sequence,
        event_id: Uuid::from_u128(u128::from(sequence)),
        event_type: "",
        event_version: "1.0",
        recorded_at: code(NOW),
        payload: "{}".into(),
        metadata: "{}".into(),
    }
}

async fn found(story: &Story) -> Vec<String> {
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let mut found = Vec::new();
    let report = |_, wrong: Vec<(TrajectoryId, Vec<omklap_store::consistency::finding::Finding>)>| {
        found.extend(wrong.iter().flat_map(|(_, findings)| findings).map(ToString::to_string));
    };
    ledger.check(Which::After(None), report).await.expect("readable");
    found
}
