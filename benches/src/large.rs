//! A large ledger, loaded once, and everything that is measured on it.

use std::time::Instant;

use omklap_store::OperatorKey;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::Executor;

use crate::{audit, candidates, cost, feed, lists, omklap, read_models, seekers, stock_replay};

/// Loads a ledger with a hundredth of the trajectories, then with a tenth, then with all, and
/// measures everything each time. What reads everything should grow with the size; what looks
/// something up should take as long as before.
#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
pub async fn measure(trajectories: u64) {
    for (fact, reported) in cost::reports() {
        let [without, with] = cost::of(reported).await;
        println!(
            "{fact}: {:.0} reports a second without read models, {:.0} with: {:.2} times the cost",
            without.0,
            with.0,
            without.0 / with.0
        );
    }
    let database = ScratchDatabase::create().await;
    let (ledger, signer) = (omklap::ledger(&database, OperatorKey::of_tests()), database.signer());
    let mut there = 0;
    for upto in [trajectories / 100, trajectories / 10, trajectories] {
        let started = Instant::now();
        read_models::load(&ledger, there..upto).await;
        let events = ledger.size().await.expect("reachable");
        println!(
            "\n{upto} trajectories with {events} events; the last {} loaded in {:.0?}",
            upto - there,
            started.elapsed()
        );
        there = upto;
        database.as_owner().await.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
        read_models::asked(&ledger, &database).await;
        read_models::scanned(&ledger, events).await;
        audit::measure(&signer, events).await;
        feed::measure(&ledger, &database).await;
    }
    println!("\nstock QueryReplay: {:.0} events a second", stock_replay::rate(&database).await);
    audit::files(&ledger, &signer).await;
    lists::measure(&ledger, &database).await;
    seekers::measure(&ledger, &database).await;
    candidates::measure().await;
    println!("peak memory of this process: {} MB", memory());
}

/// The peak memory of this process in megabytes, as Linux reports it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
