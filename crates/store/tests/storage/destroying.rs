//! Which missing events a certificate of destruction accounts for, and which it does not.

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::retention::{Due, Rule};
use omklap_store::access_log::{Action, Line};
use omklap_store::destruction::{DESTROYED, Destroyed, Destruction};
use omklap_store::events::hash_chain::{GENESIS, Link, canonical};
use omklap_store::exports::sealed_file::FileError;
use omklap_store::tree::{LedgerFinding, LedgerKeys, Pace, Walked};
use omklap_store::{CheckpointSigner, Metadata, StoreError, connect_as_keeper};
use omklap_verifier::{PublicKey, certified};
use serde_json::json;
use sqlx::Executor;
use uuid::Uuid;

const NOW: &str = "2026-03-02T09:01:00Z";

#[tokio::test]
async fn a_destroyed_trajectory_is_no_finding() {
    let (story, signer, id) = signed().await;
    destroyed(&story, &signer, id).await.expect("its keeper may");
    for _ in 0..2 {
        let (walked, findings) = found(&signer).await;
        assert_eq!(findings, [] as [String; 0]);
        assert_eq!((walked.destroyed, walked.certificates), (3, 1));
        signs(&signer).await;
    }
}

#[tokio::test]
async fn a_case_with_an_event_that_was_not_admitted_is_not_destroyed_unseen() {
    let (story, signer, id) = signed().await;
    let written = format!(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'trajectory', '{id}', 4, event_type, event_version, payload, metadata FROM events WHERE aggregate_id = '{id}' AND sequence = 2"
    );
    change(&story, &written).await;
    let refused = destroyed(&story, &signer, id).await.expect_err("not its event");
    assert!(refused.to_string().contains("event 4"), "{refused}");
}

#[tokio::test]
async fn a_certificate_that_the_ledger_did_not_seal_excuses_nothing() {
    let another = LedgerKeys::generate("omklap.example.org/scratch");
    for seal in [None, Some("omklap".to_owned()), Some(another.seal("omklap-certificate/1", "{}"))] {
        let (story, signer, id) = signed().await;
        forged(&story, id, seal).await;
        let (walked, findings) = found(&signer).await;
        assert_eq!(walked.certificates, 0);
        assert_eq!(findings.len(), 3, "its hash is right: {findings:?}");
        for expected in [
            "event 1 was not admitted by this ledger",
            "the certificate is not one that this ledger sealed",
            "leaf 2: the event that was signed",
        ] {
            assert!(findings.iter().any(|finding| finding.contains(expected)), "{expected}: {findings:?}");
        }
    }
}

#[tokio::test]
async fn a_certificate_that_was_changed_is_reported_as_not_sealed_by_this_ledger() {
    for change_to in [
        "aggregate_id = gen_random_uuid()::text",
        "payload = replace(payload::text, '\"position\":2', '\"position\":5')::json",
        "payload = replace(payload::text, '\"version\":3', '\"version\":2')::json",
        "event_version = '2.0'",
        "hash = NULL, previous_hash = NULL",
    ] {
        let (story, signer, id) = signed().await;
        destroyed(&story, &signer, id).await.expect("its keeper may");
        change(&story, &format!("UPDATE events SET {change_to} WHERE aggregate_type = 'destruction'")).await;
        let (_, findings) = found(&signer).await;
        let named = findings.iter().any(|finding| finding.ends_with("not one that this ledger sealed"));
        assert!(named, "{change_to}: {findings:?}");
    }
}

