//! How fast the read models are read, checked and rebuilt.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::figures::{Figures, Period};
use omklap_domain::ids::{OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::fact::Party;
use omklap_store::Table;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::read_models::worklist::{Whose, WorklistFilter};
use omklap_store::{Ledger, Target};
use sqlx::Row;
use uuid::Uuid;

use crate::omklap as bench;
use crate::results::{Figure, result};
use crate::{case, timing};

/// How many loaders run at the same time.
const LOADERS: u64 = 4;
/// How often each thing is requested.
const ASKED: usize = 200;

/// Records generated histories with these numbers.
pub async fn load(ledger: &Arc<Ledger>, numbers: Range<u64>) {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let loaders = (0..LOADERS).map(|_| {
        let (ledger, next, numbers) = (Arc::clone(ledger), Arc::clone(&next), numbers.clone());
        tokio::spawn(async move {
            let sets = AgreementSets::shipped();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= numbers.end {
                    return;
                }
                let id =
                    TrajectoryId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number));
                let report = bench::report(Target::New(id), omklap_demo::history(7, number, &sets));
                ledger.record(report).await.expect("a generated history is admissible");
            }
        })
    });
    for loader in loaders.collect::<Vec<_>>() {
        loader.await.expect("loaded");
    }
}

/// A page of the largest worklist, and the figures of the largest region.
pub async fn asked(ledger: &Ledger, database: &ScratchDatabase) {
    let largest = async |column: &str| -> (String, i64) {
        let most = format!("SELECT {column}, count(*) FROM trajectories GROUP BY 1 ORDER BY 2 DESC LIMIT 1");
        let row = sqlx::query(&most).fetch_one(database.pool()).await.expect("there are trajectories");
        (row.get(0), row.get(1))
    };
    let (provider, guided) = largest("care_provider").await;
    let provider: OrganisationId = provider.parse().expect("a code");
    let query = WorklistFilter {
        whose: Whose::CareProvider(provider),
        parties: vec![Party::CareProvider],
        ..WorklistFilter::default()
    };
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let started = Instant::now();
        ledger.worklist(&query, None, 101).await.expect("readable");
        ledger.worklist_counts(&query, case::today()).await.expect("readable");
        took.push(started.elapsed());
    }
    let what = format!("the first page of a worklist over {guided} trajectories, with its counts");
    result(&what, &timing::spread(took));
    let (region, there) = largest("region").await;
    let region: RegionId = region.parse().expect("a code");
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let started = Instant::now();
        figures(ledger, &region, case::today()).await;
        took.push(started.elapsed());
    }
    result(&format!("the figures of a region with {there} trajectories"), &timing::spread(took));
}

async fn figures(ledger: &Ledger, region: &RegionId, today: Day) -> Figures {
    let added = ledger.contributions(region, today).await.expect("readable");
    let period = Period::new(today.plus_days(-365), today, today).expect("in order");
    Figures::over(added.iter().map(|(_, contribution)| contribution), period)
}

/// Derives all read models again, first to compare and then to replace them.
pub async fn scanned(ledger: &Arc<Ledger>, events: u64) {
    let per_second =
        |started: Instant| Figure::events_per_second(timing::per_second(events, started.elapsed()));
    let started = Instant::now();
    let mut found = 0;
    ledger.check(Which::After(None), |_, wrong| found += wrong.len()).await.expect("readable");
    result("check --all", &[per_second(started), Figure::count("differences", found)]);
    let started = Instant::now();
    ledger.rebuild(Which::After(None), Table::ALL, |_| ()).await.expect("mended");
    result("rebuild of what is right", &[per_second(started)]);
}
