//! `omklap rebuild`.

use std::cell::Cell;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::ProgressBar;
use omklap_domain::ids::TrajectoryId;
use omklap_store::Table;
use omklap_store::consistency::scan::Progress;
use omklap_store::consistency::scan::Which;
use omklap_store::{Ledger, StoreError};
use serde_json::json;

use super::check::bar;
use super::exit::CommandResult;
use super::language::of_two;
use super::ledger_keys;
use super::output::result;
use super::signals::Signals;
use super::words::none_of;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;

/// Rebuild the rows of the read models from the events, while the service runs
///
/// Trajectory by trajectory, each in a transaction of its own; correct rows are only read. An
/// interruption leaves everything correct, and the command prints where to continue.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// Only this one [default: every one]
    #[arg(long, value_name = "X", value_parser = read_model)]
    read_model: Option<Table>,
    /// Only the trajectories after this one, in the order of ids: to resume an interrupted rebuild
    #[arg(long, value_name = "ID")]
    after: Option<TrajectoryId>,
}

impl Rebuild {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let mut signals = Signals::listen()?;
        let database = Database::open(config).await?;
        let operator_key = ledger_keys::open(config, &database).await?.operator;
        let sets = Arc::new(config.agreement_sets()?);
        let ledger = Arc::new(Ledger::new(database.pool.clone(), operator_key, sets));
        ledger.keep_to_its_sets(Clock::running().now()).await?;
        let bar = bar(ledger.size().await?);
        let so_far = Cell::new(Progress { last: self.after, ..Progress::default() });
        let ended = tokio::select! {
            ended = self.rebuild(&ledger, &bar, &so_far) => Some(ended),
            _ = signals.stop_requested() => None,
        };
        bar.finish_and_clear();
        database.close().await;
        Ok(match ended {
            Some(Ok(progress)) => {
                conclude(progress);
                ExitCode::SUCCESS
            }
            Some(Err(failed)) => {
                interrupted(so_far.get());
                return Err(failed.into());
            }
            None => {
                interrupted(so_far.get());
                ExitCode::FAILURE
            }
        })
    }

    async fn rebuild(
        &self,
        ledger: &Arc<Ledger>,
        bar: &ProgressBar,
        so_far: &Cell<Progress>,
    ) -> Result<Progress, StoreError> {
        let read_models = self.read_model.map_or(Table::ALL.to_vec(), |one| vec![one]);
        let show = |progress: Progress| {
            so_far.set(Progress { last: progress.last.or(self.after), ..progress });
            bar.set_position(progress.events);
            if let Some(last) = progress.last {
                bar.set_message(format!("{} repaired; continue with --after {last}", progress.mended));
            }
        };
        let mut progress = ledger.rebuild(Which::After(self.after), &read_models, show).await?;
        if self.read_model.is_none() {
            progress.mended += ledger.rebuild_streams().await?.mended;
        }
        Ok(progress)
    }
}

fn read_model(text: &str) -> Result<Table, String> {
    let known = Table::ALL.iter().copied().find(|known| known.as_str() == text);
    known.ok_or_else(|| none_of(text, Table::ALL.iter().map(|table| table.as_str())))
}

fn interrupted(so_far: Progress) {
    let Progress { mended, last, .. } = so_far;
    let json = json!({"interrupted": true, "repaired": mended, "continueAfter": last});
    result(&json, &where_to_continue(so_far));
}

fn where_to_continue(Progress { mended, last, .. }: Progress) -> String {
    match last {
        Some(last) => format!("interrupted: {mended} repaired; continue with --after {last}"),
        None => format!("interrupted: {mended} repaired; start again"),
    }
}
fn conclude(progress: Progress) {
    let Progress { trajectories, events, mended, .. } = progress;
    let words = of_two(
        format!("{trajectories} trajectories with {events} events checked, {mended} repaired"),
        format!("{trajectories} dossiers met {events} gebeurtenissen nagekeken, {mended} hersteld"),
    );
    result(&json!({"trajectories": trajectories, "events": events, "repaired": mended}), &words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_rebuild_says_where_to_continue() {
        let last = "0199d2c0-0000-7000-8000-000000000001".parse().map(TrajectoryId).expect("an id");
        let so_far = Progress { mended: 7, last: Some(last), ..Progress::default() };
        assert_eq!(
            where_to_continue(so_far),
            "interrupted: 7 repaired; continue with --after 0199d2c0-0000-7000-8000-000000000001"
        );
        assert_eq!(where_to_continue(Progress::default()), "interrupted: 0 repaired; start again");
    }
}
