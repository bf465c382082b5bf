//! PostgreSQL alone: pgbench sends the same SELECT and the same INSERT, prepared, and does nothing
//! else.

use std::path::PathBuf;
use std::process::Command;

use omklap_store::OperatorKey;
use omklap_store::database::scratch::ScratchDatabase;
use sqlx::{Connection, Executor};

use crate::rate::{EACH, Rate};
use crate::{case, omklap};

/// Reads a stream of twenty events and appends one, as `crates/store/src/record/unit_of_work.rs` does. A
/// client's `i` counts its trajectories.
const SCRIPT: &str = include_str!("pgbench.sql");

/// Copies the one case to every trajectory a client will report on.
const COPIES: &str = "
    INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash)
    SELECT aggregate_type, 'pgbench-' || client || '-' || number, sequence, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash
    FROM events, generate_series(0, $1 - 1) AS client, generate_series(1, $2) AS number WHERE aggregate_id = $3";

/// The rate of pgbench with that many clients.
pub async fn reports(database: &ScratchDatabase, clients: usize) -> Rate {
    let id = case::trajectory(0, 0);
    let ledger = omklap::ledger(database, OperatorKey::of_tests());
    ledger
        .record(omklap::report(omklap_store::Target::New(id), case::before()))
        .await
        .expect("an admissible case");
    let mut owner = database.as_owner().await;
    let copied = sqlx::query(COPIES)
        .bind(i32::try_from(clients).expect("few"))
        .bind(i32::try_from(EACH / clients).expect("few"))
        .bind(id.to_string());
    copied.execute(&mut owner).await.expect("copies");
    owner.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
    owner.close().await.expect("closed");

    let script = std::env::temp_dir().join(format!("omklap-bench-{}.sql", std::process::id()));
    std::fs::write(&script, SCRIPT).expect("a temporary file");
    let output = Command::new(program())
        .args(["-n", "-M", "prepared", "-D", "i=0", "-c"])
        .arg(clients.to_string())
        .args(["-j", if clients == 1 { "1" } else { "2" }])
        .args(["-t", &(EACH / clients).to_string()])
        .arg("-f")
        .arg(&script)
        // libpq does not understand the parameters that sqlx adds to the URL.
        .arg(database.url().split('?').next().expect("a split has a first part"))
        .output()
        .expect("pgbench is installed with PostgreSQL");
    std::fs::remove_file(&script).expect("it was written above");
    let printed = String::from_utf8_lossy(&output.stdout);
    let tps = printed.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    Rate(tps.unwrap_or_else(|| {
        panic!("pgbench printed no rate: {printed}{}", String::from_utf8_lossy(&output.stderr))
    }))
}

/// pgbench on the path, or from the newest server that Debian installed.
fn program() -> PathBuf {
    let mut installed: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin/pgbench"))
        .collect();
    installed.sort();
    installed.into_iter().rev().find(|path| path.exists()).unwrap_or_else(|| "pgbench".into())
}
