//! Signed checkpoints, and how the check finds changes to a signed ledger.

use crate::story::*;
use omklap_store::database::scratch::write_admitted;
use omklap_store::events::hash_chain::{GENESIS, Link};
use omklap_store::tree::{LedgerFinding, Pace, SigningState, SigningTrouble};
use omklap_store::{CheckpointSigner, StoreError};
use omklap_verifier::{PublicKey, only_grew};
use serde_json::json;
use sqlx::Executor;
use uuid::Uuid;

const NOW: &str = "2026-03-02T09:01:00Z";

#[tokio::test]
async fn an_unchanged_ledger_has_no_findings() {
    let (story, signer) = signed_twice().await;
    assert_eq!(found(&story, &signer).await, [] as [String; 0]);
    let sizes: Vec<u64> = checkpoints(&signer).await.iter().map(|signed| signed.tree_size).collect();
    assert_eq!(sizes, [5, 8]);
}

#[tokio::test]
async fn a_checkpoint_is_signed_only_when_it_is_due() {
    let story = Story::begins().await;
    let (signer, pace) =
        (story.database.signer(), Pace { events: 3, every: jiff::SignedDuration::from_mins(1) });
    let now = NOW.parse().expect("an instant");
    assert_eq!(signer.sign(pace, now).await.expect("signed"), None, "no new events");
    let id = story.opened().await;
    assert_eq!(
        signer.sign(pace, now).await.expect("signed").map(|one| one.tree_size),
        Some(2),
        "the first checkpoint is due at once"
    );
    story.goes_on(id, [privacy_explained()]).await;
    assert_eq!(
        signer.sign(pace, now).await.expect("signed"),
        None,
        "one new event, and the last checkpoint is recent"
    );
    let later = now + jiff::SignedDuration::from_mins(1);
    assert_eq!(signer.sign(pace, later).await.expect("signed").map(|one| one.tree_size), Some(4));
    story.goes_on(id, [outflow_announced(), case_discussed("a"), case_discussed("b")]).await;
    assert_eq!(
        signer.sign(pace, later).await.expect("signed").map(|one| one.tree_size),
        Some(8),
        "three new events"
    );
}

#[tokio::test]
async fn an_uncommitted_event_delays_the_checkpoint_and_keeps_its_place() {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let id = story.opened().await;
    let mut slow = story.database.as_owner().await;
    slow.execute("BEGIN").await.expect("begun");
    let note = Link {
        aggregate_type: "note",
        aggregate_id: "slow",
        sequence: 1,
        event_id: Uuid::from_u128(1),
        event_type: "note",
        event_version: "1.0",
        recorded_at: code(NOW),
        payload: "{}".into(),
        metadata: "{}".into(),
    };
    write_admitted(&mut slow, &note, &GENESIS).await;
    story.goes_on(id, [privacy_explained()]).await;
    assert_eq!(signs(&signer).await, Some(2), "the checkpoint stops before the uncommitted event");
    slow.execute("COMMIT").await.expect("committed");
    assert_eq!(signs(&signer).await, Some(5));
    assert_eq!(found(&story, &signer).await, [] as [String; 0]);
}

#[tokio::test]
async fn every_leaf_is_proven_to_be_in_the_newest_tree() {
    let (story, signer) = signed_nine_times().await;
    let newest = signer.tree.newest().await.expect("read").expect("signed");
    let checkpoint = signer.keys.read(&newest.note).expect("signed");
    let positions: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT position, hash FROM events ORDER BY position")
            .fetch_all(story.database.pool())
            .await
            .expect("read");
    let some: Vec<_> = positions.iter().step_by(29).collect();
    let at: Vec<i64> = some.iter().map(|(position, _)| *position).collect();
    let leaves: Option<Vec<u64>> = signer.tree.leaf_indexes(&at).await.expect("read").into_iter().collect();
    let leaves = leaves.expect("each is in the tree");
    let proofs = signer.tree.inclusion(&leaves, newest.tree_size).await.expect("read").expect("there");
    for (proof, (position, hash)) in proofs.iter().zip(some) {
        let leaf = omklap_store::tree::leaf(*position, hash.as_slice().try_into().expect("32 bytes"));
        let hashes = proof.hashes.iter().map(|hash| tlog_tiles::tlog::Hash(*hash)).collect();
        tlog_tiles::tlog::check_record(
            &hashes,
            proof.tree_size,
            tlog_tiles::tlog::Hash(checkpoint.root),
            proof.leaf_index,
            tlog_tiles::tlog::Hash(leaf),
        )
        .expect("it leads to the root");
    }
    assert_eq!(signer.tree.inclusion(&[newest.tree_size], newest.tree_size).await.expect("read"), None);
    assert_eq!(
        signer.tree.leaf_indexes(&[positions[7].0, i64::MAX, 0]).await.expect("read"),
        [Some(7), None, None]
    );
}

