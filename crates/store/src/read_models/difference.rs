//! Stored rows that are not the rows that follow from the events.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::change::Change;
use super::read_model::{DerivedFrom, ReadModel};
use super::tables::Table;

/// A row that is not what follows from the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: Table,
    /// Which row, in words.
    pub row: String,
    /// What is wrong with it.
    pub fault: RowFault,
}

/// How a stored row differs from the derived one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// The events say that it should exist.
    Missing,
    /// Nothing in the events says that it should exist.
    Unfounded,
    /// It has other values in these columns.
    SaysElse(Vec<String>),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ", self.table.as_str(), self.row)?;
        match &self.fault {
            RowFault::Missing => f.write_str("is missing"),
            RowFault::Unfounded => f.write_str("does not follow from the events"),
            RowFault::SaysElse(columns) => write!(f, "says something else: {}", columns.join("; ")),
        }
    }
}

/// Adds every difference between the stored rows of one table and those derived from `events`
/// events.
pub(super) fn compare<R: ReadModel>(
    table: Table,
    (stored, derived): (&[R], &[R]),
    events: u64,
    found: &mut Vec<Difference>,
) {
    let change = Change::between(stored, derived);
    let add = |row: &R, fault| Difference { table, row: row.label(), fault };
    found.extend(change.gone().iter().map(|row| add(row, RowFault::Unfounded)));
    let is_gone = |row: &R| change.gone().iter().any(|gone| gone.key() == row.key());
    let impossible = stored.iter().filter(|row| !row.version().is_possible(events) && !is_gone(row));
    found.extend(impossible.map(|row| {
        let DerivedFrom(version) = row.version();
        add(row, RowFault::SaysElse(vec![format!("version is {version}, of {events} events")]))
    }));
    for row in change.put() {
        let fault = match stored.binary_search_by(|other| other.key().cmp(&row.key())) {
            // An older row that says the same is right.
            Ok(at) => RowFault::SaysElse(columns(&stored[at], *row, Some("version"))),
            Err(_) => RowFault::Missing,
        };
        found.push(add(row, fault));
    }
}

/// The columns in which two rows differ, except one, each with its value and the right value.
pub(super) fn columns(
    stored: &impl Serialize,
    derived: &impl Serialize,
    except: Option<&str>,
) -> Vec<String> {
    let (Ok(Value::Object(stored)), Ok(Value::Object(derived))) =
        (serde_json::to_value(stored), serde_json::to_value(derived))
    else {
        return Vec::new();
    };
    let differing = derived
        .iter()
        .filter(|(column, value)| except != Some(column.as_str()) && stored.get(*column) != Some(value));
    differing
        .map(|(column, value)| {
            format!("{column} is {}, not {value}", stored.get(column).unwrap_or(&Value::Null))
        })
        .collect()
}
