//! The cost of a list for a caller who has access to few trajectories of many, compared with the
//! same list of everything.

use std::time::Instant;

use omklap_domain::visibility::{Role, Viewer};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Filter, Ledger};
use sqlx::Executor;

use crate::results::{Figure, result, section};
use crate::timing::median;

/// The number of providers, and of corporations, among which the trajectories are divided.
const ORGANISATIONS: u32 = 300;
/// The number of items on a page.
const PAGE: u32 = 100;
/// How often each list is requested.
const ASKED: usize = 200;

/// Divides the trajectories among 300 providers and 300 corporations, and lists a hundred as one of
/// each. Afterwards the read models no longer match the ledger.
pub async fn measure(ledger: &Ledger, database: &ScratchDatabase) {
    let divide = format!(
        "UPDATE trajectories SET care_provider = 'provider-' || n % {ORGANISATIONS},
                                 nominated_to = NULL, housed_by = 'corporation-' || n % {ORGANISATIONS}
         FROM (SELECT trajectory_id AS id, row_number() OVER () AS n FROM trajectories) AS numbered WHERE id = trajectory_id"
    );
    let mut owner = database.as_owner().await;
    owner.execute(divide.as_str()).await.expect("the owner may");
    owner.execute("VACUUM ANALYZE trajectories").await.expect("tidy, as a running database is");
    section(&format!("lists of {PAGE} trajectories, as 1 of {ORGANISATIONS} organisations"));
    let everything = taken(ledger, None).await;
    result("a list of everything", &[Figure::median(everything)]);
    for (role, organisation) in
        [(Role::CareProvider, "provider-7"), (Role::HousingCorporation, "corporation-7")]
    {
        let organisation = organisation.parse().expect("a code");
        let viewer = Viewer { role, organisation, regions: [].into(), trajectory: None };
        let own = taken(ledger, Some(viewer)).await;
        let times = own.as_secs_f64() / everything.as_secs_f64();
        result(
            &format!("a list as a {}, compared with a list of everything", role.as_str()),
            &[Figure::median(own), Figure::times_the_cost(times)],
        );
    }
}

async fn taken(ledger: &Ledger, viewer: Option<Viewer>) -> std::time::Duration {
    let filter = Filter { viewer, ..Filter::default() };
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let started = Instant::now();
        let found = ledger.list(&filter, None, PAGE + 1).await.expect("readable");
        took.push(started.elapsed());
        assert!(!found.is_empty(), "every organisation has some");
    }
    median(took)
}
