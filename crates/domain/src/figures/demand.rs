//! Who is ready for a home on a day, by what is needed: the demand beside the supply of a region
//! ([ADR 46](../../../../docs/adr/0046-a-plan-is-public-and-people-are-counted.md)).

use std::collections::BTreeMap;

use super::suppress::published_together;
use super::{Contribution, Divided};
use crate::seekers::{Certainty, Needs};
use crate::trajectory::fact::{Access, Profile};

/// The clients of a region who are ready for a home. It must not be published as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// By profile. Those without one are counted under `None`.
    pub by_profile: BTreeMap<Option<Profile>, u32>,
    /// The same clients by the access that they need.
    pub by_access: BTreeMap<Option<Access>, u32>,
}

impl Demand {
    /// Counts the clients who are ready.
    #[must_use]
    pub fn of<'c>(contributions: impl IntoIterator<Item = &'c Contribution>) -> Self {
        let seekers = contributions.into_iter().filter_map(|one| one.seeker.as_ref());
        let ready = seekers.filter(|seeker| seeker.certainty == Some(Certainty::Sure));
        let mut demand = Self::default();
        for needs in ready.map(|seeker| seeker.needs.as_ref()) {
            *demand.by_profile.entry(needs.map(|Needs { profile, .. }| *profile)).or_default() += 1;
            *demand.by_access.entry(needs.map(|Needs { access, .. }| *access)).or_default() += 1;
        }
        demand
    }

    /// All of them, by profile and by access, with suppression applied.
    #[must_use]
    pub fn published(&self, threshold: u32) -> Divided<Option<Profile>, Option<Access>> {
        published_together(&self.by_profile, &self.by_access, threshold)
    }
}
