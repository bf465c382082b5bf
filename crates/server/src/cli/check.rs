//! `omklap check`.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use omklap_domain::ids::TrajectoryId;
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Which;
use omklap_store::{CheckpointSigner, Ledger, Restorations, StoreError};
use rand::seq::IndexedRandom;

use super::exit::CommandResult;
use super::language::of_two;
use super::ledger_keys;
use super::output::{self, note, out};
use super::words::none_such;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::jobs::checkpoints;

mod found;
mod found_in_case;
mod found_in_ledger;
mod report;

use report::Report;

/// How many trajectories are read at once.
const PAGE: u32 = 1_000;

/// Derive everything again and compare: hash chains, the rows of the read models, the tree and its
/// signed checkpoints
///
/// The tree and the checkpoints, in the database and outside it, cover the whole ledger: they are
/// left out if only some trajectories are checked.
///
/// Prints a line for each difference. Exit code: 0 all is well, 1 there are differences, 2 the
/// check could not run. Reporting and signing can continue meanwhile.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// One trajectory [default: every one]
    #[arg(value_name = "ID", conflicts_with_all = ["all", "sample"])]
    trajectory: Option<TrajectoryId>,
    /// Every trajectory
    #[arg(long, conflicts_with = "sample")]
    all: bool,
    /// This many, picked at random
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Only the chains, the tree and the checkpoints, not the read models
    #[arg(long, conflicts_with_all = ["trajectory", "sample", "stock"])]
    ledger: bool,
    /// Also replay each through the stock cqrs-es and postgres-es, and compare the states
    #[arg(long)]
    stock: bool,
}

impl Check {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let database = Database::open(config).await?;
        if Restorations::new(database.pool.clone()).unconfirmed().await?.is_some() {
            note!("{}", on_a_copy());
        }
        let found = self.look(config, &database).await;
        database.close().await;
        Ok(if found? == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn look(&self, config: &Config, database: &Database) -> Result<usize, Box<dyn Error>> {
        let keys = ledger_keys::open(config, database).await?;
        let sets = Arc::new(config.agreement_sets()?);
        let ledger = Arc::new(Ledger::new(database.pool.clone(), keys.operator, sets));
        ledger.keep_to_its_sets(Clock::running().now()).await?;
        let signer = checkpoints::of(config, database.pool.clone(), ledger.mac_key(), keys.ledger)?;
        self.check_all(&ledger, &signer).await
    }

    /// The number of differences in the requested part.
    async fn check_all(
        &self,
        ledger: &Arc<Ledger>,
        signer: &CheckpointSigner,
    ) -> Result<usize, Box<dyn Error>> {
        let whole = self.trajectory.is_none() && self.sample.is_none();
        let mut found = if whole { walk(ledger, signer, Self::report()).await? } else { 0 };
        if !self.ledger {
            found += self.check(ledger).await?;
            if whole {
                found += check_own_references(ledger).await?;
                found += check_streams(ledger).await?;
                found += check_registry(ledger).await?;
                found += check_access_log(ledger).await?;
            }
        }
        Ok(found)
    }

    fn report() -> Report {
        if output::as_json() { Report::Json } else { Report::Words }
    }

    /// How many differences there are in the trajectories and their rows.
    async fn check(&self, ledger: &Arc<Ledger>) -> Result<usize, Box<dyn Error>> {
        let which = self.which(ledger).await?;
        let bar =
            if matches!(which, Which::After(_)) { bar(ledger.size().await?) } else { ProgressBar::hidden() };
        let (mut found, report) = (0, Self::report());
        let progress = ledger
            .check(which.clone(), |progress, wrong| {
                bar.set_position(progress.events);
                for (trajectory, finding) in
                    wrong.iter().flat_map(|(id, all)| all.iter().map(move |one| (id, one)))
                {
                    output::line_beside(&bar, &report.of_case(*trajectory, finding));
                    found += 1;
                }
            })
            .await?;
        bar.finish_and_clear();
        if let Some(unknown) = self.trajectory.filter(|_| progress.events == 0 && found == 0) {
            return Err(none_such(unknown).into());
        }
        // For the whole ledger, the walk has reported this already.
        if let Which::These(chosen) = &which {
            found += each(chosen, report, async |id| ledger.check_chain(id).await).await?;
        }
        if self.stock {
            let chosen = match which {
                Which::These(chosen) => chosen,
                Which::After(_) => every_trajectory(ledger).await?,
            };
            found += each(&chosen, report, async |id| ledger.check_stock(id).await).await?;
        }
        report.conclude(progress, found);
        Ok(found)
    }

    async fn which(&self, ledger: &Ledger) -> Result<Which, StoreError> {
        Ok(match (self.trajectory, self.sample) {
            (Some(trajectory), _) => Which::These(vec![trajectory]),
            (None, Some(size)) => {
                let all = every_trajectory(ledger).await?;
                Which::These(all.choose_multiple(&mut rand::rng(), size).copied().collect())
            }
            (None, None) => Which::After(None),
        })
    }
}

/// What a check does not find on an unconfirmed copy.
fn on_a_copy() -> &'static str {
    of_two(
        "this is a restored copy: until `omklap restored confirm` nothing is signed or put into batches, and that is no \
         difference",
        "dit is een teruggezette kopie: tot `omklap restored confirm` wordt niets ondertekend of in partijen gedaan, en \
         dat is geen verschil",
    )
}

