//! The cost of a report, compared with PostgreSQL alone and with the stock library for the same
//! report. `make bench` runs it on a temporary PostgreSQL. The ratios of one run count, not the
//! rates of a machine.

mod abuse;
mod audit;
mod candidates;
mod case;
mod cost;
mod feed;
mod large;
mod lists;
mod long_stream;
mod nasty;
mod news;
mod omklap;
mod rate;
mod read_models;
mod seekers;
mod seen;
mod stock_replay;
mod timing;
mod verified;
mod yardstick;

/// The allocator that the program uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
#[expect(clippy::disallowed_macros, reason = "a benchmark prints its result")]
async fn main() {
    if let Some(trajectories) = large_ledger() {
        return large::measure(trajectories).await;
    }
    if std::env::args().any(|argument| argument == "--abuse") {
        return abuse::measure().await;
    }
    if std::env::args().any(|argument| argument == "--match") {
        return candidates::measure().await;
    }
    if std::env::args().any(|argument| argument == "--verified") {
        return verified::measure().await;
    }
    if std::env::args().any(|argument| argument == "--short") {
        return yardstick::measure(3).await;
    }
    yardstick::measure(5).await;
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
