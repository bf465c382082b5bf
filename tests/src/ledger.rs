//! A ledger in the process of the test, on a database of its own.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use jiff::{SignedDuration, Timestamp};
use omklap::auth::{DevelopmentIssuer, SignIn};
use omklap::clock::Clock;
use omklap::http::Patience;
use omklap::http::middleware::cors::Origins;
use omklap::http::page::PageSettings;
use omklap::http::{self, Listening, Services};
use omklap::jobs::restored_copy::CopyState;
use omklap::webhooks::supervisor::deliver;
use omklap::webhooks::{FeedWatch, Messaging, Settings};
use omklap_domain::agreements::AgreementSets;
use omklap_store::access_log::Access;
use omklap_store::database::restorations::{Reason, RestoredCopy};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Organisations};
use sqlx::PgConnection;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::{Api, Case, eventually};

/// The instant at which the clock of every journey starts.
const NOW: &str = "2026-11-01T09:00:00Z";

/// A ledger that listens on a port of its own; requests go through its [`Api`].
pub struct Ledger {
    api: Api,
    clock: Clock,
    copy: CopyState,
    store: Arc<omklap_store::Ledger>,
    server: ServerHandle,
    deliveries: JoinSet<()>,
    feed_watch: FeedWatch,
    database: ScratchDatabase,
    // Dropped last: the other fields need it to shut down.
    runtime: Runtime,
}

/// The agreement sets that come with omklap, and `three-parties`, with which Amsterdam has
/// three-party leases.
#[must_use]
pub fn agreement_sets() -> AgreementSets {
    let mut sets = AgreementSets::shipped();
    let of_limburg = include_str!("../../agreements/noord-limburg.toml");
    let regions = "regions = [\"zeeland\"]\nearlier-regions = [\"amsterdam\"]";
    let ours = of_limburg.replacen("\"noord-limburg\"", "\"three-parties\"", 1);
    sets.add(&ours.replacen("regions = [\"noord-limburg\"]", regions, 1)).expect("a good set");
    sets
}

/// The services of a server on this database.
fn services(
    database: &ScratchDatabase,
    issuer: &DevelopmentIssuer,
    clock: &Clock,
    copy: &CopyState,
) -> Services {
    let (pool, sets) = (database.pool().clone(), Arc::new(agreement_sets()));
    let ledger = Arc::new(omklap_store::Ledger::new(pool.clone(), OperatorKey::of_tests(), sets));
    let settings = Settings {
        webhook_hosts: vec!["127.0.0.1".into(), "127.0.0.2".into()],
        webhook_timeout: 2,
        ..Settings::default()
    };
    let messaging = Messaging::new(Arc::clone(&ledger), settings);
    let organisations = Organisations::new(pool.clone());
    let sign_in = SignIn::developing(issuer.clone(), organisations, clock.clone());
    Services {
        ledger,
        signer: Arc::new(database.signer()),
        pool,
        sign_in: Arc::new(sign_in),
        clock: clock.clone(),
        messaging,
        origins: Origins::default(),
        copy: copy.clone(),
        transparency: omklap::http::Transparency::default(),
        page: PageSettings::default(),
        patience: Patience::default(),
    }
}

impl Ledger {
    /// An empty ledger, at nine o'clock on 1 November 2026 (UTC).
    #[must_use]
    pub fn empty() -> Self {
        let clock = Clock::stopped_at(NOW.parse().expect("an instant"));
        let copy = CopyState::default();
        let (runtime, issuer) = (Runtime::new().expect("threads"), DevelopmentIssuer::generate());
        let (database, Listening { address, server }, deliveries, feed_watch, store) =
            runtime.block_on(async {
                let database = ScratchDatabase::create().await;
                let services = services(&database, &issuer, &clock, &copy);
                let store = Arc::clone(&services.ledger);
                let mut deliveries = JoinSet::new();
                let Services { ledger, pool, clock, messaging, .. } = services.clone();
                let feed_watch = messaging.feed_watch.clone();
                deliveries.spawn(deliver(ledger, pool, clock, messaging));
                let listening = http::serve(services, ([127, 0, 0, 1], 0).into(), None).expect("a free port");
                (database, listening, deliveries, feed_watch, store)
            });
        let handle = server.handle();
        runtime.spawn(server);
        let api = Api::at(address, issuer, clock.clone());
        Self { api, clock, copy, store, server: handle, deliveries, feed_watch, database, runtime }
    }

