//! A ledger that is written to and signed while it is checked is as well as one that nobody touches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_store::consistency::scan::Which;
use omklap_store::tree::{LedgerFinding, Pace};
use omklap_store::{Ledger, Notary};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, block_in_place};

/// How much is recorded meanwhile, by each of two who record.
const EACH: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_written_and_signed_while_it_is_checked_is_well() {
    let Story { ledger, database } = Story::begins().await;
    let (ledger, notary) = (Arc::new(ledger), Arc::new(database.notary()));
    let first = opened(&ledger).await;
    let enough = Arc::new(AtomicBool::new(false));
    let signing = tokio::spawn(signs(Arc::clone(&notary), Arc::clone(&enough)));
    let mut writing = JoinSet::new();
    writing.spawn(reports(Arc::clone(&ledger), first));
    writing.spawn(opens_more(Arc::clone(&ledger)));
    let mut sizes = Vec::new();
    while !writing.is_empty() {
        let (found, signed) = checked(&ledger, &notary, first).await;
        assert_eq!(found, [] as [String; 0], "round {}", sizes.len());
        sizes.push(signed);
        while let Some(ended) = writing.try_join_next() {
            ended.expect("no panic");
        }
    }
    enough.store(true, Ordering::Relaxed);
    signing.await.expect("no panic");
    assert!(sizes.len() > 3 && sizes.last() > sizes.first(), "it was signed meanwhile: {sizes:?}");
}

/// The walk reports its first page after it has looked at the database: what is signed then is newer than that look.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_is_signed_after_the_database_was_looked_at_is_no_difference() {
    let Story { ledger, database } = Story::begins().await;
    let notary = database.notary();
    let first = opened(&ledger).await;
    signs_once(&notary).await;
    let (mut found, mut pages) = (Vec::new(), 0);
    let tell = |_, findings: Vec<LedgerFinding>| {
        found.extend(findings.iter().map(ToString::to_string));
        pages += 1;
        if pages == 1 {
            let meanwhile = async {
                ledger.record(crate::story::reports(first, [case_discussed("a")])).await.expect("admitted");
                signs_once(&notary).await;
            };
            block_in_place(|| Handle::current().block_on(meanwhile));
        }
    };
    let walked = notary.tree.check(&notary.keys, &notary.outside, tell).await.expect("walked");
    assert_eq!(found, [] as [String; 0]);
    let newest = notary.tree.checkpoints_after(walked.signed, 10).await.expect("readable");
    assert_eq!(newest.len(), 1, "one was signed while it was checked");
}

/// Everything that every way of checking finds, and of how many leaves the newest checkpoint was.
async fn checked(ledger: &Arc<Ledger>, notary: &Notary, one: TrajectoryId) -> (Vec<String>, u64) {
    let mut found = Vec::new();
    let tell = |_, findings: Vec<LedgerFinding>| found.extend(findings.iter().map(ToString::to_string));
    let walked = notary.tree.check(&notary.keys, &notary.outside, tell).await.expect("walked");
    let tell = |_, wrong: Vec<(TrajectoryId, Vec<_>)>| {
        found.extend(wrong.iter().map(|(id, findings)| format!("{id}: {findings:?}")));
    };
    ledger.check(Which::After(None), tell).await.expect("readable");
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

async fn signs(notary: Arc<Notary>, enough: Arc<AtomicBool>) {
    while !enough.load(Ordering::Relaxed) {
        signs_once(&notary).await;
        tokio::task::yield_now().await;
    }
}

async fn signs_once(notary: &Notary) {
    notary.sign(Pace::AT_ONCE, code("2026-03-02T09:01:00Z")).await.expect("signed");
}
