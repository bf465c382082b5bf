//! `omklap import FILE` (ADR 32).

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::task::{JoinHandle, spawn_blocking};

use super::exit::{COULD_NOT_LOOK, CommandResult};
use super::language::{of_two, spoken};
use super::output::{as_json, note, out, result};
use super::remote::{Me, Refusal, Remote};
use crate::auth::scope::Scope;
use crate::clock::Clock;
use crate::config::Config;

mod compare;
mod file;
mod history;
mod summary;
mod words;

use file::SourceFile;
use history::{Importer, Outcome, Stopped};
use summary::Summary;

/// Bring a file of histories up to date in the ledger: one fact a line, each history opened by a
/// line `{"reference": "…"}` with your own case number
///
/// A reference that your organisation has in the ledger is looked up, and only the facts that are
/// new are reported; another one opens a trajectory. So the same file can be imported every night:
/// nobody is registered twice, and nothing is reported twice. A history without a reference begins
/// after a blank line and is known by its opening fact.
///
/// Each history is taken whole or left as it is. If a line was changed, or has vanished from the
/// file, the history is left as it is and the line is named: a recorded fact is only changed by
/// reporting a correction.
///
/// Exit code: 0 everything is in the ledger, 1 a history was refused, 2 the import did not reach the
/// end of the file.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file in UTF-8, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only print what would be opened, extended and refused
    #[arg(long)]
    dry_run: bool,
    /// How many histories are imported at the same time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    at_once: u8,
    #[command(flatten)]
    remote: Remote,
}

/// What each history led to, in the order of the file.
type InOrder = VecDeque<JoinHandle<Result<Outcome, Stopped>>>;

impl Import {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        match self.import(settings).await {
            Ok(code) => Ok(code),
            Err(error) => {
                super::output::failed(error.as_ref());
                Ok(ExitCode::from(COULD_NOT_LOOK))
            }
        }
    }

    async fn import(&self, settings: &Config) -> CommandResult {
        let named = self.file.clone();
        let read = spawn_blocking(move || read(&named)).await?;
        let bytes = read.map_err(|error| format!("{}: {error}", self.file.display()))?;
        let file =
            SourceFile::read(bytes).map_err(|fault| format!("{}: {}", self.file.display(), fault.text()))?;
        let scopes = [Scope::TrajectoriesRead, Scope::TrajectoriesReport, Scope::TrajectoriesImport];
        let ledger = self.remote.ledger(settings, "import", &scopes).await?.in_language(spoken());
        let me = ledger.me().await?;
        note!("omklap: {}", as_whom(&me, self.dry_run));
        let (file, clock) = (Arc::new(file), Clock::running());
        let importer = Arc::new(Importer { file, ledger, me, clock, dry_run: self.dry_run });
        self.all(importer).await
    }

    /// Imports every history, several at once, and reports them in the order of the file.
    async fn all(&self, importer: Arc<Importer>) -> CommandResult {
        let mut summary = Summary::of(&self.file, &importer.file, self.dry_run);
        let (mut under_way, mut stopped) = (InOrder::new(), None);
        let mut next = 0..importer.file.histories.len();
        loop {
            while stopped.is_none() && under_way.len() < usize::from(self.at_once) {
                let Some(index) = next.next() else { break };
                under_way.push_back(tokio::spawn(Arc::clone(&importer).import(index)));
            }
            let Some(first) = under_way.pop_front() else { break };
            match first.await? {
                Ok(outcome) => report(&summary.add(outcome)),
                Err(Stopped { index, why }) => {
                    summary.did_not_reach(index);
                    stopped.get_or_insert(why);
                }
            }
        }
        next.for_each(|index| summary.did_not_reach(index));
        result(&summary.json(), &summary.text());
        Ok(match stopped {
            Some(why) => {
                note!("omklap: {}", why_stopped(&why));
                ExitCode::from(COULD_NOT_LOOK)
            }
            None if summary.refused() > 0 => ExitCode::FAILURE,
            None => ExitCode::SUCCESS,
        })
    }
}

fn report(reported: &summary::Reported) {
    if as_json() {
        out!("{}", reported.json());
    } else {
        reported.line().iter().for_each(|line| out!("{line}"));
        reported.notes().iter().for_each(|line| note!("{line}"));
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return fs::read(file);
    }
    let mut bytes = Vec::new();
    stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
}

/// In whose name the histories are brought, or would be: that of the token, or else of `--client`.
fn as_whom(me: &Me, dry_run: bool) -> String {
    let (organisation, role) = me.in_words();
    let does = if dry_run {
        of_two("trying without recording, as", "probeert zonder vast te leggen, als")
    } else {
        of_two("importing as", "importeert als")
    };
    format!("{does} {organisation}{role}")
}

fn why_stopped(why: &Refusal) -> String {
    let again = of_two(
        "what was recorded is found again by its reference, so run the import again",
        "wat is vastgelegd wordt teruggevonden aan zijn kenmerk; voer de import dus nog eens uit",
    );
    format!("{why}\n{again}")
}
