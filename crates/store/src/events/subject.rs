//! What an event is about: a trajectory, or a stream beside it.

use omklap_domain::allocation::{StreamId, StreamKind};
use omklap_domain::ids::TrajectoryId;
use uuid::Uuid;

/// The kind of a trajectory's stream in the ledger.
pub(crate) const TRAJECTORY: &str = "trajectory";

/// What an event is about. A vacancy has the id that its corporation chose, so the id alone does not say
/// what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A trajectory.
    Trajectory(TrajectoryId),
    /// A stream beside the trajectory.
    Stream(StreamKind, StreamId),
}

impl Subject {
    /// The subject of this kind with this id; none if no such kind is known.
    pub(crate) fn named(kind: &str, id: Uuid) -> Option<Self> {
        if kind == TRAJECTORY {
            return Some(Self::Trajectory(TrajectoryId(id)));
        }
        StreamKind::named(kind).map(|kind| Self::Stream(kind, StreamId(id)))
    }

    /// The type of its aggregate in the ledger.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Trajectory(_) => TRAJECTORY,
            Self::Stream(kind, _) => kind.as_str(),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Trajectory(TrajectoryId(id)) | Self::Stream(_, StreamId(id)) => id,
        }
    }

    /// The trajectory, if it is one.
    #[must_use]
    pub fn trajectory(self) -> Option<TrajectoryId> {
        match self {
            Self::Trajectory(id) => Some(id),
            Self::Stream(..) => None,
        }
    }

    /// The stream beside the trajectory, if it is one.
    #[must_use]
    pub fn stream(self) -> Option<(StreamKind, StreamId)> {
        match self {
            Self::Trajectory(_) => None,
            Self::Stream(kind, id) => Some((kind, id)),
        }
    }
}

impl From<TrajectoryId> for Subject {
    fn from(id: TrajectoryId) -> Self {
        Self::Trajectory(id)
    }
}
