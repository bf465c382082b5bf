//! What a viewer sees of the streams beside the trajectory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use omklap_domain::allocation::{
    History, Period, Place, SeenEvent, Sight, Stream, StreamId, StreamKind, StreamVisitor, seen_events,
};
use omklap_domain::visibility::Viewer;
use omklap_store::{Ledger, StoreError};

/// A stream, by its kind and id.
pub type StreamKey = (StreamKind, StreamId);

/// What a viewer sees of one stream.
#[derive(Debug)]
pub struct SeenStream {
    /// How the viewer sees it.
    pub sight: Sight,
    /// Where it is read; none without access to it.
    pub path: Option<Arc<str>>,
    /// The events that the viewer gets, by the number of the fact.
    events: BTreeMap<u64, SeenEvent>,
}

impl SeenStream {
    fn of<S: Stream>(id: StreamId, history: &History<S>, viewer: &Viewer) -> Self {
        let state = history.state();
        let sight = Sight::of(&state, viewer);
        let path = state.place().filter(|_| sight != Sight::Hidden).map(|place| path(&state, id, place));
        let events = seen_events(history, viewer).into_iter().map(|event| (event.sequence, event));
        Self { sight, path, events: events.collect() }
    }

    /// The event of the fact with this number, as the viewer gets it; none if the viewer does not.
    #[must_use]
    pub fn event(&self, sequence: u64) -> Option<SeenEvent> {
        self.events.get(&sequence).copied()
    }
}

/// Where a stream is read.
fn path(state: &impl Stream, id: StreamId, place: Place<'_>) -> Arc<str> {
    fn of<S: Stream>(_: &S) -> StreamKind {
        S::KIND
    }
    let region = place.region;
    let path = match (of(state), state.period()) {
        (StreamKind::Plan, Some(Period::Year(year))) => format!("/v1/regions/{region}/plans/{year}"),
        (StreamKind::Round, Some(Period::Day(day))) => format!("/v1/regions/{region}/rounds/{day}"),
        (StreamKind::Complex, _) => format!("/v1/complexes/{id}"),
        (StreamKind::GuaranteeFundYear, _) => format!("/v1/guarantee-fund-years/{id}"),
        (StreamKind::Vacancy, _) => format!("/v1/vacancies/{id}"),
        (StreamKind::Plan | StreamKind::Round, _) => unreachable!("a plan has a year, a round has a day"),
    };
    path.into()
}

type Found = Result<Vec<(StreamId, u64, SeenStream)>, StoreError>;

/// Reads streams of one kind as a viewer sees them.
struct SeenBy<'a> {
    ledger: &'a Ledger,
    ids: Vec<uuid::Uuid>,
    viewer: &'a Viewer,
}

impl<'a> StreamVisitor for SeenBy<'a> {
    type Output = Pin<Box<dyn Future<Output = Found> + Send + 'a>>;

    fn visit<S: Stream>(self) -> Self::Output {
        let Self { ledger, ids, viewer } = self;
        Box::pin(async move {
            let streams = ledger.load_streams::<S>(&ids).await?.into_iter();
            let seen = streams.map(|stream| {
                let history = stream.history();
                (stream.id, history.version(), SeenStream::of(stream.id, &history, viewer))
            });
            Ok(seen.collect())
        })
    }
}

/// Reads these streams as a viewer sees them now, each with its version.
pub(super) async fn read(
    ledger: &Ledger,
    viewer: &Viewer,
    streams: &BTreeSet<StreamKey>,
) -> Result<HashMap<StreamKey, (u64, SeenStream)>, StoreError> {
    let mut found = HashMap::new();
    for kind in StreamKind::ALL {
        let ids: Vec<_> = streams.iter().filter(|(of, _)| of == kind).map(|(_, id)| id.0).collect();
        if ids.is_empty() {
            continue;
        }
        for (id, version, seen) in kind.visit(SeenBy { ledger, ids, viewer }).await? {
            found.insert((*kind, id), (version, seen));
        }
    }
    Ok(found)
}
