//! A case file proves that the case has no later event: the verifier finds by itself that its end is
//! missing.

use crate::case_files::Case;
use crate::story::*;
use omklap_store::StoreError;
use omklap_store::exports::sealed_file::FileError;
use omklap_store::tree::LedgerFinding;
use omklap_verifier::{compared, verify};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Executor;

#[tokio::test]
async fn a_case_file_proves_that_the_case_has_no_later_event() {
    let case = Case::recorded().await;
    let before = verify(case.file().await.as_bytes(), &case.keys()).expect("as recorded");
    assert!(before.is_complete);
    case.story.goes_on(case.id, [case_discussed("a"), case_discussed("b")]).await;
    let after = verify(case.file().await.as_bytes(), &case.keys()).expect("as recorded");
    assert_eq!((before.events, after.events, after.is_complete), (7, 9, true));
    assert_eq!(found(&case).await, [] as [String; 0]);
}

#[tokio::test]
async fn cutting_off_the_last_facts_is_found_without_the_ledger_even_in_a_file_that_was_sealed_again() {
    let case = Case::recorded().await;
    let file: Value = serde_json::from_str(&case.file().await).expect("JSON");
    for cut in [1, 3] {
        let mut shorter = file.clone();
        let events = shorter["events"].as_array_mut().expect("a list");
        events.truncate(7 - cut);
        shorter["version"] = json!(7 - cut);
        shorter["texts"] = json!([]);
        let wrong = verify(sealed_again(&case, shorter).as_bytes(), &case.keys()).expect_err("cut off");
        assert_eq!(
            wrong.to_string(),
            "head: the ledger does not say that this is the last event of the case"
        );
    }
    let sealed = sealed_again(&case, file.clone());
    assert!(verify(sealed.as_bytes(), &case.keys()).expect("nothing was changed").is_complete);
}

#[tokio::test]
async fn the_proof_of_another_checkpoint_or_case_is_refused() {
    let case = Case::recorded().await;
    let earlier: Value = serde_json::from_str(&case.file().await).expect("JSON");
    case.story.goes_on(case.id, [case_discussed("later")]).await;
    let later: Value = serde_json::from_str(&case.file().await).expect("JSON");
    let mut mixed = earlier.clone();
    mixed["head"] = later["head"].clone();
    let mut old = later.clone();
    old["head"] = earlier["head"].clone();
    let mut moved = later.clone();
    moved["head"]["position"] = json!(1);
    let mut proof = later.clone();
    proof["head"]["inclusion"] = json!([]);
    let mut long = later.clone();
    long["head"]["siblings"] = json!(vec!["00".repeat(32); 257]);
    for (what, file) in [("mixed", mixed), ("old", old), ("moved", moved), ("proof", proof), ("long", long)] {
        let wrong = verify(sealed_again(&case, file).as_bytes(), &case.keys()).expect_err(what);
        assert_eq!(wrong.place, "head", "{what}: {wrong}");
    }
}

#[tokio::test]
async fn a_file_from_before_heads_is_verified_and_says_nothing_about_its_end() {
    let case = Case::recorded().await;
    let mut file: Value = serde_json::from_str(&case.file().await).expect("JSON");
    file.as_object_mut().expect("fields").remove("head");
    let verdict = verify(sealed_again(&case, file).as_bytes(), &case.keys()).expect("as recorded");
    assert!(!verdict.is_complete);
}

#[tokio::test]
async fn a_case_whose_signed_end_was_cut_off_gets_no_file_and_no_later_event_is_signed() {
    let case = Case::recorded().await;
    case.file().await;
    let cut = format!("DELETE FROM events WHERE aggregate_id = '{}' AND sequence > 5", case.id);
    case.story.database.as_owner().await.execute(cut.as_str()).await.expect("its owner may");
    let refused = case.file_for(omklap_domain::visibility::Role::CareProvider, "de-vaart").await;
    assert!(matches!(refused, Err(FileError::Store(StoreError::Tree(_)))), "{refused:?}");
    // The server reports after the event that is last now.
    case.story.goes_on(case.id, [case_discussed("later")]).await;
    let refused = case.signer.sign(omklap_store::tree::Pace::AT_ONCE, code("2026-03-02T09:03:00Z")).await;
    let Err(StoreError::Tree(why)) = refused else { panic!("{refused:?}") };
    assert!(why.ends_with("event 6 does not continue what was signed"), "{why}");
}

