//! What a report changes in a read model, and the SQL that writes it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::read_model::ReadModel;

/// What changes in one table.
#[derive(Debug, Serialize)]
pub(crate) struct Change<'r, R> {
    /// Rows that are new or have other values.
    put: Vec<&'r R>,
    /// Rows that no longer follow from the history.
    gone: Vec<&'r R>,
}

impl<'r, R: ReadModel> Change<'r, R> {
    /// What turns `before` into `after`; both are in the order of their keys.
    pub fn between(before: &'r [R], after: &'r [R]) -> Self {
        let mut change = Self { put: Vec::new(), gone: Vec::new() };
        let mut before = before.iter().peekable();
        for row in after {
            while let Some(gone) = before.next_if(|other| other.key() < row.key()) {
                change.gone.push(gone);
            }
            match before.next_if(|other| other.key() == row.key()) {
                Some(same) if same == row => {}
                _ => change.put.push(row),
            }
        }
        change.gone.extend(before);
        change
    }

    /// Rows that are new or have other values.
    pub fn put(&self) -> &[&'r R] {
        &self.put
    }

    /// Rows that no longer follow from the history.
    pub fn gone(&self) -> &[&'r R] {
        &self.gone
    }

    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }

    /// Changes nothing after all.
    pub fn clear(&mut self) {
        self.put.clear();
        self.gone.clear();
    }

    /// Adds the parts of a statement that write this change.
    pub fn add_parts(&self, Parts(parts): &mut Parts) {
        if !self.put.is_empty() {
            parts.insert((R::TABLE, "put"), put::<R>);
        }
        if !self.gone.is_empty() {
            parts.insert((R::TABLE, "gone"), gone::<R>);
        }
    }
}

/// The parts of a statement that write changes, by table. A table in which nothing changes has none: it costs
/// nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts(BTreeMap<(&'static str, &'static str), fn() -> String>);

impl Parts {
    /// Adds the parts of another report.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// The common table expressions, each after a comma. They read `change (tables)`: for each report its
    /// [changes](super::tables::Changes) as JSON.
    pub fn sql(&self) -> String {
        self.0.values().flat_map(|part| [", ".to_owned(), part()]).collect()
    }
}

/// `ON CONFLICT` also covers a row that a rebuild has made in the meantime.
fn put<R: ReadModel>() -> String {
    let (table, key, columns) = (R::TABLE, R::KEY.join(", "), R::COLUMNS.join(", "));
    let others = R::COLUMNS.iter().filter(|column| !R::KEY.contains(column));
    let set = others.map(|column| format!("{column} = excluded.{column}")).collect::<Vec<_>>().join(", ");
    format!(
        "put_{table} AS (
            INSERT INTO {table} ({columns})
            SELECT {columns}
            FROM change CROSS JOIN jsonb_populate_recordset(NULL::{table}, tables->'{table}'->'put')
            ON CONFLICT ({key}) DO UPDATE SET {set}
        )"
    )
}

fn gone<R: ReadModel>() -> String {
    let table = R::TABLE;
    let key_of =
        |name: &str| R::KEY.iter().map(|column| format!("{name}.{column}")).collect::<Vec<_>>().join(", ");
    format!(
        "gone_{table} AS (
            DELETE FROM {table}
            USING change CROSS JOIN jsonb_populate_recordset(NULL::{table}, tables->'{table}'->'gone') AS gone
            WHERE ({}) = ({})
        )",
        key_of(table),
        key_of("gone")
    )
}
