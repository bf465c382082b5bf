//! Delivers several queues of events in parallel, one queue for each trajectory or stream, each in its order.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use omklap_store::subscriptions::{Attempt, Message, Secrets};
use omklap_store::{FeedEvent, Subject};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::cloud_event::CloudEvent;
use super::{AttemptOutcome, AttemptResult, Sender, Settings, WEBHOOK_LAG};
use crate::clock::Clock;
use crate::views::cache::FeedItem;

/// How many trajectories and streams of a subscription are delivered at the same time.
const AT_ONCE: usize = 8;

/// After this many failures in a row, the receiver counts as unreachable.
pub(crate) const UNREACHABLE_AFTER: u32 = 5;

/// Events of one trajectory or stream that are to be delivered, in order.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub subject: Subject,
    /// Each as the receiver gets it.
    pub events: Vec<(FeedEvent, FeedItem)>,
    /// The number of attempts for the first of them, and since when it waits.
    pub tried: u32,
    pub first_failed_at: Option<Timestamp>,
    /// The position after which there are more events; none if these are all.
    pub goes_on_after: Option<i64>,
}

/// The result of a queue.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub queue: Queue,
    /// How many of its events were accepted.
    pub accepted: usize,
    /// The result of the next message, if it was tried.
    pub failed: Option<AttemptResult>,
    /// Every attempt.
    pub attempts: Vec<Attempt>,
}

/// The receiver, and what a delivery to it needs.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub sender: Arc<Sender>,
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub url: String,
    pub secrets: Arc<Secrets>,
    /// Set as soon as its owner changed something.
    pub changed: watch::Receiver<bool>,
}

/// The result of a round of deliveries.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub delivered: Vec<Delivered>,
    /// Whether the receiver was found unreachable, or asked to be left alone.
    pub gave_up: bool,
    /// How many attempts in a row counted against the receiver when the round ended.
    pub failures_in_a_row: u32,
    /// How long the receiver asked to wait.
    pub asked: Option<SignedDuration>,
    /// Whether it responded that it is gone for good (410).
    pub gone: bool,
}

impl Round {
    /// The results of the queues that were not finished.
    pub(crate) fn failures(&self) -> impl Iterator<Item = AttemptResult> {
        self.delivered.iter().filter_map(|delivered| delivered.failed)
    }
}

/// What the workers of a round share.
struct Shared {
    queues: Mutex<VecDeque<Queue>>,
    failures_in_a_row: AtomicU32,
}

/// Delivers queues until all are empty or the receiver is unreachable. `failures_in_a_row`
/// counts the failures before this round.
pub(crate) async fn deliver(to: &Receiver, queues: Vec<Queue>, failures_in_a_row: u32) -> Round {
    let workers = queues.len().min(AT_ONCE);
    let shared = Arc::new(Shared {
        queues: Mutex::new(queues.into()),
        failures_in_a_row: AtomicU32::new(failures_in_a_row),
    });
    let mut working = JoinSet::new();
    for _ in 0..workers {
        working.spawn(work(to.clone(), Arc::clone(&shared)));
    }
    let delivered: Vec<Delivered> = working.join_all().await.into_iter().flatten().collect();
    let failures_in_a_row = shared.failures_in_a_row.load(Ordering::Relaxed);
    let failures = || delivered.iter().filter_map(|delivered| delivered.failed);
    Round {
        gave_up: failures_in_a_row >= UNREACHABLE_AFTER,
        failures_in_a_row,
        asked: failures()
            .filter(|sent| sent.outcome == AttemptOutcome::AskedToWait)
            .filter_map(|sent| sent.asked)
            .max(),
        gone: failures().any(|sent| sent.outcome == AttemptOutcome::Gone),
        delivered,
    }
}

async fn work(to: Receiver, shared: Arc<Shared>) -> Vec<Delivered> {
    let mut done = Vec::new();
    loop {
        let next = shared.queues.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(queue) = next else { return done };
        done.push(one_queue(&to, queue, &shared.failures_in_a_row).await);
    }
}

async fn one_queue(to: &Receiver, queue: Queue, failures_in_a_row: &AtomicU32) -> Delivered {
    let mut delivered = Delivered { queue, accepted: 0, failed: None, attempts: Vec::new() };
    for (event, item) in &delivered.queue.events {
        let stops = failures_in_a_row.load(Ordering::Relaxed) >= UNREACHABLE_AFTER || *to.changed.borrow();
        if stops {
            break;
        }
        let message = CloudEvent::of(event, item, &to.settings);
        let _turn = to.sender.turn(&to.url).await;
        let now = to.clock.now();
        let sent = to.sender.send(&to.url, &to.secrets.signing_at(now), &message, now).await;
        let tried = if delivered.accepted == 0 { delivered.queue.tried } else { 0 };
        delivered.attempts.push(attempt(event, tried + 1, now, sent));
        if sent.outcome != AttemptOutcome::Delivered {
            failures_in_a_row.fetch_add(weight(sent, tried > 0), Ordering::Relaxed);
            delivered.failed = Some(sent);
            break;
        }
        failures_in_a_row.store(0, Ordering::Relaxed);
        let lag = to.clock.now().duration_since(event.recorded_at());
        metrics::histogram!(WEBHOOK_LAG).record(lag.as_secs_f64().max(0.0));
        delivered.accepted += 1;
    }
    delivered
}

/// How much a failure counts against the receiver, and not against the message alone.
fn weight(sent: AttemptResult, was_tried_before: bool) -> u32 {
    match sent.outcome {
        // A receiver that asks to wait, or is gone for good, is left alone at once.
        AttemptOutcome::AskedToWait | AttemptOutcome::Gone => UNREACHABLE_AFTER,
        _ if sent.refuses_the_message() => 0,
        // A receiver that refuses this message again may accept others.
        _ if was_tried_before && sent.status.is_some() => 0,
        _ => 1,
    }
}

/// An attempt, as it is listed.
pub(crate) fn attempt(event: &FeedEvent, attempt: u32, now: Timestamp, sent: AttemptResult) -> Attempt {
    let message =
        Message { id: event.event_id(), subject: Some(event.subject), position: Some(event.position) };
    Attempt {
        message,
        attempt,
        attempted_at: now,
        took_ms: sent.took_ms,
        outcome: sent.outcome.as_str(),
        status: sent.status,
    }
}
