//! What the login of the running program may do, even in the hands of an attacker.

use crate::story::*;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{Login, TablesVersion, connect, tables_version};
use sqlx::{Connection, Executor, PgConnection};

/// The tables of what was recorded, each with one of its columns.
const RECORDED: [(&str, &str); 5] = [
    ("events", "payload"),
    ("access_log", "outcome"),
    ("checkpoints", "note"),
    ("vault", "sealed"),
    ("keys.data_keys", "wrapped_key"),
];

#[tokio::test]
async fn the_service_login_can_drop_its_role_and_still_change_nothing_recorded() {
    let story = filled().await;
    let before = everything(&story).await;
    for way in ways_up(&story.database) {
        let mut attacker = attacker(&story.database, &way).await;
        for (table, column) in RECORDED {
            for statement in [
                format!("DELETE FROM {table}"),
                format!("UPDATE {table} SET {column} = {column}"),
                format!("TRUNCATE {table} CASCADE"),
                format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
                format!("ALTER TABLE {table} OWNER TO CURRENT_USER"),
                format!(
                    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION announce_event_writer()"
                ),
                format!("DROP TABLE {table} CASCADE"),
            ] {
                is_refused(&mut attacker, &way, &statement).await;
            }
        }
    }
    assert_eq!(everything(&story).await, before);
}

#[tokio::test]
async fn the_service_login_creates_nothing_and_takes_no_other_role() {
    let story = filled().await;
    let owner = story.database.options().get_username().to_owned();
    for way in ways_up(&story.database) {
        let mut attacker = attacker(&story.database, &way).await;
        for statement in [
            "CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE TABLE public.mine (id int)",
            "CREATE SCHEMA mine",
            "CREATE OR REPLACE FUNCTION announce_event_writer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "DROP FUNCTION destroy_with_the_certificate() CASCADE",
            "DROP SCHEMA keys CASCADE",
            "SET session_replication_role = replica",
            "SELECT setval('events_position_seq', 1)",
            "SELECT access_log_drop_months_before('1999-01-01')",
            "INSERT INTO _sqlx_migrations SELECT * FROM _sqlx_migrations",
            "CREATE ROLE another",
            "ALTER ROLE CURRENT_USER SUPERUSER",
            "GRANT omklap_keeper TO CURRENT_USER",
            "SET ROLE omklap_keeper",
            &format!("SET ROLE {owner}"),
            &format!("SET SESSION AUTHORIZATION {owner}"),
            &format!("GRANT {owner} TO CURRENT_USER"),
        ] {
            is_refused(&mut attacker, &way, statement).await;
        }
    }
}

#[tokio::test]
async fn an_attacker_with_the_login_writes_neither_an_erasure_nor_a_certificate_of_destruction() {
    let story = filled().await;
    let before = everything(&story).await;
    let mut attacker = attacker(&story.database, "RESET ROLE").await;
    for (aggregate, sequence, kind, payload) in [
        ("trajectory", 2, "personal-data-erased", "{}"),
        ("destruction", 1, "trajectory-destroyed", r#"{"version": 1}"#),
    ] {
        let statement = format!(
            "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             SELECT '{aggregate}', aggregate_id, {sequence}, '{kind}', '1.0', '{payload}', '{{}}' FROM events LIMIT 1"
        );
        is_refused(&mut attacker, "RESET ROLE", &statement).await;
    }
    assert_eq!(everything(&story).await, before);
}

#[tokio::test]
async fn the_service_login_reads_nothing_outside_the_ledger() {
    let story = filled().await;
    for way in ways_up(&story.database) {
        let mut attacker = attacker(&story.database, &way).await;
        for statement in [
            "SELECT * FROM pg_authid",
            "SELECT * FROM pg_statistic",
            "SELECT * FROM access_log_other",
            "SELECT pg_read_file('PG_VERSION')",
            "SELECT pg_ls_dir('.')",
            "COPY events TO PROGRAM 'cat'",
            "COPY events TO '/tmp/events'",
        ] {
            is_refused(&mut attacker, &way, statement).await;
        }
    }
}

/// A change of the program's grants must also be made here.
/// What the program may do with each table.
const GRANTED: &[&str] = &[
    "_sqlx_migrations: select",
    "access_log: select, insert of columns",
    "agreement_sets: select, insert",
    "checkpoints: select, insert",
    "clients: select, insert, update",
    "contributions: select, insert, update, delete",
    "cosignatures: select, insert",
    "delivery_attempts: select, insert, delete",
    "events: select, insert",
    "events_position_seq: select",
    "follow_ups: select, insert, update, delete",
    "head_buckets: select, insert, update",
    "heads: select, insert, update",
    "held_back: select, insert, update, delete",
    "holds: select, insert, update, delete",
    "idempotency_keys: select, insert, delete",
    "key_fingerprints: select, insert",
    "ledger_homes: select, insert",
    "ledger_tiles: select, insert, update",
    "nuisance_cases: select, insert, update, delete",
    "obligations: select, insert, update, delete",
    "organisations: select, insert, update",
    "own_references: select, insert, update, delete",
    "restorations: select, insert of columns",
    "seekers: select, insert, update, delete",
    "streams: select, insert, update",
    "subscription_notices: select, insert, delete",
    "subscriptions: select, insert, update, delete",
    "trajectories: select, insert, update, delete",
    "vault: select, insert",
    "keys.data_keys: select, insert",
];

#[tokio::test]
async fn the_program_may_do_with_each_table_what_it_does_and_no_more() {
    let database = ScratchDatabase::create().await;
    let mut login =
        PgConnection::connect_with(&database.as_program()).await.expect("the program may connect");
    let granted: Vec<String> = sqlx::query_scalar(
        "SELECT concat(CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END, relname, ': ',
                       string_agg(lower(privilege) || CASE WHEN relkind <> 'S' AND NOT has_table_privilege(pg_class.oid, privilege)
                                                           THEN ' of columns' ELSE '' END, ', ' ORDER BY number))
         FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
              unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) WITH ORDINALITY AS may (privilege, number)
         WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname IN ('public', 'keys')
               AND CASE relkind WHEN 'S' THEN number < 4 AND has_sequence_privilege(pg_class.oid, replace(privilege, 'INSERT', 'USAGE'))
                                ELSE has_table_privilege(pg_class.oid, privilege)
                                     OR privilege = 'INSERT' AND has_any_column_privilege(pg_class.oid, privilege) END
         GROUP BY nspname, relname ORDER BY nspname DESC, relname COLLATE \"C\"",
    )
    .fetch_all(&mut login)
    .await
    .expect("catalogues are open");
    assert_eq!(granted, GRANTED);
}

