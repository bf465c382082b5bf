//! `omklap export ID`.

use std::fs::File;
use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use omklap_domain::ids::TrajectoryId;
use serde_json::Value;

use super::exit::CommandResult;
use super::language::{called, of_two};
use super::output::note;
use super::remote::Remote;
use crate::auth::scope::Scope;
use crate::config::Config;

/// Print the facts of a trajectory in the order of recording, one a line in canonical JSON (RFC
/// 8785)
///
/// `omklap import` reads what this prints. With --case-file it prints the auditor's case file,
/// which `omklap-verify` checks, and says on standard error as whom it was exported.
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
            note!("{}", for_whom(&serde_json::from_slice(&file)?));
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

/// For whom a case file was exported: somebody with another role gets another file.
fn for_whom(file: &Value) -> String {
    let of = |field: &str| file["exportedFor"][field].as_str().unwrap_or_default().to_owned();
    let (organisation, role) = (of("organisation"), called("Role", &of("role")));
    let events = file["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let in_full = events.iter().filter(|event| event.get("withheld").is_none()).count();
    let all = events.len();
    of_two(
        format!("exported as {organisation}, {role}: {in_full} of {all} events in full"),
        format!("uitgegeven als {organisation}, {role}: {in_full} van {all} feiten in hun geheel"),
    )
}

/// The file, or standard output.
fn output(file: Option<&Path>) -> io::Result<BufWriter<Box<dyn Write>>> {
    Ok(BufWriter::new(match file {
        Some(file) => Box::new(File::create(file)?),
        None => Box::new(stdout()),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_case_file_says_for_whom_it_is_and_how_much_of_it() {
        let file = json!({
            "exportedFor": {"organisation": "rekenkamer", "role": "auditor"},
            "events": [{"payload": "{}"}, {"withheld": true}, {"withheld": true, "fact": {}}]
        });
        assert_eq!(for_whom(&file), "exported as rekenkamer, auditor: 1 of 3 events in full");
    }
}
