//! What the database itself enforces, whatever a program does, compared with what the migrations
//! make: by content, not by name. One catalogue query (`schema.sql`) reads tables, columns,
//! constraints, indexes, triggers, rules, policies, the bodies of functions, grants, publications
//! and the settings under which the program's statements run.

use std::collections::BTreeMap;

use sqlx::postgres::PgConnection;

use super::finding::LedgerFinding;
use crate::error::StoreError;

/// What the migrations make, as the query shows it. A test compares it with a new database, and
/// writes it again with `OMKLAP_BLESS=1`.
const MADE: &str = include_str!("schema.txt");

/// The objects of a database's schema, each with the digest of its definition.
type Objects = BTreeMap<String, String>;

/// The objects that `schema.sql` finds, a line for each.
///
/// # Errors
/// If the database is out of reach.
pub async fn schema(database: &mut PgConnection) -> Result<String, StoreError> {
    let objects = stored(database).await?;
    let lines = objects.iter().map(|(object, digest)| format!("{digest} {object}"));
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}

async fn stored(database: &mut PgConnection) -> Result<Objects, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(include_str!("schema.sql")).fetch_all(database).await?;
    let mut objects = Objects::new();
    for (object, digest) in rows {
        // The partitions of a table may differ; then both digests are in the line.
        objects.entry(object).or_default().push_str(&digest);
    }
    Ok(objects)
}

/// Adds what is missing, is not as the migrations make it, or was added beside it.
pub(super) async fn check_guards(
    database: &mut PgConnection,
    findings: &mut Vec<LedgerFinding>,
) -> Result<(), StoreError> {
    let made = MADE.lines().filter_map(|line| line.split_once(' '));
    let made: BTreeMap<&str, &str> = made.map(|(digest, object)| (object, digest)).collect();
    let stored = stored(database).await?;
    let missing = made.keys().filter(|object| !stored.contains_key(**object));
    let missing = missing.map(|object| ((*object).to_owned(), "is missing"));
    let others = stored.iter().filter_map(|(object, digest)| {
        let how = match made.get(object.as_str()) {
            None if is_harmless(object, &made) => return None,
            None => "was added to what the migrations make",
            Some(expected) if expected == digest => return None,
            Some(_) => "is not what the migrations make",
        };
        Some((object.clone(), how))
    });
    findings.extend(missing.chain(others).map(|(object, how)| LedgerFinding::Schema { object, how }));
    findings.extend(positions_set_back(database).await?);
    Ok(())
}

/// The positions of events are drawn from a sequence. If it is set back, new events get positions that
/// are taken, and the feed ends before the last event.
async fn positions_set_back(database: &mut PgConnection) -> Result<Option<LedgerFinding>, StoreError> {
    let is_behind = "SELECT last_value < (SELECT max(position) FROM events) FROM events_position_seq";
    let is_behind: Option<bool> = sqlx::query_scalar(is_behind).fetch_one(database).await?;
    let object = || "sequence public.events_position_seq".to_owned();
    Ok(is_behind
        .filter(|is_behind| *is_behind)
        .map(|_| LedgerFinding::Schema { object: object(), how: "is behind the last event" }))
}

/// Tables and functions beside ours are the owner's business; what is attached to a table of ours is
/// not.
fn is_harmless(object: &str, made: &BTreeMap<&str, &str>) -> bool {
    let table = match object.split_once(' ') {
        Some(("table" | "function" | "sequence", _)) => return true,
        Some(("column", column)) => column.rsplit_once('.').map(|(table, _)| table),
        Some(("constraint" | "index" | "trigger" | "rule" | "policy", rest)) => {
            rest.rsplit_once(" on ").map(|(_, table)| table)
        }
        _ => None,
    };
    table.is_some_and(|table| !made.contains_key(format!("table {table}").as_str()))
}
