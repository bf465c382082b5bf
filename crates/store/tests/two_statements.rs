//! A report costs two round trips to the database, however many facts and texts it holds.
//! This is a test program of its own because it counts every statement that its process sends.

#[path = "storage/story/mod.rs"]
mod story;

use std::sync::atomic::{AtomicUsize, Ordering};

use story::*;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn a_report_takes_two_statements() {
    let story = Story::begins().await;
    let id = story.opened().await;
    story.goes_on(id, vec![privacy_explained(); 18]).await;

    let counting = tracing_subscriber::registry().with(CountsStatements);
    let _counting = tracing::subscriber::set_default(counting);
    let facts = [outflow_announced(), case_discussed("wacht op inkomen")];
    story.ledger.record(once("k-1", seen(&story.ledger, 19, reports(id, facts)))).await.expect("admitted");
    assert_eq!(STATEMENTS.load(Ordering::Relaxed), 2);
}

/// sqlx logs every statement that it has sent.
struct CountsStatements;

impl<S: tracing::Subscriber> Layer<S> for CountsStatements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }
}
