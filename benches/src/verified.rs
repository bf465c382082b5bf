//! What it adds to a read and to a report that every event is verified (hash, MAC), and that a report
//! is looked at again when it commits. Reports with and without that look are made in turns.

use std::sync::Arc;
use std::time::{Duration, Instant};

use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::events::hash_chain::{GENESIS, Hash, Link};
use omklap_store::events::mac::MacKey;
use omklap_store::{Ledger, OperatorKey, Seen, Target};
use sqlx::postgres::PgRow;
use sqlx::{Executor, Row};
use uuid::Uuid;

use crate::results::{Figure, result, section};
use crate::timing::median;
use crate::{case, omklap};

/// How often each thing is done.
const OFTEN: usize = 500;

/// Measures both, and prints what they cost beside the same without them.
pub async fn measure() {
    let database = ScratchDatabase::create().await;
    let ledger = ledger_with_cases(&database).await;
    let verifying = verifying(&database, &ledger.mac_key()).await;
    let unguarded = ScratchDatabase::create().await;
    let without = ledger_with_cases(&unguarded).await;
    let disable = "ALTER TABLE events DISABLE TRIGGER event_is_kept";
    unguarded.as_owner().await.execute(disable).await.expect("its owner may");
    let read = reads(&ledger).await;
    let [report, report_without] = reports([&ledger, &without]).await;
    let look = report.saturating_sub(report_without);
    section("verifying every event");
    result(&format!("verifying the {} events of a case", case::EVENTS_BEFORE), &[Figure::median(verifying)]);
    result("a read", &[Figure::median(read)]);
    result("verifying, in a read", &[Figure::added(verifying, read)]);
    result("a report", &[Figure::median(report)]);
    result("verifying, in a report", &[Figure::added(verifying, report)]);
    result("a report without the look at the commit", &[Figure::median(report_without)]);
    result("the look at the commit, in a report", &[Figure::added(look, report)]);
}

async fn ledger_with_cases(database: &ScratchDatabase) -> Arc<Ledger> {
    let ledger = omklap::ledger(database, OperatorKey::of_tests());
    for number in 0..OFTEN {
        let report = omklap::report(Target::New(case::trajectory(0, number)), case::before());
        ledger.record(report).await.expect("an admissible case");
    }
    ledger
}

async fn reads(ledger: &Ledger) -> Duration {
    let mut took = Vec::new();
    for number in 0..OFTEN {
        let started = Instant::now();
        ledger.load(case::trajectory(0, number)).await.expect("read").expect("there");
        took.push(started.elapsed());
    }
    median(took)
}

/// What a report takes in each of two ledgers, in turns.
async fn reports(ledgers: [&Ledger; 2]) -> [Duration; 2] {
    let mut took = [const { Vec::new() }; 2];
    for number in 0..OFTEN {
        for (ledger, took) in ledgers.iter().zip(&mut took) {
            let target = Target::Existing { id: case::trajectory(0, number), seen: Seen::Any };
            let report = omklap::report(target, vec![case::reported()]);
            let started = Instant::now();
            ledger.record(report).await.expect("recorded");
            took.push(started.elapsed());
        }
    }
    took.map(median)
}

/// How long it takes to compute the hashes of a case again and to check its MACs, from rows that
/// were read already.
async fn verifying(database: &ScratchDatabase, mac_key: &MacKey) -> Duration {
    let id = case::trajectory(0, 0).to_string();
    let rows = sqlx::query(
        r#"SELECT *, payload::text AS says, metadata::text AS by,
                  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
           FROM events WHERE aggregate_id = $1 ORDER BY sequence"#,
    )
    .bind(&id)
    .fetch_all(database.pool())
    .await
    .expect("read");
    let at = |row: &PgRow| row.get::<&str, _>("at").parse().expect("an instant");
    let rows: Vec<_> = rows.iter().map(|row| (row, at(row))).collect();
    let mut took = Vec::new();
    for _ in 0..OFTEN {
        let (started, mut previous) = (Instant::now(), GENESIS);
        for (row, recorded_at) in &rows {
            let link = Link {
                aggregate_type: "trajectory",
                aggregate_id: &id,
                sequence: row.get::<i64, _>("sequence").unsigned_abs(),
                event_id: row.get::<Uuid, _>("event_id"),
                event_type: row.get("event_type"),
                event_version: row.get("event_version"),
                recorded_at: *recorded_at,
                payload: row.get::<&str, _>("says").into(),
                metadata: row.get::<&str, _>("by").into(),
            };
            let hash: Hash = link.hash(&previous);
            assert!(mac_key.admitted(&hash, row.get("mac")), "it is what was recorded");
            previous = hash;
        }
        took.push(started.elapsed());
    }
    median(took)
}
