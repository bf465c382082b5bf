//! The stock library, in process: cqrs-es with the event repository of postgres-es.

use std::collections::HashMap;
use std::sync::Arc;

use cqrs_es::CqrsFramework;
use cqrs_es::persist::PersistedEventStore;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::aggregate::Reported;
use omklap_domain::trajectory::work::Work;
use omklap_store::database::scratch::ScratchDatabase;
use postgres_es::PostgresEventRepository;
use sqlx::postgres::PgPoolOptions;

use crate::case;
use crate::rate::{self, EACH, Rate};

type Stock = CqrsFramework<History, PersistedEventStore<PostgresEventRepository, History>>;

/// The same reports, through the stock library's own store on the same table.
pub async fn reports(database: &ScratchDatabase, clients: usize) -> Rate {
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .connect_with(database.options())
        .await
        .expect("the scratch database");
    let store = PersistedEventStore::new_event_store(PostgresEventRepository::new(pool));
    let stock: Arc<Stock> = Arc::new(CqrsFramework::new(store, vec![], Arc::new(AgreementSets::shipped())));
    let (before, each) = (case::before(), EACH / clients);
    let opening: Vec<_> = (0..8)
        .map(|worker| {
            let (stock, before) = (Arc::clone(&stock), before.clone());
            tokio::spawn(async move {
                for n in (worker..clients * each).step_by(8) {
                    execute(&stock, n / each, n % each, before.clone()).await;
                }
            })
        })
        .collect();
    for worker in opening {
        worker.await.expect("opened");
    }
    rate::of(clients, |client| {
        let stock = Arc::clone(&stock);
        move |number| {
            let stock = Arc::clone(&stock);
            async move { execute(&stock, client, number, vec![case::reported()]).await }
        }
    })
    .await
}

async fn execute(stock: &Stock, client: usize, number: usize, facts: Vec<omklap_domain::trajectory::Fact>) {
    let metadata = HashMap::from([
        ("actor".to_owned(), "u-1".to_owned()),
        ("organisation".to_owned(), "cosis".to_owned()),
    ]);
    let reported = Reported { facts, today: case::today(), unfounded: Vec::new(), work: Work::default() };
    stock
        .execute_with_metadata(&case::trajectory(client, number).to_string(), reported, metadata)
        .await
        .expect("recorded");
}
