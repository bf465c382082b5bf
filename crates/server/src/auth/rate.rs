//! How many requests a program may send, so that none blocks the others.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use omklap_domain::ids::ClientId;

/// A program's allowance: this many requests a second, and as many at once after a rest.
pub struct Rate {
    limiter: RateLimiter<ClientId, HashMapStateStore<ClientId>, MonotonicClock, StateInformationMiddleware>,
    a_second: NonZeroU32,
}

/// How much of its allowance a program has left at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests a second.
    pub limit: u32,
    /// Requests that may follow at once.
    pub remaining: u32,
    /// The seconds until the next may come; none if it may come at once.
    pub wait: Option<u64>,
}

impl Rate {
    /// This many requests a second for each program.
    #[must_use]
    pub fn of(a_second: NonZeroU32) -> Self {
        let quota = Quota::per_second(a_second);
        Self { limiter: RateLimiter::new(quota, HashMapStateStore::default(), MonotonicClock), a_second }
    }

    /// Counts one request of this program. Only programs with valid tokens are counted, so there
    /// are no more than were granted one.
    pub fn count(&self, client: &ClientId) -> Allowance {
        let limit = self.a_second.get();
        match self.limiter.check_key(client) {
            Ok(state) => Allowance { limit, remaining: state.remaining_burst_capacity(), wait: None },
            Err(until) => {
                let wait = until.wait_time_from(MonotonicClock.now()).as_secs_f64().ceil();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "seconds, from 0"
                )]
                let wait = (wait as u64).max(1);
                Allowance { limit, remaining: 0, wait: Some(wait) }
            }
        }
    }
}

impl std::fmt::Debug for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rate({} a second)", self.a_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_asks_too_fast_waits_and_the_others_do_not() {
        let rate = Rate::of(NonZeroU32::new(2).expect("two"));
        let (fast, calm): (ClientId, ClientId) =
            ("fast".parse().expect("a code"), "calm".parse().expect("a code"));
        assert_eq!(rate.count(&fast), Allowance { limit: 2, remaining: 1, wait: None });
        assert_eq!(rate.count(&fast), Allowance { limit: 2, remaining: 0, wait: None });
        assert_eq!(rate.count(&fast), Allowance { limit: 2, remaining: 0, wait: Some(1) });
        assert_eq!(rate.count(&calm).wait, None);
    }
}
