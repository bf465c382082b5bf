//! A large ledger, loaded once, and everything that is measured on it.

use std::time::Instant;

use omklap_store::OperatorKey;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::Executor;

use crate::results::{Figure, result, section};
use crate::{audit, candidates, cost, feed, lists, machine, omklap, read_models, seekers, stock_replay};

/// Loads a ledger with a hundredth of the trajectories, then with a tenth, then with all, and
/// measures everything each time. What reads everything should grow with the size; what looks
/// something up should take as long as before.
pub async fn measure(trajectories: u64) {
    cost::measure().await;
    let database = ScratchDatabase::create().await;
    let (ledger, signer) = (omklap::ledger(&database, OperatorKey::of_tests()), database.signer());
    let mut there = 0;
    for upto in [trajectories / 100, trajectories / 10, trajectories] {
        let started = Instant::now();
        read_models::load(&ledger, there..upto).await;
        let events = ledger.size().await.expect("reachable");
        let took = started.elapsed();
        section(&format!("{upto} trajectories with {events} events"));
        result(
            "loading the last of them",
            &[Figure::count("trajectories", upto - there), Figure::took(took)],
        );
        there = upto;
        database.as_owner().await.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
        read_models::asked(&ledger, &database).await;
        read_models::scanned(&ledger, events).await;
        audit::measure(&signer, events).await;
        feed::measure(&ledger, &database).await;
    }
    stock_replay::measure(&database).await;
    audit::files(&ledger, &signer).await;
    lists::measure(&ledger, &database).await;
    seekers::measure(&ledger, &database).await;
    candidates::measure().await;
    section("memory");
    result("the peak of this process", &[machine::peak_memory()]);
}
