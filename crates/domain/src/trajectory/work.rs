//! How much work one report may be, how much it was, and when it is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Steps that any report may take: what hundreds of late facts need of which each changes all that follows.
const ANY: u64 = 250_000;
/// Steps for each fact that is reported: a late one is walked to, held against what follows, and taken in.
const EACH_REPORTED: u64 = 256;
/// Steps for each fact that was recorded before: one late fact may change everything that follows.
const EACH_RECORDED: u64 = 8;

/// How many [steps](super::History::steps) a report of so many facts may take on a history of so many.
#[must_use]
pub fn steps_allowed(recorded: u64, reported: usize) -> u64 {
    let reported = u64::try_from(reported).unwrap_or(u64::MAX);
    ANY.saturating_add(reported.saturating_mul(EACH_REPORTED)).saturating_add(recorded * EACH_RECORDED)
}

/// How many facts a trajectory holds at the most: every reader of it reads all of them. Eight years come to some hundred.
pub const MOST_RECORDED: u64 = 25_000;

/// How many steps it may take to assess a history of so many facts.
#[must_use]
pub fn steps_to_assess(recorded: u64) -> u64 {
    2_000_000 + 64 * recorded
}

/// Work for somebody: how many steps of it were done, and whether that somebody still waits. Clones are of the same work.
#[derive(Clone, Debug, Default)]
pub struct Work(Arc<Begun>);

#[derive(Debug, Default)]
struct Begun {
    steps: AtomicU64,
    given_up: AtomicBool,
}

impl Work {
    /// So many more steps were done.
    pub fn add(&self, steps: u64) {
        self.0.steps.fetch_add(steps, Ordering::Relaxed);
    }

    /// How many steps were done.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.0.steps.load(Ordering::Relaxed)
    }

    /// Nobody waits any more: the work ends at its next step.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Whether nobody waits any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }
}
