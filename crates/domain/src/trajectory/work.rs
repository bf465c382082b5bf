//! How much work a report may take, how much it took, and when it is given up.
//!
//! Decision: ADR 22.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Steps that any report may take. Hundreds of late facts, each of which changes everything that
/// follows, fit in it.
const ANY: u64 = 250_000;
/// Steps for each reported fact: the walk to its place, the checks of what follows, and recording
/// it.
const EACH_REPORTED: u64 = 256;
/// Steps for each fact that was recorded before: one late fact may change everything that follows.
const EACH_RECORDED: u64 = 8;

/// The limit of [steps](super::History::steps) for a report of `reported` facts on a history of
/// `recorded` facts.
#[must_use]
pub fn steps_allowed(recorded: u64, reported: usize) -> u64 {
    let reported = u64::try_from(reported).unwrap_or(u64::MAX);
    ANY.saturating_add(reported.saturating_mul(EACH_REPORTED)).saturating_add(recorded * EACH_RECORDED)
}

/// The most facts that a trajectory may hold: every reader of it reads all of them. Eight years
/// take a few hundred.
pub const MOST_RECORDED: u64 = 25_000;

/// The limit of steps to assess a history of `recorded` facts.
#[must_use]
pub fn steps_to_assess(recorded: u64) -> u64 {
    2_000_000 + 64 * recorded
}

/// The work for a caller: how many steps were done, and whether the caller still waits. Clones
/// share the same counts.
#[derive(Clone, Debug, Default)]
pub struct Work(Arc<Begun>);

#[derive(Debug, Default)]
struct Begun {
    steps: AtomicU64,
    given_up: AtomicBool,
}

impl Work {
    /// Counts more steps.
    pub fn add(&self, steps: u64) {
        self.0.steps.fetch_add(steps, Ordering::Relaxed);
    }

    /// How many steps were done.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.0.steps.load(Ordering::Relaxed)
    }

    /// Records that the caller no longer waits: the work ends at its next step.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Whether the caller no longer waits.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }
}
