//! What of an obligation's `kept-by` already happened, so that an answer names only the facts that are
//! still missing.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::agreements::obligation::KeptBy;
use crate::agreements::pattern::Pattern;

/// The places of the facts in `kept-by.all` that happened, from 1, and 0 if one of `kept-by.any` did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Happened(pub BTreeSet<u8>);

impl Happened {
    /// What must still happen.
    #[must_use]
    pub fn missing_of(&self, kept_by: &KeptBy) -> KeptBy {
        let all = (1..).zip(&kept_by.all).filter(|(place, _)| !self.0.contains(place));
        let any = if self.0.contains(&0) { &[][..] } else { &kept_by.any };
        KeptBy {
            all: all.map(|(_, pattern)| pattern.clone()).collect(),
            any: any.to_vec(),
            enforced: kept_by.enforced,
        }
    }

    /// The part of it that shows nothing to a viewer who does not see every fact of `kept-by`.
    #[must_use]
    pub(crate) fn seen(&self, kept_by: &KeptBy, sees: impl Fn(&Pattern) -> bool) -> Self {
        let is_seen = |place: &u8| match place.checked_sub(1) {
            Some(at) => kept_by.all.get(usize::from(at)).is_some_and(&sees),
            None => kept_by.any.iter().all(&sees),
        };
        Self(self.0.iter().copied().filter(is_seen).collect())
    }
}
