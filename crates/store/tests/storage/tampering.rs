//! Changes that an attacker with access to the database makes outside the events, one column at a
//! time, are reported where they are. Events, checkpoints and tiles are in `signing.rs`, exported
//! files in `case_files.rs`.

use std::sync::Arc;

use crate::story::*;
use omklap_domain::ids::TrajectoryId;
use omklap_store::Ledger;
use omklap_store::Table;
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::postgres::PgConnection;
use sqlx::{Executor, Row};

const READ_MODELS: [&str; 7] =
    ["trajectories", "obligations", "nuisance_cases", "follow_ups", "holds", "seekers", "contributions"];

#[tokio::test]
async fn a_change_of_any_column_of_a_read_model_is_found_in_its_row() {
    let (database, ledger) = filled().await;
    let mut owner = database.as_owner().await;
    assert_eq!(found(&ledger).await, [] as [String; 0]);
    for table in READ_MODELS {
        kept(&mut owner, table).await;
        for (column, kind) in columns(&mut owner, table).await {
            // It follows from the rows of other cases (ADR 36): the decision reads all rows, whatever it says.
            if column == "guarded" {
                continue;
            }
            let changed = change(&mut owner, table, &column, &kind).await;
            assert!(changed, "{table}.{column}: no row was changed");
            let found = found(&ledger).await;
            let named = found.iter().any(|finding| names(finding, table));
            assert!(named, "{table}.{column}: {found:?}");
            put_back(&mut owner, table).await;
        }
    }
    assert_eq!(found(&ledger).await, [] as [String; 0]);
}

#[tokio::test]
async fn a_removed_or_invented_row_is_found() {
    let (database, ledger) = filled().await;
    let mut owner = database.as_owner().await;
    for table in READ_MODELS {
        kept(&mut owner, table).await;
        let one = format!("ctid = (SELECT min(ctid) FROM {table})");
        run(&mut owner, &format!("DELETE FROM {table} WHERE {one}")).await;
        let found_missing = found(&ledger).await;
        assert!(found_missing.iter().any(|finding| names(finding, table)), "{table}: {found_missing:?}");
        put_back(&mut owner, table).await;
        let columns = columns_given(&mut owner, table).await;
        let other = r#"{"trajectory_id": "00000000-0000-0000-0000-000000000009", "guarded": false}"#;
        let made_up = format!(
            "INSERT INTO {table} ({columns})
             SELECT {columns} FROM jsonb_populate_record((SELECT one FROM {table} AS one WHERE {one}), '{other}')"
        );
        run(&mut owner, &made_up).await;
        let found_made_up = found(&ledger).await;
        assert!(found_made_up.iter().any(|finding| names(finding, table)), "{table}: {found_made_up:?}");
        put_back(&mut owner, table).await;
    }
}

#[tokio::test]
async fn a_private_text_without_a_key_is_found() {
    let story = Story::begins().await;
    story.opened().await;
    let taken = "ALTER TABLE vault DROP CONSTRAINT vault_trajectory_id_fkey; DELETE FROM keys.data_keys";
    run(&mut story.database.as_owner().await, taken).await;
    let ledger = Arc::new(ledger_on(story.database.pool().clone()));
    let expected = "the vault holds private texts, but keys.data_keys has no key for them";
    assert_eq!(found(&ledger).await, [expected]);
}

#[tokio::test]
async fn a_rebuild_mends_a_row_that_cannot_even_be_read() {
    let (database, ledger) = filled().await;
    run(&mut database.as_owner().await, "UPDATE nuisance_cases SET landlord = 'x'").await;
    assert!(
        found(&ledger).await.iter().any(|finding| finding.contains("nuisance-cases: a row cannot be read"))
    );
    ledger.rebuild(Which::After(None), Table::ALL, |_| ()).await.expect("mended");
    assert_eq!(found(&ledger).await, [] as [String; 0]);
}

/// Manipulations of private texts, and what the check finds.
const TEXTS: &[(&str, &[Finding])] = &[
    (
        "UPDATE vault SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE text_id = {ITS_TEXT}",
        &[Finding::TextDiffers { sequence: 2 }],
    ),
    (
        "UPDATE vault SET sealed = (SELECT other.sealed FROM vault AS other WHERE other.text_id <> vault.text_id ORDER BY text_id LIMIT 1) WHERE text_id = {ITS_TEXT}",
        &[Finding::TextDiffers { sequence: 2 }],
    ),
    ("DELETE FROM vault WHERE text_id = {ITS_TEXT}", &[Finding::TextMissing { sequence: 2 }]),
    (
        "UPDATE vault SET text_id = gen_random_uuid() WHERE text_id = {ITS_TEXT}",
        &[Finding::TextMissing { sequence: 2 }, Finding::TextOfNoEvent],
    ),
    (
        "UPDATE keys.data_keys SET wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)",
        &[Finding::KeyDiffers],
    ),
];

