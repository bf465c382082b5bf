//! Compares the stored rows of a trajectory with those that follow from its events.

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;

use super::scan::Whole;
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;
use crate::read_models::Derived;
use crate::read_models::difference::Difference;
use crate::read_models::rows::UnreadableRow;
use crate::read_models::trajectories;

/// What is wrong with the rows of a trajectory.
pub(crate) struct WrongRows {
    /// Rows that are not what follows from the events.
    pub differences: Vec<Difference>,
    /// Rows that cannot be read.
    pub unreadable: Vec<UnreadableRow>,
}

/// Everything that is wrong with the rows of a trajectory with this history.
pub(crate) fn wrong_rows(
    ledger: &Ledger,
    id: TrajectoryId,
    history: &History,
    whole: &Whole,
) -> Result<WrongRows, StoreError> {
    let (stored, unreadable) = whole.rows.read();
    let summary = trajectories::derive(id, history, event::last_recorded_at(&whole.events)?);
    let derived = Derived::of(id, history, &ledger.sets);
    let mut differences = derived.differences_in(&stored.derived, history.version());
    differences.extend(trajectories::difference(stored.summary.as_ref(), summary.as_ref()));
    // Nothing else can be said about a table that cannot be read.
    differences.retain(|one| unreadable.iter().all(|row| row.table != one.table));
    Ok(WrongRows { differences, unreadable })
}