#[tokio::test]
async fn a_checkpoint_of_ones_own_is_held_against_a_file() {
    let case = Case::recorded().await;
    let (earlier, keys) = (case.file().await, case.keys());
    case.story.goes_on(case.id, [case_discussed("later")]).await;
    let later = case.file().await;
    let tree = &case.signer.tree;
    let [first, second] = tree.checkpoints_after(0, 9).await.expect("read").try_into().expect("two");
    let grown = tree.consistency(first.tree_size, second.tree_size).await.expect("read").expect("there");
    let hashes: Vec<_> = grown.hashes.iter().map(hex::encode).collect();
    let proof = json!({"from": first.tree_size, "to": second.tree_size, "hashes": hashes}).to_string();
    let held = |file: &str, kept: &str, proof| compared(file.as_bytes(), kept, proof, &keys);
    assert!(held(&later, &second.note, None).is_ok(), "the same checkpoint");
    assert!(held(&later, &first.note, Some(&proof)).is_ok(), "the file is later");
    assert!(held(&earlier, &second.note, Some(&proof)).is_ok(), "the file is earlier");
    assert_eq!(held(&later, &first.note, None).expect_err("there is no proof of it").place, "proof");
    let other = proof.replacen(&hashes[0], &"00".repeat(32), 1);
    assert!(held(&later, &first.note, Some(&other)).is_err());
    let branch = format!("{}\n{}\n{}=\n", case.signer.keys.origin(), second.tree_size, "A".repeat(43));
    let wrong = held(&later, &case.signer.keys.sign(&branch), None).expect_err("another history");
    assert_eq!(wrong.place, "checkpoint", "{wrong}");
}

/// A ledger that was signed before there was a map begins it with its next checkpoint.
#[tokio::test]
async fn a_ledger_from_before_heads_begins_them_with_every_case_that_it_has() {
    let case = Case::recorded().await;
    case.file().await;
    let mut owner = case.story.database.as_owner().await;
    let before = "SET session_replication_role = replica;
        DELETE FROM heads; DELETE FROM head_buckets; DELETE FROM checkpoints; DELETE FROM ledger_tiles;";
    owner.execute(before).await.expect("its owner may");
    std::fs::remove_file(case.story.database.checkpoints()).expect("ours");
    signed_without_heads(&case).await;
    case.story.goes_on(case.id, [case_discussed("later")]).await;
    let verdict = verify(case.file().await.as_bytes(), &case.keys()).expect("as recorded");
    assert!(verdict.is_complete);
    assert_eq!(found(&case).await, [] as [String; 0]);
}

/// Signs the events as a ledger of before did: a tile of their leaves, and a checkpoint.
async fn signed_without_heads(case: &Case) {
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT position, hash FROM events ORDER BY position")
        .fetch_all(case.story.database.pool())
        .await
        .expect("read");
    let leaf =
        |(at, hash): &(i64, Vec<u8>)| omklap_store::tree::leaf(*at, &hash[..].try_into().expect("a hash"));
    let leaves: Vec<[u8; 32]> = rows.iter().map(leaf).collect();
    let positions: Vec<i64> = rows.iter().map(|(position, _)| *position).collect();
    let text = format!(
        "{}\n{}\n{}\n",
        case.signer.keys.origin(),
        leaves.len(),
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, root(&leaves))
    );
    let pool = case.story.database.pool();
    let tile = sqlx::query("INSERT INTO ledger_tiles VALUES (0, 0, $1, $2)");
    tile.bind(leaves.concat()).bind(positions).execute(pool).await.expect("a tile");
    let checkpoint = sqlx::query("INSERT INTO checkpoints VALUES ($1, $2, '2026-03-02T09:00:00Z')");
    let size = i64::try_from(leaves.len()).expect("few");
    checkpoint.bind(size).bind(case.signer.keys.sign(&text)).execute(pool).await.expect("a checkpoint");
}

/// RFC 9162 §2.1.1.
fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    Sha256::new_with_prefix([1]).chain_update(root(left)).chain_update(root(right)).finalize().into()
}

/// The file, sealed with the ledger's key, as somebody who has that key could.
fn sealed_again(case: &Case, mut file: Value) -> String {
    file.as_object_mut().expect("fields").remove("seal");
    let written = |file: &Value| serde_json_canonicalizer::to_string(file).expect("JSON");
    let digest = hex::encode(Sha256::digest(written(&file)));
    let text = format!("{}\nomklap-case-file/1\n{digest}\n", case.signer.keys.origin());
    file["seal"] = json!(case.signer.keys.sign(&text));
    written(&file) + "\n"
}

async fn found(case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    let report = |_, findings: Vec<LedgerFinding>| found.extend(findings.iter().map(ToString::to_string));
    let signer = &case.signer;
    signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("walked");
    found
}
