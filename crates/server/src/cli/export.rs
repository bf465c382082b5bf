//! `omklap export ID`.

use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use clap::Args;
use omklap_domain::ids::TrajectoryId;
use serde_json::Value;

use super::Outcome;
use super::remote::Remote;

/// Print the facts of a trajectory in the order of recording, one a line in canonical JSON (RFC 8785)
///
/// `omklap import` reads what this prints.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The trajectory
    #[arg(value_name = "ID")]
    trajectory: TrajectoryId,
    #[command(flatten)]
    remote: Remote,
}

impl Export {
    pub(super) async fn run(self) -> Outcome {
        let facts = self.remote.ledger("export").facts(&self.trajectory.to_string()).await?;
        let mut output = BufWriter::new(stdout().lock());
        for fact in facts {
            let fact: Value = serde_json::from_str(fact.get())?;
            writeln!(output, "{}", serde_json_canonicalizer::to_string(&fact)?)?;
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