    /// Marks the ledger as a restored copy that no operator has confirmed.
    pub fn mark_as_restored_copy(&self) {
        self.copy.set(Some(RestoredCopy { reason: Reason::Said, noticed_at: self.now() }));
    }

    /// Puts the clock forward, or back if `minutes` is negative.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.forward(SignedDuration::from_mins(minutes));
    }

    /// Puts the clock forward.
    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.forward(SignedDuration::from_secs(seconds));
    }

    /// The time of the ledger's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Waits until this many wait for new events: each reader that follows the feed with `wait`, and the
    /// worker of each subscription that is delivered.
    #[track_caller]
    pub fn until_waiting(&self, many: usize) {
        eventually(|| self.feed_watch.waiting() == many);
    }

    /// Waits until the worker of the only subscription has ended and the next one has begun, which knows
    /// the subscription as it is now.
    #[track_caller]
    pub fn until_worker_is_replaced(&self) {
        self.until_waiting(0);
        self.until_waiting(1);
    }

    /// Runs something in the database as its owner, who has more rights than the program.
    pub fn in_the_database<T>(&self, act: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
        self.runtime.block_on(async { act(&mut self.database.as_owner().await).await })
    }

    /// Restores the ledger to an earlier position: all later events are deleted, and their
    /// positions are given out again.
    pub fn restore_to(&self, position: i64) {
        self.in_the_database(async |owner| {
            let mut lines = vec![
                "SET session_replication_role = replica".to_owned(),
                format!("DELETE FROM events WHERE position > {position}"),
            ];
            let read_models = [
                "trajectories",
                "obligations",
                "nuisance_cases",
                "follow_ups",
                "holds",
                "seekers",
                "contributions",
            ];
            let is_gone = "trajectory_id::text NOT IN (SELECT aggregate_id FROM events WHERE aggregate_type = 'trajectory')";
            lines.extend(read_models.map(|table| format!("DELETE FROM {table} WHERE {is_gone}")));
            lines.push(format!(
                "SELECT setval('events_position_seq', {}, {})",
                position.max(1),
                position > 0
            ));
            lines.push("SET session_replication_role = DEFAULT".to_owned());
            for line in lines {
                sqlx::query(&line).execute(&mut *owner).await.expect("an owner may");
            }
        });
    }

    /// All lines of the access log about a case, oldest first.
    #[must_use]
    pub fn accesses(&self, case: &Case) -> Vec<Access> {
        let id = case.id.parse().expect("an id");
        self.runtime.block_on(self.store.accesses(id, None, None, 10_000)).expect("readable")
    }

    /// The metrics for Prometheus.
    #[must_use]
    pub fn metrics(&self) -> String {
        http::middleware::metrics::rendered(self.database.pool())
    }

    /// The number of events that were reported, with deadlines and certificates: all but registrations
    /// and batches of the access log.
    #[must_use]
    pub fn facts(&self) -> i64 {
        let facts = "SELECT count(*) FROM events
             WHERE aggregate_type <> ALL ('{organisation,subscription,agreement-set,access-log}')";
        self.in_the_database(async |owner| {
            sqlx::query_scalar(facts).fetch_one(owner).await.expect("readable")
        })
    }

    /// The number of rows of a table.
    #[must_use]
    pub fn rows(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        self.in_the_database(async |owner| {
            sqlx::query_scalar(&count).fetch_one(owner).await.expect("a table")
        })
    }
}

impl Deref for Ledger {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.runtime.block_on(async {
            self.deliveries.shutdown().await;
            self.server.stop(false).await;
        });
    }
}
