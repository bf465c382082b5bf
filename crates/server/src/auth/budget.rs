//! How much work a program may request, so that none blocks the others with a few expensive
//! requests.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use omklap_domain::ids::ClientId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many seconds' worth of work may be requested at once after a rest.
const SAVED: f64 = 10.0;

/// How many requests of one program that may take long are answered at once: enough that some wait for the
/// database while another is worked on.
const LONG_AT_ONCE: usize = 4;

/// A program's allowance of work, in steps a second. The cost of a request is known only
/// afterwards, so a program may overdraw, and then waits until the debt is gone. Of its requests with long
/// bodies it overdraws by no more than `LONG_AT_ONCE`.
#[derive(Debug)]
pub struct Budget {
    a_second: NonZeroU32,
    spent: Mutex<HashMap<ClientId, Account>>,
    turns: Mutex<HashMap<ClientId, Arc<Semaphore>>>,
}

/// The steps that a program has spent and not earned back.
#[derive(Clone, Copy, Debug)]
struct Account {
    debt: f64,
    at: Instant,
}

impl Budget {
    /// This many steps a second for each program.
    #[must_use]
    pub fn of(a_second: NonZeroU32) -> Self {
        Self { a_second, spent: Mutex::default(), turns: Mutex::default() }
    }

    /// The seconds until a program may send a request again; none if it may now.
    pub fn wait(&self, client: &ClientId) -> Option<u64> {
        self.wait_at(client, Instant::now())
    }

    /// Charges steps to a program. Only programs that signed in are charged, so there are no more
    /// than are registered.
    pub fn spend(&self, client: &ClientId, steps: u64) {
        self.spend_at(client, steps, Instant::now());
    }

    /// The turn of a program for a request that may take long. Each program has a few at a time: the next
    /// is only looked at when an earlier one has been charged, and no other program waits behind many of them.
    ///
    /// # Panics
    /// Never: nobody closes the semaphore.
    pub async fn turn(&self, client: &ClientId) -> OwnedSemaphorePermit {
        let turns = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(client.clone()).or_insert_with(|| Arc::new(Semaphore::new(LONG_AT_ONCE))))
        };
        turns.acquire_owned().await.expect("nobody closes it")
    }

    fn wait_at(&self, client: &ClientId, now: Instant) -> Option<u64> {
        let rate = f64::from(self.a_second.get());
        let accounts = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let too_much = accounts.get(client)?.debt_at(now, rate) - rate * SAVED;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds, above 0")]
        (too_much > 0.0).then(|| (too_much / rate).ceil() as u64)
    }

    fn spend_at(&self, client: &ClientId, steps: u64, now: Instant) {
        let rate = f64::from(self.a_second.get());
        let mut accounts = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(client.clone()).or_insert(Account { debt: 0.0, at: now });
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 steps")]
        let debt = account.debt_at(now, rate) + steps as f64;
        *account = Account { debt, at: now };
    }
}

impl Account {
    fn debt_at(self, now: Instant, rate: f64) -> f64 {
        let rested = now.checked_duration_since(self.at).unwrap_or(Duration::ZERO);
        (self.debt - rested.as_secs_f64() * rate).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_has_a_few_turns_at_a_time_and_the_others_have_theirs() {
        let budget = Budget::of(NonZeroU32::new(100).expect("a hundred"));
        let (busy, calm): (ClientId, ClientId) =
            ("busy".parse().expect("a code"), "calm".parse().expect("a code"));
        let mut turns = Vec::new();
        for _ in 0..LONG_AT_ONCE {
            turns.push(budget.turn(&busy).await);
        }
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, budget.turn(&busy)).await.is_err());
        let _of_another = budget.turn(&calm).await;
        turns.pop();
        let _next = budget.turn(&busy).await;
    }

    #[test]
    fn a_program_that_took_too_much_work_waits_until_it_is_even_and_the_others_do_not() {
        let budget = Budget::of(NonZeroU32::new(100).expect("a hundred"));
        let (busy, calm): (ClientId, ClientId) =
            ("busy".parse().expect("a code"), "calm".parse().expect("a code"));
        let began = Instant::now();
        let after = |seconds| began + Duration::from_secs(seconds);
        budget.spend_at(&busy, 1_000, began);
        assert_eq!(budget.wait_at(&busy, began), None, "ten seconds' worth may be asked for at once");
        budget.spend_at(&busy, 350, began);
        assert_eq!(budget.wait_at(&busy, began), Some(4));
        assert_eq!(budget.wait_at(&calm, began), None);
        assert_eq!(budget.wait_at(&busy, after(3)), Some(1));
        assert_eq!(budget.wait_at(&busy, after(4)), None);
        budget.spend_at(&busy, 1_000, after(60));
        assert_eq!(budget.wait_at(&busy, after(60)), None, "who rests long saves no more than that");
    }
}
