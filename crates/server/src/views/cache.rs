//! What somebody sees of the trajectories of which the feed tells. It is worked out anew when a trajectory has a new
//! version, and remembered until then: a page of the feed is many trajectories, and most are on the page before, too.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, History, Mark};
use omklap_domain::visibility::{Category, Shown, View, Viewer, left_sight, view};
use omklap_store::deadlines::Deadline;
use omklap_store::destruction::DESTROYED;
use omklap_store::{EventContent, FeedEvent, Ledger, RecordedEvent, RecordedFact, StoreError};

/// How many views are remembered, of some hundreds of bytes each: those that were asked for last.
const VIEWS: NonZeroUsize = NonZeroUsize::new(200_000).expect("not zero");

/// How many histories are read at once.
const HISTORIES: usize = 500;

/// What a fact is called of which only is told that there is one.
pub const WITHHELD: &str = "fact-withheld";

/// What the last event is called that somebody was told of who may not know of its trajectory any more.
pub const WITHDRAWN: &str = "trajectory-withdrawn";

/// Whether an event of this kind is told whatever kinds somebody asked for: that what he holds of a trajectory is not his any
/// more (AVG art. 19).
#[must_use]
pub fn is_told_to_all(kind: &str) -> bool {
    [WITHDRAWN, DESTROYED].contains(&kind)
}

/// What was worked out, by viewer and trajectory, with the version that it was worked out from.
type Remembered = LruCache<(Arc<str>, TrajectoryId), (u64, Arc<Known>)>;

/// What viewers see.
pub struct Sights {
    ledger: Arc<Ledger>,
    remembered: Mutex<Remembered>,
}

/// What a viewer sees of one trajectory.
struct Known {
    view: View,
    /// How its corrections leave and of what kinds of data they tell, each held against what it corrects, by their numbers.
    corrections: BTreeMap<u64, (Shown, BTreeSet<Category>)>,
    /// What became of the facts that were corrected, by their numbers.
    marks: BTreeMap<u64, Mark>,
    /// The number of the fact with which the trajectory left the viewer's sight.
    left_with: Option<u64>,
}

impl Known {
    fn of(viewer: &Viewer, id: TrajectoryId, history: &History) -> Self {
        let view = view(viewer, id, history);
        let recorded = history.recorded();
        let corrections = (1..).zip(recorded).filter(|(_, fact)| matches!(fact, Fact::EventCorrected(_)));
        let leave = |fact| (view.show_among(recorded, fact), view.tells(recorded, fact));
        let corrections: BTreeMap<_, _> =
            corrections.map(|(sequence, fact)| (sequence, leave(fact))).collect();
        let entries = if corrections.is_empty() { Vec::new() } else { history.entries() };
        let corrected = entries.into_iter().filter(|entry| entry.mark != Mark::Stands);
        let marks = corrected.map(|entry| (entry.sequence, entry.mark)).collect();
        Self { view, corrections, marks, left_with: left_sight(viewer, id, history) }
    }

    fn shown(&self, event: &RecordedEvent) -> Shown {
        let correction = self.corrections.get(&event.sequence).map(|(shown, _)| shown.clone());
        correction.unwrap_or_else(|| self.view.show(&event.fact))
    }

    fn tells(&self, event: &RecordedEvent) -> BTreeSet<Category> {
        let correction = self.corrections.get(&event.sequence).map(|(_, kinds)| kinds.clone());
        correction.unwrap_or_else(|| self.view.tells(&[], &event.fact))
    }

    /// Whether no more is told of a fact than that there is one.
    fn withholds(&self, fact: &RecordedFact) -> bool {
        match (self.view.tells_kind(fact.fact_type), &fact.event) {
            (Some(tells), _) => !tells,
            (None, Some(event)) => self.shown(event) == Shown::Withheld,
            (None, None) => true,
        }
    }
}

impl Sights {
    pub(crate) fn of(ledger: Arc<Ledger>) -> Self {
        Self { ledger, remembered: Mutex::new(LruCache::new(VIEWS)) }
    }