#[tokio::test]
async fn every_earlier_tree_is_proven_to_begin_the_newest() {
    let (_story, signer) = signed_nine_times().await;
    let newest = signer.tree.newest().await.expect("read").expect("signed");
    let checkpoint = signer.keys.read(&newest.note).expect("signed");
    for earlier in checkpoints(&signer).await {
        let proof =
            signer.tree.consistency(earlier.tree_size, newest.tree_size).await.expect("read").expect("there");
        let hashes = proof.hashes.iter().map(|hash| tlog_tiles::tlog::Hash(*hash)).collect();
        let root = signer.keys.read(&earlier.note).expect("signed").root;
        tlog_tiles::tlog::check_tree(
            &hashes,
            proof.to,
            tlog_tiles::tlog::Hash(checkpoint.root),
            proof.from,
            tlog_tiles::tlog::Hash(root),
        )
        .expect("the later tree begins with the earlier one");
    }
}

#[tokio::test]
async fn the_verifier_proves_from_a_kept_checkpoint_that_the_ledger_only_grew() {
    let (_story, signer) = signed_twice().await;
    let [kept, newest] = checkpoints(&signer).await.try_into().expect("two");
    let proof =
        signer.tree.consistency(kept.tree_size, newest.tree_size).await.expect("read").expect("there");
    let response = |hashes: &[omklap_store::events::hash_chain::Hash], checkpoint: &str| {
        let hashes: Vec<_> = hashes.iter().map(hex::encode).collect();
        json!({"from": 5, "to": 8, "hashes": hashes, "checkpoint": checkpoint}).to_string()
    };
    let keys: Vec<PublicKey> = signer.keys.public().iter().map(|key| code(key)).collect();
    let grown = only_grew(&kept.note, &response(&proof.hashes, &newest.note), &keys).expect("it grew");
    assert_eq!((grown.from, grown.to), (5, 8));

    let signed_elsewhere = signer.keys.sign("omklap.example.org/scratch\n8\nAAAA\n");
    for (what, kept, proof, keys) in [
        ("another hash", &kept.note, response(&[[7; 32]], &newest.note), keys.clone()),
        ("no checkpoint", &kept.note, response(&proof.hashes, &signed_elsewhere), keys.clone()),
        ("another kept checkpoint", &newest.note, response(&proof.hashes, &newest.note), keys.clone()),
        ("no public key", &kept.note, response(&proof.hashes, &newest.note), Vec::new()),
        ("an empty response", &kept.note, "{}".to_owned(), keys),
    ] {
        assert!(only_grew(kept, &proof, &keys).is_err(), "{what}");
    }
}

/// One byte, or bit, in turn in every column of a stored event.
#[tokio::test]
async fn a_change_of_any_column_of_an_event_is_found_where_it_is() {
    for column in [
        "aggregate_type = 'trajectorz'",
        "aggregate_id = overlay(aggregate_id placing 'g' from 1 for 1)",
        "sequence = 9",
        "event_type = 'privacy-explaimed'",
        "event_version = '1.1'",
        "payload = replace(payload::text, '2026-02-03', '2026-02-02')::json",
        "payload = replace(payload::text, ':', ' : ')::json",
        "metadata = replace(metadata::text, 'u-7f3a', 'u-7f3b')::json",
        r#"metadata = ('{"actor":"evil",' || substr(metadata::text, 2))::json"#,
        "position = DEFAULT",
        "event_id = overlay(event_id::text placing '1' from 1 for 1)::uuid",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "previous_hash = set_byte(previous_hash, 31, get_byte(previous_hash, 31) # 1)",
        "previous_hash = NULL",
        "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)",
        "hash = NULL",
        "mac = set_byte(mac, 0, get_byte(mac, 0) # 1)",
        "mac = NULL",
    ] {
        let (story, signer) = signed_twice().await;
        change(&story, &format!("UPDATE events SET {column} WHERE event_type = 'privacy-explained'")).await;
        let found = found(&story, &signer).await;
        let place = found.iter().any(|finding| {
            finding.contains("event 2") || finding.contains("event 9") || finding.contains("leaf 1")
        });
        assert!(place, "{column}: {found:?}");
    }
}

