//! Keeps a postmaster running until it receives the signal to stop.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tracing::warn;

use super::{Cluster, Postmaster};
use crate::jobs::repeated_warnings::Repeated;

const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The pause before the first new start, doubled with each start that does not last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A postmaster that ran this long had started well.
const LASTED: Duration = Duration::from_secs(30);

/// Starts the postmaster again whenever it dies, on the same port. Ends, and stops the postmaster,
/// when the sender of `stop` is dropped.
pub(super) fn look_after(cluster: &Cluster, mut postmaster: Postmaster, stop: &Receiver<()>) {
    let mut started = Instant::now();
    let mut pause = FIRST_PAUSE;
    let repeated = Repeated::default();
    while !is_stopped(stop, LOOK_EVERY) {
        if postmaster.is_alive() {
            continue;
        }
        pause = if started.elapsed() > LASTED { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        if let Some(left_out) = repeated.is_due("has died", &"") {
            warn!(left_out, "the private PostgreSQL has died; starting it again in {} ms", pause.as_millis());
        }
        if is_stopped(stop, pause) {
            break;
        }
        started = Instant::now();
        match Postmaster::spawn(cluster, postmaster.port()) {
            Ok(again) => postmaster = again,
            Err(failure) => repeated.error("the private PostgreSQL does not start", &failure),
        }
    }
    postmaster.stop();
}

fn is_stopped(stop: &Receiver<()>, within: Duration) -> bool {
    !matches!(stop.recv_timeout(within), Err(RecvTimeoutError::Timeout))
}
