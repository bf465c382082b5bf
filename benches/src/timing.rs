//! How long things took.

use std::time::Duration;

use crate::results::Figure;

/// The rate per second.
#[expect(clippy::cast_precision_loss, reason = "a rate of fewer than 2^52 events")]
pub fn per_second(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

/// The median, and what 99 of 100 took at the most.
pub fn spread(mut took: Vec<Duration>) -> [Figure; 2] {
    took.sort();
    [Figure::median(at(&took, 50)), Figure::p99(at(&took, 99))]
}

/// The median.
pub fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    at(&took, 50)
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
