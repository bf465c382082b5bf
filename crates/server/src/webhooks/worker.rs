//! Delivers one subscription: what waits and is due, then what is new, until its owner changes something.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_store::subscriptions::{HeldBack, Progress, State, Subscription};
use omklap_store::{FeedEvent, Ledger, StoreError};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

use super::Messaging;
use super::deliver::{Queue, Receiver, Round, UNREACHABLE_AFTER, deliver};
use super::page_cache::Pages;
use super::retry;
use super::settle::{Settled, settle};
use crate::clock::Clock;
use crate::jobs::repeated_warnings::Repeated;
use crate::views::cache::is_told_to_all;
use crate::views::log_disclosures::ToldOf;

/// How many trajectories may wait before nothing new is begun.
const MOST_HELD: usize = 1_000;
/// How many events of a trajectory that waited are delivered in one round.
const CATCHING_UP: u32 = 50;
/// How many messages that waited are sent before it is written down what came of them, give or take a trajectory's.
const A_ROUND: usize = 100;
/// Of how many trajectories a receiver is sent something new when its rest ends: of as many as find it unreachable again.
const SOME: usize = UNREACHABLE_AFTER as usize;
/// How far a subscription comes at the most past what concerns nobody of it before that is written down.
const UNWRITTEN: i64 = 10_000;
/// How long a courier waits after the database did not answer.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// What the couriers share.
#[derive(Clone)]
pub(crate) struct Office {
    pub ledger: Arc<Ledger>,
    pub clock: Clock,
    pub messaging: Messaging,
    pub pages: Arc<Pages>,
    pub repeated: Repeated,
}

/// Who delivers one subscription.
pub(crate) struct Courier {
    office: Office,
    subscription: Subscription,
    kinds: Vec<String>,
    to: Receiver,
    held: BTreeMap<TrajectoryId, HeldBack>,
    /// Up to here everything was looked at; the subscription's own position is what is written of it.
    looked_up_to: i64,
    tip: watch::Receiver<i64>,
    changed: watch::Receiver<bool>,
    /// How many new messages in a row spoke against the receiver: it did not answer, or said that it could not take them.
    failures_in_a_row: u32,
    /// The latest instant that was waited for: a clock that is set back makes nothing wait longer.
    waited_for: Timestamp,
}

/// What to do after a step.
enum Next {
    /// The next step.
    Go,
    /// Wait for something new, or for this instant.
    Wait(Option<Timestamp>),
    /// End: somebody else delivers, or nobody does any more.
    End,
}

impl Courier {
    /// Delivers until something changes. Whoever started it starts it anew with what then holds.
    pub(crate) async fn run(office: Office, subscription: Subscription, changed: watch::Receiver<bool>) {
        let (id, repeated) = (subscription.id, office.repeated.clone());
        let delivered = async {
            match Self::begin(office, subscription, changed).await? {
                Some(courier) => courier.work().await,
                None => Ok(()),
            }
        };
        if let Err(error) = delivered.await {
            // When the database is away every subscription says the same: one of them is named.
            let what = "deliveries stopped; they go on where they were";
            if let Some(left_out) = repeated.is_due(what, &error) {
                warn!(subscription = %id, %error, left_out, "{what}");
            }
            sleep(AFTER_A_FAILURE).await;
        }
    }

