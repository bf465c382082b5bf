//! A restored database is treated as a copy until its owner confirms that it is the real ledger.

use std::fs;

use crate::manipulations::{every_transaction_has_ended, line};
use crate::story::*;
use jiff::SignedDuration;
use omklap_store::access_log::{Action, LogChecked};
use omklap_store::database::restorations::{Reason, confirm};
use omklap_store::tree::Pace;
use omklap_store::{CheckpointSigner, Restorations};
use sqlx::Executor;

#[tokio::test]
async fn a_ledger_that_was_not_moved_is_no_copy() {
    let (story, signer, restorations) = signed().await;
    for _ in 0..3 {
        assert_eq!(restorations.look(&signer.checkpoints_file).await.expect("readable"), None);
        story.opened().await;
        signer.sign(Pace::AT_ONCE, code("2026-03-02T10:00:00Z")).await.expect("signed");
    }
}

#[tokio::test]
async fn a_ledger_that_is_marked_is_a_copy_until_its_owner_confirms_it() {
    let (story, signer, restorations) = signed().await;
    restorations.mark().await.expect("marked");
    restorations.mark().await.expect("marked once");
    let copy = restorations.unconfirmed().await.expect("readable").expect("a copy");
    assert_eq!(copy.reason, Reason::Said);
    assert!(confirm(&story.database.as_program()).await.is_err(), "the program may not");
    assert_eq!(confirm(&story.database.options()).await.expect("its owner may"), 1);
    assert_eq!(restorations.look(&signer.checkpoints_file).await.expect("readable"), None);
}

/// The restored `ledger_homes` names another cluster, or another database of the same cluster.
#[tokio::test]
async fn a_ledger_that_wakes_up_elsewhere_is_a_copy() {
    for elsewhere in ["'1/' || split_part(home, '/', 2)", "split_part(home, '/', 1) || '/1'"] {
        let (story, signer, restorations) = signed().await;
        let moves = format!("UPDATE ledger_homes SET home = {elsewhere}");
        story.database.as_owner().await.execute(moves.as_str()).await.expect("its owner may");
        let copy = restorations.look(&signer.checkpoints_file).await.expect("readable").expect("a copy");
        assert_eq!(copy.reason, Reason::Moved, "{elsewhere}");
        confirm(&story.database.options()).await.expect("its owner may");
        assert_eq!(
            restorations.look(&signer.checkpoints_file).await.expect("readable"),
            None,
            "the new place is confirmed"
        );
    }
}

/// The checkpoint file has a larger checkpoint than the database, or another one of the same size.
#[tokio::test]
async fn a_ledger_that_lacks_what_was_signed_outside_is_a_copy() {
    let removes = "TRUNCATE checkpoints";
    let replaces = "UPDATE checkpoints SET note = 'another tree'";
    for restores in [removes, replaces] {
        let (story, signer, restorations) = signed().await;
        story.database.as_owner().await.execute(restores).await.expect("its owner may");
        let copy = restorations.look(&signer.checkpoints_file).await.expect("readable").expect("a copy");
        assert_eq!(copy.reason, Reason::Behind, "{restores}");
        confirm(&story.database.options()).await.expect("its owner may");
        let again = restorations.look(&signer.checkpoints_file).await.expect("readable");
        assert_eq!(again, None, "a confirmed difference is not reported again");
        // A line with another checkpoint is a new difference.
        let line = fs::read_to_string(story.database.checkpoints()).expect("there");
        let more = line.replace("\"treeSize\":2", "\"treeSize\":9");
        fs::write(story.database.checkpoints(), line + &more).expect("written");
        assert!(restorations.look(&signer.checkpoints_file).await.expect("readable").is_some());
    }
}

#[tokio::test]
async fn an_incomplete_line_does_not_make_the_ledger_a_copy() {
    let (story, signer, restorations) = signed().await;
    let line = fs::read_to_string(story.database.checkpoints()).expect("there");
    fs::write(story.database.checkpoints(), format!("{line}{}", &line[..line.len() / 2])).expect("written");
    assert_eq!(restorations.look(&signer.checkpoints_file).await.expect("readable"), None);
}

/// Restored into another PostgreSQL, which counts its transactions from the start: the lines that were
/// restored have higher numbers than those that are written next.
#[tokio::test]
async fn a_restored_ledger_goes_on_with_its_access_log_from_lower_transactions() {
    let (story, signer, restorations) = signed().await;
    counts_from(&story, "1000000000").await;
    let read = |at: &str| line(Action::Read, at, new_id());
    let logged = [read("2026-03-02T09:00:10Z"), read("2026-03-02T09:00:20Z")];
    story.ledger.log_access(&logged).await.expect("logged");
    assert_eq!(batched(&story, "2026-03-02T09:01:00Z").await, 3, "with the report");
    story.ledger.log_access(&[read("2026-03-02T09:01:10Z")]).await.expect("logged, in no batch yet");

    counts_from(&story, "0").await;
    let moves = "UPDATE ledger_homes SET home = '1/1'";
    story.database.as_owner().await.execute(moves).await.expect("its owner may");
    assert!(restorations.look(&signer.checkpoints_file).await.expect("readable").is_some(), "a copy");
    story.ledger.log_access(&[read("2026-03-02T09:02:00Z")]).await.expect("a copy logs reads");
    confirm(&story.database.options()).await.expect("its owner may");
    assert_eq!(batched(&story, "2026-03-02T09:02:30Z").await, 2, "the line that was left, and the new one");
    story.ledger.log_access(&[read("2026-03-02T09:03:00Z")]).await.expect("logged");
    assert_eq!(batched(&story, "2026-03-02T09:04:00Z").await, 1);
    let checked = story.ledger.check_access_log(code("2026-03-02T10:00:00Z"), |one| panic!("{one}"));
    assert_eq!(checked.await.expect("readable"), LogChecked { batches: 3, lines: 6 });
}

/// The transactions of this PostgreSQL are counted from this number on.
async fn counts_from(story: &Story, number: &str) {
    let counts = format!(
        "DELETE FROM restorations;
         INSERT INTO restorations (reason, seen, confirmed_at, numbers_after) VALUES ('moved', 'here', now(), {number})"
    );
    sqlx::raw_sql(&counts).execute(&mut story.database.as_owner().await).await.expect("its owner may");
}

async fn batched(story: &Story, at: &str) -> u64 {
    every_transaction_has_ended(story).await;
    story.ledger.batch_access_log(code(at), SignedDuration::ZERO).await.expect("made")
}

/// A ledger with a signed checkpoint, after its first start.
async fn signed() -> (Story, CheckpointSigner, Restorations) {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let restorations = Restorations::new(story.database.pool().clone());
    assert_eq!(
        restorations.look(&signer.checkpoints_file).await.expect("readable"),
        None,
        "a new ledger is no copy"
    );
    story.opened().await;
    signer.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed");
    (story, signer, restorations)
}
