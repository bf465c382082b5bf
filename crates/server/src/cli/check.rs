//! `omklap check`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::TrajectoryId;
use omklap_store::check::Finding;
use omklap_store::{Ledger, OperatorKey, StoreError};
use rand::seq::IndexedRandom;

use super::Outcome;
use crate::config::Config;
use crate::database::Database;

/// How many trajectories are asked for at once.
const PAGE: u32 = 1_000;

/// Derive everything again and compare: hash chains, and the rows of the read models
///
/// Prints a line for each difference and exits with 1 where there is one.
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
    /// Also replay each through the stock cqrs-es and postgres-es, and compare the states
    #[arg(long)]
    stock: bool,
}

impl Check {
    pub(super) async fn run(self, config: &Config) -> Outcome {
        let database = Database::open(config).await?;
        let operator_key = OperatorKey::from_file(&config.operator_key_file)?;
        let ledger = Ledger::new(database.pool.clone(), operator_key, Arc::new(AgreementSets::shipped()));
        let found = self.check(&ledger).await;
        database.close().await;
        Ok(if found? == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// How many differences there are.
    async fn check(&self, ledger: &Ledger) -> Result<usize, StoreError> {
        let chosen = self.chosen(ledger).await?;
        let mut found = 0;
        for trajectory in &chosen {
            for finding in self.findings(ledger, *trajectory).await? {
                tell(*trajectory, &finding);
                found += 1;
            }
        }
        conclude(chosen.len(), found);
        Ok(found)
    }

    async fn chosen(&self, ledger: &Ledger) -> Result<Vec<TrajectoryId>, StoreError> {
        if let Some(trajectory) = self.trajectory {
            return Ok(vec![trajectory]);
        }
        let mut all = Vec::new();
        loop {
            let page = ledger.trajectories(all.last().copied(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        Ok(match self.sample {
            Some(size) => all.choose_multiple(&mut rand::rng(), size).copied().collect(),
            None => all,
        })
    }

    async fn findings(&self, ledger: &Ledger, trajectory: TrajectoryId) -> Result<Vec<Finding>, StoreError> {
        let stock = if self.stock { ledger.check_stock(trajectory).await? } else { None };
        let found = [ledger.check_chain(trajectory).await?, ledger.check_summary(trajectory).await?, stock];
        Ok(found.into_iter().flatten().collect())
    }
}

#[expect(clippy::disallowed_macros, reason = "a command prints what it found on standard output")]
fn tell(trajectory: TrajectoryId, finding: &Finding) {
    println!("{trajectory}: {finding}");
}

#[expect(clippy::disallowed_macros, reason = "a command prints what it found on standard output")]
fn conclude(checked: usize, found: usize) {
    println!("{checked} trajectories checked, {found} differences");
}
