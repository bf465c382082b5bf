//! Pages of the feed, read once for all subscriptions at the same position: usually that is all of
//! them, at the end.

use std::collections::VecDeque;
use std::sync::Arc;

use omklap_store::{Feed, FeedEvent, StoreError};
use tokio::sync::Mutex;

/// How many events a page has: as many as may be sent again after a server was killed.
const PAGE: u32 = 100;
/// How many pages are kept.
const KEPT: usize = 16;

/// The pages that were read last.
pub(crate) struct PageCache {
    feed: Feed,
    kept: Mutex<VecDeque<CachedPage>>,
}

struct CachedPage {
    after: i64,
    /// How far the ledger had come when it was read.
    tip: i64,
    events: Arc<[FeedEvent]>,
}

impl PageCache {
    pub(crate) fn of(feed: Feed) -> Self {
        Self { feed, kept: Mutex::default() }
    }

    /// The events after a position, in order. `tip` is the end of the feed as the caller knows it.
    pub(crate) async fn after(&self, after: i64, tip: i64) -> Result<Arc<[FeedEvent]>, StoreError> {
        // Held during the read: callers of the same page wait for it.
        let mut kept = self.kept.lock().await;
        let is_whole = |page: &&CachedPage| page.tip >= tip || page.events.len() == PAGE as usize;
        if let Some(page) = kept.iter().filter(|page| page.after == after).find(is_whole) {
            return Ok(Arc::clone(&page.events));
        }
        let events: Arc<[FeedEvent]> = self.feed.events_after(after, PAGE).await?.into();
        kept.retain(|page| page.after != after);
        kept.push_front(CachedPage { after, tip, events: Arc::clone(&events) });
        kept.truncate(KEPT);
        Ok(events)
    }
}
