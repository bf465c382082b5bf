//! The checks of the follow-up after the flip, one row for each that is planned or was held.

use omklap_domain::day::Day;
use omklap_domain::follow_up::{Check, follow_up};
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::{FollowUpFinding, Outcome, Tenancy};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::read_model::{DerivedFrom, ReadModel, Source, day, small, word};

/// One row of `follow_ups`; `migrations/0008_follow_ups.sql` explains the columns.
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
    /// Whether the agreement set asks for it.
    pub planned: bool,
    /// When it was held.
    pub held_on: Option<Day>,
    /// The tenancy of the client at the check.
    pub tenancy: Option<Tenancy>,
    /// How the client was doing at the check.
    pub resident: Option<FollowUpFinding>,
    /// When it was reported as missed.
    pub missed_on: Vec<Day>,
    /// How the trajectory ended, once it has.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub ended_on: Option<Day>,
}

impl ReadModel for FollowUpRow {
    const TABLE: &'static str = "follow_ups";
    const KEY: &'static [&'static str] = &["trajectory_id", "month"];
    const COLUMNS: &'static [&'static str] = &[
        "trajectory_id",
        "month",
        "version",
        "flipped_on",
        "due_on",
        "planned",
        "held_on",
        "tenancy",
        "resident",
        "missed_on",
        "outcome",
        "ended_on",
    ];

    type Key<'row> = (TrajectoryId, u8);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        let Some(followed) = follow_up(source.history, source.sets) else { return Vec::new() };
        let row = |check: &Check| Self {
            trajectory_id: source.trajectory,
            month: check.month,
            version: DerivedFrom(source.history.version()),
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

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let missed_on: Vec<jiff_sqlx::Date> = row.try_get(9)?;
        Ok(Self {
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

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, self.month)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("month {}", self.month)
    }
}
