//! A ledger in this process, on a database of its own.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use jiff::{SignedDuration, Timestamp};
use omklap::auth::{DevelopmentIssuer, SignIn};
use omklap::clock::Clock;
use omklap::http::Patience;
use omklap::http::middleware::cors::Origins;
use omklap::http::{self, Listening, Services};
use omklap::jobs::restored_copy::CopyState;
use omklap::webhooks::supervisor::deliver;
use omklap::webhooks::{Messaging, Settings};
use omklap_domain::agreements::AgreementSets;
use omklap_store::access_log::Access;
use omklap_store::database::restorations::{Reason, RestoredCopy};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{OperatorKey, Organisations};
use sqlx::PgConnection;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::{Api, Case};

/// When the journeys take place, until their clock is put forward.
const NOW: &str = "2026-11-01T09:00:00Z";

/// A ledger that nothing was reported to. It listens on a port of its own, and is asked through its [`Api`].
pub struct Ledger {
    api: Api,
    clock: Clock,
    copy: CopyState,
    store: Arc<omklap_store::Ledger>,
    server: ServerHandle,
    deliveries: JoinSet<()>,
    database: ScratchDatabase,
    // The last to go: the others go in it.
    runtime: Runtime,
}

/// The sets that come with omklap, and one by the name of `three-parties` in which Amsterdam has leases of three parties.
#[must_use]
pub fn agreement_sets() -> AgreementSets {
    let mut sets = AgreementSets::shipped();
    let of_limburg = include_str!("../../agreements/noord-limburg.toml");
    let regions = "regions = [\"zeeland\"]\nearlier-regions = [\"amsterdam\"]";
    let ours = of_limburg.replacen("\"noord-limburg\"", "\"three-parties\"", 1);
    sets.add(&ours.replacen("regions = [\"noord-limburg\"]", regions, 1)).expect("a good set");
    sets
}

impl Ledger {
    /// A new ledger, at nine o'clock on 1 November 2026 (UTC).
    #[must_use]
    pub fn empty() -> Self {
        let clock = Clock::stopped_at(NOW.parse().expect("an instant"));
        let copy = CopyState::default();
        let (runtime, issuer) = (Runtime::new().expect("threads"), DevelopmentIssuer::generate());
        let (database, Listening { address, server }, deliveries, store) = runtime.block_on(async {
            let database = ScratchDatabase::create().await;
            let sets = Arc::new(agreement_sets());
            let key = OperatorKey::generate();
            let ledger = Arc::new(omklap_store::Ledger::new(database.pool().clone(), key, sets));
            let settings = Settings {
                webhook_hosts: vec!["127.0.0.1".into(), "127.0.0.2".into()],
                webhook_timeout: 2,
                ..Settings::default()
            };
            let pool = database.pool().clone();
            let messaging = Messaging::new(Arc::clone(&ledger), pool.clone(), settings);
            let organisations = Organisations::new(pool.clone());
            let sign_in = Arc::new(SignIn::developing(issuer.clone(), organisations, clock.clone()));
            let notary = Arc::new(database.notary());
            let (store, clock, origins) = (Arc::clone(&ledger), clock.clone(), Origins::default());
            let copy = copy.clone();
            let services = Services {
                ledger,
                notary,
                pool,
                sign_in,
                clock,
                messaging,
                origins,
                copy,
                patience: Patience::default(),
            };
            let mut deliveries = JoinSet::new();
            let Services { ledger, pool, clock, messaging, .. } = services.clone();
            deliveries.spawn(deliver(ledger, pool, clock, messaging));
            let listening = http::serve(services, ([127, 0, 0, 1], 0).into(), None).expect("a free port");
            (database, listening, deliveries, store)
        });
        let handle = server.handle();
        runtime.spawn(server);
        let api = Api::at(address, issuer, clock.clone());
        Self { api, clock, copy, store, server: handle, deliveries, database, runtime }
    }

    /// It was restored from a backup, and nobody has confirmed it.
    pub fn is_a_copy(&self) {
        self.copy.set(Some(RestoredCopy { reason: Reason::Said, noticed_at: self.now() }));
    }

    /// Time passes.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.forward(SignedDuration::from_mins(minutes));
    }

    /// Time passes.
    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.forward(SignedDuration::from_secs(seconds));
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Does something in the database as its owner, who may do what the program may not.
    pub fn in_the_database<T>(&self, act: impl AsyncFnOnce(&mut PgConnection) -> T) -> T {
        self.runtime.block_on(async { act(&mut self.database.as_owner().await).await })
    }

    /// The ledger is restored to what it was at a position: everything after it is gone, and its positions are drawn again.
    pub fn goes_back_to(&self, position: i64) {
        self.in_the_database(async |owner| {
            let mut lines = vec![
                "SET session_replication_role = replica".to_owned(),
                format!("DELETE FROM events WHERE position > {position}"),
            ];
            let read_models =
                ["trajectories", "obligations", "nuisance_cases", "follow_ups", "contributions"];
            let is_gone = "trajectory_id NOT IN (SELECT left(aggregate_id, 36)::uuid FROM events)";
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

    /// Everything in the access log about a case, in the order of time.
    #[must_use]
    pub fn accesses(&self, case: &Case) -> Vec<Access> {
        let id = case.id.parse().expect("an id");
        self.runtime.block_on(self.store.accesses(id, None, None, 10_000)).expect("readable")
    }

    /// The figures for Prometheus.
    #[must_use]
    pub fn metrics(&self) -> String {
        http::middleware::metrics::rendered(self.database.pool())
    }

    /// How many rows a table has.
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
