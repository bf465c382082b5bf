//! Decides what follows from a round of deliveries: what waits, until when, and whether the
//! subscription continues. Pure.

use jiff::Timestamp;
use omklap_store::Subject;
use omklap_store::subscriptions::{Attempt, DeliveryHealth, HeldBack, Notice, State};

use super::deliver::{Delivered, Round};
use super::retry;

/// The receiver responded that it is gone for good (410).
pub(crate) const GONE: &str = "disabled-gone";
/// Nothing was accepted for five days.
pub(crate) const FAILING: &str = "disabled-failing-for-five-days";
/// A message was refused for three days, while others were accepted.
pub(crate) const GIVEN_UP: &str = "message-given-up";

/// The maximum number of rests in a row that count for a receiver that responds: half a minute of
/// rest.
const RESTS_OF_THE_PRESENT: u32 = 2;

/// What follows.
#[derive(Debug)]
pub(crate) struct Settled {
    pub state: State,
    pub health: DeliveryHealth,
    pub held: Vec<HeldBack>,
    pub released: Vec<Subject>,
    pub attempts: Vec<Attempt>,
    pub notices: Vec<Notice>,
    /// If the receiver responds again: since when it had accepted nothing.
    pub was_away_since: Option<Timestamp>,
}

/// What follows from a round that ended now, given the state of the subscription before it.
pub(crate) fn settle(before: DeliveryHealth, round: Round, now: Timestamp) -> Settled {
    let accepted = round.delivered.iter().any(|delivered| delivered.accepted > 0);
    let failed = round.delivered.iter().any(|delivered| delivered.failed.is_some());
    let health = health_after(before, &round, accepted, failed, now);
    let too_long =
        health.failing_since.is_some_and(|since| now.duration_since(since) >= retry::FAILING_FOR_TOO_LONG);
    let disabled = if round.gone { Some(GONE) } else { too_long.then_some(FAILING) };
    let mut settled = Settled {
        state: if disabled.is_some() { State::Disabled } else { State::Active },
        health,
        held: Vec::new(),
        released: Vec::new(),
        attempts: Vec::new(),
        notices: Vec::new(),
        was_away_since: before.failing_since.filter(|_| before.rests > 0 && health.rests == 0),
    };
    for delivered in round.delivered {
        // A message is given up only if the message itself is refused, not if the receiver is gone.
        let others_are_accepted = accepted || health.failing_since > delivered.queue.first_failed_at;
        settled.take(delivered, others_are_accepted, now);
    }
    let notice = |notice: &str| Notice { noticed_at: now, notice: notice.to_owned(), message: None };
    settled.notices.extend(disabled.map(notice));
    settled
}

fn health_after(
    before: DeliveryHealth,
    round: &Round,
    accepted: bool,
    failed: bool,
    now: Timestamp,
) -> DeliveryHealth {
    let failing_since = match (accepted, failed) {
        (true, true) if round.gave_up => Some(now),
        (true, _) => None,
        // A clock that was set back does not lengthen the failure.
        (false, true) => Some(before.failing_since.map_or(now, |since| since.min(now))),
        (false, false) => before.failing_since,
    };
    if round.gave_up {
        let rests = if accepted { 1 } else { rests_again(before.rests, round) };
        let rests_until = Some(now + retry::pause(rests, round.asked));
        DeliveryHealth { rests, failing_since, rests_until }
    } else if is_still_away(round) && !accepted && before.rests > 0 {
        // The probe of the receiver did not reach it.
        let rests = rests_again(before.rests, round);
        DeliveryHealth { rests, failing_since, rests_until: Some(now + retry::pause(rests, round.asked)) }
    } else if accepted || failed {
        DeliveryHealth { rests: 0, failing_since, rests_until: None }
    } else {
        DeliveryHealth { failing_since, ..before }
    }
}

/// Whether something failed for a reason other than the message itself.
fn is_still_away(round: &Round) -> bool {
    round.failures().any(|sent| !sent.refuses_the_message())
}

