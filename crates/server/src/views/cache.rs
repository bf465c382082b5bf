//! A cache of views: what a viewer sees of the trajectories in the feed. A view is derived again
//! when its trajectory has a new version. A page of the feed has many trajectories, and most of
//! them were also on the page before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{STREAM_WITHDRAWN, SeenEvent};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::{Fact, FactType, History, Mark};
use omklap_domain::visibility::{Category, Listed, Shown, View, Viewer, access_ended_at, view};
use omklap_store::deadlines::Deadline;
use omklap_store::destruction::DESTROYED;
use omklap_store::{EventContent, FeedEvent, Ledger, RecordedEvent, RecordedFact, StoreError, Subject};

use super::streams::{self, SeenStream, StreamKey};

/// How many views are cached, of some hundreds of bytes each: the most recently used.
const VIEWS: NonZeroUsize = NonZeroUsize::new(200_000).expect("not zero");

/// How many histories are read at once.
const HISTORIES: usize = 500;

/// The kind of a fact whose content the viewer does not see.
pub const WITHHELD: &str = "fact-withheld";

/// The kind of the last event of a trajectory that the viewer lost access to.
pub const WITHDRAWN: &str = "trajectory-withdrawn";

/// Whether an event of this kind is sent even if it was not requested: the receiver must delete its
/// copy (AVG art. 19, for a trajectory).
#[must_use]
pub fn ignores_type_filter(kind: &str) -> bool {
    [WITHDRAWN, DESTROYED, STREAM_WITHDRAWN].contains(&kind)
}

/// The cached views by viewer and trajectory, each with the version it was derived from.
type Remembered = LruCache<(Arc<str>, TrajectoryId), (u64, Arc<Known>)>;

/// The same for streams beside the trajectory.
type RememberedStreams = LruCache<(Arc<str>, StreamKey), (u64, Arc<SeenStream>)>;

/// The views that were computed, by viewer and version of the trajectory.
pub struct ViewCache {
    ledger: Arc<Ledger>,
    remembered: Mutex<Remembered>,
    remembered_streams: Mutex<RememberedStreams>,
}

/// What a viewer sees of one trajectory.
struct Known {
    view: View,
    /// What the viewer sees of its corrections and the categories that they disclose, by number.
    /// Each depends on the corrected fact.
    corrections: BTreeMap<u64, (Shown, BTreeSet<Category>)>,
    /// The marks of the corrected facts, by number.
    marks: BTreeMap<u64, Mark>,
    /// The number of the fact with which the viewer lost access.
    left_with: Option<u64>,
    /// What a list shows of it.
    listed: Listed,
}

impl Known {
    fn of(viewer: &Viewer, id: TrajectoryId, history: &History) -> Self {
        let view = view(viewer, id, history);
        let recorded = history.recorded();
        let corrections = (1..).zip(recorded).filter(|(_, fact)| matches!(fact, Fact::EventCorrected(_)));
        let shown = |fact| (view.show_among(recorded, fact), view.shown_categories(recorded, fact));
        let corrections: BTreeMap<_, _> =
            corrections.map(|(sequence, fact)| (sequence, shown(fact))).collect();
        let entries = if corrections.is_empty() { Vec::new() } else { history.entries() };
        let corrected = entries.into_iter().filter(|entry| entry.mark != Mark::Uncorrected);
        let marks = corrected.map(|entry| (entry.sequence, entry.mark)).collect();
        let (left_with, listed) = (access_ended_at(viewer, id, history), view.listed(history));
        Self { view, corrections, marks, left_with, listed }
    }

    fn shown(&self, event: &RecordedEvent) -> Shown {
        let correction = self.corrections.get(&event.sequence).map(|(shown, _)| shown.clone());
        correction.unwrap_or_else(|| self.view.show(&event.fact))
    }

    fn discloses(&self, event: &RecordedEvent) -> BTreeSet<Category> {
        let correction = self.corrections.get(&event.sequence).map(|(_, kinds)| kinds.clone());
        correction.unwrap_or_else(|| self.view.shown_categories(&[], &event.fact))
    }

    /// Whether the viewer only sees that a fact exists.
    fn withholds(&self, fact: &RecordedFact) -> bool {
        match (self.view.shows_kind(fact.fact_type), &fact.event) {
            (Some(shows), _) => !shows,
            (None, Some(event)) => self.shown(event) == Shown::Withheld,
            (None, None) => true,
        }
    }
}

impl ViewCache {
    pub(crate) fn of(ledger: Arc<Ledger>) -> Self {
        let (remembered, remembered_streams) =
            (Mutex::new(LruCache::new(VIEWS)), Mutex::new(LruCache::new(VIEWS)));
        Self { ledger, remembered, remembered_streams }
    }