/// How many differences there are in the organisations' own numbers.
async fn check_own_references(ledger: &Ledger) -> Result<usize, StoreError> {
    let (mut found, report) = (0, Check::report());
    let numbers = ledger
        .check_own_references(|trajectory, finding| {
            out!("{}", report.of_case(trajectory, &finding));
            found += 1;
        })
        .await?;
    if numbers > 0 {
        report.conclude_own_references(numbers, found);
    }
    Ok(found)
}

/// How many differences there are in the streams beside the trajectory and their rows.
async fn check_streams(ledger: &Ledger) -> Result<usize, StoreError> {
    let (mut found, report) = (0, Check::report());
    let checked = ledger
        .check_streams(|stream, finding| {
            out!("{}", report.of_stream(stream, &finding));
            found += 1;
        })
        .await?;
    if checked.streams > 0 {
        report.conclude_streams(checked, found);
    }
    Ok(found)
}

/// How many differences there are in the registry, and in who reported.
async fn check_registry(ledger: &Ledger) -> Result<usize, StoreError> {
    let (mut found, report) = (0, Check::report());
    let checked = ledger
        .check_registry(|finding| {
            out!("{}", report.finding(&finding));
            found += 1;
        })
        .await?;
    ledger
        .check_reporters(|finding| {
            out!("{}", report.finding(&finding));
            found += 1;
        })
        .await?;
    report.conclude_registry(checked, found);
    Ok(found)
}

/// How many differences there are in the access log.
async fn check_access_log(ledger: &Ledger) -> Result<usize, StoreError> {
    let (mut found, report) = (0, Check::report());
    let checked = ledger
        .check_access_log(Clock::running().now(), |finding| {
            out!("{}", report.finding(&finding));
            found += 1;
        })
        .await?;
    report.conclude_access_log(checked, found);
    Ok(found)
}

/// How many differences there are in the ledger as a whole.
async fn walk(ledger: &Ledger, signer: &CheckpointSigner, report: Report) -> Result<usize, StoreError> {
    let (bar, mut found) = (bar(ledger.size().await?), 0);
    let walked = signer
        .tree
        .check(&signer.keys, &signer.checkpoints_file, |seen, findings| {
            bar.set_position(seen);
            for finding in &findings {
                output::line_beside(&bar, &report.finding(finding));
                found += 1;
            }
        })
        .await?;
    for finding in signer.findings_at(Clock::running().now()).await? {
        output::line_beside(&bar, &report.finding(&finding));
        found += 1;
    }
    bar.finish_and_clear();
    report.conclude_ledger(walked, found);
    Ok(found)
}

/// A bar that fills with events.
pub(super) fn bar(events: u64) -> ProgressBar {
    let style = "{bar:40} {human_pos} of about {human_len} events, {per_sec}, {eta} left {msg}";
    let style = ProgressStyle::with_template(style).expect("a template that a test has seen");
    ProgressBar::new(events).with_style(style)
}

/// How many of these have a finding when each is checked on its own.
async fn each(
    chosen: &[TrajectoryId],
    report: Report,
    look: impl AsyncFn(TrajectoryId) -> Result<Option<Finding>, StoreError>,
) -> Result<usize, StoreError> {
    let mut found = 0;
    for trajectory in chosen {
        if let Some(finding) = look(*trajectory).await? {
            out!("{}", report.of_case(*trajectory, &finding));
            found += 1;
        }
    }
    Ok(found)
}

async fn every_trajectory(ledger: &Ledger) -> Result<Vec<TrajectoryId>, StoreError> {
    let mut all = Vec::new();
    loop {
        let page = ledger.trajectories(all.last().copied(), PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
