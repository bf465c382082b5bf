//! The checks of the follow-up after the flip, one row for each that is planned or was held.

use std::cmp::Ordering;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::follow_up::follow_up;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::{FollowUpFinding, Outcome, Tenancy};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::obligations::{day, small};
use super::{DerivedFrom, Row, word};

/// One row of `follow_ups`; what its columns say stands in `migrations/0008_follow_ups.sql`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FollowUpRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The month after the flip.
    pub month: u8,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// When the contract flipped.
    pub flipped_on: Day,
    /// When the check is due.
    pub due_on: Day,
    /// Whether the set asks for it.
    pub planned: bool,
    /// When it was held.
    pub held_on: Option<Day>,
    /// Where the client lived then.
    pub tenancy: Option<Tenancy>,
    /// How the client fared then.
    pub resident: Option<FollowUpFinding>,
    /// When somebody said that it did not happen.
    pub missed_on: Vec<Day>,
    /// How the trajectory ended, once it has.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub ended_on: Option<Day>,
}

impl Row for FollowUpRow {
    fn by_key(&self, other: &Self) -> Ordering {
        (self.trajectory_id, self.month).cmp(&(other.trajectory_id, other.month))
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }
}

/// The rows of a history.
#[must_use]
pub fn derive(trajectory_id: TrajectoryId, history: &History, sets: &AgreementSets) -> Vec<FollowUpRow> {
    let Some(followed) = follow_up(history, sets) else { return Vec::new() };
    let row = |check: &omklap_domain::follow_up::Check| FollowUpRow {
        trajectory_id,
        month: check.month,
        version: DerivedFrom(history.version()),
        flipped_on: followed.flipped_on,
        due_on: check.due_on,
        planned: check.planned,
        held_on: check.held.map(|held| held.on),
        tenancy: check.held.map(|held| held.tenancy),
        resident: check.held.map(|held| held.resident),
        missed_on: check.missed.iter().map(|missed| missed.on).collect(),
        outcome: followed.ended.map(|ended| ended.outcome),
        ended_on: followed.ended.map(|ended| ended.on),
    };
    followed.checks.iter().map(row).collect()
}

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "trajectory_id, month, version, flipped_on, due_on, planned, held_on, tenancy, resident, missed_on, outcome, ended_on"
    };
}
pub(crate) use columns;

pub(crate) fn read(row: &PgRow) -> Result<FollowUpRow, sqlx::Error> {
    let missed_on: Vec<jiff_sqlx::Date> = row.try_get(9)?;
    Ok(FollowUpRow {
        trajectory_id: TrajectoryId(row.try_get(0)?),
        month: small(row.try_get(1)?),
        version: DerivedFrom::read(row.try_get(2)?),
        flipped_on: day(row.try_get(3)?)?,
        due_on: day(row.try_get(4)?)?,
        planned: row.try_get(5)?,
        held_on: row.try_get::<Option<_>, _>(6)?.map(day).transpose()?,
        tenancy: row.try_get::<Option<&str>, _>(7)?.map(word).transpose()?,
        resident: row.try_get::<Option<&str>, _>(8)?.map(word).transpose()?,
        missed_on: missed_on.into_iter().map(day).collect::<Result<_, _>>()?,
        outcome: row.try_get::<Option<&str>, _>(10)?.map(word).transpose()?,
        ended_on: row.try_get::<Option<_>, _>(11)?.map(day).transpose()?,
    })
}
