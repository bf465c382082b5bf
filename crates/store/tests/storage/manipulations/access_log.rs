//! Manipulations of the access log: who looked.

use jiff::SignedDuration;
use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::{Action, Line, LogChecked};
use omklap_store::connect_as_keeper;

use super::registry::{of, with_a_registry};
use super::{Manipulation, found_in};
use crate::story::*;

/// The lines of the access log and their batches.
const ACCESS_LOG: &[Manipulation] = &[
    (
        "DELETE FROM access_log WHERE action = 'read'",
        &["access: access log: batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 5, lines are missing"],
    ),
    ("TRUNCATE access_log", &["batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 0", "batch 2 of"]),
    ("UPDATE access_log SET actor = 'u-1' WHERE action = 'read'", &["batch 1 of", "a line was changed"]),
    ("UPDATE access_log SET organisation = 'antares' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET role = 'guide' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET purpose = 'x' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET client = 'x' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET outcome = 'refused' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET action = 'list' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET categories = '{x}' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET trajectories = '{}' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET at = at + interval '1 second' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET started_at = started_at - interval '1 hour' WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET trace_id = gen_random_uuid() WHERE action = 'read'", &["a line was changed"]),
    ("UPDATE access_log SET action = 'x' WHERE action = 'read'", &["lines are missing"]),
    (
        "UPDATE access_log SET at = at - interval '1 year' WHERE at = '2026-03-02T09:02:00Z'",
        &["batch 2 of 2026-03-02T09:03:00Z had 1 lines; there are 0", "1 lines of 2025-03-02T09:02:00Z are in no batch"],
    ),
    (
        "INSERT INTO access_log SELECT at, started_at, gen_random_uuid(), action, outcome, trajectories, categories, actor,
                organisation, role, purpose, client, trace_id, span_id, parent_span_id, written_in FROM access_log WHERE action = 'read'",
        &["access: access log: batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 7, lines were added"],
    ),
    (
        "INSERT INTO access_log SELECT at - interval '2 days', started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'",
        &["access: access log: 1 lines of 2026-02-28T09:00:00Z are in no batch"],
    ),
    (
        "INSERT INTO access_log SELECT at + interval '2 days', started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'",
        &["access: access log: 1 lines of 2026-03-04T09:00:00Z are in no batch"],
    ),
    (
        "INSERT INTO access_log SELECT '1969-01-01Z'::timestamptz, started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'; UPDATE access_log SET actor = 'u-1' WHERE action = 'list'",
        &["1 lines cannot be read", "batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 6, a line was changed"],
    ),
    (
        "INSERT INTO access_log SELECT '-infinity'::timestamptz, started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'; UPDATE access_log SET actor = 'u-1' WHERE action = 'list'",
        &["1 lines cannot be read", "batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 6, a line was changed"],
    ),
    (
        "INSERT INTO access_log SELECT 'infinity'::timestamptz, started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'; UPDATE access_log SET actor = 'u-1' WHERE action = 'list'",
        &["1 lines cannot be read", "batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 6, a line was changed"],
    ),
    (
        "INSERT INTO access_log SELECT '20000-01-01Z'::timestamptz, started_at, gen_random_uuid(), action, outcome, trajectories,
                categories, actor, organisation, role, purpose, client, trace_id, span_id, parent_span_id
         FROM access_log WHERE action = 'read'; UPDATE access_log SET actor = 'u-1' WHERE action = 'list'",
        &["1 lines cannot be read", "batch 1 of 2026-03-02T09:01:00Z had 6 lines; there are 6, a line was changed"],
    ),
    (
        "INSERT INTO access_log SELECT at, started_at, gen_random_uuid(), 'peek', outcome, trajectories, categories, actor,
                organisation, role, purpose, client, trace_id, span_id, parent_span_id, written_in FROM access_log WHERE action = 'read'",
        &["access: access log: 1 lines cannot be read"],
    ),
    (
        "DELETE FROM events WHERE aggregate_id = 'batches' AND sequence = 1; UPDATE access_log SET actor = 'u-1' WHERE action = 'export'",
        &["batch 2 of 2026-03-02T09:03:00Z had 1 lines; there are 1, a line was changed"],
    ),
    (
        "UPDATE access_log SET written_in = pg_current_xact_id() WHERE action = 'read'",
        &["had 6 lines; there are 5, lines are missing"],
    ),
    (
        "UPDATE events SET payload = regexp_replace(payload::text, '\"root\":\"..', '\"root\":\"00')::json
         WHERE aggregate_id = 'batches' AND sequence = 1; {REHASH}",
        &["check: access-log batches: event 1 was not admitted", "check: leaf", "a line was changed"],
    ),
    (
        "DELETE FROM events WHERE aggregate_id = 'batches' AND sequence = 1; DELETE FROM access_log WHERE at < '2026-03-02T09:01:00Z'",
        &["check: leaf", "check: access-log batches: event 1 is missing"],
    ),
    (
        "DELETE FROM events WHERE aggregate_id = 'batches' AND sequence = 2",
        &["check: leaf"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at)
         VALUES ('access-log', '2026-03', 1, 'access-log-destroyed', '1.0', '{\"month\":\"2026-03\",\"type\":\"access-log-destroyed\"}',
                 '{}', '2026-03-02T09:03:00Z'); DELETE FROM access_log; {REHASH}",
        &["check: access-log 2026-03: event 1 was not admitted", "sign: event 1 of access-log 2026-03"],
    ),
];

