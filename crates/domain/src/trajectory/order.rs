//! The order of happening: by day, on each day the facts that end the case last, then by number. A
//! corrected fact is replaced or left out.

use std::collections::BTreeMap;
use std::ops::Deref;

use super::fact::{EventCorrected, Fact};
use crate::day::Day;

/// The position of a fact in the order of happening: its day, whether it ends the case, and its own
/// number in the recording. A fact of the last day that is reported after the end still happened
/// before it.
pub(super) type Place = (Day, bool, u64);

/// A fact that counts: its position, and the number under which its current wording was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Happened {
    pub occurred_on: Day,
    /// Whether it ends the case.
    pub ends: bool,
    pub sequence: u64,
    /// The number of the fact, or of the correction that replaced it.
    pub worded_in: u64,
}

impl Happened {
    pub fn place(&self) -> Place {
        (self.occurred_on, self.ends, self.sequence)
    }
}

/// What one more fact changes in the order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    /// The place of the fact that no longer counts.
    pub removed: Option<Place>,
    /// The fact that counts from now on.
    pub placed: Option<Happened>,
}

impl Change {
    /// The first and the last place that change, or `None` if nothing changes.
    pub fn span(&self) -> Option<(Place, Place)> {
        let placed = self.placed.map(|placed| placed.place());
        let (one, other) = (self.removed.or(placed)?, placed.or(self.removed)?);
        Some((one.min(other), one.max(other)))
    }
}

/// The facts that count, in the order of happening.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    happened: Vec<Happened>,
    /// The day of each fact that counts, by its number.
    days: BTreeMap<u64, Day>,
}

impl Order {
    /// What changes if this fact gets the number `newest`. A replacement takes the number of the
    /// fact that it corrects, and so its place among the facts of its day.
    pub fn changed_by(&self, fact: &Fact, newest: u64) -> Change {
        let placed = |fact: &Fact, sequence| Happened {
            occurred_on: fact.occurred_on(),
            ends: fact.fact_type().ends_the_case(),
            sequence,
            worded_in: newest,
        };
        match fact {
            Fact::EventCorrected(correction) => Change {
                removed: self
                    .iter()
                    .find(|happened| happened.sequence == correction.corrects)
                    .map(Happened::place),
                placed: correction
                    .replacement
                    .as_deref()
                    .map(|replacement| placed(replacement, correction.corrects)),
            },
            _ => Change { removed: None, placed: Some(placed(fact, newest)) },
        }
    }

    /// Applies a change.
    pub fn change(&mut self, change: Change) {
        if let Some(place @ (_, _, sequence)) = change.removed {
            let at = self.happened.partition_point(|other| other.place() < place);
            self.happened.remove(at);
            self.days.remove(&sequence);
        }
        if let Some(placed) = change.placed {
            let at = self.count_through(placed.place());
            self.happened.insert(at, placed);
            self.days.insert(placed.sequence, placed.occurred_on);
        }
    }

    /// How many facts are at this place or before it.
    pub fn count_through(&self, place: Place) -> usize {
        self.happened.partition_point(|other| other.place() <= place)
    }

    /// The facts after the first `start`, if a change behind them were applied.
    pub fn with(&self, change: Change, start: usize) -> impl Iterator<Item = Happened> {
        let at = change.placed.map_or(self.len(), |placed| self.count_through(placed.place()));
        let stays = move |happened: &Happened| Some(happened.place()) != change.removed;
        let (before, behind) = (&self.happened[start..at], &self.happened[at..]);
        before.iter().copied().filter(stays).chain(change.placed).chain(behind.iter().copied().filter(stays))
    }
}

impl Deref for Order {
    type Target = [Happened];
    fn deref(&self) -> &[Happened] {
        &self.happened
    }
}

/// The wording that counts: the replacement if the fact is a correction that has one, otherwise the
/// fact itself.
pub(super) fn wording(fact: &Fact) -> &Fact {
    match fact {
        Fact::EventCorrected(EventCorrected { replacement: Some(replacement), .. }) => replacement,
        _ => fact,
    }
}
