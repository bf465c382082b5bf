//! The worker of one subscription: delivers what was held back and is due, then what is new, until
//! the owner changes the subscription.

mod queues;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use omklap_store::subscriptions::{HeldBack, Progress, State, Subscription};
use omklap_store::{Ledger, StoreError, Subject};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

use super::Messaging;
use super::deliver::{Queue, Receiver, Round, deliver};
use super::page_cache::PageCache;
use super::retry;
use super::settle::{Settled, settle};
use crate::clock::Clock;
use crate::http::problem::ALARMS;
use crate::jobs::repeated_warnings::Repeated;
use crate::views::log_disclosures::FeedDisclosures;

/// How many trajectories and streams may be held back before no new messages are sent.
const MOST_HELD: usize = 1_000;
/// After how many events without a message for the subscription its position is stored.
const UNWRITTEN: i64 = 10_000;
/// How long a worker waits after the database did not respond.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// What all workers share.
#[derive(Clone)]
pub(crate) struct WorkerContext {
    pub ledger: Arc<Ledger>,
    pub clock: Clock,
    pub messaging: Messaging,
    pub pages: Arc<PageCache>,
    pub repeated: Repeated,
}

/// Delivers one subscription.
pub(crate) struct Worker {
    context: WorkerContext,
    subscription: Subscription,
    kinds: Vec<String>,
    to: Receiver,
    held: BTreeMap<Subject, HeldBack>,
    /// The position up to which the feed was read. The subscription's own position is the stored
    /// one, which may be behind.
    looked_up_to: i64,
    tip: watch::Receiver<i64>,
    changed: watch::Receiver<bool>,
    /// How many new messages in a row failed because of the receiver: it did not respond, or could
    /// not take them.
    failures_in_a_row: u32,
    /// The latest instant that was waited for, so that a clock that is set back delays nothing.
    waited_for: Timestamp,
}

/// What to do after a step.
enum Next {
    /// The next step.
    Go,
    /// Wait for a new event, or for this instant.
    Wait(Option<Timestamp>),
    /// End: another worker delivers, or the subscription ended.
    End,
}

impl Worker {
    /// Delivers until the subscription changes. The supervisor then starts another worker.
    pub(crate) async fn run(
        context: WorkerContext,
        subscription: Subscription,
        changed: watch::Receiver<bool>,
    ) {
        let (id, repeated) = (subscription.id, context.repeated.clone());
        let delivered = async {
            match Self::begin(context, subscription, changed).await? {
                Some(worker) => worker.work().await,
                None => Ok(()),
            }
        };
        if let Err(error) = delivered.await {
            let what = "deliveries stopped; they will continue where they stopped";
            if error.is_alarming() {
                metrics::counter!(ALARMS).increment(1);
                repeated.error("a subscription is not what was recorded; nothing is delivered", &error);
            } else if let Some(left_out) = repeated.is_due(what, &error) {
                // If the database is down, every subscription fails the same way: the log names one of
                // them.
                warn!(subscription = %id, %error, left_out, "{what}");
            }
            sleep(AFTER_A_FAILURE).await;
        }
    }

    /// A worker; none if the subscription was deleted in the meantime.
    async fn begin(
        context: WorkerContext,
        subscription: Subscription,
        changed: watch::Receiver<bool>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(secrets) = context.ledger.signing_secrets(subscription.id).await? else { return Ok(None) };
        let held = context.ledger.held_back(subscription.id).await?;
        let to = Receiver {
            sender: Arc::clone(&context.messaging.sender),
            settings: Arc::clone(&context.messaging.settings),
            clock: context.clock.clone(),
            url: subscription.url.clone(),
            secrets: Arc::new(secrets),
            changed: changed.clone(),
        };
        Ok(Some(Self {
            kinds: subscription.types.clone(),
            to,
            held: held.into_iter().map(|held| (held.subject, held)).collect(),
            looked_up_to: subscription.position,
            tip: context.messaging.feed_watch.wait(),
            changed,
            failures_in_a_row: 0,
            waited_for: Timestamp::MIN,
            context,
            subscription,
        }))
    }

    async fn work(mut self) -> Result<(), StoreError> {
        while !*self.changed.borrow() {
            match self.step().await? {
                Next::Go => {}
                Next::End => return Ok(()),
                Next::Wait(until) => self.wait(until).await,
            }
        }
        Ok(())
    }

