//! The quota of the year that homes count in, and the homes that were let under it (ADR 54).

use std::collections::HashMap;

use jiff::Timestamp;
use omklap_domain::allocation::plan::QuotaAgreed;
use omklap_domain::allocation::weigh::{Lets, QuotaCount};
use omklap_domain::allocation::{Plan, VacancyOpened, plan_id};
use omklap_domain::day::Day;
use omklap_domain::holds::{HeldBy, holds};
use omklap_domain::ids::{MunicipalityCode, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::History;
use omklap_domain::visibility::Viewer;
use sqlx::postgres::PgRow;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger::Ledger;

/// The quota of a region in one year, as it was agreed, and what was let of it up to a day.
#[derive(Clone, Debug, Default)]
pub struct QuotaOfYear {
    agreed: Option<QuotaAgreed>,
    lets: Lets,
}

impl QuotaOfYear {
    /// What the home of a vacancy counts in, as far as this viewer may see it.
    #[must_use]
    pub fn of_vacancy(&self, viewer: &Viewer, vacancy: &VacancyOpened) -> Option<QuotaCount> {
        let agreed = self.agreed.as_ref()?;
        QuotaCount::of_vacancy(agreed, &self.lets, vacancy, viewer)
    }

    /// The quota of a corporation. Whether the viewer may see it is for the caller to check.
    #[must_use]
    pub fn of_corporation(&self, corporation: &OrganisationId) -> Option<QuotaCount> {
        QuotaCount::of_corporation(self.agreed.as_ref()?, &self.lets, corporation)
    }
}

impl Ledger {
    /// The quota of a region in the year of a day, and the homes that were let from the beginning of that year
    /// up to the day, as it was known at an instant.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that is not what was recorded.
    pub async fn quota_of_year(
        &self,
        region: &RegionId,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<QuotaOfYear, StoreError> {
        let year = u16::try_from(on.date().year()).unwrap_or_default();
        let Some(plan) = self.load_stream::<Plan>(plan_id(region, year)).await? else {
            return Ok(QuotaOfYear::default());
        };
        let plan = known_at.map_or(plan.clone(), |instant| plan.known_at(instant));
        let Some(agreed) = plan.history().state_on(on).quota else { return Ok(QuotaOfYear::default()) };
        let Ok(first) = Day::new(on.date().year(), 1, 1) else { return Ok(QuotaOfYear::default()) };
        let year = (first, on);
        let mut lets = self.lets_unchanged(region, year, known_at).await?;
        if let Some(instant) = known_at {
            for history in self.changed_in_region(region, instant).await?.values() {
                for hold in holds(history, &self.sets) {
                    let is_in = hold.what == HeldBy::Lease && year.0 <= hold.since && hold.since <= year.1;
                    if let Some(municipality) = hold.let_in.filter(|_| is_in) {
                        *lets.entry((hold.corporation, municipality)).or_default() += 1;
                    }
                }
            }
        }
        Ok(QuotaOfYear { agreed: Some(agreed), lets })
    }

    /// The homes that were let in a period, by the cases of a region to which nothing was added since an
    /// instant.
    async fn lets_unchanged(
        &self,
        region: &RegionId,
        (from, until): (Day, Day),
        known_at: Option<Timestamp>,
    ) -> Result<Lets, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT holds.corporation, let_in, count(*) FROM holds JOIN trajectories USING (trajectory_id)
             WHERE what = 'lease' AND let_in IS NOT NULL AND since BETWEEN ",
        );
        query.push_bind(jiff_sqlx::Date::from(from.date())).push(" AND ");
        query.push_bind(jiff_sqlx::Date::from(until.date()));
        query.push(" AND trajectories.region = ").push_bind(region.as_str());
        if let Some(instant) = known_at {
            query.push(" AND updated_at <= ").push_bind(jiff_sqlx::Timestamp::from(instant));
        }
        query.push(" GROUP BY 1, 2");
        let code = |error: omklap_domain::ids::Miswritten| sqlx::Error::Decode(error.into());
        let part = |row: &PgRow| -> Result<((OrganisationId, MunicipalityCode), u32), sqlx::Error> {
            let corporation = row.try_get::<&str, _>(0)?.parse().map_err(code)?;
            let municipality = row.try_get::<&str, _>(1)?.parse().map_err(code)?;
            Ok(((corporation, municipality), u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX)))
        };
        let rows = query.build().fetch_all(&self.pool).await?;
        Ok(rows.iter().map(part).collect::<Result<_, _>>()?)
    }

    /// The histories of a region that were added to since an instant, as they were known then.
    async fn changed_in_region(
        &self,
        region: &RegionId,
        instant: Timestamp,
    ) -> Result<HashMap<TrajectoryId, History>, StoreError> {
        let changed = sqlx::query_scalar(
            "SELECT trajectory_id FROM trajectories WHERE region = $1 AND updated_at > $2",
        );
        let changed = changed.bind(region.as_str()).bind(jiff_sqlx::Timestamp::from(instant));
        let ids: Vec<Uuid> = changed.fetch_all(&self.pool).await?;
        let ids: Vec<_> = ids.into_iter().map(TrajectoryId).collect();
        self.histories_known_at(&ids, instant).await
    }
}