    /// Who delivers; nobody where the subscription has gone in between.
    async fn begin(
        office: Office,
        subscription: Subscription,
        changed: watch::Receiver<bool>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(secrets) = office.ledger.signing_secrets(subscription.id).await? else { return Ok(None) };
        let held = office.ledger.held_back(subscription.id).await?;
        let to = Receiver {
            sender: Arc::clone(&office.messaging.sender),
            settings: Arc::clone(&office.messaging.settings),
            clock: office.clock.clone(),
            url: subscription.url.clone(),
            secrets: Arc::new(secrets),
            changed: changed.clone(),
        };
        Ok(Some(Self {
            kinds: subscription.types.clone(),
            to,
            held: held.into_iter().map(|held| (held.trajectory, held)).collect(),
            looked_up_to: subscription.position,
            tip: office.messaging.tip.wait(),
            changed,
            failures_in_a_row: 0,
            waited_for: Timestamp::MIN,
            office,
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
        let clock = self.office.clock.clone();
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

    /// The present; never before an instant that was waited for.
    fn now(&self) -> Timestamp {
        self.office.clock.now().max(self.waited_for)
    }

    async fn step(&mut self) -> Result<Next, StoreError> {
        let now = self.now();
        let fares = &mut self.subscription.fares;
        // A clock that was set back makes nobody rest for longer than anybody does.
        fares.rests_until = fares.rests_until.map(|until| until.min(now + retry::LONGEST));
        if let Some(until) = fares.rests_until.filter(|until| *until > now) {
            self.tip.mark_unchanged();
            return Ok(Next::Wait(Some(until)));
        }
        let due = self.due(now);
        if !due.is_empty() {
            let mut queues = self.queues_of_held(due).await?;
            if self.subscription.fares.rests > 0 {
                queues.extend(self.first_new().await?);
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
        let page = self.office.pages.after(self.looked_up_to, tip).await?;
        let Some(last) = page.last() else { return Ok(Next::Wait(next_due)) };
        let queues = self.queues_of(&page).await?;
        self.looked_up_to = last.position;
        if queues.is_empty() && self.looked_up_to - self.subscription.position < UNWRITTEN {
            return Ok(Next::Go);
        }
        let mut round = Round::default();
        if !queues.is_empty() {
            self.log(&queues).await?;
            round = deliver(&self.to, queues, self.failures_in_a_row).await;
            self.failures_in_a_row = if round.gave_up { 0 } else { round.failures_in_a_row };
        }
        self.settle(round).await
    }

    /// What waits and is due, that which was tried least before the rest: what is refused each time keeps nobody waiting. While
    /// the receiver rests it is one, to see whether it is back.
    fn due(&self, now: Timestamp) -> Vec<HeldBack> {
        let mut due: Vec<_> = self.held.values().cloned().collect();
        due.sort_by_key(|held| (held.attempts, held.position));
        if self.subscription.fares.rests > 0 {
            due.truncate(1);
        } else {
            due.retain(|held| held.next_attempt_at <= now);
        }
        due
    }

    async fn queues_of_held(&self, due: Vec<HeldBack>) -> Result<Vec<Queue>, StoreError> {
        let (mut queues, mut messages) = (Vec::new(), 0);
        for held in due {
            let at_most = if self.subscription.fares.rests > 0 { 1 } else { CATCHING_UP };
            let feed = &self.office.messaging.feed;
            let events =
                feed.events_of(held.trajectory, held.position - 1, self.looked_up_to, at_most).await?;
            let goes_on_after =
                events.last().filter(|_| events.len() == at_most as usize).map(|last| last.position);
            let events = self.told(&events).await?;
            messages += events.len();
            queues.push(Queue {
                trajectory: held.trajectory,
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

    /// The first new messages, of trajectories that do not wait: a receiver that refuses what waits may take them. What was
    /// recorded while it rested counts, so the database itself says how far that goes.
    async fn first_new(&mut self) -> Result<Vec<Queue>, StoreError> {
        let tip = self.office.messaging.feed.settled().await?;
        while self.held.len() < MOST_HELD {
            let page = self.office.pages.after(self.looked_up_to, tip).await?;
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

    /// The events of a page by their trajectories, without those that wait: these go on from where they were held back.
    async fn queues_of(&self, page: &[FeedEvent]) -> Result<Vec<Queue>, StoreError> {
        let mut queues: Vec<Queue> = Vec::new();
        let mut places: HashMap<TrajectoryId, usize> = HashMap::new();
        for (event, kind) in self.told(page).await? {
            let trajectory = event.trajectory;
            if self.held.contains_key(&trajectory) {
                continue;
            }
            let place = *places.entry(trajectory).or_insert_with(|| {
                queues.push(Queue {
                    trajectory,
                    events: Vec::new(),
                    tried: 0,
                    first_failed_at: None,
                    goes_on_after: None,
                });
                queues.len() - 1
            });
            queues[place].events.push((event, kind));
        }
        Ok(queues)
    }

    /// The events that the subscription's viewer is told of now, each with the kind by which it is told.
    async fn told(&self, events: &[FeedEvent]) -> Result<Vec<(FeedEvent, &'static str)>, StoreError> {
        let seen = self.office.messaging.sights.seen(&self.subscription.viewer, events).await?;
        let wanted = |kind: &str| {
            self.kinds.is_empty() || is_told_to_all(kind) || self.kinds.iter().any(|wanted| wanted == kind)
        };
        let told = events.iter().filter_map(|event| {
            let kind = seen.kind(event).filter(|kind| wanted(kind))?;
            Some((event.clone(), kind))
        });
        Ok(told.collect())
    }

    /// Writes down what came of a round.
    async fn settle(&mut self, round: Round) -> Result<Next, StoreError> {
        let settled = settle(self.subscription.fares, round, self.now());
        let progress = Progress {
            of: &self.subscription,
            state: settled.state,
            position: self.looked_up_to,
            fares: settled.fares,
            held: &settled.held,
            freed: &settled.freed,
            attempts: &settled.attempts,
            notices: &settled.notices,
        };
        if !self.office.ledger.keep_progress(&progress).await? {
            return Ok(Next::End);
        }
        Ok(self.take_in(settled))
    }

    /// Writes in the access log of which trajectories the receiver is about to be told.
    async fn log(&self, queues: &[Queue]) -> Result<(), StoreError> {
        let mut told = ToldOf::default();
        for (event, kind) in queues.iter().flat_map(|queue| &queue.events) {
            told.name(event, kind, self.office.ledger.sets());
        }
        told.log(&self.office.ledger, &self.office.clock, &self.subscription).await
    }

    fn take_in(&mut self, settled: Settled) -> Next {
        let id = self.subscription.id;
        for notice in &settled.notices {
            warn!(subscription = %id, organisation = %self.subscription.viewer.organisation, notice = notice.notice, "a subscription needs its owner");
        }
        if settled.state != State::Active {
            return Next::End;
        }
        if settled.was_away_since.is_some() {
            info!(subscription = %id, held = self.held.len(), "a receiver answers again");
        }
        self.subscription.position = self.looked_up_to;
        self.subscription.fares = settled.fares;
        for trajectory in &settled.freed {
            self.held.remove(trajectory);
        }
        let now = self.now();
        self.held.extend(settled.held.into_iter().map(|held| (held.trajectory, held)));
        if let Some(since) = settled.was_away_since {
            // What failed before that was refused for itself, and would only be refused again.
            let missed = self.held.values_mut().filter(|held| held.first_failed_at >= since);
            missed.for_each(|held| held.next_attempt_at = now);
        }
        Next::Go
    }
}
