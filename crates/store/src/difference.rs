//! Where the rows that are stored are not those that follow from the events.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::contributions::ContributionRow;
use crate::derived::{Change, Derived, Row};
use crate::follow_ups::FollowUpRow;
use crate::nuisance_cases::NuisanceCaseRow;
use crate::obligations::ObligationRow;

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

/// Every difference between what is stored and what follows.
pub(crate) fn differences(stored: &Derived, derived: &Derived) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(ReadModel::Obligations, &stored.obligations, &derived.obligations, obligation, &mut found);
    compare(ReadModel::NuisanceCases, &stored.nuisance_cases, &derived.nuisance_cases, case, &mut found);
    compare(ReadModel::FollowUps, &stored.follow_ups, &derived.follow_ups, check, &mut found);
    compare(
        ReadModel::Contributions,
        &stored.contributions,
        &derived.contributions,
        contribution,
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
    told: fn(&R) -> String,
    found: &mut Vec<Difference>,
) {
    let change = Change::between(stored, derived);
    let add = |row, what| Difference { read_model, row: told(row), what };
    found.extend(change.gone.into_iter().map(|row| add(row, What::Unfounded)));
    for row in change.put {
        let what = match stored.binary_search_by(|other| other.by_key(row)) {
            Ok(at) => What::SaysElse(columns(&stored[at], row)),
            Err(_) => What::Missing,
        };
        found.push(add(row, what));
    }
}

/// The columns in which two rows differ, each with what it says and what it should.
fn columns(stored: &impl Serialize, derived: &impl Serialize) -> Vec<String> {
    let (Ok(Value::Object(stored)), Ok(Value::Object(derived))) =
        (serde_json::to_value(stored), serde_json::to_value(derived))
    else {
        return Vec::new();
    };
    let differing =
        derived.iter().filter(|(column, value)| *column != "version" && stored.get(*column) != Some(value));
    differing
        .map(|(column, value)| {
            format!("{column} is {}, not {value}", stored.get(column).unwrap_or(&Value::Null))
        })
        .collect()
}
