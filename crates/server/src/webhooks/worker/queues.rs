//! The messages that a worker sends next, in one queue for each trajectory or stream.

use std::collections::HashMap;

use omklap_store::subscriptions::HeldBack;
use omklap_store::{FeedEvent, StoreError, Subject};

use super::{MOST_HELD, Worker};
use crate::views::cache::{FeedItem, ignores_type_filter};
use crate::webhooks::deliver::{Queue, UNREACHABLE_AFTER};

/// How many events of a trajectory that was held back are delivered in one round.
const CATCHING_UP: u32 = 50;
/// How many messages that were held back are sent before the results are stored, give or take those
/// of one trajectory.
const A_ROUND: usize = 100;
/// How many trajectories' new messages a receiver is sent when its rest ends: as many as it takes
/// to find it unreachable again.
const SOME: usize = UNREACHABLE_AFTER as usize;

impl Worker {
    /// The messages of trajectories that were held back and are due.
    pub(super) async fn queues_of_held(&self, due: Vec<HeldBack>) -> Result<Vec<Queue>, StoreError> {
        let (mut queues, mut messages) = (Vec::new(), 0);
        for held in due {
            let at_most = if self.subscription.health.rests > 0 { 1 } else { CATCHING_UP };
            let feed = &self.context.messaging.feed;
            let events = feed.events_of(held.subject, held.position - 1, self.looked_up_to, at_most).await?;
            let goes_on_after =
                events.last().filter(|_| events.len() == at_most as usize).map(|last| last.position);
            let events = self.visible(&events).await?;
            messages += events.len();
            queues.push(Queue {
                subject: held.subject,
                events,
                tried: held.attempts,
                first_failed_at: Some(held.first_failed_at),
                goes_on_after,
            });
            if messages >= A_ROUND {
                break;
            }
        }
        Ok(queues)
    }

    /// The first new messages of trajectories that are not held back: a receiver that refuses the
    /// messages held back may accept these. Events recorded during its rest count, so the end of
    /// the feed is read from the database.
    pub(super) async fn first_new(&mut self) -> Result<Vec<Queue>, StoreError> {
        let tip = self.context.messaging.feed.settled().await?;
        while self.held.len() < MOST_HELD {
            let page = self.context.pages.after(self.looked_up_to, tip).await?;
            let Some(last) = page.last() else { break };
            let mut first = self.queues_of(&page).await?;
            first.truncate(SOME);
            self.looked_up_to = first.last().map_or(last.position, |queue| queue.events[0].0.position);
            if !first.is_empty() {
                for queue in &mut first {
                    queue.events.retain(|(event, _)| event.position <= self.looked_up_to);
                }
                return Ok(first);
            }
        }
        Ok(Vec::new())
    }

    /// The events of a page by trajectory. Trajectories that are held back are left out, because
    /// they continue from their own position.
    pub(super) async fn queues_of(&self, page: &[FeedEvent]) -> Result<Vec<Queue>, StoreError> {
        let mut queues: Vec<Queue> = Vec::new();
        let mut places: HashMap<Subject, usize> = HashMap::new();
        for (event, item) in self.visible(page).await? {
            let subject = event.subject;
            if self.held.contains_key(&subject) {
                continue;
            }
            let place = *places.entry(subject).or_insert_with(|| {
                queues.push(Queue {
                    subject,
                    events: Vec::new(),
                    tried: 0,
                    first_failed_at: None,
                    goes_on_after: None,
                });
                queues.len() - 1
            });
            queues[place].events.push((event, item));
        }
        Ok(queues)
    }

    /// The events that the subscription's viewer may see now, each as it gets it.
    async fn visible(&self, events: &[FeedEvent]) -> Result<Vec<(FeedEvent, FeedItem)>, StoreError> {
        let seen = self.context.messaging.views.seen(&self.subscription.viewer, events).await?;
        let is_requested = |kind: &str| {
            self.kinds.is_empty() || ignores_type_filter(kind) || self.kinds.iter().any(|known| known == kind)
        };
        let visible = events.iter().filter_map(|event| {
            let item = seen.item(event).filter(|item| is_requested(item.kind))?;
            Some((event.clone(), item))
        });
        Ok(visible.collect())
    }
}
