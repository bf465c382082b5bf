//! The candidates for a vacancy, as a viewer may read them: computed at each read, for a day and as it was
//! known at an instant (ADR 44, 54).

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSet;
use omklap_domain::allocation::VacancyOpened;
use omklap_domain::allocation::weigh::{CandidateList, Counts, Seeker, weigh};
use omklap_domain::day::Day;
use omklap_domain::ids::{RegionId, TrajectoryId};
use omklap_domain::visibility::{Role, Viewer, is_listed_for, seekers_read_as, view};
use sqlx::postgres::Postgres;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use crate::consistency::replayed::day_of;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::read_models::seekers::Weighed;
use crate::read_models::trajectories::known_to;

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

impl ListAsOf {
    /// Whether the day is at or after every fact that was known. Then a case to which nothing was added since
    /// is on that day what it is now, and its row says what its history does.
    fn is_after_every_fact(self) -> bool {
        self.valid_on >= day_of(self.known_at.unwrap_or(self.now))
    }
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
        let quotas = self.quota_of_year(&opened.region, valid_on, known_at).await?;
        let counts = Counts { quota: quotas.of_vacancy(viewer, opened), ..lived_in.counts(viewer, opened) };
        let seekers = self.seekers_of_region(viewer, &opened.region, as_of).await?;
        let weighed = seekers.into_iter().map(|seeker| {
            let weighing = weigh(opened, &seeker, counts, set, valid_on);
            (seeker.trajectory, weighing)
        });
        Ok(CandidateList::of(weighed.collect(), valid_on, known_at.unwrap_or(now)))
    }

    /// The clients of a region who look for a home on a day, each as the viewer may see the case now: by their
    /// rows, and by the history of each case that says something else now than it did then.
    async fn seekers_of_region(
        &self,
        viewer: &Viewer,
        region: &RegionId,
        as_of: ListAsOf,
    ) -> Result<Vec<Seeker>, StoreError> {
        if !as_of.is_after_every_fact() {
            return self.seekers_replayed(viewer, region, as_of, None).await;
        }
        let mut seekers = self.seekers_by_row(viewer, region, as_of.known_at).await?;
        if let Some(instant) = as_of.known_at {
            seekers.extend(self.seekers_replayed(viewer, region, as_of, Some(instant)).await?);
        }
        Ok(seekers)
    }

    /// By the rows of the viewer's audience, of the cases to which nothing was added since an instant.
    async fn seekers_by_row(
        &self,
        viewer: &Viewer,
        region: &RegionId,
        unchanged_since: Option<Timestamp>,
    ) -> Result<Vec<Seeker>, StoreError> {
        let audience = seekers_read_as(viewer.role);
        let mut query = QueryBuilder::<Postgres>::new(
            "SELECT weighed FROM seekers JOIN trajectories USING (trajectory_id)
             WHERE weighed IS NOT NULL AND seekers.region = ",
        );
        query.push_bind(region.as_str()).push(" AND audience = ").push_bind(audience.map(Role::as_str));
        if !matches!(audience, Some(Role::MatchingPoint | Role::Auditor)) {
            query.push(" AND seekers.organisation = ").push_bind(viewer.organisation.as_str());
        }
        if let Some(instant) = unchanged_since {
            query.push(" AND updated_at <= ").push_bind(jiff_sqlx::Timestamp::from(instant));
        }
        known_to(viewer, &mut query);
        let rows = query.build().fetch_all(&self.pool).await?;
        let seeker = |row: &sqlx::postgres::PgRow| Ok(Weighed::read(row.try_get(0)?)?.0);
        Ok(rows.iter().map(seeker).collect::<Result<_, sqlx::Error>>()?)
    }

    /// By the histories as they were known, of the cases to which something was added since an instant, or of
    /// every case.
    async fn seekers_replayed(
        &self,
        viewer: &Viewer,
        region: &RegionId,
        ListAsOf { valid_on, known_at, .. }: ListAsOf,
        changed_since: Option<Timestamp>,
    ) -> Result<Vec<Seeker>, StoreError> {
        let mut query =
            QueryBuilder::<Postgres>::new("SELECT trajectory_id FROM trajectories WHERE region = ");
        query.push_bind(region.as_str());
        if let Some(instant) = changed_since {
            query.push(" AND updated_at > ").push_bind(jiff_sqlx::Timestamp::from(instant));
        }
        known_to(viewer, &mut query);
        let ids: Vec<Uuid> = query.build_query_scalar().fetch_all(&self.pool).await?;
        let ids: Vec<TrajectoryId> = ids.into_iter().map(TrajectoryId).collect();
        let present = self.histories(&ids).await?;
        let known = match known_at {
            Some(instant) => Some(self.histories_known_at(&ids, instant).await?),
            None => None,
        };
        let seeker = |(id, history): (&TrajectoryId, &_)| {
            let view = view(viewer, *id, present.get(id)?);
            let seeker = view.weighed(*id, history, Some(valid_on))?;
            let was = history.state_on(valid_on);
            let is_of_region = was.partners.as_ref().is_some_and(|partners| partners.region == *region);
            (is_of_region && is_listed_for(viewer, &was)).then_some(seeker)
        };
        Ok(known.as_ref().unwrap_or(&present).iter().filter_map(seeker).collect())
    }
}
