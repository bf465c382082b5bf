//! What somebody sees of the trajectories of which the feed tells. It is worked out anew when a trajectory has a new
//! version, and remembered until then: a page of the feed is many trajectories, and most are on the page before, too.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::{Category, Shown, Sight, View, Viewer, view};
use omklap_store::{FeedEvent, Ledger, StoreError, Told};

/// How many views are remembered for one viewer, and for how many viewers.
const VIEWS: usize = 100_000;
const VIEWERS: usize = 64;

/// How many histories are read at once.
const HISTORIES: usize = 500;

/// What a fact is called of which only is told that there is one.
pub const WITHHELD: &str = "fact-withheld";

/// What was worked out, by viewer and trajectory, with the version that it was worked out from.
type Remembered = HashMap<String, HashMap<TrajectoryId, (u64, Arc<View>)>>;

/// What viewers see.
pub struct Sights {
    ledger: Arc<Ledger>,
    remembered: Mutex<Remembered>,
}

impl Sights {
    pub(super) fn of(ledger: Arc<Ledger>) -> Self {
        Self { ledger, remembered: Mutex::default() }
    }

    /// What a viewer sees now of the trajectories that these events belong to.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn seen(&self, viewer: &Viewer, events: &[FeedEvent]) -> Result<Seen, StoreError> {
        let ids: BTreeSet<TrajectoryId> = events.iter().map(|event| event.trajectory).collect();
        let ids: Vec<TrajectoryId> = ids.into_iter().collect();
        let versions = self.ledger.versions(&ids).await?;
        let key = format!("{viewer:?}");
        let mut seen = self.known(&key, &versions);
        let unknown: Vec<_> = versions.keys().copied().filter(|id| !seen.contains_key(id)).collect();
        for some in unknown.chunks(HISTORIES) {
            for (id, history) in self.ledger.histories(some).await? {
                let view = Arc::new(view(viewer, id, history.state()));
                self.remember(&key, id, history.version(), Arc::clone(&view));
                seen.insert(id, view);
            }
        }
        Ok(Seen(seen))
    }

    fn known(&self, key: &str, versions: &HashMap<TrajectoryId, u64>) -> HashMap<TrajectoryId, Arc<View>> {
        let remembered = self.remembered();
        let Some(views) = remembered.get(key) else { return HashMap::new() };
        let known = versions.iter().filter_map(|(id, version)| {
            let (of, view) = views.get(id)?;
            (of == version).then(|| (*id, Arc::clone(view)))
        });
        known.collect()
    }

    fn remember(&self, key: &str, id: TrajectoryId, version: u64, view: Arc<View>) {
        let mut remembered = self.remembered();
        if remembered.len() >= VIEWERS && !remembered.contains_key(key) {
            remembered.clear();
        }
        let views = remembered.entry(key.to_owned()).or_default();
        if views.len() >= VIEWS {
            views.clear();
        }
        views.insert(id, (version, view));
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        // Whoever panicked has not half written a view.
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a viewer sees of some trajectories.
pub struct Seen(HashMap<TrajectoryId, Arc<View>>);

impl Seen {
    /// The kind of an event, as this viewer is told it: none where nothing is told, [`WITHHELD`] where only is told that
    /// there is a fact.
    #[must_use]
    pub fn kind(&self, event: &FeedEvent) -> Option<&'static str> {
        let view = self.view(event)?;
        match &event.event {
            Told::Fact(fact) => {
                Some(if view.show(&fact.fact) == Shown::Withheld { WITHHELD } else { event.kind() })
            }
            Told::Deadline(_) => (view.sees(Category::Course) != Sight::None).then(|| event.kind()),
            // Nobody sees anything of what is no more.
            Told::Destroyed(_) => None,
        }
    }

    /// What is seen of an event's trajectory; none where the viewer may not know of it.
    #[must_use]
    pub fn view(&self, event: &FeedEvent) -> Option<&View> {
        self.0.get(&event.trajectory).map(AsRef::as_ref).filter(|view| view.knows())
    }
}
