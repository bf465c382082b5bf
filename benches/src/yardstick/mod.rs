//! The honest yardstick: each system does the same work in turns of the same length, one after the
//! other, in several rounds, so that a machine that is slower for a while is slower for all. The medians
//! of the rounds count. CPU time per operation is what other load on the machine blurs least.

mod eventsourcing;
mod lines;
mod omklap_does;
mod raw;
mod stock;
mod table;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::cpu::{self, Used};
use table::{Measured, Turn};

/// Only an optimised build measures; another shows that everything runs.
pub const MEASURES: bool = !cfg!(debug_assertions);
/// How long a turn is.
const TURN: Duration = Duration::from_millis(if MEASURES { 1_100 } else { 100 });
/// The numbers of concurrent callers.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// How many streams of twenty events each system has. The callers take turns on them, so that none grows
/// by more than some events.
const STREAMS: usize = if MEASURES { 4_000 } else { 100 };

/// One operation, as a caller does it on the stream with this number.
type Operation = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A system that is measured.
struct System {
    name: &'static str,
    /// Makes the operation on a stream.
    work: Work,
}

/// How a system works through a turn.
enum Work {
    /// By this program's own callers.
    Ours { operation: Box<dyn Fn(usize) -> Operation>, server: Option<cpu::Process> },
    /// By pgbench, with this script.
    Pgbench(Box<raw::Script>),
    /// By the library of Python.
    Eventsourcing(Box<eventsourcing::Program>),
}

/// Measures everything in this many rounds, and prints it.
pub async fn measure(rounds: usize) {
    let [reports, reads] = omklap_does::over_http().await;
    let in_process = omklap_does::InProcess::open().await;
    let [alone, together] = lines::of_the_access_log(&in_process);
    let systems = [
        raw::reports().await,
        reports,
        stock::reports().await,
        eventsourcing::reports().await,
        in_process.reports(),
        raw::reads().await,
        reads,
        alone,
        together,
    ];
    let mut measured = Vec::new();
    for clients in CLIENTS {
        let mut turns = systems.each_ref().map(|_| Vec::new());
        for _ in 0..rounds {
            for (system, turns) in systems.iter().zip(&mut turns) {
                turns.push(turn(system, clients).await);
            }
        }
        let rows = systems.iter().zip(turns);
        measured.extend(rows.map(|(system, turns)| Measured::of(system.name, clients, &turns)));
    }
    table::print(&measured);
}

/// One turn of a system, with the time of a write to disk before and after it.
async fn turn(system: &System, clients: usize) -> Turn {
    let before = cpu::write_to_disk();
    let work = async {
        match &system.work {
            Work::Ours { operation, .. } => ours(operation, clients).await,
            Work::Pgbench(script) => script.run(clients, TURN).await,
            Work::Eventsourcing(program) => program.run(clients, TURN).await,
        }
    };
    let ((operations, took), used) = Used::during(server_of(system), work).await;
    Turn { operations, took, used, disk: [before, cpu::write_to_disk()] }
}

/// The process whose CPU time counts beside that of PostgreSQL: the server, or else this one.
fn server_of(system: &System) -> cpu::Process {
    match &system.work {
        Work::Ours { server: Some(server), .. } => *server,
        Work::Ours { server: None, .. } => cpu::Process::own(),
        Work::Pgbench(_) => cpu::Process::none(),
        Work::Eventsourcing(program) => program.process(),
    }
}

/// Lets that many callers work until the turn is over. Each finishes what it began.
async fn ours(operation: &dyn Fn(usize) -> Operation, clients: usize) -> (u64, Duration) {
    let started = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    let mut next = 0..;
    let mut begin = |calls: &mut tokio::task::JoinSet<()>| {
        let number = next.next().expect("numbers do not end");
        calls.spawn(operation(number % STREAMS));
    };
    (0..clients).for_each(|_| begin(&mut calls));
    let mut done = 0;
    while let Some(call) = calls.join_next().await {
        call.expect("an operation does not fail");
        done += 1;
        if started.elapsed() < TURN {
            begin(&mut calls);
        }
    }
    (done, started.elapsed())
}
