//! `omklap retention`: cases are destroyed when their term has passed, unless a legal hold is on them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::ids::{DocumentReference, TrajectoryId};
use omklap_domain::retention::Due;
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{HoldGround, LegalHoldLifted, LegalHoldPlaced};
use omklap_domain::visibility::Category;
use omklap_store::access_log::Action;
use omklap_store::destruction::{Destruction, Verdict};
use omklap_store::exports::sealed_file::FileError;

use super::Outcome;
use super::operator::{Keeper, Rights};
use super::words::{Who, kept, say, word};
use crate::config::Config;
use crate::jobs::restored_copy;

const PURPOSE: &str = "retention";

/// Destroy what has been kept for its term, hold what must be kept longer
#[derive(Debug, Args)]
pub(super) struct Retention {
    #[command(subcommand)]
    asked: Asked,
}

#[derive(Debug, Subcommand)]
enum Asked {
    /// Destroy every case whose term has passed, and the months of the access log that are past theirs
    Run {
        /// Only say what would be destroyed
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        who: Who,
    },
    /// Keep a case whatever its term
    Hold {
        trajectory: TrajectoryId,
        /// legal-claim, complaint or investigation
        #[arg(long, value_parser = word::<HoldGround>)]
        ground: HoldGround,
        /// Where that is on file
        #[arg(long, value_parser = kept::<DocumentReference>)]
        reference: Option<DocumentReference>,
        #[command(flatten)]
        who: Who,
    },
    /// Keep it no longer than its term
    Release {
        trajectory: TrajectoryId,
        #[command(flatten)]
        who: Who,
    },
    /// Print the certificate of a case that was destroyed
    Certificate {
        trajectory: TrajectoryId,
        /// Write it to this file with its proof: what `omklap-verify` checks
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

impl Retention {
    pub(super) async fn run(self, config: &Config) -> Outcome {
        match self.asked {
            Asked::Run { dry_run, who } => {
                let keeper = Keeper::open(config, &who.actor, PURPOSE, Rights::OfTheKeeper).await?;
                let done = destroy_what_is_due(&keeper, config, dry_run).await;
                keeper.close().await;
                done?;
            }
            Asked::Hold { trajectory, ground, reference, who } => {
                let keeper = Keeper::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = keeper.clock.today();
                tell(keeper, trajectory, LegalHoldPlaced { occurred_on, ground, reference }.into()).await?;
            }
            Asked::Release { trajectory, who } => {
                let keeper = Keeper::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = keeper.clock.today();
                tell(keeper, trajectory, LegalHoldLifted { occurred_on }.into()).await?;
            }
            Asked::Certificate { trajectory, out } => {
                let keeper = Keeper::open(config, "operator", PURPOSE, Rights::OfTheServer).await?;
                let written = certificate(&keeper, trajectory, out.as_deref()).await;
                keeper.close().await;
                written?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn certificate(
    keeper: &Keeper,
    trajectory: TrajectoryId,
    out: Option<&Path>,
) -> Result<(), Box<dyn Error>> {
    let was_not = || format!("no certificate of this ledger says that {trajectory} was destroyed");
    let Some(out) = out else {
        let destroyed = keeper.ledger.certificate(trajectory).await?.ok_or_else(was_not)?;
        say(&destroyed.certificate);
        say(&format!("hash {} recorded {}", destroyed.hash, destroyed.recorded_at));
        return Ok(());
    };
    restored_copy::is_the_real_one(&keeper.pool()).await?;
    let file = keeper.ledger.certificate_file(&keeper.notary, trajectory, keeper.clock.now()).await;
    let file = file.map_err(|error| match error {
        FileError::NotFound => was_not().into(),
        other => Box::<dyn Error>::from(other),
    })?;
    Ok(fs::write(out, file)?)
}

async fn tell(keeper: Keeper, trajectory: TrajectoryId, fact: Fact) -> Result<(), Box<dyn Error>> {
    let kind = fact.fact_type();
    let told = keeper.tells(trajectory, fact, Action::Hold, [Category::Consents]).await;
    keeper.close().await;
    say(&format!("{kind} is fact {} of {trajectory}", told?.version()));
    Ok(())
}

async fn destroy_what_is_due(keeper: &Keeper, config: &Config, dry_run: bool) -> Result<(), Box<dyn Error>> {
    let today = keeper.clock.today();
    if !dry_run {
        restored_copy::is_the_real_one(&keeper.pool()).await?;
    }
    let (mut after, mut destroyed, mut kept) = (None, 0, 0);
    loop {
        let page = keeper.ledger.ended(after, config.retention_terms(), today).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (trajectory, verdict) in page {
            match verdict {
                Verdict::NotYet => {}
                Verdict::Kept(due, why) => {
                    kept += 1;
                    say(&format!("{trajectory} is kept ({why:?}): {}", since(due)));
                }
                Verdict::Destroy(due) => {
                    destroyed += 1;
                    if !dry_run {
                        destroy(keeper, trajectory, due).await?;
                    }
                    say(&format!(
                        "{trajectory} {}: {}",
                        if dry_run { "is due" } else { "destroyed" },
                        since(due)
                    ));
                }
            }
        }
    }
    let verb = if dry_run { "due" } else { "destroyed" };
    say(&format!("{destroyed} {verb}, {kept} kept beyond their term"));
    if !dry_run {
        if destroyed > 0 {
            say(&keeper.writes_keys_anew().await);
        }
        let years = config.access_log_years;
        for month in keeper.ledger.drop_access_log_before(today.plus_days(-366 * i32::from(years))).await? {
            say(&format!("{month} dropped: kept for {years} years"));
        }
    }
    Ok(())
}

async fn destroy(
    keeper: &Keeper,
    trajectory: TrajectoryId,
    due: Due,
) -> Result<(), omklap_store::StoreError> {
    let access = keeper.line(trajectory, Action::Destroy, Category::ALL);
    let (today, now) = (keeper.clock.today(), keeper.clock.now());
    let metadata = keeper.metadata(&access);
    let destruction = Destruction { trajectory, due, today, metadata: &metadata, access: &access, now };
    let destroyed = keeper.ledger.destroy(&keeper.notary, destruction).await?;
    say(&destroyed.certificate);
    say(&format!("hash {}", destroyed.hash));
    Ok(())
}

fn since(due: Due) -> String {
    format!("ended {}, kept until {}", due.ended_on, due.destroy_from)
}
