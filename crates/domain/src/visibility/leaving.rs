//! When a viewer lost access to a trajectory.

use super::Viewer;
use super::partners::knows;
use crate::ids::TrajectoryId;
use crate::trajectory::History;

/// The number of the last fact whose recording ended this viewer's access to a trajectory. None if
/// the viewer has access now, or never had it. A viewer who had access learns that it ended, but
/// not why (AVG art. 19).
#[must_use]
pub fn access_ended_at(viewer: &Viewer, id: TrajectoryId, history: &History) -> Option<u64> {
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
