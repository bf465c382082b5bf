//! The candidates for a vacancy, as a viewer may read them: computed at each read, for a day and as it was
//! known at an instant (ADR 44).

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::VacancyOpened;
use omklap_domain::allocation::weigh::{CandidateList, Seeker, weigh};
use omklap_domain::day::Day;
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::trajectory::{History, Phase};
use omklap_domain::visibility::{Viewer, view};

use crate::consistency::replayed::day_of;
use crate::error::StoreError;

use crate::ledger::Ledger;
use crate::read_models::trajectories::Filter;

/// How many cases are looked at at most.
const MOST_CASES: u32 = 100_000;

/// The phases in which a home may be sought.
const SEEKING: [Phase; 3] = [Phase::Preparing, Phase::Ready, Phase::Matching];

/// The day for which a list is computed, and the instant as of which the ledger was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListAsOf {
    /// The day.
    pub valid_on: Day,
    /// The instant; none for now.
    pub known_at: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

impl Ledger {
    /// The candidates for a vacancy, which is as it was then. Each is weighed as the viewer may see the case
    /// now, so that no position reveals what is hidden from the viewer.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that is not what was recorded.
    pub async fn candidates(
        &self,
        viewer: &Viewer,
        opened: &VacancyOpened,
        set: &AgreementSet,
        as_of: ListAsOf,
    ) -> Result<CandidateList, StoreError> {
        let ListAsOf { valid_on, known_at, now } = as_of;
        let lived_in = self.lived_in(viewer, [opened], valid_on, known_at).await?;
        let counts = lived_in.counts(viewer, opened);
        let seekers = self.seekers_of_region(viewer, &opened.region, set, as_of).await?;
        let weighed = seekers.into_iter().map(|seeker| {
            let weighing = weigh(opened, &seeker, counts, set, valid_on);
            (seeker.trajectory, weighing)
        });
        Ok(CandidateList::of(weighed.collect(), valid_on, known_at.unwrap_or(now)))
    }

    /// The clients of a region who look for a home on a day, each as the viewer may see the case now.
    async fn seekers_of_region(
        &self,
        viewer: &Viewer,
        region: &RegionId,
        set: &AgreementSet,
        ListAsOf { valid_on, known_at, now }: ListAsOf,
    ) -> Result<Vec<Seeker>, StoreError> {
        let filter = Filter {
            viewer: Some(viewer.clone()),
            region: Some(region.clone()),
            // A case that sought a home on an earlier day may be in any phase now. One to which nothing was
            // added since is in the phase in which it was known to be.
            phases: if valid_on >= day_of(known_at.unwrap_or(now)) { SEEKING.to_vec() } else { Vec::new() },
            or_changed_since: known_at,
            ..Filter::default()
        };
        let cases = self.list(&filter, None, MOST_CASES).await?;
        let ids: Vec<TrajectoryId> = cases.into_iter().map(|row| row.trajectory).collect();
        let present = self.histories(&ids).await?;
        let known: Option<HashMap<TrajectoryId, History>> = match known_at {
            Some(instant) => Some(self.histories_known_at(&ids, instant).await?),
            None => None,
        };
        let seen = |(id, history): (&TrajectoryId, &History)| {
            let view = view(viewer, *id, present.get(id)?);
            Seeker::of(*id, history, set, valid_on)?.seen_by(&view)
        };
        Ok(known.as_ref().unwrap_or(&present).iter().filter_map(seen).collect())
    }
}
