//! Reading what was recorded: events, private texts, the list of trajectories, the feed.

use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::{Fact, Phase};
use omklap_store::{EventContent, Filter, Ledger, OperatorKey, StoreError};
use sqlx::{Executor, Row};

#[tokio::test]
async fn a_private_text_is_stored_in_the_vault_and_not_in_the_event() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let stored = sqlx::query("SELECT payload::text AS payload, sealed FROM events, vault")
        .fetch_one(story.database.pool())
        .await
        .expect("one event with one text");
    assert!(!stored.get::<&str, _>("payload").contains("Ada de Wit"));
    assert!(!stored.get::<&[u8], _>("sealed").windows(3).any(|bytes| bytes == b"Ada"));
    assert!(story.texts(id).await.contains(r#""clientName":"Ada de Wit""#));
}

#[tokio::test]
async fn a_text_without_its_key_stays_sealed() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.database.as_owner().await.execute("DELETE FROM keys.data_keys").await.expect("erased");
    assert!(story.texts(id).await.contains(r#""commitment":"#));
    assert_eq!(story.ledger.check_chain(id).await.expect("readable"), None);
}

#[tokio::test]
async fn another_operators_key_opens_nothing() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let pool = story.database.pool().clone();
    let other = Ledger::new(pool, OperatorKey::generate(), Arc::new(AgreementSets::shipped()));
    let mut facts = story.facts(id).await;
    let outcome = other.open_texts(facts.iter_mut().map(|fact| (id, fact))).await;
    assert!(matches!(outcome, Err(StoreError::Vault { .. })));
    assert!(matches!(other.check_operator_key().await, Err(StoreError::Vault { .. })));
    assert!(story.ledger.check_operator_key().await.is_ok());
}

#[tokio::test]
async fn a_vault_reference_cannot_be_reported() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let stolen = Fact::clone(&story.facts(id).await[0]);
    let outcome = story.ledger.record(opens(new_id(), [stolen])).await;
    assert!(matches!(error(outcome), omklap_store::RecordError::SealedTextReported));
}

#[tokio::test]
async fn an_event_names_the_actor_and_the_agreement_set() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let stream = story.ledger.load(id).await.expect("readable").expect("there");
    let said = stream.events[0].metadata.read().expect("a map of texts");
    let said = said.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let said: Vec<_> = said.filter(|(key, _)| *key != "blind").collect();
    assert_eq!(said, [("actor", "u-7f3a"), ("agreementSet", "noord-limburg@1")]);
}

#[tokio::test]
async fn each_event_names_the_agreement_set_that_applied_to_it() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, [privacy_explained(), other_agreements(), outflow_announced()]).await;
    let stream = story.ledger.load(id).await.expect("readable").expect("there");
    let held = stream.events.iter().map(|event| event.metadata.read().expect("a map of texts"));
    let held: Vec<_> = held.map(|known| known["agreementSet"].clone()).collect();
    assert_eq!(held, ["noord-limburg@1", "noord-limburg@1", "eindhoven@1", "eindhoven@1"]);
}

#[tokio::test]
async fn the_list_is_paged_in_one_order() {
    let story = Story::begins().await;
    let mut opened = [story.opened().await, story.opened().await, story.opened().await];
    opened.sort();
    let first = story.ledger.list(&Filter::default(), None, 2).await.expect("listed");
    let rest = story
        .ledger
        .list(&Filter::default(), first.last().map(|row| row.trajectory), 2)
        .await
        .expect("listed");
    let listed: Vec<_> = first.iter().chain(&rest).map(|row| row.trajectory).collect();
    assert_eq!(listed, opened);
}

#[tokio::test]
async fn the_list_shows_trajectories_that_meet_every_condition_of_the_filter() {
    let story = Story::begins().await;
    let id = story.opened().await;
    let all = Filter {
        viewer: None,
        phases: vec![Phase::Preparing],
        care_provider: Some("de-vaart".parse().expect("a provider")),
        municipality: Some("venlo".parse().expect("a municipality")),
        region: Some("noord-limburg".parse().expect("a region")),
        corporation: None,
        reference: None,
    };
    let listed = story.ledger.list(&all, None, 10).await.expect("listed");
    assert_eq!(listed.iter().map(|row| (row.trajectory, row.version)).collect::<Vec<_>>(), [(id, 1)]);
    for none in [
        Filter { phases: vec![Phase::Housed, Phase::Ready], ..all.clone() },
        Filter { corporation: Some("antares".parse().expect("a corporation")), ..all.clone() },
    ] {
        assert_eq!(story.ledger.list(&none, None, 10).await.expect("listed"), [], "{none:?}");
    }
}

#[tokio::test]
async fn the_feed_has_the_events_of_every_trajectory() {
    let story = Story::begins().await;
    let (one, other) = (story.opened().await, story.opened().await);
    story.goes_on(one, [privacy_explained()]).await;
    let feed = story.ledger.feed().events_after(0, 10).await.expect("readable");
    let sequence =
        |content: &EventContent| if let EventContent::Fact(event) = content { event.sequence } else { 0 };
    let seen: Vec<_> = feed
        .iter()
        .map(|event| (event.subject.trajectory().expect("of a case"), sequence(&event.event)))
        .collect();
    assert_eq!(seen, [(one, 1), (other, 1), (one, 2)]);
}
