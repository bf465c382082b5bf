//! The list of clients who seek a home in a region, compared with the same query in plain SQL.

use std::time::{Duration, Instant};

use omklap_domain::visibility::{Role, Viewer};
use omklap_store::Ledger;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::read_models::seekers_listed::SeekerFilter;
use sqlx::Executor;

use crate::results::{result, section};
use crate::timing::spread;

/// The number of clients who seek a home in the region.
const SEEKERS: u32 = 60_000;
/// The number of items on a page.
const PAGE: u32 = 100;
/// How often each is requested.
const ASKED: usize = 200;
/// The first page in plain SQL.
const PLAIN: &str = "SELECT * FROM seekers WHERE region = 'amsterdam' AND audience = 'matching-point'
                     ORDER BY rank, day, trajectory_id LIMIT 101";

/// Fills the read model alone, and reads the first page and the counts as the matching point. Afterwards
/// the read models no longer match the ledger.
pub async fn measure(ledger: &Ledger, database: &ScratchDatabase) {
    let mut owner = database.as_owner().await;
    let fill = format!(
        "INSERT INTO seekers (trajectory_id, audience, version, region, organisation, phase, care_provider, municipality,
                              rank, day, certainty, offers_used, bottleneck, stuck_since, profile, household, origin,
                              access, quiet, pets, rent_limit_cents)
         SELECT gen_random_uuid(), audience, 5, 'amsterdam', NULL, 'ready', 'provider-' || n % 300, 'gemeente-amsterdam',
                n % 2, date '2026-01-01' + n % 365, CASE n % 2 WHEN 0 THEN 'sure' ELSE 'announced' END, 0,
                CASE n % 9 WHEN 0 THEN 'debts' END, CASE n % 9 WHEN 0 THEN date '2026-01-01' END, 'p' || 1 + n % 5,
                'single', '0363', 'any-floor', false, false, 70000
         FROM generate_series(1, {SEEKERS}) AS n, unnest(ARRAY['matching-point', 'auditor']) AS audience"
    );
    owner.execute(fill.as_str()).await.expect("the owner may");
    owner.execute("VACUUM ANALYZE seekers").await.expect("tidy, as a running database is");
    let region: omklap_domain::ids::RegionId = "amsterdam".parse().expect("a code");
    let viewer = Viewer {
        role: Role::MatchingPoint,
        organisation: "transferpunt".parse().expect("a code"),
        regions: [region.clone()].into(),
        trajectory: None,
    };
    let filter = SeekerFilter::all(viewer, region);
    let (mut pages, mut counts, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ASKED {
        pages.push(
            took(async || ledger.seekers(&filter, None, PAGE + 1).await.expect("readable").len()).await,
        );
        counts.push(took(async || ledger.seeker_counts(&filter).await.expect("readable").stuck.len()).await);
        let query = async || sqlx::query(PLAIN).fetch_all(database.pool()).await.expect("readable").len();
        plain.push(took(query).await);
    }
    section(&format!("{SEEKERS} clients who seek a home in a region"));
    result("the first page", &spread(pages));
    result("the same rows in plain SQL", &spread(plain));
    result("their counts", &spread(counts));
}

async fn took(read: impl AsyncFnOnce() -> usize) -> Duration {
    let started = Instant::now();
    assert!(read().await > 0, "there are some");
    started.elapsed()
}
