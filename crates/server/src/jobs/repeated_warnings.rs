//! Warnings of background jobs that would repeat with every round. Each is logged once a minute,
//! with the number of repeats that were left out.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{error, warn};

/// How often the same is logged.
const EVERY: Duration = Duration::from_mins(1);
/// How many different warnings are remembered; a job has a handful.
const REMEMBERED: usize = 100;

/// What a job has logged lately. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Repeated(Arc<Mutex<HashMap<String, Logged>>>);

#[derive(Debug)]
struct Logged {
    at: Instant,
    left_out: u64,
}

impl Repeated {
    /// Logs a warning with its error, unless the same was logged within a minute.
    pub fn warn(&self, what: &'static str, error: &dyn Display) {
        if let Some(left_out) = self.is_due(what, error) {
            warn!(%error, left_out, "{what}");
        }
    }

    /// The same as an error that needs an operator.
    pub fn error(&self, what: &'static str, error: &dyn Display) {
        if let Some(left_out) = self.is_due(what, error) {
            error!(%error, left_out, "{what}");
        }
    }

    /// Whether this is to be logged now, with how many were left out since it was logged last.
    pub fn is_due(&self, what: &str, error: &dyn Display) -> Option<u64> {
        self.is_due_at(what, error, Instant::now())
    }

    fn is_due_at(&self, what: &str, error: &dyn Display, now: Instant) -> Option<u64> {
        let said = format!("{what}: {error}");
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(logged) = all.get_mut(&said) {
            if now.duration_since(logged.at) < EVERY {
                logged.left_out += 1;
                return None;
            }
            logged.at = now;
            return Some(std::mem::take(&mut logged.left_out));
        }
        if all.len() >= REMEMBERED {
            all.retain(|_, logged| now.duration_since(logged.at) < EVERY);
        }
        // Errors with a new text each time, such as a number in it, must not count as new every
        // time.
        if all.len() >= REMEMBERED {
            return None;
        }
        all.insert(said, Logged { at: now, left_out: 0 });
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn after(millis: u64, start: Instant) -> Instant {
        start + Duration::from_millis(millis)
    }

    #[test]
    fn the_same_warning_is_logged_once_a_minute_with_how_many_were_left_out() {
        let (repeated, start, full) = (Repeated::default(), Instant::now(), io::Error::other("disk full"));
        // Every half second for five minutes.
        let logged: Vec<_> = (0..600)
            .filter_map(|round| repeated.is_due_at("not delivered", &full, after(round * 500, start)))
            .collect();
        assert_eq!(logged, [0, 119, 119, 119, 119]);
    }

    #[test]
    fn another_warning_is_logged_at_once() {
        let (repeated, start) = (Repeated::default(), Instant::now());
        let (full, away) = (io::Error::other("disk full"), io::Error::other("out of reach"));
        assert_eq!(repeated.is_due_at("not delivered", &full, start), Some(0));
        assert_eq!(repeated.is_due_at("not delivered", &away, start), Some(0));
        assert_eq!(repeated.is_due_at("not signed", &full, start), Some(0));
        assert_eq!(repeated.is_due_at("not delivered", &full, after(1, start)), None);
    }

    #[test]
    fn ever_different_warnings_do_not_fill_log_or_memory() {
        let (repeated, start) = (Repeated::default(), Instant::now());
        let each = |round: u64| io::Error::other(format!("at position {round}"));
        let logged =
            (0..10_000).filter_map(|round| repeated.is_due_at("gone", &each(round), after(round, start)));
        assert_eq!(logged.count(), REMEMBERED);
        assert!(repeated.0.lock().expect("whole").len() <= REMEMBERED);
    }
}