    /// What a viewer sees now of the trajectories and streams that these events belong to.
    ///
    /// # Errors
    /// If the database cannot be reached, or holds an event that this program cannot read.
    pub async fn seen(&self, viewer: &Viewer, events: &[FeedEvent]) -> Result<Seen, StoreError> {
        let ids = events.iter().filter_map(|event| event.subject.trajectory()).collect();
        let streams = events.iter().filter_map(|event| event.subject.stream()).collect();
        let destroyed = events.iter().filter(|event| matches!(event.event, EventContent::Destroyed(_)));
        let destroyed: Vec<_> = destroyed.filter_map(|event| event.subject.trajectory()).collect();
        let mut seen = self.seen_of(viewer, ids).await?;
        seen.streams = self.seen_streams(viewer, streams).await?;
        if !destroyed.is_empty() {
            seen.destroyed = self.ledger.shown_before(viewer, &destroyed).await?;
        }
        Ok(seen)
    }

    /// What a viewer sees now of these trajectories.
    ///
    /// # Errors
    /// If the database cannot be reached, or holds an event that this program cannot read.
    pub async fn seen_of(&self, viewer: &Viewer, ids: BTreeSet<TrajectoryId>) -> Result<Seen, StoreError> {
        let (seen, unread) = self.seen_of_each(viewer, ids).await?;
        unread.into_iter().next().map_or(Ok(seen), |(_, why)| Err(why))
    }

    /// The same, for a reader that goes on without those that are not what was recorded: these come
    /// apart, each with the reason.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn seen_of_each(
        &self,
        viewer: &Viewer,
        ids: BTreeSet<TrajectoryId>,
    ) -> Result<(Seen, Unread), StoreError> {
        let ids: Vec<TrajectoryId> = ids.into_iter().collect();
        let versions = self.ledger.versions(&ids).await?;
        let key: Arc<str> = format!("{viewer:?}").into();
        let (mut known, mut unread) = (self.known(&key, &versions), Vec::new());
        let unknown: Vec<_> = versions.keys().copied().filter(|id| !known.contains_key(id)).collect();
        for some in unknown.chunks(HISTORIES) {
            for (id, history) in self.ledger.histories_each(some).await? {
                match history {
                    Ok(history) => {
                        let one = Arc::new(Known::of(viewer, id, &history));
                        self.remember(&key, id, history.version(), Arc::clone(&one));
                        known.insert(id, one);
                    }
                    Err(why) => unread.push((id, why)),
                }
            }
        }
        let (destroyed, streams) = (HashSet::new(), HashMap::new());
        Ok((Seen { known, destroyed, streams, ledger: Arc::clone(&self.ledger) }, unread))
    }

    /// What a viewer sees now of these streams beside the trajectory.
    ///
    /// # Errors
    /// If the database cannot be reached, or holds an event that this program cannot read.
    pub async fn seen_streams(
        &self,
        viewer: &Viewer,
        mut streams: BTreeSet<StreamKey>,
    ) -> Result<HashMap<StreamKey, Arc<SeenStream>>, StoreError> {
        let versions = self.ledger.stream_versions(&streams).await?;
        let key: Arc<str> = format!("{viewer:?}").into();
        let mut seen = HashMap::new();
        {
            let mut remembered = held(&self.remembered_streams);
            streams.retain(|stream| {
                let found = remembered.get(&(Arc::clone(&key), *stream));
                let found = found.filter(|(of, _)| versions.get(stream) == Some(of));
                found.is_none_or(|(_, known)| seen.insert(*stream, Arc::clone(known)).is_some())
            });
        }
        for (stream, (version, known)) in streams::read(&self.ledger, viewer, &streams).await? {
            let known = Arc::new(known);
            let cached = (version, Arc::clone(&known));
            held(&self.remembered_streams).put((Arc::clone(&key), stream), cached);
            seen.insert(stream, known);
        }
        Ok(seen)
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
        held(&self.remembered)
    }
}

/// A panic leaves no half-written view.
fn held<T>(cache: &Mutex<T>) -> MutexGuard<'_, T> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An event of the feed as a viewer gets it.
#[derive(Clone, Debug)]
pub struct FeedItem {
    /// Its kind: [`WITHHELD`] if the viewer only sees that a fact exists, [`WITHDRAWN`] or
    /// [`STREAM_WITHDRAWN`] if the viewer lost access with it.
    pub kind: &'static str,
    /// The version of the trajectory or stream with it, as the viewer counts; none if it is no fact.
    pub version: Option<u64>,
    /// Where the stream beside the trajectory is read that it is about.
    pub path: Option<Arc<str>>,
}

