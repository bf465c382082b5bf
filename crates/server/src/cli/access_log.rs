//! `omklap access-log`.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::Action;

use super::exit::CommandResult;
use super::operator::{Operator, Rights};
use super::output;
use super::subject::{all_accesses, as_json};
use super::words::{InLanguage, Who, say};
use crate::config::Config;
use crate::subject_access;
use crate::subject_access::logboek::Logboek;

/// How many lines are read at once.
const PAGE: u32 = 1_000;

/// Show who saw or changed the data of a client, in sentences; or export the log for a central
/// register of processing
#[derive(Debug, Args)]
pub(super) struct AccessLog {
    #[command(flatten)]
    selection: LogSelection,
    /// With --logboek: only what was done from this instant on
    #[arg(long, value_name = "INSTANT", conflicts_with = "client_overview")]
    since: Option<Timestamp>,
    #[command(flatten)]
    language: InLanguage,
    #[command(flatten)]
    who: Who,
}

/// Which part of the log to show.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct LogSelection {
    /// Everything that was done with the data of this trajectory, for a subject access request
    #[arg(long, value_name = "ID")]
    client_overview: Option<TrajectoryId>,
    /// Everything that was done with anybody's data, as records of the standard Logboek
    /// dataverwerkingen, one JSON object a line; URI is that of the operator's register of
    /// processing activities
    #[arg(long, value_name = "URI")]
    logboek: Option<String>,
}

impl AccessLog {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let purpose = if self.selection.logboek.is_some() { "accountability" } else { "data-subject-rights" };
        let operator = Operator::open(config, &self.who.actor, purpose, Rights::OfTheServer).await?;
        let shown = self.show(&operator).await;
        operator.close().await;
        shown?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, operator: &Operator) -> Result<(), Box<dyn Error>> {
        if let Some(trajectory) = self.selection.client_overview {
            operator.log_reading(trajectory, Action::ReadAccessLog).await?;
            let accesses = all_accesses(operator, trajectory).await?;
            if output::as_json() {
                for access in &accesses {
                    say(&as_json(access).to_string());
                }
            } else {
                say(subject_access::accesses(trajectory, &accesses, self.language.language).trim_end());
            }
        }
        if let Some(register) = &self.selection.logboek {
            let (mut logboek, mut after) = (Logboek::of(register), None);
            let since = self.since.unwrap_or(Timestamp::UNIX_EPOCH);
            loop {
                let page = operator.ledger.accesses_since(since, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.position);
                for record in page.iter().flat_map(|access| logboek.records(access)) {
                    say(&record.to_string());
                }
            }
        }
        Ok(())
    }
}
