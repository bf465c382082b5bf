//! The one place where the time of day and new ids come from.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use omklap_domain::day::Day;
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

/// Gives the time and new ids.
///
/// Clones share the time: a test that stopped the clock moves it for the server that it calls.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    stopped: Option<Arc<watch::Sender<Timestamp>>>,
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn running() -> Self {
        Self { stopped: None }
    }

    /// A stopped clock that only moves when it is [put forward](Self::forward), for tests.
    #[must_use]
    pub fn stopped_at(instant: Timestamp) -> Self {
        Self { stopped: Some(Arc::new(watch::Sender::new(instant))) }
    }

    /// Puts a stopped clock forward (or back, which a ledger must survive); a running one keeps
    /// running.
    pub fn forward(&self, by: SignedDuration) {
        if let Some(stopped) = &self.stopped {
            stopped.send_modify(|now| *now += by);
        }
    }

    /// The present instant, in whole microseconds: the precision of PostgreSQL, so that an instant
    /// comes back from the database as it went in.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.stopped.as_ref().map_or_else(machine_time, |stopped| *stopped.borrow());
        now - SignedDuration::from_nanos(i64::from(now.subsec_nanosecond() % 1_000))
    }

    /// The present date in the Netherlands.
    #[must_use]
    pub fn today(&self) -> Day {
        day_of(self.now())
    }

    /// A new id, in order of time (UUID version 7).
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.stopped.as_ref().map_or_else(machine_id, |stopped| id_at(*stopped.borrow()))
    }

    /// Waits until this instant. If the machine's clock is set back meanwhile, it does not wait
    /// longer.
    ///
    /// # Panics
    /// Never: the clock holds the sender.
    pub async fn until(&self, instant: Timestamp) {
        match &self.stopped {
            None => {
                let left = Duration::try_from(instant.duration_since(self.now())).unwrap_or_default();
                sleep(left).await;
            }
            Some(stopped) => {
                let mut moved = stopped.subscribe();
                moved.wait_for(|now| *now >= instant).await.expect("this clock holds the sender");
            }
        }
    }
}

/// The day of an instant in the Netherlands.
///
/// # Panics
/// Never: this program runs between 1900 and 2199.
#[must_use]
pub fn day_of(instant: Timestamp) -> Day {
    Day::try_from(there(instant).date()).expect("this program runs between 1900 and 2199")
}

/// The instant at which a day has ended in the Netherlands.
///
/// # Panics
/// Never: the time zones are bundled.
#[must_use]
pub fn ended(day: Day) -> Timestamp {
    let next = day
        .plus_days(1)
        .date()
        .to_zoned(TimeZone::get("Europe/Amsterdam").expect("the tz database is bundled"));
    next.expect("every day of the calendar is one there").timestamp()
}

fn there(instant: Timestamp) -> Zoned {
    instant.to_zoned(TimeZone::get("Europe/Amsterdam").expect("the tz database is bundled"))
}

fn id_at(instant: Timestamp) -> Uuid {
    let seconds = u64::try_from(instant.as_second()).expect("no test lives before 1970");
    let nanos = u32::try_from(instant.subsec_nanosecond()).expect("not negative after 1970");
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn machine_time() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn machine_id() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_the_one_in_the_netherlands() {
        let new_year = Clock::stopped_at("2026-12-31T23:30:00Z".parse().expect("an instant"));
        assert_eq!(new_year.today().to_string(), "2027-01-01");
    }

    #[test]
    fn the_present_is_in_whole_microseconds() {
        assert_eq!(Clock::running().now().subsec_nanosecond() % 1_000, 0);
    }

    #[test]
    fn a_stopped_clock_moves_for_all_who_look_at_it() {
        let clock = Clock::stopped_at(Timestamp::UNIX_EPOCH);
        let another_view = clock.clone();
        clock.forward(SignedDuration::from_hours(36));
        assert_eq!(another_view.today().to_string(), "1970-01-02");
    }

    #[test]
    fn ids_are_in_order_of_time() {
        let clock = Clock::running();
        let ids: Vec<_> = (0..100).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted());
    }
}
