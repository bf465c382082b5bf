//! A cache of what trajectories added to the figures of a region on a past day, valid until their
//! version changes.
//!
//! Deriving it reads each whole history. The cache decides nothing about who sees what: the same
//! rules apply to a cached contribution as to one that has just been derived.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::figures::Contribution;
use omklap_domain::ids::{RegionId, TrajectoryId};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// How many contributions are cached, for all days together.
const MOST: usize = 100_000;

/// Which cases count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Counted {
    /// Every case.
    All,
    /// Those in which a party other than the provider has reported.
    Confirmed,
}

/// What a trajectory adds to the figures.
pub type Added = (TrajectoryId, Contribution);

/// The region, the day, the instant at which it was known, and the cases.
pub(crate) type FiguresKey = (RegionId, Day, Option<Timestamp>, Counted);

/// The contributions that were derived.
pub(crate) struct PastFigures {
    kept: Mutex<HashMap<FiguresKey, Derived>>,
    turns: Semaphore,
}

/// The contributions for one day.
#[derive(Default)]
struct Derived {
    /// By trajectory, with the version from which it was derived; none if it added nothing to this
    /// region.
    contributions: HashMap<Uuid, (i64, Option<Contribution>)>,
    /// The number of the last request for it.
    last_used: u64,
}

impl Default for PastFigures {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(1) }
    }
}

impl PastFigures {
    /// The turn to derive.
    pub async fn turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("nobody closes it")
    }

    /// Those of these trajectories whose contributions are missing or outdated. Counts as a request
    /// for this entry: the entry that was requested longest ago is dropped first.
    pub fn outdated(&self, key: &FiguresKey, versions: &BTreeMap<Uuid, i64>) -> Vec<Uuid> {
        let mut kept = self.kept();
        let newest = kept.values().map(|derived| derived.last_used).max().unwrap_or_default() + 1;
        let derived = kept.entry(key.clone()).or_default();
        derived.last_used = newest;
        derived.contributions.retain(|id, _| versions.contains_key(id));
        let is_kept =
            |id: &Uuid, version: i64| derived.contributions.get(id).is_some_and(|(of, _)| *of == version);
        versions.iter().filter(|(id, version)| !is_kept(id, **version)).map(|(id, _)| *id).collect()
    }

    /// Stores the contributions that were derived for these trajectories.
    pub fn keep(&self, key: &FiguresKey, ids: &[Uuid], versions: &BTreeMap<Uuid, i64>, added: Vec<Added>) {
        let of_this_region = added.into_iter().filter(|(_, contribution)| contribution.region == key.0);
        let mut added: HashMap<Uuid, Contribution> =
            of_this_region.map(|(id, contribution)| (id.0, contribution)).collect();
        let mut kept = self.kept();
        let derived = kept.entry(key.clone()).or_default();
        for id in ids {
            let contribution = added.remove(id);
            derived.contributions.insert(*id, (versions[id], contribution));
        }
    }

    /// The contributions of these trajectories. Drops the oldest entries if there are too many.
    pub fn all(&self, key: &FiguresKey, versions: &BTreeMap<Uuid, i64>) -> Vec<Added> {
        let mut kept = self.kept();
        let of = |derived: &Derived| {
            let contribution = |id: &Uuid| derived.contributions.get(id)?.1.clone();
            versions.keys().filter_map(|id| Some((TrajectoryId(*id), contribution(id)?))).collect()
        };
        let all = kept.get(key).map(of).unwrap_or_default();
        while kept.values().map(|derived| derived.contributions.len()).sum::<usize>() > MOST {
            let Some(oldest) =
                kept.iter().min_by_key(|(_, derived)| derived.last_used).map(|(key, _)| key.clone())
            else {
                break;
            };
            kept.remove(&oldest);
        }
        all
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<FiguresKey, Derived>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
