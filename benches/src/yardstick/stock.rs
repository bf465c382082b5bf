//! The stock library, in process: cqrs-es with the event repository of postgres-es, on the table that
//! its documentation gives.

use std::collections::HashMap;
use std::sync::Arc;

use cqrs_es::CqrsFramework;
use cqrs_es::persist::PersistedEventStore;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::aggregate::Reported;
use omklap_domain::trajectory::work::Work as Weighed;
use omklap_domain::trajectory::{Fact, History};
use omklap_store::database::scratch::ScratchDatabase;
use postgres_es::PostgresEventRepository;
use sqlx::Executor;
use sqlx::postgres::PgPoolOptions;

use super::{STREAMS, System, Work};
use crate::case;

pub const REPORT: &str = "report, stock postgres-es in process";

/// The table of postgres-es, in a schema of its own.
pub const TABLE: &str = "
    CREATE SCHEMA stock;
    CREATE TABLE stock.events (
        aggregate_type text NOT NULL, aggregate_id text NOT NULL, sequence bigint NOT NULL CHECK (sequence >= 0),
        event_type text NOT NULL, event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL,
        PRIMARY KEY (aggregate_type, aggregate_id, sequence));";

type Stock = CqrsFramework<History, PersistedEventStore<PostgresEventRepository, History>>;

/// Reports through the stock library.
pub async fn reports() -> System {
    let database = ScratchDatabase::create().await;
    database.as_owner().await.execute(TABLE).await.expect("the table of the stock library");
    database.pool().close().await;
    let connect = database.options().options([("search_path", "stock")]);
    let pool = PgPoolOptions::new().max_connections(16).connect_with(connect).await.expect("connected");
    let store = PersistedEventStore::new_event_store(PostgresEventRepository::new(pool));
    let stock: Arc<Stock> = Arc::new(CqrsFramework::new(store, vec![], Arc::new(AgreementSets::shipped())));
    let opening = (0..8).map(|worker| {
        let stock = Arc::clone(&stock);
        tokio::spawn(async move {
            for number in (worker..STREAMS).step_by(8) {
                execute(Arc::clone(&stock), number, case::before()).await;
            }
        })
    });
    for worker in opening.collect::<Vec<_>>() {
        worker.await.expect("opened");
    }
    let kept = Arc::new(database);
    let operation = Box::new(move |number| {
        let _kept = &kept;
        Box::pin(execute(Arc::clone(&stock), number, vec![case::reported()])) as super::Operation
    });
    System { name: REPORT, work: Work::Ours { operation, server: None } }
}

async fn execute(stock: Arc<Stock>, number: usize, facts: Vec<Fact>) {
    let metadata = [("actor", "u-1"), ("organisation", "cosis")];
    let metadata: HashMap<_, _> =
        metadata.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let id = case::trajectory(0, number).to_string();
    loop {
        let reported = Reported {
            facts: facts.clone(),
            today: case::today(),
            unfounded: Vec::new(),
            work: Weighed::default(),
        };
        match stock.execute_with_metadata(&id, reported, metadata.clone()).await {
            // Two callers met on one stream: as with omklap, the second one tries again.
            Err(cqrs_es::AggregateError::AggregateConflict) => {}
            done => return done.expect("recorded"),
        }
    }
}