#[tokio::test]
async fn a_private_text_that_was_changed_moved_or_taken_away_is_found_at_its_event() {
    for (statement, expected) in TEXTS {
        let story = Story::begins().await;
        let id = story.opened().await;
        story.goes_on(id, [case_discussed("wacht op inkomen")]).await;
        let ledger = Arc::new(story.ledger);
        assert_eq!(found(&ledger).await, [] as [String; 0]);
        let statement = statement.replace("{ITS_TEXT}", ITS_TEXT);
        run(&mut story.database.as_owner().await, &statement).await;
        let expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(found(&ledger).await, expected, "{statement}");
    }
}

#[tokio::test]
async fn a_data_key_deleted_without_an_erasure_is_found() {
    let story = Story::begins().await;
    let _ = story.opened().await;
    run(&mut story.database.as_owner().await, "DELETE FROM keys.data_keys").await;
    let ledger = Arc::new(story.ledger);
    assert_eq!(found(&ledger).await, [Finding::TextMissing { sequence: 1 }.to_string()]);
}

// The words of these tests.

/// The private text of the second event.
const ITS_TEXT: &str =
    r#"(SELECT substring(payload::text FROM '"id":"([0-9a-f-]{36})"')::uuid FROM events WHERE sequence = 2)"#;

/// A ledger with a case that has rows of every kind.
async fn filled() -> (ScratchDatabase, Arc<Ledger>) {
    let story = Story::begins().await;
    for facts in demo_cases() {
        story.record_case(&facts).await;
    }
    story.record_case(&client_with_an_offer()).await;
    (story.database, Arc::new(story.ledger))
}

/// Every column.
async fn columns(owner: &mut PgConnection, table: &str) -> Vec<(String, String)> {
    let rows = sqlx::query(
        "SELECT column_name::text, udt_name::text FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER' ORDER BY 1",
    )
    .bind(table)
    .fetch_all(owner)
    .await
    .expect("readable");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Changes a column of one row, preferably of one with a value there.
async fn change(owner: &mut PgConnection, table: &str, column: &str, kind: &str) -> bool {
    let to = match kind {
        // One more could be right: the next part may exist, and so may a row of any earlier
        // version.
        _ if ["part", "version"].contains(&column) => format!("{column} + 1000"),
        "uuid" => "gen_random_uuid()".to_owned(),
        "bool" => format!("NOT {column}"),
        "date" | "int2" | "int4" | "int8" => format!("{column} + 1"),
        "timestamptz" => format!("{column} + interval '1 microsecond'"),
        "text" => format!("{column} || 'x'"),
        "bytea" => format!("set_byte({column}, 0, get_byte({column}, 0) # 1)"),
        "_text" => format!("{column} || 'x'::text"),
        "_date" => format!("{column} || '2020-01-01'::date"),
        "_int8" | "_int4" | "_int2" => format!("{column} || {column}[1] || 9"),
        other => panic!("{table}.{column} is a {other}"),
    };
    let made_up = match kind {
        "text" => "'x'",
        "date" => "'2020-01-01'",
        "int2" | "int4" | "int8" => "9",
        "uuid" => "gen_random_uuid()",
        // None of these is ever null.
        _ => "NULL",
    };
    let to = format!("CASE WHEN {column} IS NULL THEN {made_up} ELSE {to} END");
    let one = format!("ctid = (SELECT ctid FROM {table} ORDER BY {column} IS NULL LIMIT 1)");
    let update = format!("UPDATE {table} SET {column} = {to} WHERE {one}");
    owner.execute(update.as_str()).await.expect(&update).rows_affected() == 1
}

async fn kept(owner: &mut PgConnection, table: &str) {
    let columns = columns_given(owner, table).await;
    run(owner, &format!("CREATE TEMP TABLE kept_{table} AS SELECT {columns} FROM {table}")).await;
}

async fn put_back(owner: &mut PgConnection, table: &str) {
    let columns = columns_given(owner, table).await;
    run(owner, &format!("TRUNCATE {table}; INSERT INTO {table} ({columns}) SELECT * FROM kept_{table}"))
        .await;
}

async fn run(owner: &mut PgConnection, statements: &str) {
    owner.execute(statements).await.expect(statements);
}

/// Whether a finding says that it is about this table.
fn names(finding: &str, table: &str) -> bool {
    finding.starts_with(&format!("{}: ", table.replace('_', "-")))
}

async fn found(ledger: &Arc<Ledger>) -> Vec<String> {
    let mut reported = Vec::new();
    let report = |_, wrong: Vec<(TrajectoryId, Vec<Finding>)>| {
        reported
            .extend(wrong.into_iter().flat_map(|(_, findings)| findings).map(|finding| finding.to_string()));
    };
    ledger.check(Which::After(None), report).await.expect("readable");
    reported
}
