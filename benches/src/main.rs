//! The cost of a report, compared with PostgreSQL alone and with the stock library for the same
//! report. `make bench` runs it on a temporary PostgreSQL. The ratios of one run count, not the
//! rates of a machine.
//!
//! It prints Markdown, or with `--json` one JSON object a line. [`Run`] has the other arguments.

mod abuse;
mod audit;
mod candidates;
mod case;
mod cost;
mod cpu;
mod feed;
mod import;
mod large;
mod lists;
mod long_stream;
mod machine;
mod nasty;
mod news;
mod omklap;
mod rate;
mod read_models;
mod results;
mod seekers;
mod seen;
mod stock_replay;
mod timing;
mod verified;
mod yardstick;

/// The allocator that the program uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a run measures.
enum Run {
    /// Without arguments: the yardstick, a long stream, signing in, the feed and webhooks, and verification.
    Full,
    /// `--import`: files of histories.
    Import,
    /// `--short`: the yardstick alone, in fewer rounds.
    Short,
    /// `--match`: candidates, seekers and quotas; reports that open a hold.
    Match,
    /// `--verified`: what it costs to verify every event.
    Verified,
    /// `--abuse`: the most expensive requests.
    Abuse,
    /// `--trajectories N`: a ledger with this many trajectories.
    Large(u64),
}

#[tokio::main]
async fn main() -> Result<(), String> {
    let run = run_of_arguments()?;
    machine::print().await;
    match run {
        Run::Full => full().await,
        Run::Import => import::measure().await,
        Run::Short => yardstick::measure(if yardstick::MEASURES { 3 } else { 1 }).await,
        Run::Match => candidates::measure().await,
        Run::Verified => verified::measure().await,
        Run::Abuse => abuse::measure().await,
        Run::Large(trajectories) => large::measure(trajectories).await,
    }
    Ok(())
}

/// Reads the arguments. `--json` may be anywhere among them.
fn run_of_arguments() -> Result<Run, String> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--json") {
        results::print_as_json();
    }
    arguments.retain(|argument| argument != "--json");
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(Run::Full),
        ["--import"] => Ok(Run::Import),
        ["--short"] => Ok(Run::Short),
        ["--match"] => Ok(Run::Match),
        ["--verified"] => Ok(Run::Verified),
        ["--abuse"] => Ok(Run::Abuse),
        ["--trajectories", number] => {
            number.parse().map(Run::Large).map_err(|_| format!("{number} is not a number of trajectories"))
        }
        _ => {
            let known = "--short, --import, --match, --verified, --abuse or --trajectories N, and --json";
            Err(format!("{} is not understood; the arguments are {known}", arguments.join(" ")))
        }
    }
}

async fn full() {
    yardstick::measure(5).await;
    long_stream::measure().await;
    seen::measure().await;
    news::measure().await;
    import::measure().await;
    verified::measure().await;
}
