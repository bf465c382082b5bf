//! `omklap export ID`.

use std::fs::File;
use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use omklap_domain::ids::TrajectoryId;
use serde_json::Value;

use super::exit::CommandResult;
use super::remote::Remote;
use crate::auth::scope::Scope;
use crate::config::Config;

/// Print the facts of a trajectory in the order of recording, one a line in canonical JSON (RFC
/// 8785)
///
/// `omklap import` reads what this prints. With --case-file it prints the auditor's case file,
/// which `omklap-verify` checks.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The trajectory
    #[arg(value_name = "ID")]
    trajectory: TrajectoryId,
    /// Export the sealed case with every hash and proof, which can be checked without this ledger
    #[arg(long)]
    case_file: bool,
    /// Write to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

impl Export {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        let scopes = [Scope::TrajectoriesRead, Scope::AuditRead];
        let scopes = if self.case_file { &scopes[..] } else { &scopes[..1] };
        let ledger = self.remote.ledger(settings, "export", scopes).await?;
        if self.case_file {
            let file = ledger.case_file(&self.trajectory.to_string()).await?;
            output(self.out.as_deref())?.write_all(&file)?;
            return Ok(ExitCode::SUCCESS);
        }
        let facts = ledger.facts(&self.trajectory.to_string()).await?;
        let mut output = output(self.out.as_deref())?;
        for fact in facts {
            let fact: Value = serde_json::from_str(fact.get())?;
            writeln!(output, "{}", serde_json_canonicalizer::to_string(&fact)?)?;
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The file, or standard output.
fn output(file: Option<&Path>) -> io::Result<BufWriter<Box<dyn Write>>> {
    Ok(BufWriter::new(match file {
        Some(file) => Box::new(File::create(file)?),
        None => Box::new(stdout()),
    }))
}
