//! A database stores the fingerprints of the keys it is written with, and no second key is made.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::story::*;
use omklap_domain::agreements::AgreementSets;
use omklap_store::database::key_fingerprints::{KeyKind, register, settle};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::tree::{CheckpointsFile, LedgerKeys, Pace, Quorum};
use omklap_store::{CheckpointSigner, KeyFiles, KeysError, Ledger, OperatorKey, Tree};
use sqlx::Executor;

const ORIGIN: &str = "omklap.example.org/test";

#[tokio::test]
async fn a_second_start_uses_the_keys_of_the_first() {
    let (database, folder) = (ScratchDatabase::create().await, Folder::new());
    let first = settle(database.pool(), &folder.files()).await.expect("made");
    let again = settle(database.pool(), &folder.files()).await.expect("registered");
    assert_eq!(first.operator.fingerprint(), again.operator.fingerprint());
    assert_eq!(first.ledger.fingerprint(), again.ledger.fingerprint());
}

#[tokio::test]
async fn one_of_several_servers_that_start_at_once_makes_the_keys() {
    let database = ScratchDatabase::create().await;
    let folders: Vec<_> = (0..6).map(|_| Folder::new()).collect();
    let starting = folders.iter().map(|folder| {
        let (pool, files) = (database.pool().clone(), folder.files());
        tokio::spawn(async move { settle(&pool, &files).await.map(drop) })
    });
    let mut settled = 0;
    for start in starting.collect::<Vec<_>>() {
        match start.await.expect("no panic") {
            Ok(()) => settled += 1,
            Err(error) => assert!(matches!(error, KeysError::Missing { .. }), "{error}"),
        }
    }
    assert_eq!(settled, 1);
    let made = |name: &str| folders.iter().filter(|folder| folder.0.join(name).exists()).count();
    assert_eq!((made("operator.key"), made("ledger.key")), (1, 1), "the others made none");
}

#[tokio::test]
async fn another_key_is_refused_by_its_file_and_both_fingerprints() {
    let (database, folder, other) = (ScratchDatabase::create().await, Folder::new(), Folder::new());
    let known = settle(database.pool(), &folder.files()).await.expect("made");
    let operator = OperatorKey::from_file(&other.files().operator).expect("made").fingerprint();
    let ledger = LedgerKeys::from_file(&other.files().ledger, ORIGIN).expect("made").fingerprint();
    let swapped = |name: &str| {
        let kept = fs::read(folder.0.join(name)).expect("there");
        fs::copy(other.0.join(name), folder.0.join(name)).expect("swapped");
        kept
    };
    for (name, known, found) in [
        ("operator.key", known.operator.fingerprint(), operator),
        ("ledger.key", known.ledger.fingerprint(), ledger),
    ] {
        let kept = swapped(name);
        let refused = settle(database.pool(), &folder.files()).await.map(drop).expect_err("another key");
        let message = refused.to_string();
        assert!(refused.is_a_mismatch(), "{message}");
        for part in [name, &known.to_string(), &found.to_string()] {
            assert!(message.contains(part), "{part}: {message}");
        }
        fs::write(folder.0.join(name), kept).expect("put back");
        settle(database.pool(), &folder.files()).await.expect("its own again");
    }
}

#[tokio::test]
async fn a_key_that_is_gone_is_named_and_none_is_made_in_its_place() {
    let (database, folder) = (ScratchDatabase::create().await, Folder::new());
    settle(database.pool(), &folder.files()).await.expect("made");
    for name in ["operator.key", "ledger.key"] {
        let kept = fs::read(folder.0.join(name)).expect("there");
        fs::remove_file(folder.0.join(name)).expect("removed");
        let refused =
            settle(database.pool(), &folder.files()).await.map(drop).expect_err("the key is missing");
        assert!(
            matches!(&refused, KeysError::Missing { .. }) && refused.to_string().contains(name),
            "{refused}"
        );
        assert!(!folder.0.join(name).exists(), "none was made");
        folder.keep(name, &kept);
    }
}

