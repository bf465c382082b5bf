//! The nuisance cases of a trajectory, one row each.

use omklap_domain::agreements::calendar::last_day;
use omklap_domain::day::Day;
use omklap_domain::ids::{NuisanceCaseId, TrajectoryId};
use omklap_domain::nuisance::protocol::{CaseState, CaseStory, nuisance_cases_in};
use omklap_domain::trajectory::fact::{NuisanceKind, Party};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::read_model::{DerivedFrom, ReadModel, Source, day, small, word, words};

/// One row of `nuisance_cases`; `migrations/0007_nuisance_cases.sql` explains the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NuisanceCaseRow {
    /// The trajectory.
    pub trajectory_id: TrajectoryId,
    /// The case.
    pub case_id: NuisanceCaseId,
    /// The version from which this was derived.
    pub version: DerivedFrom,
    /// What kind of nuisance; unknown for a case that was taken over.
    pub kind: Option<NuisanceKind>,
    /// When it was reported.
    pub reported_on: Day,
    /// The level it has, or had last.
    pub level: u8,
    /// The instant from which on.
    pub level_since: Day,
    /// The landlord at that time.
    pub landlord: Party,
    /// Its state, in one word.
    pub stand: String,
    /// The instant from which on.
    pub stand_since: Day,
    /// The last day of the quiet period.
    pub quiet_until: Option<Day>,
    /// The day on which the most pressing step is due.
    pub next_due_on: Option<Day>,
    /// The parties that are to do it.
    pub next_by: Vec<Party>,
}

impl ReadModel for NuisanceCaseRow {
    const TABLE: &'static str = "nuisance_cases";
    const KEY: &'static [&'static str] = &["trajectory_id", "case_id"];
    const COLUMNS: &'static [&'static str] = &[
        "trajectory_id",
        "case_id",
        "version",
        "kind",
        "reported_on",
        "level",
        "level_since",
        "landlord",
        "stand",
        "stand_since",
        "quiet_until",
        "next_due_on",
        "next_by",
    ];

    type Key<'row> = (TrajectoryId, NuisanceCaseId);

    fn derive(source: &Source<'_>) -> Vec<Self> {
        let version = DerivedFrom(source.history.version());
        let cases = nuisance_cases_in(source.history, source.assessed, source.sets);
        cases.iter().filter_map(|case| row(source.trajectory, version, case)).collect()
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            trajectory_id: TrajectoryId(row.try_get(0)?),
            case_id: NuisanceCaseId(row.try_get(1)?),
            version: DerivedFrom::read(row.try_get(2)?),
            kind: row.try_get::<Option<&str>, _>(3)?.map(word).transpose()?,
            reported_on: day(row.try_get(4)?)?,
            level: small(row.try_get(5)?),
            level_since: day(row.try_get(6)?)?,
            landlord: word(row.try_get(7)?)?,
            stand: row.try_get(8)?,
            stand_since: day(row.try_get(9)?)?,
            quiet_until: row.try_get::<Option<_>, _>(10)?.map(day).transpose()?,
            next_due_on: row.try_get::<Option<_>, _>(11)?.map(day).transpose()?,
            next_by: words(&row.try_get::<Vec<String>, _>(12)?)?,
        })
    }

    fn key(&self) -> Self::Key<'_> {
        (self.trajectory_id, self.case_id)
    }

    fn version(&self) -> DerivedFrom {
        self.version
    }

    fn label(&self) -> String {
        format!("case {}", self.case_id)
    }
}

fn row(trajectory_id: TrajectoryId, version: DerivedFrom, case: &CaseStory<'_>) -> Option<NuisanceCaseRow> {
    let (level, since) = (case.levels.last()?, case.states.last()?);
    let actions = case.next_actions_on(last_day());
    let next = actions.first();
    Some(NuisanceCaseRow {
        trajectory_id,
        case_id: case.id,
        version,
        kind: case.kind,
        reported_on: case.reported_on,
        level: level.settings.level.into(),
        level_since: level.from,
        landlord: level.landlord,
        stand: state_code(since.state).to_owned(),
        stand_since: since.from,
        quiet_until: if let CaseState::Quiet { until } = since.state { Some(until) } else { None },
        next_due_on: next.and_then(|next| next.until),
        next_by: next.map(|next| next.by.to_vec()).unwrap_or_default(),
    })
}

/// The code of a state, as it is stored and sent.
#[must_use]
pub fn state_code(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "open",
        CaseState::Quiet { .. } => "quiet",
        CaseState::Closed => "closed",
        CaseState::Unfounded => "unfounded",
        CaseState::HandedOver => "handed-over",
        CaseState::CaseEnded => "case-ended",
    }
}
