//! Waiting for something that happens in its own time.

use std::thread;
use std::time::{Duration, Instant};

/// How long a journey waits for something that has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until this holds, which it has to within half a minute.
#[track_caller]
pub fn eventually(holds: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "not within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(10));
    }
}
