//! The list of the clients who seek a home in a region: pages and counts (ADR 45).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use omklap_domain::day::Day;
use omklap_domain::ids::{MunicipalityCode, OrganisationId, RegionId, TrajectoryId};
use omklap_domain::trajectory::fact::{Access, Bottleneck, Profile};
use omklap_domain::visibility::{Role, Viewer, seekers_read_as};
use serde::Serialize;
use sqlx::postgres::Postgres;
use sqlx::{QueryBuilder, Row};

use super::read_model::{ReadModel, columns, day, word};
use super::seekers::SeekerRow;
use crate::error::StoreError;
use crate::ledger::Ledger;

/// Which seekers to list; a field that is none or empty does not narrow the list. A filter on a field
/// that the viewer does not see finds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeekerFilter {
    /// Whose list.
    pub viewer: Viewer,
    /// In this region.
    pub region: RegionId,
    /// Ready, or expected to be, before this day. Without those of whom no day is known.
    pub ready_before: Option<Day>,
    /// With one of these profiles.
    pub profiles: Vec<Profile>,
    /// Who need one of these kinds of access.
    pub access: Vec<Access>,
    /// From one of these municipalities.
    pub origins: Vec<MunicipalityCode>,
    /// Guided by this provider.
    pub care_provider: Option<OrganisationId>,
    /// To whom no corporation is assigned, or, if false, to whom one is.
    pub unassigned: Option<bool>,
    /// Whose case is held up by one of these.
    pub bottlenecks: Vec<Bottleneck>,
}

/// How many seekers a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeekerCounts {
    /// Those who are ready.
    pub ready: u32,
    /// Those who are expected, by the first day of the month.
    pub expected: BTreeMap<Day, u32>,
    /// Those whose case is stuck, by what holds it up, in the order of the codes.
    pub stuck: Vec<(Bottleneck, u32)>,
}

/// The place of a seeker in every list: the order is total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeekerPosition {
    rank: u8,
    day: Day,
    trajectory: TrajectoryId,
}

impl SeekerRow {
    /// Its place.
    #[must_use]
    pub fn position(&self) -> SeekerPosition {
        SeekerPosition { rank: self.rank, day: self.day, trajectory: self.trajectory_id }
    }
}

impl fmt::Display for SeekerPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.rank, self.day, self.trajectory)
    }
}

/// The text is not a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a list of seekers")]
pub struct NoSeekerPosition;

impl FromStr for SeekerPosition {
    type Err = NoSeekerPosition;
    fn from_str(text: &str) -> Result<Self, NoSeekerPosition> {
        let parts: Vec<&str> = text.splitn(3, '_').collect();
        let [rank, day, trajectory] = parts[..] else { return Err(NoSeekerPosition) };
        Ok(Self {
            rank: rank.parse().ok().filter(|rank| *rank <= 2).ok_or(NoSeekerPosition)?,
            day: day.parse().map_err(|_| NoSeekerPosition)?,
            trajectory: trajectory.parse().map_err(|_| NoSeekerPosition)?,
        })
    }
}

