//! The closed instances whose keeping a later fact can undo.

use std::collections::BTreeMap;

use super::open::{Open, PlacedFact};
use crate::agreements::field::FieldPath;

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
    pub(super) fn about(&self, placed: PlacedFact<'_>) -> Vec<usize> {
        let values = self.fields.iter().filter_map(|field| field.read(placed.fact));
        values.filter_map(|value| self.kept_with.get(&value.to_string()).cloned()).flatten().collect()
    }
}
