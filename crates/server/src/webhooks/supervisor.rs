//! The job that delivers webhooks. Of several servers one runs it, and another takes over when that
//! one stops.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use omklap_domain::visibility::Viewer;
use omklap_store::subscriptions::{DeliveryLead, Subscription};
use omklap_store::{Ledger, StoreError};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use super::Messaging;
use super::page_cache::PageCache;
use super::worker::{Worker, WorkerContext};
use crate::clock::Clock;
use crate::jobs::repeated_warnings::Repeated;

/// How often it reads the subscriptions and checks that it still leads.
const EVERY: Duration = Duration::from_millis(500);

/// How often old attempts and secrets are deleted, in rounds: every hour.
const FORGET_EVERY: u32 = 7_200;

/// Delivers what this ledger records, for as long as it is awaited. Dropping it gives up the lead,
/// and the next server sends again what was under way.
pub async fn deliver(ledger: Arc<Ledger>, pool: PgPool, clock: Clock, messaging: Messaging) {
    let pages = Arc::new(PageCache::of(messaging.feed.clone()));
    let repeated = Repeated::default();
    let context = WorkerContext { ledger, clock, messaging, pages, repeated: repeated.clone() };
    loop {
        if let Err(error) = lead(&context, &pool).await {
            repeated.warn("webhooks were not delivered; trying again", &error);
        }
        sleep(EVERY).await;
    }
}

/// A running worker: the revision and the viewer with which it started, and the channel that stops
/// it.
struct Running {
    revision: i64,
    viewer: Viewer,
    changed: watch::Sender<bool>,
    worker: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

/// Delivers as soon as no other server does, and until an error occurs.
async fn lead(context: &WorkerContext, pool: &PgPool) -> Result<(), StoreError> {
    let mut lead = DeliveryLead::candidate(pool).await?;
    while !lead.take().await? {
        sleep(EVERY).await;
    }
    let mut running: HashMap<Uuid, Running> = HashMap::new();
    let mut rounds = 0;
    loop {
        lead.is_still_had().await?;
        assign(context, &mut running, context.ledger.active_subscriptions().await?);
        if rounds % FORGET_EVERY == 0 {
            context.ledger.forget_old_attempts(context.clock.now()).await?;
            context.ledger.forget_earlier_secrets(context.clock.now()).await?;
        }
        rounds += 1;
        sleep(EVERY).await;
    }
}

/// Starts a worker for each subscription without one, and stops workers of changed subscriptions.
fn assign(context: &WorkerContext, running: &mut HashMap<Uuid, Running>, active: Vec<Subscription>) {
    running.retain(|id, running| {
        let is_as_it_was =
            |known: &&Subscription| known.revision == running.revision && known.viewer == running.viewer;
        let holds = active.iter().filter(|known| known.id == *id).any(|known| is_as_it_was(&known));
        if !holds {
            // It ends between two deliveries; what it tries to write after that is not stored.
            running.changed.send_replace(true);
        }
        !running.worker.is_finished()
    });
    for subscription in active {
        running.entry(subscription.id).or_insert_with(|| {
            let (changed, stop) = watch::channel(false);
            let (revision, viewer) = (subscription.revision, subscription.viewer.clone());
            let worker = tokio::spawn(Worker::run(context.clone(), subscription, stop));
            Running { revision, viewer, changed, worker }
        });
    }
}
