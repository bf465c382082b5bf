//! The cost of a report, compared with PostgreSQL alone and with the stock library for the same
//! report. `make bench` runs it on a temporary PostgreSQL. The ratios of one run count, not the
//! rates of a machine.

mod abuse;
mod audit;
mod case;
mod cost;
mod feed;
mod large;
mod lists;
mod long_stream;
mod nasty;
mod news;
mod omklap;
mod pgbench;
mod rate;
mod read_models;
mod seekers;
mod seen;
mod stock;
mod stock_replay;
mod timing;
mod verified;

use omklap_store::database::scratch::ScratchDatabase;
use rate::Rate;

/// The allocator that the program uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The numbers of concurrent reporters.
const CLIENTS: [usize; 3] = [1, 8, 32];

#[tokio::main]
#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
async fn main() {
    if let Some(trajectories) = large_ledger() {
        return large::measure(trajectories).await;
    }
    if std::env::args().any(|argument| argument == "--abuse") {
        return abuse::measure().await;
    }
    if std::env::args().any(|argument| argument == "--verified") {
        return verified::measure().await;
    }
    println!("One report on a stream of {} events, reports a second:\n", case::EVENTS_BEFORE);
    println!(
        "{:>8} {:>10} {:>12} {:>10} {:>10}   {:>12} {:>14}",
        "clients", "pgbench", "omklap HTTP", "in process", "stock", "HTTP/pgbench", "in proc./stock"
    );
    for clients in CLIENTS {
        // Each system has its own database, one after the other, so that none warms the cache of
        // another.
        let pgbench = pgbench::reports(&ScratchDatabase::create().await, clients).await;
        let http = omklap::over_http(&ScratchDatabase::create().await, clients).await;
        let in_process = omklap::in_process(&ScratchDatabase::create().await, clients).await;
        let stock = stock::reports(&ScratchDatabase::create().await, clients).await;
        println!(
            "{clients:>8} {:>10.0} {:>12.0} {:>10.0} {:>10.0}   {:>12.2} {:>14.2}",
            pgbench.0,
            http.0,
            in_process.0,
            stock.0,
            ratio(http, pgbench),
            ratio(in_process, stock)
        );
    }
    let [median, slowest] = long_stream::report_on(10_000).await;
    println!(
        "\nA report on a stream of 10,000 events, in process: median {median:.0?}, slowest of 20 {slowest:.0?}.\n"
    );
    seen::measure().await;
    news::measure().await;
    verified::measure().await;
}

/// `--trajectories N`: loads a ledger of this many trajectories and measures everything on it.
fn large_ledger() -> Option<u64> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--trajectories");
    arguments.nth(1)?.parse().ok()
}

fn ratio(of: Rate, to: Rate) -> f64 {
    of.0 / to.0
}
