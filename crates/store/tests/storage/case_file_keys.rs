//! What the keys of the ledger and of its operator prove about a case file, and its receipts.

use omklap_domain::visibility::Role;
use omklap_store::StoreError;
use omklap_store::exports::sealed_file::FileError;
use omklap_store::tree::LedgerKeys;
use omklap_verifier::{OperatorKey, admitted, kept, verify};
use serde_json::{Value, json};

use crate::case_files::Case;
use crate::story::*;

#[tokio::test]
async fn the_holder_of_the_operators_key_sees_that_the_ledger_admitted_every_event() {
    let case = Case::recorded().await;
    let file = case.file().await;
    let key: OperatorKey = "07".repeat(32).parse().expect("64 digits");
    assert_eq!(admitted(file.as_bytes(), &key), Ok(7));
    let another: OperatorKey = "08".repeat(32).parse().expect("64 digits");
    let wrong = admitted(file.as_bytes(), &another).expect_err("another operator");
    assert_eq!(wrong.to_string(), "event 1: the ledger of this operator did not admit it");
    let mut without: Value = serde_json::from_str(&file).expect("JSON");
    without["events"][3].as_object_mut().expect("an event").remove("mac");
    let wrong = admitted(without.to_string().as_bytes(), &key).expect_err("one has none");
    assert_eq!(wrong.place, "event 4");
}

#[tokio::test]
async fn a_receipt_is_kept_by_the_file_of_the_case_and_broken_by_one_without_the_event() {
    let case = Case::recorded().await;
    let before = case.file().await;
    let recorded = case.story.goes_on(case.id, [case_discussed("met een ontvangstbewijs")]).await;
    let receipt = case.signer.keys.receipt(&recorded).expect("recorded");
    let file = case.file().await;
    let promised = kept(&receipt, file.as_bytes(), &case.keys()).expect("kept");
    assert_eq!(promised.sequence, 8);
    let mut later: Value = serde_json::from_str(&before).expect("JSON");
    later["exportedAt"] = json!("2027-01-01T00:00:00.000000Z");
    let mut other: Value = serde_json::from_str(&file).expect("JSON");
    other["events"][7]["hash"] = other["events"][6]["hash"].clone();
    let mut elsewhere = later.clone();
    elsewhere["trajectoryId"] = json!(new_id());
    for (file, receipt, expected) in [
        (later.to_string(), receipt.clone(), "the promise was broken: the case lacks the event"),
        (
            other.to_string(),
            receipt.clone(),
            "the promise was broken: the case has another event in its place",
        ),
        (elsewhere.to_string(), receipt.clone(), "it is about another case"),
        (file.clone(), receipt.replace("2026", "2025"), "none of the public keys signed this text"),
        (file.clone(), case.signer.keys.sign("omklap.example.org/scratch\nx\n"), "it is not a receipt"),
    ] {
        let wrong = kept(&receipt, file.as_bytes(), &case.keys()).expect_err(expected);
        assert!(wrong.to_string().contains(expected), "{wrong}");
    }
}

#[tokio::test]
async fn a_file_sealed_with_a_rotated_key_is_verified_with_that_key() {
    let mut case = Case::recorded().await;
    let path = case.story.database.checkpoints().with_extension("key");
    let made = LedgerKeys::from_file(&path, "omklap.example.org/scratch").expect("made");
    case.signer.keys = made;
    let (before, old) = (case.file().await, case.keys());
    case.signer.keys = LedgerKeys::rotate(&path, "omklap.example.org/scratch").expect("rotated");
    std::fs::remove_file(&path).expect("ours");
    let (after, both) = (case.file().await, case.keys());
    assert_eq!(both[1..], old, "the new key comes first");
    assert!(verify(before.as_bytes(), &both).is_ok(), "the old key verifies the file that it sealed");
    assert!(verify(before.as_bytes(), &both[..1]).is_err(), "the new key alone does not verify it");
    let verdict = verify(after.as_bytes(), &both[..1])
        .expect("a new file is sealed with the new key even if no checkpoint was signed since");
    assert_eq!(verdict.signed_by, both[0].label());
    let wrong = verify(after.as_bytes(), &old).expect_err("the old key sealed no new file");
    assert_eq!(wrong.to_string(), "seal: none of the public keys signed this text");
}

#[tokio::test]
async fn no_case_file_is_made_with_a_key_that_did_not_sign_the_ledger() {
    let mut case = Case::recorded().await;
    let _ = case.file().await;
    case.signer.keys = LedgerKeys::generate("omklap.example.org/scratch");
    let refused = case.file_for(Role::CareProvider, "de-vaart").await;
    assert!(matches!(refused, Err(FileError::Store(StoreError::Tree(_)))), "{refused:?}");
}
