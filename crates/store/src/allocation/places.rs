//! Where the events of a stream are in the ledger, whatever its kind.

use std::future::Future;
use std::pin::Pin;

use omklap_domain::allocation::{Stream, StreamId, StreamKind, StreamVisitor};
use omklap_domain::visibility::Viewer;

use crate::error::StoreError;
use crate::events::hash_chain::Hash;
use crate::ledger::Ledger;

/// Where an event of a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPlace {
    /// Its number in the stream, from 1.
    pub sequence: u64,
    /// Its place in the ledger.
    pub position: i64,
    /// Its link in the hash chain.
    pub hash: Hash,
}

type Found = Result<Option<Vec<EventPlace>>, StoreError>;

/// Reads a stream of one kind.
struct ReadBy<'a> {
    ledger: &'a Ledger,
    id: StreamId,
    viewer: &'a Viewer,
}

impl<'a> StreamVisitor for ReadBy<'a> {
    type Output = Pin<Box<dyn Future<Output = Found> + Send + 'a>>;

    fn visit<S: Stream>(self) -> Self::Output {
        let Self { ledger, id, viewer } = self;
        Box::pin(async move {
            let stream = ledger.load_stream::<S>(id).await?;
            let stream = stream.filter(|stream| stream.history().state().is_read_by(viewer));
            Ok(stream.map(|stream| {
                let events = stream.events.iter();
                let place = events.map(|one| EventPlace {
                    sequence: one.sequence,
                    position: one.position,
                    hash: one.hash,
                });
                place.collect()
            }))
        })
    }
}

impl Ledger {
    /// The places of the events of the stream with this id, in their order; none without one that this
    /// viewer may read.
    ///
    /// # Errors
    /// As [`Self::load_stream`].
    pub async fn stream_places(&self, id: StreamId, viewer: &Viewer) -> Found {
        let kinds =
            sqlx::query_scalar::<_, String>("SELECT kind FROM streams WHERE stream_id = $1 ORDER BY kind");
        for kind in kinds.bind(id.0).fetch_all(&self.pool).await? {
            let Some(kind) = StreamKind::named(&kind) else { continue };
            if let Some(places) = kind.visit(ReadBy { ledger: self, id, viewer }).await? {
                return Ok(Some(places));
            }
        }
        Ok(None)
    }
}
