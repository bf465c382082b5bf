//! How the stock library builds a read model: `QueryReplay` into a `GenericQuery`, which reads and
//! writes a view for each event.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cqrs_es::persist::{GenericQuery, QueryReplay};
use cqrs_es::{EventEnvelope, View};
use omklap_domain::trajectory::{Fact, History};
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::events::upcasters;
use postgres_es::{PostgresEventRepository, PostgresViewRepository};
use serde::{Deserialize, Serialize};
use sqlx::Executor;

use crate::results::{Figure, result, section};

/// The smallest useful view.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Counted {
    events: u64,
    last: String,
}

impl View<History> for Counted {
    fn update(&mut self, event: &EventEnvelope<History>) {
        self.events += 1;
        self.last = Fact::fact_type(&event.payload).to_string();
    }
}

/// How long it replays.
const FOR: Duration = Duration::from_secs(10);

/// Measures it.
pub async fn measure(database: &ScratchDatabase) {
    section("a read model of the stock library, on the same events");
    result("QueryReplay", &[Figure::events_per_second(rate(database).await)]);
}

/// How many events per second it replays, over as many trajectories as it reaches.
async fn rate(database: &ScratchDatabase) -> f64 {
    let mut owner = database.as_owner().await;
    owner
        .execute("CREATE TABLE counted (view_id text PRIMARY KEY, version bigint NOT NULL, payload json NOT NULL); GRANT ALL ON counted TO omklap_app")
        .await
        .expect("the owner may");
    let views = Arc::new(PostgresViewRepository::<Counted, History>::new("counted", database.pool().clone()));
    let query = GenericQuery::new(Arc::clone(&views));
    let repository = PostgresEventRepository::new(database.pool().clone());
    let replay = QueryReplay::new(repository, query).with_upcasters(upcasters::all());
    let ids: Vec<String> = sqlx::query_scalar("SELECT trajectory_id::text FROM trajectories LIMIT 10000")
        .fetch_all(database.pool())
        .await
        .expect("there");
    let started = Instant::now();
    for id in ids {
        replay.replay(&id).await.expect("readable");
        if started.elapsed() > FOR {
            break;
        }
    }
    let took = started.elapsed();
    let replayed: i64 =
        sqlx::query_scalar("SELECT coalesce(sum((payload->>'events')::bigint), 0)::bigint FROM counted")
            .fetch_one(database.pool())
            .await
            .expect("counted");
    f64::from(u32::try_from(replayed).unwrap_or(u32::MAX)) / took.as_secs_f64()
}
