//! The database is lost: nothing is half written, and a repeated report shows whether it was
//! recorded.

use std::thread;
use std::time::Duration;

use omklap_tests::{Answer, Ledger, Process, Request};
use sqlx::{Executor, PgConnection};

#[test]
fn a_report_whose_connection_breaks_at_the_commit_is_answered_with_503() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let fact = case.next("housing-requested");
    let broken = break_while_committing(&ledger, case.reporting(&fact).once("a-1")).with_status(503);
    assert_eq!(broken.problem(), "unavailable");
    assert!(broken.header("retry-after").is_some());
    assert!(!broken.text.contains("postgres") && !broken.text.contains("SELECT"), "{}", broken.text);
    assert_eq!((ledger.facts(), ledger.rows("idempotency_keys")), (3, 0));
    let repeated = case.reporting(&fact).once("a-1").answer().with_status(201);
    assert_eq!(repeated.body, case.reporting(&fact).once("a-1").answer().with_status(201).body);
    assert_eq!(case.timeline().len(), 4);
}

#[test]
fn an_opening_that_breaks_leaves_nothing_behind() {
    let ledger = Ledger::empty();
    let intake =
        omklap_tests::sample_fact("intake-registered").happening("2021-01-04".parse().expect("a day"));
    break_while_committing(&ledger, ledger.post("/v1/trajectories").json(&intake)).with_status(503);
    let tables = ["trajectories", "vault", "keys.data_keys", "idempotency_keys"];
    assert_eq!((ledger.facts(), tables.map(|table| ledger.rows(table))), (0, [0; 4]));
}

#[test]
fn a_report_to_a_database_that_does_not_answer_ends_with_503() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let report = || case.reporting(&case.next("consent-given")).once("b-1");
    let answer = ledger.in_the_database(async |owner| {
        owner.execute("BEGIN; LOCK TABLE events IN SHARE MODE").await.expect("the owner may");
        let waiting = report();
        let answer = thread::spawn(|| waiting.answer()).join().expect("an answer");
        owner.execute("ROLLBACK").await.expect("the lock is released");
        answer
    });
    assert_eq!(answer.with_status(503).problem(), "unavailable");
    assert_eq!(ledger.facts(), 3);
    report().answer().with_status(201);
}

#[test]
fn broken_idle_connections_are_replaced() {
    let ledger = Ledger::empty();
    let case = ledger.ready();
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    ledger.in_the_database(async |owner| owner.execute(others).await.expect("the owner may"));
    let mut answers = (0..10).map(|_| ledger.get(&case.path()).answer().status);
    assert!(answers.by_ref().skip_while(|status| *status == 503).all(|status| status == 200));
}

#[test]
fn a_ledger_recovers_after_the_loss_of_its_database() {
    let mut ledger = Process::start();
    let case = ledger.ready();
    ledger.get("/health/ready").answer().with_status(200);
    ledger.kill_postgresql();
    ledger.get("/health/live").answer().with_status(200);
    let mut answers = (0..400).map(|_| {
        thread::sleep(Duration::from_millis(50));
        ledger.get(&case.path()).answer()
    });
    let back = answers.find(|answer| answer.status != 503).expect("PostgreSQL comes back");
    assert_eq!((back.status, &back.body["version"]), (200, &3.into()));
    ledger.get("/health/ready").answer().with_status(200);
    ledger.kill();
}

/// Breaks the database connection of this report while it waits to write.
fn break_while_committing(ledger: &Ledger, report: Request) -> Answer {
    ledger.in_the_database(async |owner| {
        owner.execute("BEGIN; LOCK TABLE events IN SHARE MODE").await.expect("the owner may");
        let reporting = thread::spawn(|| report.answer());
        while break_waiting(owner).await == 0 {
            thread::sleep(Duration::from_millis(20));
        }
        owner.execute("ROLLBACK").await.expect("the lock is released");
        reporting.join().expect("an answer")
    })
}

/// Breaks the connections that wait for a lock and returns their number.
async fn break_waiting(owner: &mut PgConnection) -> u64 {
    let waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    owner.execute("SELECT pg_stat_clear_snapshot()").await.expect("a fresh look");
    owner.execute(waiting).await.expect("the owner may").rows_affected()
}
