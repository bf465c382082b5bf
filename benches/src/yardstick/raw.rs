//! PostgreSQL alone, by pgbench: it reads twenty events of a stream, or reads them and appends one, in
//! the table of the stock library, and does nothing else.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use omklap_store::database::scratch::ScratchDatabase;
use sqlx::{Connection, Executor};

use super::{STREAMS, System, Work, stock};
use crate::case;

pub const REPORT: &str = "SELECT 20 and INSERT 1 (pgbench)";
pub const READ: &str = "SELECT 20 (pgbench)";

const SELECT: &str = "
    SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata
    FROM stock.events WHERE aggregate_type = 'trajectory' AND aggregate_id = 'stream-' || :stream
    ORDER BY sequence LIMIT 20;";
const INSERT: &str = "
    INSERT INTO stock.events SELECT aggregate_type, aggregate_id, nextval('stock.appended'), event_type,
        event_version, payload, metadata
    FROM stock.events WHERE aggregate_type = 'trajectory' AND aggregate_id = 'stream-' || :stream AND sequence = 20;";

/// A script of pgbench, and the database that it works on.
pub struct Script {
    database: ScratchDatabase,
    text: String,
}

/// Reads and appends.
pub async fn reports() -> System {
    System { name: REPORT, work: Work::Pgbench(Box::new(Script::of(&[SELECT, INSERT]).await)) }
}

/// Reads.
pub async fn reads() -> System {
    System { name: READ, work: Work::Pgbench(Box::new(Script::of(&[SELECT]).await)) }
}

impl Script {
    async fn of(statements: &[&str]) -> Self {
        let database = ScratchDatabase::create().await;
        let mut owner = database.as_owner().await;
        owner.execute(stock::TABLE).await.expect("the table of the stock library");
        owner.execute("CREATE SEQUENCE stock.appended START 1000").await.expect("a sequence");
        for (nth, fact) in (1_i64..).zip(case::before()) {
            sqlx::query(
                "INSERT INTO stock.events SELECT 'trajectory', 'stream-' || stream, $1, $2, '1.0', $3, $4
                 FROM generate_series(0, $5 - 1) AS stream",
            )
            .bind(nth)
            .bind(fact.fact_type().as_str())
            .bind(serde_json::to_value(&fact).expect("JSON"))
            .bind(serde_json::json!({"actor": "u-1", "organisation": "cosis"}))
            .bind(i32::try_from(STREAMS).expect("few"))
            .execute(&mut owner)
            .await
            .expect("twenty events a stream");
        }
        owner.execute("VACUUM ANALYZE").await.expect("tidy, as a running database is");
        owner.close().await.expect("closed");
        database.pool().close().await;
        let text = format!(
            "\\set stream random(0, {})\n{}",
            STREAMS - 1,
            statements.join("\n").replace("\n    ", " ")
        );
        Self { database, text }
    }

    /// Runs it with that many clients. Returns how often, and for how long.
    pub async fn run(&self, clients: usize, turn: Duration) -> (u64, Duration) {
        let script = std::env::temp_dir().join(format!("omklap-bench-{}.sql", std::process::id()));
        fs::write(&script, &self.text).expect("a temporary file");
        // pgbench takes whole seconds.
        let seconds = turn.as_secs() + 1;
        let mut pgbench = Command::new(program());
        pgbench
            .args(["-n", "-M", "prepared", "-T", &seconds.to_string(), "-c", &clients.to_string()])
            .args(["-j", if clients == 1 { "1" } else { "2" }])
            .arg("-f")
            .arg(&script)
            // libpq does not understand the parameters that sqlx adds to the URL.
            .arg(self.database.url().split('?').next().expect("a split has a first part"));
        let output = tokio::task::spawn_blocking(move || pgbench.output()).await.expect("not cancelled");
        let output = output.expect("pgbench is installed with PostgreSQL");
        fs::remove_file(&script).expect("it was written above");
        let printed = String::from_utf8_lossy(&output.stdout);
        let done = printed.lines().find_map(|line| {
            line.strip_prefix("number of transactions actually processed: ")?.split('/').next()?.parse().ok()
        });
        let done = done.unwrap_or_else(|| {
            panic!("pgbench did nothing: {printed}{}", String::from_utf8_lossy(&output.stderr))
        });
        (done, Duration::from_secs(seconds))
    }
}

/// pgbench on the path, or from the newest server that Debian installed.
fn program() -> PathBuf {
    let servers = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<_> = servers.map(|entry| entry.path().join("bin/pgbench")).collect();
    installed.sort();
    installed.into_iter().rev().find(|path| path.exists()).unwrap_or_else(|| "pgbench".into())
}
