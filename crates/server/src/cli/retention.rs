//! `omklap retention`: cases are destroyed when their term has passed, unless a legal hold is on
//! them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::ids::{DocumentReference, TrajectoryId};
use omklap_domain::retention::{Due, Kept};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::{HoldGround, LegalHoldLifted, LegalHoldPlaced};
use omklap_domain::visibility::Category;
use omklap_store::StoreError;
use omklap_store::access_log::Action;
use omklap_store::destruction::{Destruction, Verdict};
use omklap_store::exports::sealed_file::FileError;
use serde_json::json;

use super::exit::CommandResult;
use super::language::of_two;
use super::operator::{Operator, Rights};
use super::output::{note, result};
use super::subject::say_recorded;
use super::words::{Who, kept, word};
use crate::config::Config;
use crate::jobs::restored_copy;

const PURPOSE: &str = "retention";

/// Destroy cases after their retention term, or hold a case for longer
#[derive(Debug, Args)]
pub(super) struct Retention {
    #[command(subcommand)]
    command: RetentionCommand,
}

#[derive(Debug, Subcommand)]
enum RetentionCommand {
    /// Destroy every case whose term has passed, and every expired month of the access log
    Run {
        /// Only list what would be destroyed
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        who: Who,
    },
    /// Keep a case beyond its term (legal hold)
    Hold {
        trajectory: TrajectoryId,
        /// legal-claim, complaint or investigation
        #[arg(long, value_parser = word::<HoldGround>)]
        ground: HoldGround,
        /// The reference of that claim, complaint or investigation
        #[arg(long, value_parser = kept::<DocumentReference>)]
        reference: Option<DocumentReference>,
        #[command(flatten)]
        who: Who,
    },
    /// Lift a legal hold: the case is destroyed after its term
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
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        match self.command {
            RetentionCommand::Run { dry_run, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheKeeper).await?;
                let done = destroy_what_is_due(&operator, config, dry_run).await;
                operator.close().await;
                done?;
            }
            RetentionCommand::Hold { trajectory, ground, reference, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = operator.clock.today();
                report(operator, trajectory, LegalHoldPlaced { occurred_on, ground, reference }.into())
                    .await?;
            }
            RetentionCommand::Release { trajectory, who } => {
                let operator = Operator::open(config, &who.actor, PURPOSE, Rights::OfTheServer).await?;
                let occurred_on = operator.clock.today();
                report(operator, trajectory, LegalHoldLifted { occurred_on }.into()).await?;
            }
            RetentionCommand::Certificate { trajectory, out } => {
                let operator = Operator::open(config, "operator", PURPOSE, Rights::OfTheServer).await?;
                let written = certificate(&operator, trajectory, out.as_deref()).await;
                operator.close().await;
                written?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn certificate(
    operator: &Operator,
    trajectory: TrajectoryId,
    out: Option<&Path>,
) -> Result<(), Box<dyn Error>> {
    let was_not = || format!("no certificate of this ledger says that {trajectory} was destroyed");
    let Some(out) = out else {
        let destroyed = operator.ledger.certificate(trajectory).await?.ok_or_else(was_not)?;
        let (hash, at) = (destroyed.hash.clone(), destroyed.recorded_at);
        let words = format!("{}\nhash {hash} recorded {at}", destroyed.certificate);
        result(&json!({"certificate": destroyed.certificate, "hash": hash, "recordedAt": at}), &words);
        return Ok(());
    };
    restored_copy::is_the_real_one(&operator.pool()).await?;
    let file = operator.ledger.certificate_file(&operator.signer, trajectory, operator.clock.now()).await;
    let file = file.map_err(|error| match error {
        FileError::NotFound => was_not().into(),
        other => Box::<dyn Error>::from(other),
    })?;
    Ok(fs::write(out, file)?)
}

async fn report(operator: Operator, trajectory: TrajectoryId, fact: Fact) -> Result<(), Box<dyn Error>> {
    let kind = fact.fact_type();
    let recorded = operator.report(trajectory, fact, Action::Hold, [Category::Consents]).await;
    operator.close().await;
    say_recorded(kind, recorded?.version(), trajectory);
    Ok(())
}

async fn destroy_what_is_due(
    operator: &Operator,
    config: &Config,
    dry_run: bool,
) -> Result<(), Box<dyn Error>> {
    let today = operator.clock.today();
    if !dry_run {
        restored_copy::is_the_real_one(&operator.pool()).await?;
    }
    let (mut after, mut destroyed, mut kept) = (None, 0, 0);
    loop {
        let page = operator.ledger.ended(after, config.retention_terms(), today).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (trajectory, verdict) in page {
            match verdict {
                Verdict::NotYet => {}
                Verdict::Kept(due, why) => {
                    kept += 1;
                    say_case(trajectory, "kept", Some(why), due);
                }
                Verdict::Destroy(due) => {
                    destroyed += 1;
                    if !dry_run {
                        destroy(operator, trajectory, due).await?;
                    }
                    say_case(trajectory, if dry_run { "due" } else { "destroyed" }, None, due);
                }
            }
        }
    }
    say_counts(destroyed, kept, dry_run);
    if !dry_run && destroyed > 0 {
        note!("{}", operator.rewrite_keys().await);
    }
    Ok(destroy_old_lines(operator, config.access_log_years, dry_run).await?)
}

/// Destroys the months of the access log whose term has passed, or only names them.
async fn destroy_old_lines(operator: &Operator, years: u16, dry_run: bool) -> Result<(), StoreError> {
    let before = operator.clock.today().plus_days(-366 * i32::from(years));
    if dry_run {
        for month in operator.ledger.access_log_before(before).await? {
            let words = of_two(
                format!("access log of {month} is due: kept for {years} years"),
                format!("inzagelogboek van {month} is aan de beurt: {years} jaar bewaard"),
            );
            result(&json!({"dueMonth": month, "keptForYears": years}), &words);
        }
        return Ok(());
    }
    let access = operator.line_about(Vec::new(), Action::Destroy);
    let (by, now) = (operator.metadata(&access), operator.clock.now());
    for month in operator.ledger.drop_access_log_before(before, &access, &by, now).await? {
        let words = of_two(
            format!("access log of {month} destroyed: kept for {years} years"),
            format!("inzagelogboek van {month} vernietigd: {years} jaar bewaard"),
        );
        result(&json!({"droppedMonth": month, "keptForYears": years}), &words);
    }
    Ok(())
}

async fn destroy(operator: &Operator, trajectory: TrajectoryId, due: Due) -> Result<(), StoreError> {
    let access = operator.line(trajectory, Action::Destroy, Category::ALL);
    let (today, now) = (operator.clock.today(), operator.clock.now());
    let metadata = operator.metadata(&access);
    let destruction = Destruction { trajectory, due, today, metadata: &metadata, access: &access, now };
    let destroyed = operator.ledger.destroy(&operator.signer, destruction).await?;
    let words = format!("{}\nhash {}", destroyed.certificate, destroyed.hash);
    result(&json!({"certificate": destroyed.certificate, "hash": destroyed.hash.clone()}), &words);
    Ok(())
}

fn say_counts(destroyed: usize, kept: usize, dry_run: bool) {
    let words = if dry_run {
        of_two(
            format!("{destroyed} due, {kept} kept beyond their term"),
            format!("{destroyed} te vernietigen, {kept} langer bewaard dan hun termijn"),
        )
    } else {
        of_two(
            format!("{destroyed} destroyed, {kept} kept beyond their term"),
            format!("{destroyed} vernietigd, {kept} langer bewaard dan hun termijn"),
        )
    };
    result(&json!({"dryRun": dry_run, "destroyed": destroyed, "kept": kept}), &words);
}

/// Prints what happened to a case, or would happen.
fn say_case(trajectory: TrajectoryId, verdict: &str, why: Option<Kept>, due: Due) {
    let Due { ended_on, destroy_from, .. } = due;
    let why = why.map(|why| match why {
        Kept::LegalHold => ("legal hold", "bewaring opgelegd"),
        Kept::Restricted => ("processing restricted", "verwerking beperkt"),
    });
    let done = match (verdict, why) {
        (_, Some((english, dutch))) => {
            of_two(format!("is kept ({english})"), format!("wordt bewaard ({dutch})"))
        }
        ("due", None) => of_two("is due", "is aan de beurt").to_owned(),
        (_, None) => of_two("destroyed", "vernietigd").to_owned(),
    };
    let words = of_two(
        format!("{trajectory} {done}: ended {ended_on}, kept until {destroy_from}"),
        format!("{trajectory} {done}: geëindigd op {ended_on}, bewaard tot {destroy_from}"),
    );
    let json = json!({
        "trajectoryId": trajectory, "verdict": verdict, "keptBecause": why.map(|(english, _)| english),
        "endedOn": ended_on, "keptUntil": destroy_from,
    });
    result(&json, &words);
}
