//! The end of the feed, read once for all who wait for new events.
//!
//! Decision: ADR 13.

use std::sync::Arc;
use std::time::Duration;

use omklap_store::Feed;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::jobs::repeated_warnings::Repeated;

/// How often the database is queried while there are waiters. Without waiters it is not queried.
///
/// `NOTIFY` in the writers' transactions would be faster, but takes a lock of the whole database
/// cluster at every commit.
const EVERY: Duration = Duration::from_millis(20);

/// How long it is left alone after it did not answer.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Wakes those who wait when there may be a new event. Clones share it.
#[derive(Clone, Debug)]
pub struct FeedWatch {
    settled: Arc<watch::Sender<i64>>,
    somebody_waits: Arc<Notify>,
    ended: Arc<watch::Sender<bool>>,
}

impl FeedWatch {
    /// Follows the end of this feed until the program ends.
    #[must_use]
    pub fn of(feed: Feed) -> Self {
        let watch = Self {
            settled: Arc::new(watch::Sender::new(0)),
            somebody_waits: Arc::default(),
            ended: Arc::new(watch::Sender::new(false)),
        };
        let following = follow(feed, Arc::downgrade(&watch.settled), Arc::clone(&watch.somebody_waits));
        let ended = watch.ended.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                () = following => {}
                () = is_set(ended) => {}
            }
        });
        watch
    }

    /// Ends all waiting: the server stops.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until [waiting is ended](Self::end).
    pub async fn ended(&self) {
        is_set(self.ended.subscribe()).await;
    }

    /// Begins to wait: the receiver changes as soon as there may be an event after it was first
    /// read.
    #[must_use]
    pub fn wait(&self) -> watch::Receiver<i64> {
        let receiver = self.settled.subscribe();
        self.somebody_waits.notify_one();
        receiver
    }

    /// How many wait for something new: callers who follow the feed, and the worker of each
    /// subscription that is delivered.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.settled.receiver_count()
    }
}

/// Waits until it is set; for ever if the sender was dropped.
async fn is_set(mut ended: watch::Receiver<bool>) {
    if ended.wait_for(|ended| *ended).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Weak: it ends with the last watch.
async fn follow(feed: Feed, settled: std::sync::Weak<watch::Sender<i64>>, somebody_waits: Arc<Notify>) {
    let repeated = Repeated::default();
    loop {
        let Some(sender) = settled.upgrade() else { return };
        if sender.receiver_count() == 0 {
            drop(sender);
            // Not for ever, because the last watch may be dropped meanwhile.
            tokio::time::timeout(Duration::from_secs(5), somebody_waits.notified()).await.ok();
            continue;
        }
        let pause = match feed.settled().await {
            Ok(now) => {
                sender.send_if_modified(|known| std::mem::replace(known, now.max(*known)) < now);
                EVERY
            }
            Err(error) => {
                repeated.warn("the end of the feed could not be read; trying again", &error);
                AFTER_A_FAILURE
            }
        };
        drop(sender);
        sleep(pause).await;
    }
}
