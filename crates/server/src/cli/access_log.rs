//! `omklap access-log`.

use std::process::ExitCode;

use clap::Args;
use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::Action;

use super::Outcome;
use super::subject::all_accesses;
use super::words::{InLanguage, Who, say};
use crate::config::Config;
use crate::keeper::{Keeper, Rights};
use crate::overview;

/// Tell who saw or changed the data of a client, in sentences
#[derive(Debug, Args)]
pub(super) struct AccessLog {
    /// Everything that was done with the data of this trajectory, for a subject access request
    #[arg(long, value_name = "ID")]
    client_overview: TrajectoryId,
    #[command(flatten)]
    language: InLanguage,
    #[command(flatten)]
    who: Who,
}

impl AccessLog {
    pub(super) async fn run(self, config: &Config) -> Outcome {
        let trajectory = self.client_overview;
        let keeper =
            Keeper::open(config, &self.who.actor, "data-subject-rights", Rights::OfTheServer).await?;
        let read = async {
            keeper.sees(trajectory, Action::ReadAccessLog).await?;
            all_accesses(&keeper, trajectory).await
        };
        let accesses = read.await;
        keeper.close().await;
        say(overview::accesses(trajectory, &accesses?, self.language.language).trim_end());
        Ok(ExitCode::SUCCESS)
    }
}
