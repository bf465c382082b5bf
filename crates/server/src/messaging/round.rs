//! What follows from a round of deliveries: what waits, until when, and whether the subscription goes on. Pure.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_store::subscriptions::{Attempt, Fares, HeldBack, Notice, State};

use super::delivery::{Delivered, Round};
use super::retry;

/// The receiver said that it is gone.
pub(super) const GONE: &str = "disabled-gone";
/// Nothing was accepted for five days.
pub(super) const FAILING: &str = "disabled-failing-for-five-days";
/// A message was refused for three days, while others were accepted.
pub(super) const GIVEN_UP: &str = "message-given-up";

/// What follows.
#[derive(Debug)]
pub(super) struct Settled {
    pub state: State,
    pub fares: Fares,
    pub held: Vec<HeldBack>,
    pub freed: Vec<TrajectoryId>,
    pub attempts: Vec<Attempt>,
    pub notices: Vec<Notice>,
    /// Whether the receiver answers again after it did not.
    pub recovered: bool,
}

/// What follows from a round that ended now, for a subscription that fared like this before it.
pub(super) fn settle(before: Fares, round: Round, now: Timestamp) -> Settled {
    let accepted = round.delivered.iter().any(|delivered| delivered.accepted > 0);
    let failed = round.delivered.iter().any(|delivered| delivered.failed.is_some());
    let fares = fares(before, &round, accepted, failed, now);
    let too_long =
        fares.failing_since.is_some_and(|since| now.duration_since(since) >= retry::FAILING_FOR_TOO_LONG);
    let disabled = if round.gone { Some(GONE) } else { too_long.then_some(FAILING) };
    let mut settled = Settled {
        state: if disabled.is_some() { State::Disabled } else { State::Active },
        fares,
        held: Vec::new(),
        freed: Vec::new(),
        attempts: Vec::new(),
        notices: Vec::new(),
        recovered: before.rests > 0 && fares.rests == 0,
    };
    for delivered in round.delivered {
        // A message is given up only where it is the message that is refused, and not the receiver that is gone.
        let others_are_accepted = accepted || fares.failing_since > delivered.queue.first_failed_at;
        settled.take(delivered, others_are_accepted, now);
    }
    let notice = |notice: &str| Notice { noticed_at: now, notice: notice.to_owned(), message: None };
    settled.notices.extend(disabled.map(notice));
    settled
}

fn fares(before: Fares, round: &Round, accepted: bool, failed: bool, now: Timestamp) -> Fares {
    let failing_since = match (accepted, failed) {
        (true, true) if round.gave_up => Some(now),
        (true, _) => None,
        // A clock that was set back has not made it fail longer.
        (false, true) => Some(before.failing_since.map_or(now, |since| since.min(now))),
        (false, false) => before.failing_since,
    };
    if round.gave_up {
        let rests = if accepted { 1 } else { before.rests + 1 };
        let rests_until = Some(now + retry::pause(rests, round.asked));
        Fares { rests, failing_since, rests_until }
    } else if failed && !accepted && before.rests > 0 {
        // The one that was tried to see whether the receiver is back was not accepted.
        let rests = before.rests + 1;
        Fares { rests, failing_since, rests_until: Some(now + retry::pause(rests, round.asked)) }
    } else if accepted || failed {
        Fares { rests: 0, failing_since, rests_until: None }
    } else {
        Fares { failing_since, ..before }
    }
}

impl Settled {
    /// What follows for one trajectory.
    fn take(&mut self, delivered: Delivered, others_are_accepted: bool, now: Timestamp) {
        let Delivered { queue, accepted, failed, attempts } = delivered;
        self.attempts.extend(attempts);
        let Some((event, _)) = queue.events.get(accepted) else {
            match queue.goes_on_after {
                Some(position) => self.held.push(waits(queue.trajectory, position + 1, now)),
                None => self.freed.push(queue.trajectory),
            }
            return;
        };
        let was_tried = if accepted == 0 { queue.tried } else { 0 };
        let first_failed_at = queue.first_failed_at.filter(|_| was_tried > 0).unwrap_or(now);
        let Some(sent) = failed else {
            let untried = HeldBack {
                attempts: was_tried,
                first_failed_at,
                ..waits(queue.trajectory, event.position, now)
            };
            return self.held.push(untried);
        };
        let attempts = was_tried + 1;
        if retry::is_over(attempts) && others_are_accepted {
            let message = Some(event.event_id());
            self.notices.push(Notice { noticed_at: now, notice: GIVEN_UP.to_owned(), message });
            return self.held.push(waits(queue.trajectory, event.position + 1, now));
        }
        self.held.push(HeldBack {
            trajectory: queue.trajectory,
            position: event.position,
            attempts,
            first_failed_at,
            next_attempt_at: now + retry::pause(attempts, sent.asked),
        });
    }
}

/// A trajectory that goes on from a position as soon as it can.
fn waits(trajectory: TrajectoryId, position: i64, now: Timestamp) -> HeldBack {
    HeldBack { trajectory, position, attempts: 0, first_failed_at: now, next_attempt_at: now }
}
