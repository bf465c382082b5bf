//! The first of several programs migrates the database to its version, and those of the version
//! before continue.

use jiff::SignedDuration;
use omklap_store::database::scratch::ScratchDatabase;
use omklap_store::{connect, migrate};
use sqlx::Executor;

use crate::manipulations::{every_transaction_has_ended, line};
use crate::physical_order::{answers, fill};
use crate::story::{Story, code, demo_cases, ledger_on, new_id};
use omklap_store::access_log::Action;

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

/// A statement that was prepared before a migration must return the same columns after it, and a
/// row that this program inserts gets the defaults of columns that it does not know. All on one
/// connection, so that every statement is used again.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_program_survives_the_columns_that_a_later_version_adds() {
    let story = Story::begins().await;
    fill(&story).await;
    let pool = connect(&story.database.as_program(), 1).await.expect("reachable");
    let running = Story { ledger: ledger_on(pool.clone()), ..story };
    works(&running, "2026-03-02T09:00:00Z").await;
    let added = "DO $$ DECLARE of text; BEGIN
        FOR of IN SELECT oid::regclass FROM pg_class
                  WHERE relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_sqlx_migrations'
                        AND relnamespace IN ('public'::regnamespace, 'keys'::regnamespace) LOOP
            EXECUTE format('ALTER TABLE %s ADD COLUMN of_a_later_version text NOT NULL DEFAULT %L', of, 'x');
        END LOOP; END $$";
    let unchanged = answers(&running, &pool).await;
    running.database.as_owner().await.execute(added).await.expect("its owner may");
    // A client is shown every column that is held.
    for (question, answer) in answers(&running, &pool).await.into_iter().filter(|(all, _)| all != "held") {
        assert_eq!(answer, unchanged[&question], "{question}");
    }
    works(&running, "2026-03-02T10:00:00Z").await;
}

/// Records every kind of row, puts lines of the access log into a batch and compares what is stored.
async fn works(story: &Story, at: &str) {
    for case in demo_cases() {
        story.record_case(&case).await;
    }
    story.ledger.log_access(&[line(Action::Read, at, new_id())]).await.expect("logged");
    every_transaction_has_ended(story).await;
    assert!(story.ledger.batch_access_log(code(at), SignedDuration::ZERO).await.expect("made") > 0);
    story.ledger.check_access_log(code(at), |one| panic!("{one}")).await.expect("readable");
    story.ledger.check_streams(|stream, one| panic!("{stream}: {one:?}")).await.expect("readable");
    // The organisations of this ledger were never registered; only that they can be read matters.
    story.ledger.check_registry(drop).await.expect("readable");
    story.ledger.accesses_since(code("2026-01-01T00:00:00Z"), None, 10).await.expect("readable");
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
