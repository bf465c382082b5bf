//! The first of several programs migrates the database to its version.

use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::migrate;
use sqlx::Executor;

#[tokio::test(flavor = "multi_thread")]
async fn two_databases_of_one_server_can_be_migrated_by_several_programs_at_once() {
    let (one, other) = (ScratchDatabase::create().await, ScratchDatabase::create().await);
    for database in [&one, &other] {
        let empty = "DROP SCHEMA keys CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC";
        database.as_owner().await.execute(empty).await.expect("emptied");
    }
    let (here, there) = (one.options(), other.options());
    let all = tokio::join!(migrate(&here), migrate(&there), migrate(&here), migrate(&there));
    assert!(matches!(all, (Ok(_), Ok(_), Ok(_), Ok(_))), "{all:?}");
    for database in [&one, &other] {
        database.pool().execute("SELECT * FROM events_in_order(0, 1)").await.expect("readable");
    }
}

/// What `0040_one_home_in_any_case.sql` changed.
const BEFORE_KEYS: &str = "
    ALTER TABLE holds DROP CONSTRAINT one_home_one_tenant;
    ALTER TABLE holds DROP COLUMN unit_key;
    ALTER TABLE streams DROP COLUMN unit_key, DROP COLUMN municipality;
    ALTER TABLE holds ADD CONSTRAINT one_home_one_tenant EXCLUDE USING gist (
        corporation WITH =, unit WITH =, what WITH =, trajectory_id WITH <>, daterange(since, until) WITH &&
    ) WHERE (guarded);
    CREATE INDEX holds_of_a_home ON holds (corporation, unit);
    CREATE INDEX holds_unguarded ON holds (corporation, unit) WHERE NOT guarded;
    CREATE INDEX streams_of_a_unit ON streams (organisation, unit) WHERE unit IS NOT NULL;
    DELETE FROM _sqlx_migrations WHERE version = 40;
    INSERT INTO holds (trajectory_id, opened_by, version, corporation, unit, what, what_id, since, at_once, guarded)
        SELECT gen_random_uuid(), 1, 1, 'woonstad', unit, 'lease', gen_random_uuid(), '2026-02-20', 1, true
        FROM unnest(ARRAY['DEMO-801', 'demo-801', 'Demo-801', 'DEMO-802']) AS unit";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_in_which_one_home_was_let_in_several_cases_is_migrated() {
    let database = ScratchDatabase::create().await;
    database.as_owner().await.execute(BEFORE_KEYS).await.expect("as it was before");
    migrate(&database.options()).await.expect("migrated");
    let guarded = sqlx::query_scalar("SELECT count(*) FROM holds WHERE guarded AND unit_key = 'demo-801'");
    let guarded: i64 = guarded.fetch_one(database.pool()).await.expect("readable");
    assert_eq!(guarded, 1, "the others are disputed");
}
