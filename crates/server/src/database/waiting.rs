//! Waiting for a database that starts, recovers or cannot be reached yet.

use std::error::Error;
use std::time::Duration;

use omklap_store::Trouble;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{info, warn};

/// The pause after the first attempt; doubled with each one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often the log says that it still waits.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// How long to wait for a database, and the errors that end the wait.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<E> {
    /// The maximum wait in total.
    pub at_most: Duration,
    /// An error as one that has a source.
    pub as_error: fn(&E) -> &(dyn Error + 'static),
    /// The error of an attempt that had not ended when the time was over.
    pub late: fn(Duration) -> E,
}

impl<E> Waiting<E> {
    /// Repeats an attempt until it succeeds, fails with an error that waiting cannot mend, or the
    /// time is over. The log says what it waits for.
    ///
    /// # Errors
    /// The error of the last attempt.
    pub async fn for_database<T>(&self, mut attempt: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
        if self.at_most.is_zero() {
            return attempt().await;
        }
        let begun = Instant::now();
        let end = begun + self.at_most;
        let (mut pause, mut said): (Duration, Option<Instant>) = (FIRST_PAUSE, None);
        loop {
            let attempted = match timeout_at(end, attempt()).await {
                Err(_) => Err((self.late)(self.at_most)),
                Ok(attempted) => attempted,
            };
            let error = match attempted {
                Ok(done) => {
                    if said.is_some() {
                        info!("the database is reachable after {} seconds", begun.elapsed().as_secs());
                    }
                    return Ok(done);
                }
                Err(error) => error,
            };
            let cause = chain((self.as_error)(&error));
            if !passes((self.as_error)(&error)) {
                return Err(error);
            }
            if Instant::now() + pause >= end {
                warn!(
                    cause,
                    "the database was not reachable within {} seconds (database_wait)",
                    self.at_most.as_secs()
                );
                return Err(error);
            }
            if said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
                let left = end.duration_since(Instant::now()).as_secs();
                warn!(cause, "waiting for the database, for {left} more seconds at the most");
                said = Some(Instant::now());
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// Whether the error is a temporary one of the database.
fn passes(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<sqlx::Error>() {
            return Trouble::of(error) == Trouble::Passing;
        }
        cause = error.source();
    }
    false
}

/// An error with its causes, without repetitions.
fn chain(error: &(dyn Error + 'static)) -> String {
    let (mut said, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        let words = error.to_string();
        if !said.contains(&words) {
            said = format!("{said}: {words}");
        }
        cause = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use std::io;

    use omklap_store::StoreError;

    use super::*;

    const WAITING: Waiting<StoreError> = Waiting {
        at_most: Duration::from_secs(1),
        as_error: |error| error,
        late: |_| StoreError::Unavailable(sqlx::Error::PoolTimedOut),
    };

    fn refused() -> StoreError {
        sqlx::Error::Io(io::ErrorKind::ConnectionRefused.into()).into()
    }

    #[tokio::test]
    async fn a_database_that_comes_in_time_is_waited_for() {
        let mut left = 3;
        let attempt = async || {
            left -= 1;
            if left == 0 { Ok("there") } else { Err(refused()) }
        };
        assert_eq!(WAITING.for_database(attempt).await.expect("it came"), "there");
    }

    #[tokio::test]
    async fn waiting_ends_even_if_an_attempt_does_not() {
        let begun = Instant::now();
        let never = WAITING.for_database(async || Err::<(), _>(refused())).await;
        assert!(matches!(never, Err(StoreError::Unavailable(sqlx::Error::Io(_)))));
        let silent = WAITING.for_database(async || std::future::pending::<Result<(), _>>().await).await;
        assert!(matches!(silent, Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut))));
        assert!(begun.elapsed() < 4 * WAITING.at_most, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn an_error_that_waiting_cannot_mend_is_reported_at_once() {
        let mut attempts = 0;
        let wrong = WAITING.for_database(async || {
            attempts += 1;
            Err::<(), _>(StoreError::Database(sqlx::Error::RowNotFound))
        });
        assert!(wrong.await.is_err());
        assert_eq!(attempts, 1);
    }

    #[tokio::test]
    async fn without_waiting_there_is_one_attempt() {
        let mut attempts = 0;
        let waiting = Waiting { at_most: Duration::ZERO, ..WAITING };
        let once = waiting.for_database(async || {
            attempts += 1;
            Err::<(), _>(refused())
        });
        assert!(once.await.is_err());
        assert_eq!(attempts, 1);
    }
}