/// A database that was written before fingerprints were stored.
#[tokio::test]
async fn keys_of_before_are_known_by_what_they_open_and_signed() {
    let (database, folder, other) = (ScratchDatabase::create().await, Folder::new(), Folder::new());
    written(&database, &folder).await;
    forget_fingerprints(&database).await;
    let stranger = settle(database.pool(), &other.files()).await.map(drop).expect_err("no keys there");
    assert!(matches!(stranger, KeysError::Gone { kind: KeyKind::Operator, .. }), "{stranger}");
    OperatorKey::from_file(&other.files().operator).expect("made");
    let stranger = settle(database.pool(), &other.files()).await.map(drop).expect_err("it opens nothing");
    assert!(matches!(stranger, KeysError::Unfit { kind: KeyKind::Operator, .. }), "{stranger}");
    fs::copy(folder.files().operator, other.files().operator).expect("copied");
    let stranger = settle(database.pool(), &other.files()).await.map(drop).expect_err("none to sign with");
    assert!(matches!(stranger, KeysError::Gone { kind: KeyKind::Ledger, .. }), "{stranger}");
    LedgerKeys::from_file(&other.files().ledger, ORIGIN).expect("made");
    let stranger = settle(database.pool(), &other.files()).await.map(drop).expect_err("it signed nothing");
    assert!(matches!(stranger, KeysError::Unfit { kind: KeyKind::Ledger, .. }), "{stranger}");
    settle(database.pool(), &folder.files()).await.expect("the database was written with these keys");
}

#[tokio::test]
async fn a_key_that_was_rotated_is_known_and_the_one_before_it_is_refused() {
    let (database, folder, other) = (ScratchDatabase::create().await, Folder::new(), Folder::new());
    settle(database.pool(), &folder.files()).await.expect("made");
    for name in ["operator.key", "ledger.key"] {
        other.keep(name, &fs::read(folder.0.join(name)).expect("there"));
    }
    let rotated = LedgerKeys::rotate(&folder.files().ledger, ORIGIN).expect("rotated");
    let settled =
        settle(database.pool(), &folder.files()).await.expect("the rotated file names the key before it");
    assert_eq!(settled.ledger.fingerprint(), rotated.fingerprint());
    let refused = settle(database.pool(), &other.files()).await.map(drop).expect_err("the one before");
    assert!(matches!(refused, KeysError::Another { kind: KeyKind::Ledger, .. }), "{refused}");
}

#[tokio::test]
async fn migrating_registers_existing_keys_and_makes_none() {
    let (database, folder, other) = (ScratchDatabase::create().await, Folder::new(), Folder::new());
    register(database.pool(), &folder.files()).await.expect("there are no keys to register");
    assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 0, "none was made");
    let made = OperatorKey::from_file(&folder.files().operator).expect("made").fingerprint();
    register(database.pool(), &folder.files()).await.expect("registered");
    let refused = settle(database.pool(), &other.files()).await.map(drop).expect_err("it is known");
    assert!(refused.to_string().contains(&made.to_string()), "{refused}");
    OperatorKey::from_file(&other.files().operator).expect("made");
    assert!(register(database.pool(), &other.files()).await.is_err(), "a wrong key is refused here too");
}

// The words of these tests.

/// A folder for keys that is removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("omklap-keys-{}", new_id()));
        fs::create_dir(&folder).expect("a temporary folder");
        Self(folder)
    }

    fn files(&self) -> KeyFiles {
        KeyFiles::within(&self.0, ORIGIN)
    }

    fn keep(&self, name: &str, key: &[u8]) {
        fs::write(self.0.join(name), key).expect("written");
        fs::set_permissions(self.0.join(name), fs::Permissions::from_mode(0o600)).expect("ours");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A ledger with a private text and a signed checkpoint.
async fn written(database: &ScratchDatabase, folder: &Folder) {
    let keys = settle(database.pool(), &folder.files()).await.expect("made");
    let ledger = Ledger::new(database.pool().clone(), keys.operator, Arc::new(AgreementSets::shipped()));
    ledger.record(opens(new_id(), [intake()])).await.expect("admitted");
    let tree = Tree::new(database.pool().clone(), ledger.mac_key());
    let signer = CheckpointSigner {
        tree,
        keys: keys.ledger,
        checkpoints_file: CheckpointsFile::at(&folder.files().checkpoints),
        quorum: Quorum::default(),
    };
    let newest = signer.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed");
    assert!(newest.is_some());
}

async fn forget_fingerprints(database: &ScratchDatabase) {
    database.as_owner().await.execute("DELETE FROM key_fingerprints").await.expect("its owner may");
}