/// The trajectories whose history could not be read, each with the reason.
pub type Unread = Vec<(TrajectoryId, StoreError)>;

/// What a viewer sees of some trajectories.
pub struct Seen {
    known: HashMap<TrajectoryId, Arc<Known>>,
    /// The destroyed trajectories that were disclosed to the viewer in any part.
    destroyed: HashSet<TrajectoryId>,
    streams: HashMap<StreamKey, Arc<SeenStream>>,
    ledger: Arc<Ledger>,
}

impl Seen {
    /// An event as this viewer gets it; none if it is not sent.
    #[must_use]
    pub fn item(&self, event: &FeedEvent) -> Option<FeedItem> {
        let id = match event.subject {
            Subject::Trajectory(id) => id,
            Subject::Stream(kind, id) => return self.stream_item((kind, id), event),
        };
        let version = match &event.event {
            EventContent::Fact(fact) => Some(fact.sequence),
            _ => None,
        };
        self.kind(id, event).map(|kind| FeedItem { kind, version, path: None })
    }

    fn kind(&self, id: TrajectoryId, event: &FeedEvent) -> Option<&'static str> {
        match &event.event {
            EventContent::Fact(fact) => {
                let known = self.known.get(&id)?;
                if !known.view.knows() {
                    return (known.left_with == Some(fact.sequence)).then_some(WITHDRAWN);
                }
                Some(if known.withholds(fact) { WITHHELD } else { event.kind() })
            }
            // A deadline discloses its obligation: a viewer who does not see the obligation does
            // not get the deadline.
            EventContent::Deadline(reported) => {
                let view = self.view(id)?;
                sees_deadline(view, &reported.deadline, self.ledger.sets()).then(|| event.kind())
            }
            EventContent::Lapsed(_) => sees_offers(self.view(id)?).then(|| event.kind()),
            // The only basis left is the log of earlier disclosures. Those who were shown it are
            // informed (AVG art. 19).
            EventContent::Destroyed(_) => self.destroyed.contains(&id).then(|| event.kind()),
            EventContent::OfStream(_) => None,
        }
    }

    fn stream_item(&self, stream: StreamKey, event: &FeedEvent) -> Option<FeedItem> {
        let EventContent::OfStream(fact) = &event.event else { return None };
        let known = self.streams.get(&stream)?;
        let SeenEvent { kind, version, .. } = known.event(fact.sequence)?;
        Some(FeedItem { kind, version: Some(version), path: known.path.clone() })
    }

    /// What the viewer sees of a stream beside the trajectory.
    #[must_use]
    pub fn stream(&self, stream: StreamKey) -> Option<&SeenStream> {
        self.streams.get(&stream).map(AsRef::as_ref)
    }

    /// What the viewer sees of a fact; none without access to the trajectory.
    #[must_use]
    pub fn shown(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> Option<Shown> {
        Some(self.of(trajectory)?.shown(event))
    }

    /// The categories that a fact discloses to the viewer.
    #[must_use]
    pub fn discloses(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> BTreeSet<Category> {
        self.of(trajectory).map(|known| known.discloses(event)).unwrap_or_default()
    }

    /// The mark of a fact now.
    #[must_use]
    pub fn mark(&self, trajectory: TrajectoryId, event: &RecordedEvent) -> Mark {
        let mark = self.of(trajectory).and_then(|known| known.marks.get(&event.sequence));
        mark.copied().unwrap_or(Mark::Uncorrected)
    }

    /// The view of a trajectory; none without access to it.
    #[must_use]
    pub fn view(&self, trajectory: TrajectoryId) -> Option<&View> {
        self.of(trajectory).map(|known| &known.view)
    }

    /// What a list shows of a trajectory; none without access to it.
    #[must_use]
    pub fn listed(&self, trajectory: TrajectoryId) -> Option<&Listed> {
        self.of(trajectory).map(|known| &known.listed)
    }

    fn of(&self, trajectory: TrajectoryId) -> Option<&Known> {
        self.known.get(&trajectory).map(AsRef::as_ref).filter(|known| known.view.knows())
    }
}

/// Whether the viewer sees the obligation of a deadline.
#[must_use]
pub fn sees_deadline(view: &View, deadline: &Deadline, sets: &AgreementSets) -> bool {
    let Deadline { agreement_set, obligation, responsible, reference, .. } = deadline;
    let obligation = sets.obligation(agreement_set, obligation);
    obligation.is_some_and(|obligation| view.sees_obligation(obligation, responsible, reference.as_deref()))
}

/// Whether the viewer sees that offers were made, and until when they can be answered.
#[must_use]
pub fn sees_offers(view: &View) -> bool {
    view.shows_kind(FactType::DwellingOffered) == Some(true)
}
