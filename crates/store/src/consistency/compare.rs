//! Where the rows that are stored are not those that follow from the events.

use std::fmt;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use serde::Serialize;
use serde_json::Value;

use super::scan::Whole;
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;
use crate::read_models::contributions::ContributionRow;
use crate::read_models::follow_ups::FollowUpRow;
use crate::read_models::nuisance_cases::NuisanceCaseRow;
use crate::read_models::obligations::ObligationRow;
use crate::read_models::stored::UnreadableRow;
use crate::read_models::trajectories;
use crate::read_models::trajectories::Summary;
use crate::read_models::{Change, Derived, DerivedFrom, Row};

/// A row that is not what follows from the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub read_model: ReadModel,
    /// Which row, in words.
    pub row: String,
    /// What is the matter with it.
    pub what: What,
}

/// What is the matter with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not there.
    Missing,
    /// Nothing in the events says so.
    Unfounded,
    /// It says something else, in these columns.
    SaysElse(Vec<String>),
}

/// A table that is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadModel {
    /// What the partners owe.
    Obligations,
    /// The nuisance cases.
    NuisanceCases,
    /// The checks after the flip.
    FollowUps,
    /// What is added to the figures.
    Contributions,
    /// The list.
    Trajectories,
}

impl ReadModel {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Obligations, Self::NuisanceCases, Self::FollowUps, Self::Contributions, Self::Trajectories];

    /// The table, with dashes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Obligations => "obligations",
            Self::NuisanceCases => "nuisance-cases",
            Self::FollowUps => "follow-ups",
            Self::Contributions => "contributions",
            Self::Trajectories => "trajectories",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ", self.read_model.as_str(), self.row)?;
        match &self.what {
            What::Missing => f.write_str("is missing"),
            What::Unfounded => f.write_str("does not follow from the events"),
            What::SaysElse(columns) => write!(f, "says something else: {}", columns.join("; ")),
        }
    }
}

/// What is the matter with the rows of a trajectory.
pub(crate) struct Wrong {
    /// Where they are not what follows from the events.
    pub differences: Vec<Difference>,
    /// Where they cannot be read.
    pub unreadable: Vec<UnreadableRow>,
}

/// Everything that is the matter with the rows of a trajectory with this history.
pub(crate) fn wrong(
    ledger: &Ledger,
    id: TrajectoryId,
    history: &History,
    whole: &Whole,
) -> Result<Wrong, StoreError> {
    let (stored, unreadable) = whole.rows.read();
    let summary = trajectories::derive(id, history, event::last_recorded_at(&whole.events)?);
    let mut differences =
        differences(&stored.derived, &Derived::of(id, history, &ledger.sets), history.version());
    differences.extend(summary_differs(stored.summary.as_ref(), summary.as_ref()));
    // Of what cannot be read nothing else can be said.
    differences.retain(|one| unreadable.iter().all(|row| row.read_model != one.read_model));
    Ok(Wrong { differences, unreadable })
}

/// Whether the row of the list is not what follows.
pub(crate) fn summary_differs(stored: Option<&Summary>, derived: Option<&Summary>) -> Option<Difference> {
    let what = match (stored, derived) {
        (None, None) => return None,
        (None, Some(_)) => What::Missing,
        (Some(_), None) => What::Unfounded,
        (Some(stored), Some(derived)) if stored == derived => return None,
        (Some(stored), Some(derived)) => What::SaysElse(columns(stored, derived, None)),
    };
    Some(Difference { read_model: ReadModel::Trajectories, row: "the row in the list".to_owned(), what })
}

/// Every difference between what is stored and what follows from so many events.
fn differences(stored: &Derived, derived: &Derived, events: u64) -> Vec<Difference> {
    let mut found = Vec::new();
    let Derived { obligations, nuisance_cases, follow_ups, contributions } = derived;
    compare(ReadModel::Obligations, &stored.obligations, obligations, (obligation, events), &mut found);
    compare(ReadModel::NuisanceCases, &stored.nuisance_cases, nuisance_cases, (case, events), &mut found);
    compare(ReadModel::FollowUps, &stored.follow_ups, follow_ups, (check, events), &mut found);
    compare(
        ReadModel::Contributions,
        &stored.contributions,
        contributions,
        (contribution, events),
        &mut found,
    );
    found
}

fn obligation(row: &ObligationRow) -> String {
    format!("{} started by event {} ({})", row.obligation, row.started_by, row.part)
}

fn case(row: &NuisanceCaseRow) -> String {
    format!("case {}", row.case_id)
}

fn check(row: &FollowUpRow) -> String {
    format!("month {}", row.month)
}

fn contribution(_: &ContributionRow) -> String {
    "the contribution".to_owned()
}

fn compare<R: Row + Serialize>(
    read_model: ReadModel,
    stored: &[R],
    derived: &[R],
    (told, events): (fn(&R) -> String, u64),
    found: &mut Vec<Difference>,
) {
    let change = Change::between(stored, derived);
    let add = |row, what| Difference { read_model, row: told(row), what };
    found.extend(change.gone.iter().map(|row| add(*row, What::Unfounded)));
    let gone = |row: &R| change.gone.iter().any(|gone| gone.by_key(row).is_eq());
    let impossible = stored.iter().filter(|row| !row.version().fits(events) && !gone(row));
    found.extend(impossible.map(|row| {
        let DerivedFrom(version) = row.version();
        add(row, What::SaysElse(vec![format!("version is {version}, of {events} events")]))
    }));
    for row in change.put {
        let what = match stored.binary_search_by(|other| other.by_key(row)) {
            // An older row that says the same is right.
            Ok(at) => What::SaysElse(columns(&stored[at], row, Some("version"))),
            Err(_) => What::Missing,
        };
        found.push(add(row, what));
    }
}

/// The columns in which two rows differ, but for one, each with what it says and what it should.
fn columns(stored: &impl Serialize, derived: &impl Serialize, but: Option<&str>) -> Vec<String> {
    let (Ok(Value::Object(stored)), Ok(Value::Object(derived))) =
        (serde_json::to_value(stored), serde_json::to_value(derived))
    else {
        return Vec::new();
    };
    let differing = derived
        .iter()
        .filter(|(column, value)| but != Some(column.as_str()) && stored.get(*column) != Some(value));
    differing
        .map(|(column, value)| {
            format!("{column} is {}, not {value}", stored.get(column).unwrap_or(&Value::Null))
        })
        .collect()
}