/// The number of rests in a row after this round. A receiver that responds with errors may accept
/// the next message, so it never rests for long.
fn rests_again(before: u32, round: &Round) -> u32 {
    let at_most =
        if round.failures().any(|sent| sent.broke_the_receiver()) { RESTS_OF_THE_PRESENT } else { u32::MAX };
    (before + 1).min(at_most)
}

impl Settled {
    /// What follows for one trajectory or stream.
    fn take(&mut self, delivered: Delivered, others_are_accepted: bool, now: Timestamp) {
        let Delivered { queue, accepted, failed, attempts } = delivered;
        self.attempts.extend(attempts);
        let Some((event, _)) = queue.events.get(accepted) else {
            match queue.goes_on_after {
                Some(position) => self.held.push(waits(queue.subject, position + 1, now)),
                None => self.released.push(queue.subject),
            }
            return;
        };
        let was_tried = if accepted == 0 { queue.tried } else { 0 };
        let first_failed_at = queue.first_failed_at.filter(|_| was_tried > 0).unwrap_or(now);
        let Some(sent) = failed else {
            let untried = HeldBack {
                attempts: was_tried,
                first_failed_at,
                ..waits(queue.subject, event.position, now)
            };
            return self.held.push(untried);
        };
        let attempts = was_tried + 1;
        if retry::is_over(attempts) && others_are_accepted {
            let message = Some(event.event_id());
            self.notices.push(Notice { noticed_at: now, notice: GIVEN_UP.to_owned(), message });
            return self.held.push(waits(queue.subject, event.position + 1, now));
        }
        self.held.push(HeldBack {
            subject: queue.subject,
            position: event.position,
            attempts,
            first_failed_at,
            next_attempt_at: now + retry::pause(attempts, sent.asked),
        });
    }
}

