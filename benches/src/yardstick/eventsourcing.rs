//! `eventsourcing`, the library of Python for event sourcing, in a process of its own: see
//! `benches/eventsourcing/reports.py`.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use omklap_store::database::scratch::ScratchDatabase;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use super::{System, Work};
use crate::case;
use crate::cpu::Process;

pub const REPORT: &str = "report, eventsourcing of Python in process";

/// How many streams it has. It opens them one by one, which takes it some milliseconds each.
const STREAMS: usize = 1_000;

/// The program in Python, with its database.
pub struct Program {
    _database: ScratchDatabase,
    process: Child,
    lines: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
}

/// Reports through it.
pub async fn reports() -> System {
    System { name: REPORT, work: Work::Eventsourcing(Box::new(Program::start().await)) }
}

impl Program {
    async fn start() -> Self {
        let database = ScratchDatabase::create().await;
        database.pool().close().await;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/eventsourcing/reports.py");
        let mut process = Command::new(python())
            .arg(script)
            // libpq does not understand the parameters that sqlx adds to the URL.
            .arg(database.url().split('?').next().expect("a split has a first part"))
            .arg(STREAMS.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("`make bench` installs eventsourcing");
        let mut input = process.stdin.take().expect("piped");
        let output = process.stdout.take().expect("piped");
        let facts: Vec<_> = case::before().into_iter().chain([case::reported()]).collect();
        let facts = serde_json::to_string(&facts).expect("facts are JSON");
        input.write_all(format!("{facts}\n").as_bytes()).await.expect("it reads");
        let mut output = BufReader::new(output).lines();
        let ready = output.next_line().await.expect("it answers");
        assert_eq!(ready.as_deref(), Some("ready"), "it has opened its streams");
        Self { _database: database, process, lines: Mutex::new((input, output)) }
    }

    /// Its process, whose CPU time counts.
    pub fn process(&self) -> Process {
        self.process.id().map_or(Process::none(), Process::numbered)
    }

    /// Lets that many callers report. Returns how often they did, and for how long.
    pub async fn run(&self, clients: usize, turn: Duration) -> (u64, Duration) {
        let (input, output) = &mut *self.lines.lock().await;
        input.write_all(format!("{clients} {}\n", turn.as_secs_f64()).as_bytes()).await.expect("it reads");
        let answer = output.next_line().await.expect("it answers").expect("it runs");
        let (done, seconds) = answer.split_once(' ').expect("a number of reports and of seconds");
        (done.parse().expect("a number"), Duration::from_secs_f64(seconds.parse().expect("seconds")))
    }
}

/// The Python that has the library: `make bench` makes it beside the build.
fn python() -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    let target = program.ancestors().nth(2).expect("it is in a folder of the build");
    target.join("benches/bin/python")
}