#[tokio::test]
async fn a_certificate_destroys_what_it_lists_or_nothing() {
    let (story, _, id) = signed().await;
    let insert = format!(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         VALUES ('deadline', '{id}/5.2/2.0/2026-03-01', 1, 'obligation-due-soon', '1.0', '{{}}', '{{}}')"
    );
    change(&story, &insert).await;
    let facts = r#"{"position": 1}, {"position": 2}, {"position": 3}"#;
    let (named, upper_case) = (id.to_string(), id.to_string().to_uppercase());
    for (case, certificate) in [
        (&named, "{}".to_owned()),
        (&named, r#"{"version": 3}"#.to_owned()),
        (&named, format!(r#"{{"version": 3, "events": [{facts}]}}"#)),
        (&named, format!(r#"{{"version": 3, "events": [{facts}, {{"position": 4}}]}}"#)),
        (&named, format!(r#"{{"version": 2, "events": [{facts}, {{"position": 5}}]}}"#)),
        (&upper_case, r#"{"version": 0}"#.to_owned()),
        (&upper_case, r#"{"version": 0, "events": []}"#.to_owned()),
    ] {
        let statement = format!(
            "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             VALUES ('destruction', '{case}', 1, '{DESTROYED}', '1.0', '{certificate}', '{{}}')"
        );
        let refused =
            story.database.as_owner().await.execute(statement.as_str()).await.expect_err(&statement);
        assert!(refused.to_string().contains("has moved on"), "{certificate}: {refused}");
    }
    assert_eq!(story.version(id).await, 3);
}

#[tokio::test]
async fn an_event_that_a_certificate_lists_as_destroyed_but_still_exists_is_found() {
    let (story, signer, id) = signed().await;
    change(&story, "CREATE TABLE kept AS SELECT * FROM events").await;
    destroyed(&story, &signer, id).await.expect("its keeper may");
    change(&story, "INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM kept WHERE position = 1").await;
    let (_, findings) = found(&signer).await;
    let stream = format!("trajectory {id}");
    assert_eq!(findings, [LedgerFinding::NotDestroyed { stream, sequence: 1 }.to_string()]);
}

#[tokio::test]
async fn nothing_is_destroyed_with_a_key_that_did_not_sign_before() {
    let (story, mut signer, id) = signed().await;
    signer.keys = LedgerKeys::generate("omklap.example.org/scratch");
    let refused = destroyed(&story, &signer, id).await;
    assert!(matches!(refused, Err(StoreError::Tree(_))), "{refused:?}");
    assert_eq!(story.version(id).await, 3);
}

#[tokio::test]
async fn a_certificate_of_destruction_is_verified_without_the_ledger() {
    let (story, mut signer, id) = signed().await;
    destroyed(&story, &signer, id).await.expect("its keeper may");
    let keys = |signer: &CheckpointSigner| {
        signer.keys.public().iter().map(|key| key.parse().expect("a key")).collect()
    };
    let before: Vec<PublicKey> = keys(&signer);
    let file = certificate_file(&story, &signer, id).await.expect("it was destroyed");
    let certified = certified(file.as_bytes(), &before).expect("as recorded");
    assert_eq!((certified.trajectory, certified.events), (id.to_string(), 3));
    assert_eq!(certified.term, ["application-withdrawn", "2026-01-01", "2026-02-12"]);
    for at in (0..file.len()).step_by(5) {
        let mut changed = file.clone().into_bytes();
        changed[at] ^= 1;
        assert!(omklap_verifier::certified(&changed, &before).is_err(), "byte {at} changed");
    }
    signer.keys = LedgerKeys::generate("omklap.example.org/ledger");
    let another: Vec<PublicKey> = keys(&signer);
    assert!(omklap_verifier::certified(file.as_bytes(), &another).is_err(), "another ledger's key");
}

#[tokio::test]
async fn there_is_no_certificate_file_without_a_certificate_of_this_ledger() {
    let (story, signer, id) = signed().await;
    let refused = certificate_file(&story, &signer, id).await;
    assert!(matches!(refused, Err(FileError::NotFound)), "{refused:?}");
    forged(&story, id, Some(LedgerKeys::generate("omklap").seal("omklap-certificate/1", "{}"))).await;
    let forgeries = "SELECT aggregate_id FROM events WHERE aggregate_type = 'destruction'";
    let forgery: String =
        sqlx::query_scalar(forgeries).fetch_one(&mut story.database.as_owner().await).await.expect("one");
    let refused = certificate_file(&story, &signer, code(&forgery)).await;
    assert!(matches!(refused, Err(FileError::Store(StoreError::Altered { .. }))), "{refused:?}");
}

// The words of these tests.

async fn certificate_file(
    story: &Story,
    signer: &CheckpointSigner,
    trajectory: TrajectoryId,
) -> Result<String, FileError> {
    story.ledger.certificate_file(signer, trajectory, NOW.parse().expect("an instant")).await
}

/// A trajectory of three events and another, all of them signed.
async fn signed() -> (Story, CheckpointSigner, TrajectoryId) {
    let story = Story::begins().await;
    let (signer, id) = (story.database.signer(), story.opened().await);
    story.goes_on(id, [privacy_explained(), outflow_announced()]).await;
    let _ = story.opened().await;
    signs(&signer).await;
    (story, signer, id)
}

async fn destroyed(
    story: &Story,
    signer: &CheckpointSigner,
    trajectory: TrajectoryId,
) -> Result<Destroyed, StoreError> {
    let keeper = connect_as_keeper(&story.database.options()).await.expect("its owner may");
    let due = Due {
        rule: Rule::ApplicationWithdrawn,
        ended_on: code("2026-01-01"),
        destroy_from: code("2026-02-12"),
    };
    let (metadata, now) = (Metadata::new(), NOW.parse().expect("an instant"));
    let access = Line::new(case_worker(), Action::Destroy, now, vec![trajectory]);
    let today = code("2026-03-02");
    let destruction = Destruction { trajectory, due, today, metadata: &metadata, access: &access, now };
    ledger_on(keeper).destroy(signer, destruction).await
}

/// Deletes the last event of a trajectory and writes a forged certificate for it, as an attacker
/// with access to the database could.
async fn forged(story: &Story, trajectory: TrajectoryId, seal: Option<String>) {
    let last = "DELETE FROM events WHERE aggregate_id = $1 AND sequence = 3 RETURNING position, hash";
    let (position, hash): (i64, Vec<u8>) = sqlx::query_as(last)
        .bind(trajectory.to_string())
        .fetch_one(&mut story.database.as_owner().await)
        .await
        .expect("its owner may");
    let made_up = new_id().to_string();
    let mut certificate = json!({
        "type": DESTROYED, "trajectoryId": made_up, "version": 0,
        "events": [{"position": position, "hash": hex::encode(hash)}]
    });
    certificate.as_object_mut().expect("one").extend(seal.map(|seal| ("seal".to_owned(), json!(seal))));
    let link = Link {
        aggregate_type: "destruction",
        aggregate_id: &made_up,
        sequence: 1,
        event_id: Uuid::from_u128(1),
        event_type: DESTROYED,
        event_version: "1.0",
        recorded_at: NOW.parse().expect("an instant"),
        payload: canonical(&certificate).expect("JSON").into(),
        metadata: "{}".into(),
    };
    let mut past_the_triggers = story.database.as_owner().await;
    past_the_triggers.execute("SET session_replication_role = replica").await.expect("its owner may");
    sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_id, event_type, event_version, payload, metadata, recorded_at,
                             previous_hash, hash)
         VALUES ('destruction', $1, 1, $2, $3, '1.0', $4::json, '{}', $5, $6, $7)",
    )
    .bind(&made_up)
    .bind(link.event_id)
    .bind(DESTROYED)
    .bind(&*link.payload)
    .bind(jiff_sqlx::Timestamp::from(link.recorded_at))
    .bind(GENESIS.to_vec())
    .bind(link.hash(&GENESIS).to_vec())
    .execute(&mut past_the_triggers)
    .await
    .expect("its owner may");
}

async fn signs(signer: &CheckpointSigner) {
    signer.sign(Pace::AT_ONCE, NOW.parse().expect("an instant")).await.expect("signed");
}

async fn found(signer: &CheckpointSigner) -> (Walked, Vec<String>) {
    let mut found = Vec::new();
    let report = |_, findings: Vec<LedgerFinding>| found.extend(findings.iter().map(ToString::to_string));
    let walked = signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("walked");
    (walked, found)
}

async fn change(story: &Story, statement: &str) {
    story.database.as_owner().await.execute(statement).await.expect(statement);
}
