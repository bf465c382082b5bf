//! A restored database is treated as a copy until its owner confirms that it is the real ledger.

use std::fs;

use crate::story::*;
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
