//! When a trajectory left somebody's sight.

use super::Viewer;
use super::partners::knows;
use crate::ids::TrajectoryId;
use crate::trajectory::History;

/// The number of the fact with whose recording a viewer who knew of a trajectory ceased to: the last of them, and none for who
/// knows of it now, or never did. Who was told of a trajectory is told that it is gone, but not why (AVG art. 19).
#[must_use]
pub fn left_sight(viewer: &Viewer, id: TrajectoryId, history: &History) -> Option<u64> {
    if knows(viewer, id, history.state()) {
        return None;
    }
    let (mut so_far, mut knew, mut left) = (History::default(), false, None);
    for (sequence, fact) in (1..).zip(history.recorded()) {
        so_far.record(fact.clone());
        let knows = knows(viewer, id, so_far.state());
        if knew && !knows {
            left = Some(sequence);
        }
        knew = knows;
    }
    left
}
