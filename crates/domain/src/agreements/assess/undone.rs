//! The keeping of an obligation that a later fact undoes: an offer that kept "a home within three
//! months" is withdrawn. The clock runs on from the start, with the days that passed.

use std::collections::BTreeMap;

use super::open::{Open, PlacedFact};
use super::walk::{Starting, Walk};
use super::{Closing, Start};
use crate::agreements::field::FieldPath;
use crate::agreements::obligation::UndoneBy;

/// The closed instances whose keeping can be undone, by what the fact that kept them has in the
/// field that the fact which undoes it must have in common with it.
#[derive(Default)]
pub(super) struct Undoable<'s> {
    fields: Vec<&'s FieldPath>,
    /// Their places in the list of closed instances.
    kept_with: BTreeMap<String, Vec<usize>>,
}

impl<'s> Undoable<'s> {
    /// Adds a closed instance, which is at this place in the list, if its keeping can be undone.
    pub(super) fn add(&mut self, instance: &Open<'s>, place: usize) {
        let obligation = instance.assessed.obligation;
        let (Some(undone_by), Some(kept_with)) = (&obligation.undone_by, &instance.kept_with) else { return };
        if !self.fields.contains(&&undone_by.same) {
            self.fields.push(&undone_by.same);
        }
        self.kept_with.entry(kept_with.to_string()).or_default().push(place);
    }

    /// The places of the instances whose keeping this fact may undo.
    fn about(&self, placed: PlacedFact<'_>) -> Vec<usize> {
        let values = self.fields.iter().filter_map(|field| field.read(placed.fact));
        values.filter_map(|value| self.kept_with.get(&value.to_string()).cloned()).flatten().collect()
    }
}

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