    async fn wait(&mut self, until: Option<Timestamp>) {
        let clock = self.context.clock.clone();
        let come = async {
            match until {
                Some(until) => clock.until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = come => self.waited_for = until.unwrap_or(self.waited_for),
            _ = self.tip.changed() => {}
            _ = self.changed.changed() => {}
        }
    }

    /// The current time, never before an instant that was waited for.
    fn now(&self) -> Timestamp {
        self.context.clock.now().max(self.waited_for)
    }

    async fn step(&mut self) -> Result<Next, StoreError> {
        let now = self.now();
        let health = &mut self.subscription.health;
        // A clock that was set back makes no receiver rest for longer than the maximum.
        health.rests_until = health.rests_until.map(|until| until.min(now + retry::LONGEST));
        if let Some(until) = health.rests_until.filter(|until| *until > now) {
            self.tip.mark_unchanged();
            return Ok(Next::Wait(Some(until)));
        }
        let due = self.due(now);
        if !due.is_empty() {
            let mut queues = self.queues_of_held(due).await?;
            if self.subscription.health.rests > 0 {
                queues.extend(self.first_new().await?);
            }
            if self.is_outdated().await? {
                return Ok(Next::End);
            }
            self.log(&queues).await?;
            let round = deliver(&self.to, queues, 0).await;
            if round.delivered.iter().any(|delivered| delivered.accepted > 0) {
                self.failures_in_a_row = 0;
            }
            return self.settle(round).await;
        }
        let next_due = self.held.values().map(|held| held.next_attempt_at).min();
        if self.held.len() >= MOST_HELD {
            return Ok(Next::Wait(next_due));
        }
        let tip = *self.tip.borrow_and_update();
        let page = self.context.pages.after(self.looked_up_to, tip).await?;
        let Some(last) = page.last() else { return Ok(Next::Wait(next_due)) };
        let queues = self.queues_of(&page).await?;
        self.looked_up_to = last.position;
        if queues.is_empty() && self.looked_up_to - self.subscription.position < UNWRITTEN {
            return Ok(Next::Go);
        }
        let mut round = Round::default();
        if !queues.is_empty() {
            if self.is_outdated().await? {
                return Ok(Next::End);
            }
            self.log(&queues).await?;
            round = deliver(&self.to, queues, self.failures_in_a_row).await;
            self.failures_in_a_row = if round.gave_up { 0 } else { round.failures_in_a_row };
        }
        self.settle(round).await
    }

    /// Whether the owner deleted or paused the subscription, or changed where messages go or which,
    /// since this worker began: what is sent after a change goes by the change, though the supervisor
    /// has not seen it yet.
    async fn is_outdated(&self) -> Result<bool, StoreError> {
        let now = self.context.ledger.subscription(self.subscription.id).await?;
        let of = |one: &Subscription| (one.state, one.url.clone(), one.types.clone());
        Ok(now.is_none_or(|now| of(&now) != of(&self.subscription)))
    }

    /// What was held back and is due, the least tried first, so that a message that is always
    /// refused delays no other. While the receiver rests it is only one, as a probe.
    fn due(&self, now: Timestamp) -> Vec<HeldBack> {
        let mut due: Vec<_> = self.held.values().cloned().collect();
        due.sort_by_key(|held| (held.attempts, held.position));
        if self.subscription.health.rests > 0 {
            due.truncate(1);
        } else {
            due.retain(|held| held.next_attempt_at <= now);
        }
        due
    }

    /// Stores the results of a round.
    async fn settle(&mut self, round: Round) -> Result<Next, StoreError> {
        let settled = settle(self.subscription.health, round, self.now());
        let progress = Progress {
            of: &self.subscription,
            state: settled.state,
            position: self.looked_up_to,
            health: settled.health,
            held: &settled.held,
            released: &settled.released,
            attempts: &settled.attempts,
            notices: &settled.notices,
        };
        if !self.context.ledger.keep_progress(&progress).await? {
            return Ok(Next::End);
        }
        Ok(self.take_in(settled))
    }

    /// Writes to the access log what the receiver is about to be sent.
    async fn log(&self, queues: &[Queue]) -> Result<(), StoreError> {
        let mut disclosures = FeedDisclosures::default();
        for (event, item) in queues.iter().flat_map(|queue| &queue.events) {
            disclosures.add_event(event, item.kind, self.context.ledger.sets());
        }
        disclosures.log(&self.context.ledger, &self.context.clock, &self.subscription).await
    }

    fn take_in(&mut self, settled: Settled) -> Next {
        let id = self.subscription.id;
        for notice in &settled.notices {
            warn!(subscription = %id, organisation = %self.subscription.viewer.organisation, notice = notice.notice, "a subscription needs action by its owner");
        }
        if settled.state != State::Active {
            return Next::End;
        }
        if settled.was_away_since.is_some() {
            info!(subscription = %id, held = self.held.len(), "a receiver responds again");
        }
        self.subscription.position = self.looked_up_to;
        self.subscription.health = settled.health;
        for subject in &settled.released {
            self.held.remove(subject);
        }
        let now = self.now();
        self.held.extend(settled.held.into_iter().map(|held| (held.subject, held)));
        if let Some(since) = settled.was_away_since {
            // What failed earlier was refused for its own sake, and would only be refused again.
            let missed = self.held.values_mut().filter(|held| held.first_failed_at >= since);
            missed.for_each(|held| held.next_attempt_at = now);
        }
        Next::Go
    }
}
