//! Writing to a ledger and signing it during a check cause no findings.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_store::consistency::scan::Which;
use omklap_store::tree::{LedgerFinding, Pace};
use omklap_store::{CheckpointSigner, Ledger};
use sqlx::Executor;
use tokio::runtime::Handle;
use tokio::task::{JoinSet, block_in_place};

/// How many facts each of the two writers records during the check.
const EACH: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_written_and_signed_while_it_is_checked_is_well() {
    let Story { ledger, database } = Story::begins().await;
    let (ledger, signer) = (Arc::new(ledger), Arc::new(database.signer()));
    let first = opened(&ledger).await;
    let enough = Arc::new(AtomicBool::new(false));
    let signing = tokio::spawn(signs(Arc::clone(&signer), Arc::clone(&enough)));
    let mut writing = JoinSet::new();
    writing.spawn(reports(Arc::clone(&ledger), first));
    writing.spawn(opens_more(Arc::clone(&ledger)));
    let mut sizes = Vec::new();
    while !writing.is_empty() {
        let (found, size) = checked(&ledger, &signer, first).await;
        assert_eq!(found, [] as [String; 0], "round {}", sizes.len());
        sizes.push(size);
        while let Some(ended) = writing.try_join_next() {
            ended.expect("no panic");
        }
    }
    enough.store(true, Ordering::Relaxed);
    signing.await.expect("no panic");
    assert!(sizes.len() > 3 && sizes.last() > sizes.first(), "it was signed meanwhile: {sizes:?}");
}

/// The walk reports its first page after it has read the database. A checkpoint that is signed then
/// is newer than what it read.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_is_signed_after_the_database_was_looked_at_is_no_difference() {
    let Story { ledger, database } = Story::begins().await;
    let signer = database.signer();
    let first = opened(&ledger).await;
    signs_once(&signer).await;
    let (mut found, mut pages) = (Vec::new(), 0);
    let report = |_, findings: Vec<LedgerFinding>| {
        found.extend(findings.iter().map(ToString::to_string));
        pages += 1;
        if pages == 1 {
            let meanwhile = async {
                ledger.record(crate::story::reports(first, [case_discussed("a")])).await.expect("admitted");
                signs_once(&signer).await;
            };
            block_in_place(|| Handle::current().block_on(meanwhile));
        }
    };
    let walked = signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("walked");
    assert_eq!((found, walked.signed), (Vec::<String>::new(), 1));
    let all = signer.tree.checkpoints_after(0, 10).await.expect("readable");
    assert_eq!(all.len(), 2, "one was signed while it was checked");
}

/// A round reads the new events after its statement began: what is committed in between is signed
/// with its place, and is no event out of place.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_is_opened_while_a_round_begins_gets_its_own_place() {
    let Story { ledger, database } = Story::begins().await;
    let (ledger, signer) = (Arc::new(ledger), Arc::new(database.signer()));
    let first = opened(&ledger).await;
    signs_once(&signer).await;
    let mut owner = database.as_owner().await;
    owner.execute(WAITS_AT_THE_GATE).await.expect("the function that says what is settled");
    owner.execute("SELECT pg_advisory_lock(7, 7)").await.expect("the gate is shut");
    opened(&ledger).await;
    let round = tokio::spawn({
        let signer = Arc::clone(&signer);
        async move { signs_once(&signer).await }
    });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND classid = 7 AND objid = 7)";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut owner).await.expect("readable") {
        tokio::task::yield_now().await;
    }
    let second = opened(&ledger).await;
    for id in [first, second] {
        ledger.record(crate::story::reports(id, [case_discussed("a")])).await.expect("admitted");
    }
    owner.execute("SELECT pg_advisory_unlock(7, 7)").await.expect("the gate is open");
    round.await.expect("signed");
    owner.execute(AS_BEFORE).await.expect("the function as the migrations make it");
    assert_eq!(checked(&ledger, &signer, second).await.0, [] as [String; 0]);
}

const WAITS_AT_THE_GATE: &str = "
    ALTER FUNCTION settled_position() RENAME TO settled_position_then;
    CREATE FUNCTION settled_position() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(7, 7);
        RETURN settled_position_then();
    END $$;";
const AS_BEFORE: &str = "
    DROP FUNCTION settled_position();
    ALTER FUNCTION settled_position_then() RENAME TO settled_position;";

/// The findings of every kind of check, and the number of leaves of the newest checkpoint.
async fn checked(ledger: &Arc<Ledger>, signer: &CheckpointSigner, one: TrajectoryId) -> (Vec<String>, u64) {
    let mut found = Vec::new();
    let report = |_, findings: Vec<LedgerFinding>| found.extend(findings.iter().map(ToString::to_string));
    let walked = signer.tree.check(&signer.keys, &signer.checkpoints_file, report).await.expect("walked");
    let report = |_, wrong: Vec<(TrajectoryId, Vec<_>)>| {
        found.extend(wrong.iter().map(|(id, findings)| format!("{id}: {findings:?}")));
    };
    ledger.check(Which::After(None), report).await.expect("readable");
    found.extend(ledger.check_chain(one).await.expect("readable").map(|finding| finding.to_string()));
    found.extend(ledger.check_stock(one).await.expect("readable").map(|finding| finding.to_string()));
    (found, walked.signed)
}

async fn opened(ledger: &Ledger) -> TrajectoryId {
    let id = new_id();
    ledger.record(opens(id, [intake()])).await.expect("admitted");
    id
}

async fn reports(ledger: Arc<Ledger>, id: TrajectoryId) {
    for _ in 0..EACH {
        ledger.record(crate::story::reports(id, [case_discussed("a")])).await.expect("admitted");
    }
}

async fn opens_more(ledger: Arc<Ledger>) {
    for _ in 0..EACH {
        opened(&ledger).await;
    }
}

async fn signs(signer: Arc<CheckpointSigner>, enough: Arc<AtomicBool>) {
    while !enough.load(Ordering::Relaxed) {
        signs_once(&signer).await;
        tokio::task::yield_now().await;
    }
}

async fn signs_once(signer: &CheckpointSigner) {
    signer.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed");
}