impl Ledger {
    /// A page of the seekers: those who are ready, the longest first, then those who are expected, the
    /// soonest first, then those whose case is stuck without a day.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn seekers(
        &self,
        wanted: &SeekerFilter,
        after: Option<&SeekerPosition>,
        limit: u32,
    ) -> Result<Vec<SeekerRow>, StoreError> {
        let mut query = QueryBuilder::new(format!("SELECT {} FROM seekers", columns::<SeekerRow>()));
        wanted.narrow(&mut query);
        if let Some(after) = after {
            query.push(" AND (rank, day, trajectory_id) > (").push_bind(i16::from(after.rank)).push(", ");
            query.push_bind(jiff_sqlx::Date::from(after.day.date())).push(", ");
            query.push_bind(after.trajectory.0).push(")");
        }
        query.push(" ORDER BY rank, day, trajectory_id LIMIT ").push_bind(i64::from(limit));
        let rows = query.build().fetch_all(&self.pool).await?;
        Ok(rows.iter().map(SeekerRow::read).collect::<Result<_, _>>()?)
    }

    /// How many seekers a list has.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn seeker_counts(&self, wanted: &SeekerFilter) -> Result<SeekerCounts, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT rank, CASE rank WHEN 1 THEN date_trunc('month', day)::date END, bottleneck, count(*) FROM seekers",
        );
        wanted.narrow(&mut query);
        query.push(" GROUP BY 1, 2, 3");
        let mut counts = SeekerCounts::default();
        let mut stuck: BTreeMap<String, u32> = BTreeMap::new();
        for row in query.build().fetch_all(&self.pool).await? {
            let many = u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX);
            match (row.try_get::<i16, _>(0)?, row.try_get::<Option<_>, _>(1)?) {
                (0, _) => counts.ready += many,
                (_, Some(month)) => *counts.expected.entry(day(month)?).or_default() += many,
                _ => {}
            }
            if let Some(bottleneck) = row.try_get::<Option<String>, _>(2)? {
                *stuck.entry(bottleneck).or_default() += many;
            }
        }
        let stuck = stuck.iter().map(|(code, many)| Ok((word(code)?, *many)));
        counts.stuck = stuck.collect::<Result<_, sqlx::Error>>()?;
        Ok(counts)
    }
}

impl SeekerFilter {
    /// Every seeker of a region that this viewer sees.
    #[must_use]
    pub fn all(viewer: Viewer, region: RegionId) -> Self {
        Self {
            viewer,
            region,
            ready_before: None,
            profiles: Vec::new(),
            access: Vec::new(),
            origins: Vec::new(),
            care_provider: None,
            unassigned: None,
            bottlenecks: Vec::new(),
        }
    }

    /// Adds the conditions that are needed: those of the viewer first. The rows of an audience hold only
    /// what it sees, and none of a case to which it has no access.
    fn narrow<'q>(&'q self, query: &mut QueryBuilder<'q, Postgres>) {
        let viewer = &self.viewer;
        let audience = seekers_read_as(viewer.role);
        query.push(" WHERE region = ").push_bind(self.region.as_str());
        query.push(" AND audience = ").push_bind(audience.map(Role::as_str));
        match audience {
            Some(Role::MatchingPoint | Role::Auditor) => {
                query.push(" AND ").push_bind(viewer.regions.contains(&self.region));
            }
            _ => {
                query.push(" AND organisation = ").push_bind(viewer.organisation.as_str());
            }
        }
        if viewer.role == Role::Client {
            query.push(" AND trajectory_id = ").push_bind(viewer.trajectory.map(|own| own.0));
        }
        if let Some(before) = self.ready_before {
            query.push(" AND rank < 2 AND day < ").push_bind(jiff_sqlx::Date::from(before.date()));
        }
        one_of("profile", &self.profiles, query);
        one_of("access", &self.access, query);
        one_of("origin", &self.origins, query);
        one_of("bottleneck", &self.bottlenecks, query);
        if let Some(provider) = &self.care_provider {
            query.push(" AND care_provider = ").push_bind(provider.as_str());
        }
        if let Some(unassigned) = self.unassigned {
            query.push(" AND (corporation IS NULL) = ").push_bind(unassigned);
        }
    }
}

/// Keeps the rows with one of these codes in a column; all if none is named.
fn one_of<T: Serialize>(column: &str, codes: &[T], query: &mut QueryBuilder<'_, Postgres>) {
    if codes.is_empty() {
        return;
    }
    let written = |code| serde_json::to_value(code).ok()?.as_str().map(str::to_owned);
    let codes: Vec<String> = codes.iter().filter_map(written).collect();
    query.push(format!(" AND {column} = ANY (")).push_bind(codes).push(")");
}