#[tokio::test]
async fn a_removed_or_moved_row_is_found() {
    for (statement, expected) in [
        ("DELETE FROM events WHERE event_type = 'privacy-explained'", "leaf 1: the event that was signed at position 2 is missing"),
        ("DELETE FROM events WHERE position = 6", "leaf 6: the event that was signed at position 6 is missing"),
        ("DELETE FROM events WHERE aggregate_id = (SELECT aggregate_id FROM events WHERE position = 4)", "leaf 3: the event"),
        ("UPDATE events SET payload = (SELECT other.payload FROM events AS other WHERE other.position = 5 - events.position) WHERE position IN (2, 3)", "event 2 is not what was recorded"),
        ("INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position) OVERRIDING SYSTEM VALUE
          SELECT 'note', 'x', 1, 'note', '1.0', '{}', '{}', 0", "is not in the tree"),
        ("ALTER TABLE ledger_tiles DISABLE TRIGGER USER; UPDATE ledger_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)", "leaf 1: trajectory"),
        ("DELETE FROM ledger_tiles", "a tree of 8 leaves was signed, but there are only 0"),
        ("DELETE FROM checkpoints WHERE tree_size = 8", "the database has no such checkpoint of 8 leaves"),
        ("UPDATE checkpoints SET note = replace(note, '8', '7') WHERE tree_size = 8", "the checkpoint of 8 leaves"),
        ("UPDATE checkpoints SET tree_size = 7 WHERE tree_size = 8", "checkpoints of 7 to 7 leaves signed another tree"),
        ("UPDATE checkpoints SET signed_at = signed_at + interval '1 hour' WHERE tree_size = 8", "line 2"),
    ] {
        let (story, signer) = signed_twice().await;
        change(&story, statement).await;
        let found = found(&story, &signer).await;
        assert!(found.iter().any(|finding| finding.contains(expected)), "{statement}: {found:?}");
    }
}

#[tokio::test]
async fn a_database_rewritten_with_its_signatures_does_not_match_the_checkpoints_outside() {
    let (story, signer) = signed_twice().await;
    change(
        &story,
        "DELETE FROM events WHERE position = 6; DELETE FROM ledger_tiles; DELETE FROM checkpoints;
         DELETE FROM heads; DELETE FROM head_buckets",
    )
    .await;
    let kept = std::fs::read_to_string(story.database.checkpoints()).expect("there");
    assert!(matches!(
        signer
            .tree
            .grow(&signer.keys, &signer.checkpoints_file, Pace::AT_ONCE, NOW.parse().expect("an instant"))
            .await,
        Err(StoreError::Tree(_))
    ));
    std::fs::remove_file(story.database.checkpoints()).expect("ours");
    assert_eq!(signs(&signer).await, Some(6), "with the key at hand everything can be signed again");
    assert_eq!(found(&story, &signer).await, [] as [String; 0]);
    std::fs::write(story.database.checkpoints(), kept).expect("restored from another copy");
    let found = found(&story, &signer).await;
    assert!(found.iter().any(|finding| finding.contains("no such checkpoint of 8 leaves")), "{found:?}");
}

#[tokio::test]
async fn a_line_outside_that_was_changed_or_taken_away_is_found() {
    let (story, signer) = signed_twice().await;
    let file = story.database.checkpoints();
    let kept = std::fs::read_to_string(&file).expect("there");
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!(lines.len(), 2);
    for (changed, expected) in [
        (format!("{}\n", lines[1]), LedgerFinding::NotOutside { tree_size: 5 }),
        (format!("{}\n{}\n", lines[0], &lines[1][1..]), LedgerFinding::LineUnreadable { line: 2 }),
        (kept.replacen("scratch", "scr4tch", 1), LedgerFinding::NotInDatabase { line: 1, tree_size: 5 }),
    ] {
        std::fs::write(&file, changed).expect("ours");
        assert_eq!(found(&story, &signer).await, [expected.to_string()]);
    }
}

#[tokio::test]
async fn a_checkpoint_line_written_by_two_servers_is_no_finding() {
    let (story, signer) = signed_twice().await;
    let file = story.database.checkpoints();
    let kept = std::fs::read_to_string(&file).expect("there");
    std::fs::write(&file, [&kept[..], &kept].concat()).expect("ours");
    assert_eq!(found(&story, &signer).await, [] as [String; 0]);
    let _ = story.opened().await;
    assert_eq!(signs(&signer).await, Some(10));
    assert_eq!(found(&story, &signer).await, [] as [String; 0]);
}

#[tokio::test]
async fn an_incomplete_checkpoint_line_is_written_again_and_is_no_finding() {
    for cut in [1, 5, 200] {
        let (story, signer) = signed_twice().await;
        let file = story.database.checkpoints();
        let kept = std::fs::read_to_string(&file).expect("there");
        std::fs::write(&file, &kept[..kept.len() - cut]).expect("ours");
        assert_eq!(found(&story, &signer).await, [] as [String; 0], "{cut} bytes, at once");
        let _ = story.opened().await;
        assert_eq!(signs(&signer).await, Some(10));
        assert_eq!(found(&story, &signer).await, [] as [String; 0], "{cut} bytes, after the next");
        let mended = std::fs::read_to_string(&file).expect("there");
        assert!(mended.contains(&kept[kept.find('\n').expect("two lines")..]), "{mended}");
    }
}

#[tokio::test]
async fn no_checkpoint_is_signed_on_a_changed_tree() {
    for statement in
        ["DELETE FROM ledger_tiles", "DELETE FROM checkpoints", "DELETE FROM checkpoints WHERE tree_size = 8"]
    {
        let (story, signer) = signed_twice().await;
        change(&story, statement).await;
        let refused = signer.sign(Pace::AT_ONCE, NOW.parse().expect("an instant")).await;
        assert!(matches!(refused, Err(StoreError::Tree(_))), "{statement}: {refused:?}");
    }
}

#[tokio::test]
async fn frozen_signing_is_seen() {
    let (story, signer) = signed_twice().await;
    let state = async || signer.state().await.expect("read");
    assert_eq!(
        state().await,
        SigningState { unsigned: 0, unsigned_since: None, unwitnessed_since: None, trouble: None }
    );
    let _ = story.opened().await;
    let waiting = state().await;
    assert_eq!((waiting.unsigned, waiting.unsigned_since.is_some(), waiting.trouble), (1, true, None));
    let kept = std::fs::read_to_string(story.database.checkpoints()).expect("there");
    let first = format!("{}\n", kept.lines().next().expect("a line"));
    std::fs::write(story.database.checkpoints(), first).expect("ours");
    assert_eq!(state().await.trouble, Some(SigningTrouble::OutsideIsBehind));
    std::fs::remove_file(story.database.checkpoints()).expect("ours");
    assert_eq!(state().await.trouble, Some(SigningTrouble::NothingOutside));
    std::fs::write(story.database.checkpoints(), kept).expect("ours");
    change(&story, "DELETE FROM checkpoints WHERE tree_size = 8").await;
    assert_eq!(state().await.trouble, Some(SigningTrouble::DatabaseIsBehind));
    change(&story, "INSERT INTO checkpoints VALUES (1000, 'not ours', now())").await;
    assert_eq!(state().await.trouble, Some(SigningTrouble::CheckpointNotOurs));
}

#[tokio::test]
async fn a_checkpoints_file_that_is_gone_or_short_is_found() {
    let (story, signer) = signed_twice().await;
    change(&story, "UPDATE checkpoints SET signed_at = signed_at - interval '1 hour' WHERE tree_size = 5")
        .await;
    std::fs::remove_file(story.database.checkpoints()).expect("ours");
    assert_eq!(found(&story, &signer).await, [LedgerFinding::NotOutside { tree_size: 5 }.to_string()]);
}

/// A ledger whose tree was signed nine times, and its signer.
async fn signed_nine_times() -> (Story, CheckpointSigner) {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let id = story.opened().await;
    for round in 0..9 {
        let many: Vec<_> = (0..61).map(|nth| case_discussed(&format!("{round} {nth}"))).collect();
        story.goes_on(id, many).await;
        signs(&signer).await;
    }
    (story, signer)
}

/// Two trajectories with six events, signed after the fourth and after the sixth. Positions are from
/// 1 to 6; leaves 4 and 7 are those of the heads.
async fn signed_twice() -> (Story, CheckpointSigner) {
    let story = Story::begins().await;
    let signer = story.database.signer();
    let first = story.opened().await;
    story.goes_on(first, [privacy_explained(), outflow_announced()]).await;
    let second = story.opened().await;
    signs(&signer).await;
    // The tests find the second event by its type, so only the first trajectory has this type.
    story.goes_on(second, [case_discussed("wacht op woning")]).await;
    story.goes_on(first, [case_discussed("wacht op inkomen")]).await;
    signs(&signer).await;
    (story, signer)
}

async fn signs(signer: &CheckpointSigner) -> Option<u64> {
    let now = NOW.parse().expect("an instant");
    signer.sign(Pace::AT_ONCE, now).await.expect("signed").map(|signed| signed.tree_size)
}

async fn checkpoints(signer: &CheckpointSigner) -> Vec<omklap_store::tree::Signed> {
    signer.tree.checkpoints_after(0, 100).await.expect("read")
}

async fn found(_: &Story, signer: &CheckpointSigner) -> Vec<String> {
    let mut found = Vec::new();
    let report = |_, findings: Vec<LedgerFinding>| found.extend(findings.iter().map(ToString::to_string));
    signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("walked");
    found
}

async fn change(story: &Story, statement: &str) {
    story.database.as_owner().await.execute(statement).await.expect("its owner may");
}
