//! The open instances that have a reference, such as one signal. A fact reaches only the instances
//! with its reference, however many others are open.

use std::collections::{BTreeSet, HashMap};

use super::open::PlacedFact;
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Obligation;
use crate::agreements::pattern::FactTypes;
use crate::ids::ObligationId;
use crate::nuisance::Level;

/// The numbers of the instances, by obligation and by reference. Some of these may have closed
/// since.
#[derive(Default)]
pub(super) struct Referring<'s>(Vec<OfOne<'s>>);

/// The instances of one obligation of one set.
struct OfOne<'s> {
    obligation: &'s Obligation,
    watches: FactTypes,
    about: HashMap<String, BTreeSet<usize>>,
}

impl<'s> Referring<'s> {
    /// Adds an instance.
    pub fn add(&mut self, obligation: &'s Obligation, reference: &Scalar, ordinal: usize) {
        let at =
            self.0.iter().position(|one| std::ptr::eq(one.obligation, obligation)).unwrap_or_else(|| {
                self.0.push(OfOne { obligation, watches: obligation.watches(), about: HashMap::new() });
                self.0.len() - 1
            });
        self.0[at].about.entry(reference.to_string()).or_default().insert(ordinal);
    }

    /// The instances that may have the same reference as this fact.
    pub fn concerned_by(&self, fact: PlacedFact<'_>) -> impl Iterator<Item = usize> {
        let watching = self.0.iter().filter(move |one| one.watches.contains(fact.kind));
        watching.flat_map(move |one| {
            let reference = one.obligation.reference_in(fact.fact).map(|reference| reference.to_string());
            let about_it = reference.and_then(|reference| one.about.get(&reference));
            let about_all = one.obligation.is_about_all_in(fact.fact).then(|| one.about.values());
            about_it.into_iter().chain(about_all.into_iter().flatten()).flatten().copied()
        })
    }

    /// The instances of an obligation, in any set, that have this reference.
    pub fn about(&self, id: &ObligationId, reference: &Scalar) -> impl Iterator<Item = usize> {
        let reference = reference.to_string();
        let of_id = self.0.iter().filter(|one| one.obligation.id == *id);
        of_id.flat_map(move |one| one.about.get(&reference).into_iter().flatten().copied())
    }

    /// The instances about this nuisance case of the obligations of a level, and of those above it.
    pub fn at_levels(&self, from: Level, reference: &Scalar) -> impl Iterator<Item = usize> {
        let reference = reference.to_string();
        let of_levels =
            self.0.iter().filter(move |one| one.obligation.level.is_some_and(|level| level >= from));
        of_levels.flat_map(move |one| one.about.get(&reference).into_iter().flatten().copied())
    }

    /// Removes an instance that has closed.
    pub fn remove(&mut self, obligation: &Obligation, reference: &Scalar, ordinal: usize) {
        let mut of_it = self.0.iter_mut().filter(|one| std::ptr::eq(one.obligation, obligation));
        if let Some(one) = of_it.next()
            && let Some(about) = one.about.get_mut(&reference.to_string())
        {
            about.remove(&ordinal);
        }
    }
}
