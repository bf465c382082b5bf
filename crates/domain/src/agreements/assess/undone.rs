//! The keeping of an obligation that a later fact undoes: an offer that kept "a home within three
//! months" is withdrawn. The clock runs on from the start, with the days that passed.

use super::open::PlacedFact;
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::obligation::UndoneBy;

/// Undoes the keeping of each instance that this fact undoes, and lets its clock run on.
pub(super) fn undo(walk: &mut Walk<'_, '_>, placed: PlacedFact<'_>) {
    for place in walk.undoable.about(placed) {
        walk.steps += 1;
        let open = &mut walk.closed[place].open;
        let undoes =
            |by: &UndoneBy| by.facts.contains(placed.kind) && by.same.read(placed.fact) == open.kept_with;
        let (set, agreement, obligation) =
            (open.assessed.set, open.assessed.agreement, open.assessed.obligation);
        if !obligation.undone_by.as_ref().is_some_and(undoes) {
            continue;
        }
        let Some(closed) = open.assessed.closed.as_mut().filter(|closed| closed.how == Closing::Kept) else {
            continue;
        };
        if closed.undone.is_some() {
            continue;
        }
        closed.undone = Some((placed.on, placed.sequence));
        let counted_from = open.assessed.start.map_or(placed.on, |start| start.counted_from);
        let starting = Starting {
            start: Start { sequence: placed.sequence, on: placed.on, counted_from },
            fact: None,
            reference: open.reference.clone(),
            responsible: open.assessed.responsible.clone(),
        };
        walk.start(set, agreement, obligation, &starting);
    }
}