#[tokio::test]
async fn a_login_is_recognised_by_its_roles() {
    let database = ScratchDatabase::create().await;
    assert_eq!(Login::of(&database.options()).await.expect("reachable"), Login::Owner);
    assert_eq!(Login::of(&database.as_program()).await.expect("reachable"), Login::Program);
    for (role, expected) in
        [("omklap_app", Login::Program), ("omklap_keeper", Login::Keeper), ("pg_monitor", Login::Stranger)]
    {
        let name = format!("omklap_of_tests_{}", new_id().to_string().replace('-', "_"));
        let made = format!("CREATE ROLE {name} LOGIN PASSWORD 'x' IN ROLE {role}");
        let mut owner = database.as_owner().await;
        owner.execute(made.as_str()).await.expect("its owner may");
        let login = Login::of(&database.options().username(&name).password("x")).await;
        owner.execute(format!("DROP ROLE {name}").as_str()).await.expect("its owner may");
        assert_eq!(login.expect("reachable"), expected);
    }
}

#[tokio::test]
async fn the_program_recognises_a_database_of_another_version() {
    let database = ScratchDatabase::create().await;
    let version = async || tables_version(&database.as_program()).await.expect("reachable");
    assert_eq!(version().await, TablesVersion::Current);
    let later = "INSERT INTO _sqlx_migrations VALUES (9999, 'of a later program', now(), true, '', 0)";
    database.as_owner().await.execute(later).await.expect("its owner may");
    assert_eq!(version().await, TablesVersion::Newer);
    for other in [
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT min(version) FROM _sqlx_migrations)",
        "REVOKE SELECT ON _sqlx_migrations FROM omklap_app",
        "DROP TABLE _sqlx_migrations",
    ] {
        database.as_owner().await.execute(other).await.expect("its owner may");
        assert_eq!(version().await, TablesVersion::Other, "{other}");
    }
}

// The words of these tests.

/// A ledger with a row in each of the [`RECORDED`] tables.
async fn filled() -> Story {
    let story = Story::begins().await;
    story.opened().await;
    let signed = "INSERT INTO checkpoints VALUES (1, 'signed', now())";
    story.database.pool().execute(signed).await.expect("the program may");
    story
}

/// Statements by which an attacker might try to gain another role.
fn ways_up(database: &ScratchDatabase) -> [String; 5] {
    let owner = database.options().get_username().to_owned();
    [
        "SET ROLE omklap_app".to_owned(),
        "RESET ROLE".to_owned(),
        "SET ROLE omklap_keeper".to_owned(),
        format!("SET ROLE {owner}"),
        format!("SET SESSION AUTHORIZATION {owner}"),
    ]
}

/// A connection of the running program on which an attacker ran one of the [`ways_up`], whether or
/// not it succeeded.
async fn attacker(database: &ScratchDatabase, way: &str) -> PgConnection {
    let pool = connect(&database.as_program(), 1).await.expect("the program may connect");
    let mut attacker = pool.acquire().await.expect("a connection").detach();
    attacker.execute(way).await.ok();
    attacker
}

async fn is_refused(attacker: &mut PgConnection, way: &str, statement: &str) {
    let refused = attacker.execute(statement).await.expect_err(&format!("{way}; {statement}"));
    let code = refused.as_database_error().and_then(|refusal| refusal.code().map(String::from));
    assert_eq!(code.as_deref(), Some("42501"), "{way}; {statement}: {refused}");
}

/// The rows of every [`RECORDED`] table, read by the owner.
async fn everything(story: &Story) -> Vec<String> {
    let mut owner = story.database.as_owner().await;
    let mut all = Vec::new();
    for (table, _) in RECORDED {
        let rows =
            format!("SELECT coalesce(string_agg(one::text, ' ' ORDER BY one::text), '') FROM {table} AS one");
        all.push(sqlx::query_scalar(&rows).fetch_one(&mut owner).await.expect("readable"));
    }
    assert!(all.iter().all(|rows: &String| !rows.is_empty()), "every table has a row: {all:?}");
    all
}
