//! A report on the longest stream.

use std::time::{Duration, Instant};

use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Seen, Target};

use crate::{case, omklap};

/// The median and the slowest of twenty reports on a stream of this many events.
pub async fn report_on(events: usize) -> [Duration; 2] {
    let database = ScratchDatabase::create().await;
    let ledger = omklap::ledger(&database, OperatorKey::of_tests());
    let id = case::trajectory(0, 0);
    let mut facts = case::before();
    facts.extend((facts.len()..events).map(|_| -> Fact { case::reported() }));
    ledger.record(omklap::report(Target::New(id), facts)).await.expect("an admissible case");
    let mut took = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        let target = Target::Existing { id, seen: Seen::Any };
        ledger.record(omklap::report(target, vec![case::reported()])).await.expect("recorded");
        took.push(started.elapsed());
    }
    took.sort();
    [took[took.len() / 2], took[took.len() - 1]]
}
