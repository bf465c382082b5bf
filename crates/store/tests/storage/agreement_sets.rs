//! A ledger keeps the agreement sets that its cases are bound to, unchanged.

use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_store::agreement_sets::{SetsError, Unfit};
use omklap_store::{Ledger, OperatorKey};
use sqlx::Executor;

const ALMERE: &str = include_str!("../../../../agreements/almere.toml");

/// A region's own set, with one text replaced.
fn zwolle(from: &str, to: &str) -> String {
    assert!(ALMERE.contains(from), "the set contains {from}");
    ALMERE
        .replacen("id = \"almere\"", "id = \"zwolle\"", 1)
        .replacen("regions = [\"almere\"]", "regions = [\"zwolle\"]", 1)
        .replacen(from, to, 1)
}

/// The faults found when a program starts on this database with these sets besides the shipped
/// ones.
async fn unfit(story: &Story, own: &[String]) -> Vec<Unfit> {
    let mut sets = AgreementSets::shipped();
    for file in own {
        sets.add(file).expect("a good set");
    }
    let ledger = Ledger::new(story.database.pool().clone(), OperatorKey::of_tests(), Arc::new(sets));
    match ledger.keep_to_its_sets(code("2026-03-02T09:00:00Z")).await {
        Ok(()) => Vec::new(),
        Err(SetsError::Unfit(unfit)) => unfit,
        Err(SetsError::Store(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn an_edited_set_needs_another_version() {
    let story = Story::begins().await;
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "offers = 1")]).await, []);
    let edited = unfit(&story, &[zwolle("offers = 1", "offers = 2")]).await;
    assert!(matches!(&edited[..], [Unfit::Changed { set, .. }] if set == "zwolle@1"), "{edited:?}");
    assert!(edited[0].to_string().ends_with("Z; raise its version"), "{}", edited[0]);
    let next = zwolle("offers = 1", "offers = 2").replacen("version = 1", "version = 2", 1);
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "offers = 1"), next]).await, []);
}

#[tokio::test]
async fn comments_and_layout_may_change() {
    let story = Story::begins().await;
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "offers = 1")]).await, []);
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "# one\n\noffers  =  1 # only")]).await, []);
}

#[tokio::test]
async fn a_set_that_no_case_is_bound_to_may_be_removed() {
    let story = Story::begins().await;
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "offers = 1")]).await, []);
    assert_eq!(unfit(&story, &[]).await, []);
}

#[tokio::test]
async fn a_missing_set_that_a_case_is_bound_to_is_reported() {
    let story = Story::begins().await;
    story.opened().await;
    let mut owner = story.database.as_owner().await;
    owner.execute("UPDATE trajectories SET agreement_set = 'zwolle@1'").await.expect("the owner may");
    assert_eq!(unfit(&story, &[]).await, [Unfit::Gone("zwolle@1".to_owned())]);
}

#[tokio::test]
async fn a_missing_set_that_a_case_was_bound_to_before_is_reported() {
    let story = Story::begins().await;
    story.opened().await;
    assert_eq!(unfit(&story, &[zwolle("offers = 1", "offers = 1")]).await, []);
    let mut owner = story.database.as_owner().await;
    owner.execute("UPDATE obligations SET agreement_set = 'zwolle@1'").await.expect("the owner may");
    assert_eq!(unfit(&story, &[]).await, [Unfit::Gone("zwolle@1".to_owned())]);
}

#[tokio::test]
async fn the_program_cannot_change_a_stored_set() {
    let story = Story::begins().await;
    assert_eq!(unfit(&story, &[]).await, []);
    for change in ["UPDATE agreement_sets SET text = ''", "DELETE FROM agreement_sets"] {
        story.database.pool().execute(change).await.expect_err("the program may not");
    }
}
