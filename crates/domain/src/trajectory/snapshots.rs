//! The state at some places of a history, so that a late fact is not checked from the first fact
//! on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::order::Place;
use super::state::Trajectory;

/// About how many facts there are between two snapshots. There are at most twice as many.
pub(super) const EVERY: usize = 32;

/// The state after the facts at some places, in the order of happening.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshots(BTreeMap<Place, Trajectory>);

impl Snapshots {
    /// The last snapshot before this place.
    pub fn before(&self, place: Place) -> Option<(Place, &Trajectory)> {
        self.0.range(..place).next_back().map(|(at, state)| (*at, state))
    }

    /// The place of the first snapshot behind this place.
    pub fn next_behind(&self, place: Place) -> Option<Place> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.0.range((Excluded(place), Unbounded)).next().map(|(at, _)| *at)
    }

    /// The snapshot at this place.
    pub fn at(&self, place: Place) -> Option<&Trajectory> {
        self.0.get(&place)
    }

    /// Keeps the state after the fact at this place.
    pub fn keep(&mut self, place: Place, state: Trajectory) {
        self.0.insert(place, state);
    }

    /// Drops the snapshots from one place to another, both included.
    pub fn forget(&mut self, (first, last): (Place, Place)) {
        while let Some(place) = self.0.range(first..=last).next().map(|(at, _)| *at) {
            self.0.remove(&place);
        }
    }
}

/// How many steps of work were done. A step is one check against the rules, or one fact applied to
/// the state.
#[derive(Debug, Default)]
pub(super) struct Meter(AtomicU64);

impl Meter {
    pub fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn steps(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Clone for Meter {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.steps()))
    }
}
