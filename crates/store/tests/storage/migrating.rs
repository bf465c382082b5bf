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