    /// What a viewer sees now of the trajectories that these events belong to.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn seen(&self, viewer: &Viewer, events: &[FeedEvent]) -> Result<Seen, StoreError> {
        let ids = events.iter().map(|event| event.trajectory).collect();
        let destroyed = events.iter().filter(|event| matches!(event.event, EventContent::Destroyed(_)));
        let destroyed: Vec<_> = destroyed.map(|event| event.trajectory).collect();
        let mut seen = self.seen_of(viewer, ids).await?;
        if !destroyed.is_empty() {
            seen.destroyed = self.ledger.shown_before(viewer, &destroyed).await?;
        }
        Ok(seen)
    }

    /// What a viewer sees now of these trajectories.
    ///
    /// # Errors
    /// Where the database is out of reach, or holds an event that this program cannot read.
    pub async fn seen_of(&self, viewer: &Viewer, ids: BTreeSet<TrajectoryId>) -> Result<Seen, StoreError> {
        let ids: Vec<TrajectoryId> = ids.into_iter().collect();
        let versions = self.ledger.versions(&ids).await?;
        let key: Arc<str> = format!("{viewer:?}").into();
        let mut known = self.known(&key, &versions);
        let unknown: Vec<_> = versions.keys().copied().filter(|id| !known.contains_key(id)).collect();
        for some in unknown.chunks(HISTORIES) {
            for (id, history) in self.ledger.histories(some).await? {
                let one = Arc::new(Known::of(viewer, id, &history));
                self.remember(&key, id, history.version(), Arc::clone(&one));
                known.insert(id, one);
            }
        }
        Ok(Seen { known, destroyed: HashSet::new(), ledger: Arc::clone(&self.ledger) })
    }

    fn known(
        &self,
        viewer: &Arc<str>,
        versions: &HashMap<TrajectoryId, u64>,
    ) -> HashMap<TrajectoryId, Arc<Known>> {
        let mut remembered = self.remembered();
        let known = versions.iter().filter_map(|(id, version)| {
            let (of, known) = remembered.get(&(Arc::clone(viewer), *id))?;
            (of == version).then(|| (*id, Arc::clone(known)))
        });
        known.collect()
    }

    fn remember(&self, viewer: &Arc<str>, id: TrajectoryId, version: u64, known: Arc<Known>) {
        self.remembered().put((Arc::clone(viewer), id), (version, known));
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        // Whoever panicked has not half written a view.
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a viewer sees of some trajectories.
pub struct Seen {
    known: HashMap<TrajectoryId, Arc<Known>>,
    /// Those that are no more and of which the viewer was shown something.
    destroyed: HashSet<TrajectoryId>,
    ledger: Arc<Ledger>,
}

impl Seen {
    /// The kind of an event, as this viewer is told it: none where nothing is told, [`WITHHELD`] where only is told that
    /// there is a fact, [`WITHDRAWN`] where nothing more will be told of the trajectory.
    #[must_use]
    pub fn kind(&self, event: &FeedEvent) -> Option<&'static str> {
        match &event.event {
            EventContent::Fact(fact) => {
                let known = self.known.get(&event.trajectory)?;
                if !known.view.knows() {
                    return (known.left_with == Some(fact.sequence)).then_some(WITHDRAWN);
                }
                Some(if known.withholds(fact) { WITHHELD } else { event.kind() })
            }
            // A deadline tells of its obligation: who does not see the one is not told of the other.
            EventContent::Deadline(told) => {
                let view = self.view(event.trajectory)?;
                sees_deadline(view, &told.deadline, self.ledger.sets()).then(|| event.kind())
            }
            // There is nothing left to go by but whom it was shown to. Who was shown it hears that it is gone (AVG art. 19).
            EventContent::Destroyed(_) => self.destroyed.contains(&event.trajectory).then(|| event.kind()),
        }
    }

    /// How a fact of a trajectory leaves; none where the viewer may not know of it.
    #[must_use]
    pub fn shown(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> Option<Shown> {
        Some(self.of(trajectory)?.shown(event))
    }

    /// The kinds of data that the viewer is told of with a fact.
    #[must_use]
    pub fn tells(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> BTreeSet<Category> {
        self.of(trajectory).map(|known| known.tells(event)).unwrap_or_default()
    }

    /// What became of a fact since.
    #[must_use]
    pub fn mark(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> Mark {
        let mark = self.of(trajectory).and_then(|known| known.marks.get(&event.sequence));
        mark.copied().unwrap_or(Mark::Stands)
    }

    /// What is seen of a trajectory; none where the viewer may not know of it.
    #[must_use]
    pub fn view(&self, trajectory: TrajectoryId) -> Option<&View> {
        self.of(trajectory).map(|known| &known.view)
    }

    fn of(&self, trajectory: TrajectoryId) -> Option<&Known> {
        self.known.get(&trajectory).map(AsRef::as_ref).filter(|known| known.view.knows())
    }
}

/// Whether the viewer sees what is owed by a deadline.
#[must_use]
pub fn sees_deadline(view: &View, deadline: &Deadline, sets: &AgreementSets) -> bool {
    let Deadline { agreement_set, obligation, responsible, reference, .. } = deadline;
    let obligation = sets.obligation(agreement_set, obligation);
    obligation.is_some_and(|obligation| view.sees_obligation(obligation, responsible, reference.as_deref()))
}
