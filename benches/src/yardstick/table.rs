//! What was measured, as Markdown and as JSON.

use std::time::Duration;

use serde_json::json;

use crate::timing::{median, per_second};

/// One turn of a system.
pub struct Turn {
    /// How many operations were done.
    pub operations: u64,
    /// How long they took.
    pub took: Duration,
    /// The CPU time of PostgreSQL.
    pub postgres: Duration,
    /// The CPU time of the program.
    pub process: Duration,
    /// How long the disk took before and after.
    pub disk: [Duration; 2],
}

/// The medians of a system with a number of callers.
pub struct Measured {
    name: &'static str,
    clients: usize,
    rate: f64,
    slowest: f64,
    fastest: f64,
    /// Microseconds for an operation.
    postgres: f64,
    process: f64,
    /// Turns before and after which the disk took very different times.
    unsteady: usize,
}

/// By how much the disk's time may differ within a turn.
const STEADY: u32 = 2;

impl Measured {
    /// The medians of these turns.
    pub fn of(name: &'static str, clients: usize, turns: &[Turn]) -> Self {
        let each = |of: fn(&Turn) -> Duration| {
            let per_operation = |turn: &Turn| of(turn) / u32::try_from(turn.operations.max(1)).expect("few");
            median(turns.iter().map(per_operation).collect()).as_secs_f64() * 1e6
        };
        let mut rates: Vec<f64> = turns.iter().map(|turn| per_second(turn.operations, turn.took)).collect();
        rates.sort_by(f64::total_cmp);
        let is_unsteady = |turn: &&Turn| {
            let [before, after] = turn.disk;
            before.max(after) > before.min(after) * STEADY
        };
        Self {
            name,
            clients,
            rate: rates[rates.len() / 2],
            slowest: rates[0],
            fastest: rates[rates.len() - 1],
            postgres: each(|turn| turn.postgres),
            process: each(|turn| turn.process),
            unsteady: turns.iter().filter(is_unsteady).count(),
        }
    }
}

/// Which system is compared with which.
const RATIOS: [[&str; 2]; 5] = [
    [super::omklap_does::REPORT_OVER_HTTP, super::raw::REPORT],
    [super::omklap_does::REPORT_IN_PROCESS, super::stock::REPORT],
    [super::omklap_does::REPORT_IN_PROCESS, super::eventsourcing::REPORT],
    [super::omklap_does::READ_OVER_HTTP, super::raw::READ],
    [super::lines::TOGETHER, super::lines::ALONE],
];

/// Prints the table, and then the ratios.
#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
pub fn print(measured: &[Measured]) {
    if std::env::args().any(|argument| argument == "--json") {
        let rows = measured.iter().map(|row| {
            json!({
                "system": row.name, "clients": row.clients, "perSecond": row.rate,
                "slowest": row.slowest, "fastest": row.fastest, "postgresMicros": row.postgres,
                "programMicros": row.process, "unsteadyTurns": row.unsteady,
            })
        });
        return rows.for_each(|row| println!("{row}"));
    }
    println!(
        "| | clients | a second (slowest to fastest turn) | CPU of PostgreSQL, of the program (µs) | unsteady turns |"
    );
    println!("|---|---|---|---|---|");
    for row in measured {
        println!(
            "| {} | {} | {:.0} ({:.0} to {:.0}) | {:.0}, {:.0} | {} |",
            row.name,
            row.clients,
            row.rate,
            row.slowest,
            row.fastest,
            row.postgres,
            row.process,
            row.unsteady
        );
    }
    println!();
    for [ours, theirs] in RATIOS {
        let ratios: Vec<_> = rates(measured, ours)
            .zip(rates(measured, theirs))
            .map(|(ours, theirs)| format!("{:.2}", ours / theirs))
            .collect();
        println!("{ours} : {theirs} = {}", ratios.join(" / "));
    }
}

/// The rates of a system, by the number of clients.
fn rates<'m>(measured: &'m [Measured], name: &'m str) -> impl Iterator<Item = f64> + 'm {
    measured.iter().filter(move |row| row.name == name).map(|row| row.rate)
}