#[tokio::test]
async fn a_change_of_who_looked_is_found() {
    found_in(with_a_registry().await, ACCESS_LOG).await;
}

#[tokio::test]
async fn a_month_of_the_access_log_that_was_destroyed_is_named_and_its_batches_stay() {
    let story = Story::begins().await;
    let (ledger, then) = (&story.ledger, code("2019-05-02T09:00:00Z"));
    let months = omklap_store::access_log::make_months(story.database.pool(), code("2019-05-01"));
    months.await.expect("made");
    ledger.log_access(&[line(Action::Read, "2019-05-02T08:59:00Z", new_id())]).await.expect("logged");
    every_transaction_has_ended(&story).await;
    assert_eq!(ledger.batch_access_log(then, SignedDuration::ZERO).await.expect("made"), 1);
    let keeper = ledger_on(connect_as_keeper(&story.database.options()).await.expect("its owner may"));
    let now = "2026-03-02T09:04:00Z";
    let access = line(Action::Destroy, now, new_id());
    let by = of("operator", "omklap", "operator");
    let destroyed = keeper.drop_access_log_before(code("2020-01-01"), &access, &by, code(now)).await;
    let destroyed = destroyed.expect("older than five years");
    assert_eq!(destroyed.first().map(String::as_str), Some("2019-05"));
    let checked = ledger.check_access_log(code("2026-03-02T09:05:00Z"), |one| panic!("{one}")).await;
    assert_eq!(checked.expect("readable"), LogChecked { batches: 1, lines: 1 });
}

/// These months have no partition of their own.
#[tokio::test]
async fn a_month_in_the_partition_of_all_others_is_named_before_and_certified_after() {
    let story = Story::begins().await;
    let (ledger, then, day) = (&story.ledger, code("2018-09-02T09:00:00Z"), code("2018-08-15"));
    let lines = ["2018-07-02T08:00:00Z", "2018-07-03T08:00:00Z", "2018-08-03T08:00:00Z"];
    ledger.log_access(&lines.map(|at| line(Action::Read, at, new_id()))).await.expect("logged");
    every_transaction_has_ended(&story).await;
    assert_eq!(ledger.batch_access_log(then, SignedDuration::ZERO).await.expect("made"), 3);
    let keeper = ledger_on(connect_as_keeper(&story.database.options()).await.expect("its owner may"));
    assert_eq!(keeper.access_log_before(day).await.expect("readable"), ["2018-07"], "August has not ended");
    let now = "2026-03-02T09:04:00Z";
    let (access, by) = (line(Action::Destroy, now, new_id()), of("operator", "omklap", "operator"));
    let destroyed = keeper.drop_access_log_before(day, &access, &by, code(now)).await;
    assert_eq!(destroyed.expect("older than five years"), ["2018-07"]);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM access_log WHERE at < '2019-01-01'")
        .fetch_one(story.database.pool())
        .await
        .expect("readable");
    assert_eq!(left, 1, "the line of August");
    let checked = ledger.check_access_log(code("2026-03-02T09:05:00Z"), |one| panic!("{one}")).await;
    assert_eq!(checked.expect("readable"), LogChecked { batches: 2, lines: 3 });
}

// The words of these tests.

pub fn line(action: Action, at: &str, id: TrajectoryId) -> Line {
    Line::new(case_worker(), action, code(at), vec![id])
}

/// Waits for the transactions of other tests: a batch ends before the first that is open, in whichever
/// database of the cluster.
pub async fn every_transaction_has_ended(story: &Story) {
    let ended = "SELECT (SELECT max(written_in) FROM access_log)
                        < access_log_number(pg_snapshot_xmin(pg_current_snapshot()))";
    let ended = || sqlx::query_scalar::<_, bool>(ended).fetch_one(story.database.pool());
    while !ended().await.expect("readable") {}
}
