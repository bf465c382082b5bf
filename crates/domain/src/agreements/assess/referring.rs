//! The open instances that have a reference, such as one signal: a fact reaches only those with the same reference, however many
//! others are open.

use std::collections::{BTreeSet, HashMap};

use super::open::Told;
use crate::agreements::field::Scalar;
use crate::agreements::obligation::Obligation;
use crate::agreements::pattern::FactTypes;
use crate::ids::ObligationId;

/// By obligation and by what they are about, the numbers of the instances. Some of these may have closed since.
#[derive(Default)]
pub(super) struct Referring<'s>(Vec<OfOne<'s>>);

/// Those of one obligation of one set.
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

    /// Those that may be about the same as this fact.
    pub fn concerned_by(&self, fact: Told<'_>) -> impl Iterator<Item = usize> {
        let watching = self.0.iter().filter(move |one| one.watches.contains(fact.kind));
        watching.flat_map(move |one| {
            let reference = one.obligation.reference_in(fact.fact).map(|reference| reference.to_string());
            reference.and_then(|reference| one.about.get(&reference)).into_iter().flatten().copied()
        })
    }

    /// Those of an obligation, in whichever set, that are about this.
    pub fn about(&self, id: &ObligationId, reference: &Scalar) -> impl Iterator<Item = usize> {
        let reference = reference.to_string();
        let of_id = self.0.iter().filter(|one| one.obligation.id == *id);
        of_id.flat_map(move |one| one.about.get(&reference).into_iter().flatten().copied())
    }

    /// An instance has closed.
    pub fn remove(&mut self, obligation: &Obligation, reference: &Scalar, ordinal: usize) {
        let mut of_it = self.0.iter_mut().filter(|one| std::ptr::eq(one.obligation, obligation));
        if let Some(one) = of_it.next()
            && let Some(about) = one.about.get_mut(&reference.to_string())
        {
            about.remove(&ordinal);
        }
    }
}
