//! What trajectories added to the figures of a region on a past day, as it was derived before: kept until their version changes.
//!
//! To derive it the whole history of each is read. Nobody is told what is kept here; the rules of what is told are asked of it as
//! of what has just been derived.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::figures::Contribution;
use omklap_domain::ids::{RegionId, TrajectoryId};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::figures::{Added, Counted};

/// How many contributions are kept, of all days together.
const MOST: usize = 100_000;

/// Of which region, on which day, as known when, and of which cases.
pub(crate) type Asked = (RegionId, Day, Option<Timestamp>, Counted);

/// What was derived.
pub(crate) struct PastFigures {
    kept: Mutex<HashMap<Asked, Derived>>,
    turns: Semaphore,
}

/// What was derived for one day.
#[derive(Default)]
struct Derived {
    /// By trajectory, with the version that it was derived from; none where it added nothing to this region.
    contributions: HashMap<Uuid, (i64, Option<Contribution>)>,
    /// When it was asked for last, in the order of asking.
    asked: u64,
}

impl Default for PastFigures {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(1) }
    }
}

impl PastFigures {
    /// The turn of one who derives.
    pub async fn turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("nobody closes it")
    }

    /// Which of these trajectories are to be derived anew. Whoever asks finds what is asked for the least often gone first.
    pub fn outdated(&self, asked: &Asked, versions: &BTreeMap<Uuid, i64>) -> Vec<Uuid> {
        let mut kept = self.kept();
        let newest = kept.values().map(|derived| derived.asked).max().unwrap_or_default() + 1;
        let derived = kept.entry(asked.clone()).or_default();
        derived.asked = newest;
        derived.contributions.retain(|id, _| versions.contains_key(id));
        let is_kept =
            |id: &Uuid, version: i64| derived.contributions.get(id).is_some_and(|(of, _)| *of == version);
        versions.iter().filter(|(id, version)| !is_kept(id, **version)).map(|(id, _)| *id).collect()
    }

    /// Keeps what was derived of these trajectories.
    pub fn keep(&self, asked: &Asked, ids: &[Uuid], versions: &BTreeMap<Uuid, i64>, added: Vec<Added>) {
        let mut added: HashMap<Uuid, Contribution> =
            added.into_iter().map(|(id, contribution)| (id.0, contribution)).collect();
        let mut kept = self.kept();
        let derived = kept.entry(asked.clone()).or_default();
        for id in ids {
            let contribution = added.remove(id).filter(|contribution| contribution.region == asked.0);
            derived.contributions.insert(*id, (versions[id], contribution));
        }
    }

    /// What these trajectories add. What was not asked for for long is forgotten.
    pub fn all(&self, asked: &Asked, versions: &BTreeMap<Uuid, i64>) -> Vec<Added> {
        let mut kept = self.kept();
        let of = |derived: &Derived| {
            let contribution = |id: &Uuid| derived.contributions.get(id)?.1.clone();
            versions.keys().filter_map(|id| Some((TrajectoryId(*id), contribution(id)?))).collect()
        };
        let all = kept.get(asked).map(of).unwrap_or_default();
        while kept.values().map(|derived| derived.contributions.len()).sum::<usize>() > MOST {
            let Some(oldest) =
                kept.iter().min_by_key(|(_, derived)| derived.asked).map(|(asked, _)| asked.clone())
            else {
                break;
            };
            kept.remove(&oldest);
        }
        all
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Asked, Derived>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
