//! The cost of signing a ledger, checking all of it, proving one event, and verifying a case file.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::{Role, Viewer};
use omklap_store::tree::{LedgerFinding, Pace};
use omklap_store::{CheckpointSigner, Ledger, Target};
use omklap_verifier::{PublicKey, verify};

use crate::results::{Figure, result, section};
use crate::timing::{per_second, spread};
use crate::{case, omklap};

/// The number of events of the exported case.
const CASE: usize = 300;
/// How often each proof is requested.
const ASKED: usize = 200;

/// Signs what is not signed yet, checks everything, and proves single events.
pub async fn measure(signer: &CheckpointSigner, events: u64) {
    let unsigned = signer.state().await.expect("read").unsigned;
    let started = Instant::now();
    while sign(signer).await {}
    let rate = per_second(unsigned, started.elapsed());
    result(
        "signing what was not signed yet",
        &[Figure::count("events", unsigned), Figure::events_per_second(rate)],
    );
    let started = Instant::now();
    let mut found = 0;
    let count = |_, findings: Vec<LedgerFinding>| found += findings.len();
    signer.tree.check(&signer.keys, &signer.checkpoints_file, count).await.expect("walked");
    let rate = per_second(events, started.elapsed());
    result(
        "checking chains, tree and checkpoints",
        &[Figure::events_per_second(rate), Figure::count("differences", found)],
    );

    let size = signer.tree.newest().await.expect("read").expect("signed").tree_size;
    let (mut inclusion, mut consistency) = (Vec::new(), Vec::new());
    for nth in 0..ASKED as u64 {
        let (leaf, started) = (size * nth / ASKED as u64, Instant::now());
        signer.tree.inclusion(&[leaf], size).await.expect("read").expect("there");
        inclusion.push(started.elapsed());
        let started = Instant::now();
        signer.tree.consistency(leaf.max(1), size).await.expect("read").expect("there");
        consistency.push(started.elapsed());
    }
    result("a proof of inclusion", &spread(inclusion));
    result("a proof of consistency", &spread(consistency));
}

async fn sign(signer: &CheckpointSigner) -> bool {
    let now = "2026-11-01T10:00:00Z".parse().expect("an instant");
    signer.sign(Pace::AT_ONCE, now).await.expect("signed").is_some()
}

/// Opens a long case, and exports and verifies it.
pub async fn files(ledger: &Ledger, signer: &CheckpointSigner) {
    let id = case::trajectory(7, 0);
    let mut facts = case::before();
    facts.extend((facts.len()..CASE).map(|_| -> Fact { case::reported() }));
    ledger.record(omklap::report(Target::New(id), facts)).await.expect("an admissible case");
    while sign(signer).await {}
    let organisation = "cosis".parse().expect("a code");
    let viewer =
        Viewer { role: Role::CareProvider, organisation, regions: BTreeSet::new(), trajectory: None };
    let now = "2026-11-01T10:00:00Z".parse().expect("an instant");
    let (mut exported, mut verified, mut bytes): (Vec<Duration>, Vec<Duration>, usize) = Default::default();
    let keys: Vec<PublicKey> = signer.keys.public().iter().map(|key| key.parse().expect("a key")).collect();
    for _ in 0..20 {
        let started = Instant::now();
        let file = ledger.case_file(signer, &viewer, id, now).await.expect("exported").text;
        exported.push(started.elapsed());
        let started = Instant::now();
        verify(file.as_bytes(), &keys).expect("as recorded");
        verified.push(started.elapsed());
        bytes = file.len();
    }
    section(&format!("a case file of {CASE} events"));
    result("its size", &[Figure::megabytes(bytes as u64)]);
    result("exporting it", &spread(exported));
    result("verifying it", &spread(verified));
}