/// A trajectory or stream that continues from a position as soon as it can.
fn waits(subject: Subject, position: i64, now: Timestamp) -> HeldBack {
    HeldBack { subject, position, attempts: 0, first_failed_at: now, next_attempt_at: now }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use omklap_domain::ids::TrajectoryId;
    use omklap_domain::trajectory::FactType;
    use omklap_store::{EventContent, FeedEvent, RecordedFact};
    use uuid::Uuid;

    use super::*;
    use crate::views::cache::FeedItem;
    use crate::webhooks::deliver::Queue;
    use crate::webhooks::{AttemptOutcome, AttemptResult};

    #[test]
    fn a_receiver_that_answers_is_back_even_if_it_refuses_the_message() {
        let settled = settle(away(3), round(vec![queue(1).failed(REFUSED)]), now());
        assert_eq!((settled.health.rests, settled.health.rests_until), (0, None));
        assert_eq!(settled.was_away_since, Some(now() - HOUR));
        assert_eq!(settled.health.failing_since, Some(now() - HOUR), "nothing was accepted yet");
    }

    #[test]
    fn a_receiver_that_is_still_away_rests_longer() {
        for failed in [UNANSWERED, sent(AttemptOutcome::Refused, 502), sent(AttemptOutcome::Refused, 408)] {
            let settled = settle(away(3), round(vec![queue(1).failed(failed)]), now());
            assert_eq!((settled.health.rests, settled.was_away_since), (4, None), "{failed:?}");
            assert!(settled.health.rests_until > Some(now() + SignedDuration::from_mins(7)));
        }
    }

    #[test]
    fn a_receiver_that_is_there_and_breaks_never_rests_for_more_than_half_a_minute() {
        let broken =
            round(vec![queue(1).failed(sent(AttemptOutcome::Refused, 500)), queue(2).failed(UNANSWERED)]);
        let settled = settle(away(2), Round { gave_up: true, ..broken }, now());
        assert_eq!((settled.health.rests, settled.was_away_since), (2, None));
        assert!(settled.health.rests_until <= Some(now() + SignedDuration::from_secs(36)));
    }

    #[test]
    fn a_receiver_that_takes_something_new_is_back_though_it_breaks_over_what_waits() {
        let round = round(vec![queue(1).failed(UNANSWERED), queue(2).accepted()]);
        let settled = settle(away(3), round, now());
        assert_eq!((settled.health, settled.was_away_since), (DeliveryHealth::default(), Some(now() - HOUR)));
    }

    #[test]
    fn a_receiver_that_goes_away_rests_as_for_the_first_time() {
        let tried = vec![queue(1).accepted(), queue(2).failed(UNANSWERED), queue(3)];
        let settled = settle(DeliveryHealth::default(), Round { gave_up: true, ..round(tried) }, now());
        assert_eq!((settled.health.rests, settled.health.failing_since), (1, Some(now())));
        let held: Vec<_> = settled.held.iter().map(|held| (held.position, held.attempts)).collect();
        assert_eq!(held, [(2, 1), (3, 0)], "what was not tried waits as well");
    }

    #[test]
    fn a_message_is_given_up_only_if_others_are_accepted() {
        let since = now() - HOUR * 72;
        let refused = || queue(1).tried(12, since).failed(REFUSED);
        let alone = DeliveryHealth { failing_since: Some(since), ..DeliveryHealth::default() };
        let alone = settle(alone, round(vec![refused()]), now());
        assert_eq!((alone.held[0].position, alone.held[0].attempts, alone.notices), (1, 13, Vec::new()));
        let beside = settle(DeliveryHealth::default(), round(vec![refused(), queue(2).accepted()]), now());
        assert_eq!((beside.held[0].position, beside.held[0].attempts), (2, 0), "its trajectory goes on");
        assert_eq!(beside.notices[0].notice, GIVEN_UP);
    }

    #[test]
    fn a_receiver_that_takes_nothing_for_five_days_is_given_up() {
        let health = DeliveryHealth { failing_since: Some(now() - HOUR * 120), ..away(9) };
        let settled = settle(health, round(vec![queue(1).failed(UNANSWERED)]), now());
        assert_eq!((settled.state, settled.notices[0].notice.as_str()), (State::Disabled, FAILING));
    }

    // The words of these tests.

    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    const REFUSED: AttemptResult = sent(AttemptOutcome::Refused, 400);
    const UNANSWERED: AttemptResult = AttemptResult { status: None, ..sent(AttemptOutcome::TimedOut, 0) };

    const fn sent(outcome: AttemptOutcome, status: u16) -> AttemptResult {
        AttemptResult { outcome, status: Some(status), asked: None, took_ms: 1 }
    }

    fn now() -> Timestamp {
        "2026-11-01T09:00:00Z".parse().expect("an instant")
    }

    /// Nothing was accepted for an hour.
    fn away(rests: u32) -> DeliveryHealth {
        DeliveryHealth { rests, failing_since: Some(now() - HOUR), rests_until: None }
    }

    fn round(delivered: Vec<Delivered>) -> Round {
        Round { delivered, ..Round::default() }
    }

    /// One event of a trajectory of its own, at this place; it was not tried.
    fn queue(position: i64) -> Delivered {
        let subject = Subject::from(TrajectoryId(Uuid::from_u64_pair(0, position.unsigned_abs())));
        let fact = RecordedFact {
            sequence: 1,
            event_id: subject.id(),
            recorded_at: now(),
            fact_type: FactType::ALL[0],
            event: None,
        };
        let event = FeedEvent { position, subject, event: EventContent::Fact(fact) };
        let item = FeedItem { kind: "intake-registered", version: Some(1), path: None };
        let events = vec![(event, item)];
        let queue = Queue { subject, events, tried: 0, first_failed_at: None, goes_on_after: None };
        Delivered { queue, accepted: 0, failed: None, attempts: Vec::new() }
    }

    impl Delivered {
        fn tried(mut self, times: u32, since: Timestamp) -> Self {
            (self.queue.tried, self.queue.first_failed_at) = (times, Some(since));
            self
        }

        fn failed(self, failed: AttemptResult) -> Self {
            Self { failed: Some(failed), ..self }
        }

        fn accepted(self) -> Self {
            Self { accepted: 1, ..self }
        }
    }
}
