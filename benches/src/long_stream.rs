//! A report on the longest stream.

use std::time::Instant;

use omklap_domain::trajectory::Fact;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Seen, Target};

use crate::results::{Figure, result, section};
use crate::timing::median;
use crate::{case, omklap};

/// The length of the stream before the reports.
const EVENTS: usize = 10_000;
/// How many reports are made on it.
const REPORTED: usize = 20;

/// Makes reports on it, one by one.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let ledger = omklap::ledger(&database, OperatorKey::of_tests());
    let id = case::trajectory(0, 0);
    let mut facts = case::before();
    facts.extend((facts.len()..EVENTS).map(|_| -> Fact { case::reported() }));
    ledger.record(omklap::report(Target::New(id), facts)).await.expect("an admissible case");
    let mut took = Vec::new();
    for _ in 0..REPORTED {
        let started = Instant::now();
        let target = Target::Existing { id, seen: Seen::Any };
        ledger.record(omklap::report(target, vec![case::reported()])).await.expect("recorded");
        took.push(started.elapsed());
    }
    section(&format!("a stream of {EVENTS} events"));
    let slowest = took.iter().max().copied().expect("there are reports");
    result("a report, in process", &[Figure::median(median(took)), Figure::slowest(slowest)]);
}
