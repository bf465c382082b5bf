//! The table of what was measured, and the ratios.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::cpu::Used;
use crate::results::{rounded, row, table};
use crate::timing::{median, per_second};

/// One turn of a system.
pub struct Turn {
    /// How many operations were done.
    pub operations: u64,
    /// How long they took.
    pub took: Duration,
    /// The CPU time of PostgreSQL and of the program.
    pub used: Used,
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
            postgres: each(|turn| turn.used.postgres),
            process: each(|turn| turn.used.process),
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
pub fn print(measured: &[Measured]) {
    let rate = "a second (slowest to fastest turn)";
    let cpu = "CPU of PostgreSQL, of the program (µs)";
    table("reports, reads and lines of the access log", &["", "clients", rate, cpu, "unsteady turns"]);
    measured.iter().for_each(print_system);
    let clients = super::CLIENTS.map(|clients| clients.to_string());
    let [one, some, many] = clients.each_ref().map(String::as_str);
    table("ratios of rates", &["clients", one, some, many]);
    for [ours, theirs] in RATIOS {
        print_ratio(measured, ours, theirs);
    }
}

fn print_system(system: &Measured) {
    let Measured { name, clients, rate, slowest, fastest, postgres, process, unsteady } = system;
    row(
        &[
            (*name).to_owned(),
            clients.to_string(),
            format!("{rate:.0} ({slowest:.0} to {fastest:.0})"),
            format!("{postgres:.0}, {process:.0}"),
            unsteady.to_string(),
        ],
        &json!({
            "system": name, "clients": clients, "perSecond": rate, "slowest": slowest, "fastest": fastest,
            "postgresMicros": postgres, "programMicros": process, "unsteadyTurns": unsteady,
        }),
    );
}

/// Prints how much faster one system is than another, by the number of clients.
fn print_ratio(measured: &[Measured], ours: &str, theirs: &str) {
    let ratios = || {
        let pairs = of_system(measured, ours).zip(of_system(measured, theirs));
        pairs.map(|(ours, theirs)| (ours.clients.to_string(), ours.rate / theirs.rate))
    };
    let by_clients: Map<_, _> = ratios().map(|(clients, ratio)| (clients, Value::from(ratio))).collect();
    let mut cells = vec![format!("{ours} : {theirs}")];
    cells.extend(ratios().map(|(_, ratio)| rounded(ratio)));
    row(&cells, &json!({"ratio": [ours, theirs], "byClients": by_clients}));
}

/// What was measured of a system, by the number of clients.
fn of_system<'m>(measured: &'m [Measured], name: &'m str) -> impl Iterator<Item = &'m Measured> {
    measured.iter().filter(move |system| system.name == name)
}
