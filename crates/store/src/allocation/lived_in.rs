//! How many clients live in the complexes of vacancies, as far as a viewer reads their cases (ADR 48).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use omklap_domain::allocation::weigh::{Counts, sees_who_lives_in};
use omklap_domain::allocation::{Complex, StreamId, StreamKind, VacancyOpened};
use omklap_domain::day::Day;
use omklap_domain::figures::ComplexKey;
use omklap_domain::holds::{HeldBy, Hold, holds};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::Viewer;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::RecordedStream;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::read_models::trajectories::known_to;

/// How many clients live in each complex, and how many homes it has.
#[derive(Clone, Debug, Default)]
pub struct LivedIn {
    living: BTreeMap<ComplexKey, u32>,
    homes: BTreeMap<ComplexKey, u16>,
}

impl LivedIn {
    /// The counts for a vacancy, as far as this viewer sees everybody who lives in its complex.
    #[must_use]
    pub fn counts(&self, viewer: &Viewer, vacancy: &VacancyOpened) -> Counts {
        let Some(key) = key_of(vacancy) else { return Counts::default() };
        let living = self.living.get(&key).copied().unwrap_or_default();
        Counts {
            living_in_complex: sees_who_lives_in(viewer, vacancy).then_some(living),
            homes_in_complex: self.homes.get(&key).copied(),
            quota: None,
        }
    }
}

impl Ledger {
    /// Who lives in the complexes of these vacancies on a day, as it was known at an instant: counted over the
    /// cases that the viewer reads. Complexes of which the viewer does not see everybody are left out.
    ///
    /// # Errors
    /// If the database is out of reach, or holds an event that is not what was recorded.
    pub async fn lived_in(
        &self,
        viewer: &Viewer,
        vacancies: impl IntoIterator<Item = &VacancyOpened>,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<LivedIn, StoreError> {
        let mut lived_in = LivedIn::default();
        let seen = vacancies.into_iter().filter(|vacancy| sees_who_lives_in(viewer, vacancy));
        let keys: BTreeSet<ComplexKey> = seen.filter_map(key_of).collect();
        if keys.is_empty() {
            return Ok(lived_in);
        }
        let named = |(corporation, complex): &ComplexKey| {
            StreamId::named(StreamKind::Complex, &[corporation.as_str(), complex.as_str()]).0
        };
        for complex in self.load_streams::<Complex>(&keys.iter().map(named).collect::<Vec<_>>()).await? {
            let then = |complex: RecordedStream<Complex>| match known_at {
                Some(instant) => complex.known_at(instant),
                None => complex,
            };
            if let Some(described) = then(complex).history().state_on(on).described {
                lived_in.homes.insert((described.corporation, described.complex), described.homes);
            }
        }
        for key in self.leases_unchanged(viewer, &keys, on, known_at).await? {
            *lived_in.living.entry(key).or_default() += 1;
        }
        if let Some(instant) = known_at {
            for history in self.changed_since(viewer, instant).await?.values() {
                let running = holds(history, &self.sets).into_iter().filter(|hold| lives(hold, on));
                let there = running.filter_map(|hold| Some((hold.corporation, hold.complex?)));
                for key in there.filter(|key| keys.contains(key)) {
                    *lived_in.living.entry(key).or_default() += 1;
                }
            }
        }
        Ok(lived_in)
    }

    /// The complex of each lease that runs on a day in one of these, of the cases to which nothing was added
    /// since an instant.
    async fn leases_unchanged(
        &self,
        viewer: &Viewer,
        keys: &BTreeSet<ComplexKey>,
        on: Day,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<ComplexKey>, StoreError> {
        let day = || jiff_sqlx::Date::from(on.date());
        let mut query = QueryBuilder::new(
            "SELECT DISTINCT holds.trajectory_id, holds.corporation, holds.complex
             FROM holds JOIN trajectories USING (trajectory_id)
             WHERE (holds.corporation, holds.complex) IN (SELECT * FROM unnest(",
        );
        let (corporations, complexes): (Vec<_>, Vec<_>) =
            keys.iter().map(|(corporation, complex)| (corporation.to_string(), complex.to_string())).unzip();
        query.push_bind(corporations).push("::text[], ").push_bind(complexes);
        query.push("::text[])) AND what = 'lease' AND since <= ").push_bind(day());
        query.push(" AND (until IS NULL OR until > ").push_bind(day()).push(")");
        if let Some(instant) = known_at {
            query.push(" AND updated_at <= ").push_bind(jiff_sqlx::Timestamp::from(instant));
        }
        known_to(viewer, &mut query);
        let rows = query.build().fetch_all(&self.pool).await?;
        let code = |error: omklap_domain::ids::Miswritten| sqlx::Error::Decode(error.into());
        let key = |row: &sqlx::postgres::PgRow| {
            let corporation = row.try_get::<&str, _>(1)?.parse().map_err(code)?;
            Ok((corporation, row.try_get::<&str, _>(2)?.parse().map_err(code)?))
        };
        Ok(rows.iter().map(key).collect::<Result<_, sqlx::Error>>()?)
    }

    /// The histories that were added to since an instant, as they were known then.
    async fn changed_since(
        &self,
        viewer: &Viewer,
        instant: Timestamp,
    ) -> Result<HashMap<TrajectoryId, History>, StoreError> {
        let mut query = QueryBuilder::new("SELECT trajectory_id FROM trajectories WHERE updated_at > ");
        query.push_bind(jiff_sqlx::Timestamp::from(instant));
        known_to(viewer, &mut query);
        let ids: Vec<Uuid> = query.build_query_scalar().fetch_all(&self.pool).await?;
        let ids: Vec<_> = ids.into_iter().map(TrajectoryId).collect();
        self.histories_known_at(&ids, instant).await
    }
}

/// The complex of a vacancy.
fn key_of(vacancy: &VacancyOpened) -> Option<ComplexKey> {
    vacancy.home.complex.clone().map(|complex| (vacancy.corporation.clone(), complex))
}

fn lives(hold: &Hold, on: Day) -> bool {
    hold.what == HeldBy::Lease && hold.since <= on && hold.until.is_none_or(|until| until > on)
}
