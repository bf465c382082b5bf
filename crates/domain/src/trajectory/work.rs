//! How much work one report may be, and when it is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Whether somebody still waits for what is being worked out. Clones are of the same work.
#[derive(Clone, Debug, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Nobody waits any more: the work ends at its next step.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether nobody waits any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
