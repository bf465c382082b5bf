//! What many requests write in one statement: what is handed in while a group is being written is the next
//! group. What finds nobody writing is written at once, and nothing waits for a timer (ADR 17, ADR 56).
//!
//! A commit costs PostgreSQL several times what a row costs, so a server under load spends a fraction of the
//! work (`make bench` compares the two).

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What waits for the next group. Clones are the same queue.
#[derive(Debug)]
pub(crate) struct Grouped<T>(Arc<Mutex<Queue<T>>>);

#[derive(Debug)]
struct Queue<T> {
    waiting: Vec<T>,
    /// Whether somebody is writing, who also writes what waits.
    has_writer: bool,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Queue { waiting: Vec::new(), has_writer: false })))
    }
}

impl<T> Clone for Grouped<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Grouped<T> {
    /// Queues something. If nobody writes, the caller gets the [`Writer`] and has to see to it that it
    /// writes.
    pub(crate) fn hand_in(&self, one: T) -> Option<Writer<T>> {
        let mut queue = self.queue();
        queue.waiting.push(one);
        let has_writer = mem::replace(&mut queue.has_writer, true);
        drop(queue);
        (!has_writer).then(|| Writer::of(self))
    }

    fn queue(&self) -> MutexGuard<'_, Queue<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes group after group until nothing waits. If it is dropped before that, what waits is dropped as well:
/// none of it was written, and each request that sees this writes for itself.
#[derive(Debug)]
pub(crate) struct Writer<T> {
    grouped: Grouped<T>,
    is_done: bool,
}

impl<T> Writer<T> {
    fn of(grouped: &Grouped<T>) -> Self {
        Self { grouped: grouped.clone(), is_done: false }
    }

    /// Whether there is nothing left for this writer to do.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// The next group: of what waits, whatever fits, asked one after the other. If that is nothing, there is
    /// no writer from now on.
    pub(crate) fn next_group(&mut self, fits: impl FnMut(&mut T) -> bool) -> Option<Vec<T>> {
        let mut queue = self.grouped.queue();
        let group: Vec<T> = queue.waiting.extract_if(.., fits).collect();
        if group.is_empty() {
            queue.has_writer = false;
            self.is_done = true;
            return None;
        }
        Some(group)
    }

    /// Lets another writer take what waits and what comes, if something waits. This one ends with its group.
    pub(crate) fn hand_over(&mut self) -> Option<Self> {
        self.is_done = true;
        let mut queue = self.grouped.queue();
        queue.has_writer = !queue.waiting.is_empty();
        queue.has_writer.then(|| Self::of(&self.grouped))
    }
}

impl<T> Drop for Writer<T> {
    fn drop(&mut self) {
        if !self.is_done {
            let mut queue = self.grouped.queue();
            queue.has_writer = false;
            queue.waiting.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn the_first_writes_and_what_comes_meanwhile_is_the_next_group() {
        let grouped = Grouped::default();
        let mut writer = grouped.hand_in(1).expect("nobody writes");
        assert_eq!(writer.next_group(|_| true), Some(vec![1]));
        assert!(grouped.hand_in(2).is_none() && grouped.hand_in(3).is_none(), "somebody writes");
        assert_eq!(writer.next_group(|_| true), Some(vec![2, 3]));
        assert_eq!(writer.next_group(|_| true), None);
        assert!(writer.is_done());
        assert!(grouped.hand_in(4).is_some(), "there is no writer any more");
    }

    #[test]
    fn what_does_not_fit_waits_for_a_later_group_in_its_order() {
        let grouped = Grouped::default();
        let mut writer = grouped.hand_in(1).expect("nobody writes");
        for one in 2..=5 {
            assert!(grouped.hand_in(one).is_none());
        }
        assert_eq!(writer.next_group(|one| *one % 2 == 1), Some(vec![1, 3, 5]));
        assert_eq!(writer.next_group(|_| true), Some(vec![2, 4]));
    }

    #[test]
    fn a_writer_that_ends_before_its_time_leaves_nothing_waiting() {
        let (grouped, one) = (Grouped::default(), Rc::new(()));
        drop(grouped.hand_in(Rc::clone(&one)));
        assert_eq!(Rc::strong_count(&one), 1, "it was dropped");
        assert!(grouped.hand_in(one).is_some());
    }

    #[test]
    fn a_writer_that_takes_long_hands_over_what_waits_and_nothing_else() {
        let grouped = Grouped::default();
        let mut slow = grouped.hand_in(1).expect("nobody writes");
        assert_eq!(slow.next_group(|_| true), Some(vec![1]));
        assert!(slow.hand_over().is_none(), "nothing waits");
        let mut next = grouped.hand_in(2).expect("the slow one takes no more");
        assert_eq!(next.next_group(|_| true), Some(vec![2]));
        assert!(grouped.hand_in(3).is_none());
        let mut other = next.hand_over().expect("3 waits");
        drop((slow, next));
        assert_eq!(other.next_group(|_| true), Some(vec![3]));
    }
}
