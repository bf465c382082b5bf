//! Waiting for an event that happens at an unknown moment.

use std::thread;
use std::time::{Duration, Instant};

/// How long a journey waits before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until this holds, and fails after half a minute.
#[track_caller]
pub fn eventually(holds: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "not within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(10));
    }
}
