//! `omklap clean-data`.

use std::error::Error;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use tokio::task::spawn_blocking;

use super::exit::CommandResult;
use super::language::of_two;
use super::output::result;
use super::server_file::{self, Announcement};
use crate::config::Config;
use crate::private_postgres::Vacant;

/// The files that omklap itself creates in a data folder, beside the private PostgreSQL.
const OURS: [&str; 5] =
    ["operator.key", "ledger.key", "checkpoints.ndjson", "development-issuer.key", server_file::FILE];

/// Start over: remove the private PostgreSQL of this folder and everything omklap stores in the
/// data folder, every case included
///
/// It stops the PostgreSQL if a killed server left it running, and finds it even if it is outside
/// the data folder, as it may be for root. It refuses if a server runs, if the settings name a
/// database, and if a file is not omklap's own.
#[derive(Debug, Args)]
pub(super) struct CleanData {
    /// Only list what would be removed; refusals and exit codes are the same as without this option
    #[arg(long)]
    dry_run: bool,
    /// Remove even if the settings name an issuer, which suggests a ledger in real use
    #[arg(long)]
    yes: bool,
}

impl CleanData {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let config = config.clone();
        match spawn_blocking(move || self.clean(&config).map_err(|error| error.to_string())).await {
            Ok(cleaned) => cleaned?,
            // It unwinds if its output cannot be written: pass that on, so that the command ends.
            Err(joined) => resume_unwind(joined.into_panic()),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn clean(&self, config: &Config) -> Result<(), Box<dyn Error>> {
        if let Some(url) = &config.database_url {
            let why = "the settings name a database, to which the keys in the data folder may belong";
            return Err(format!("{why}: {url}. Nothing was removed").into());
        }
        if !config.issuers.is_empty() && !self.yes {
            let why = "the settings name an issuer, so this may be a ledger that is in use";
            return Err(format!("{why}. Nothing was removed; give --yes if it is to go").into());
        }
        // Everything is checked before anything is removed, and no server can start on it
        // meanwhile.
        let homes = Vacant::homes(&config.data)?;
        if let Some(server) = Announcement::find(&config.data) {
            let data = config.data.display();
            return Err(
                format!("the server on {server} runs on {data}: stop it first. Nothing was removed").into()
            );
        }
        let (files, others) = files(&config.data)?;
        let is_empty = homes.is_empty();
        for home in homes {
            let path = home.path().display().to_string();
            if !self.dry_run {
                home.remove()?;
            }
            say_removed(&path, self.dry_run, of_two(": the private PostgreSQL", ": de eigen PostgreSQL"));
        }
        for file in &files {
            if !self.dry_run {
                fs::remove_file(file)?;
            }
            say_removed(&file.display().to_string(), self.dry_run, "");
        }
        if !others.is_empty() {
            let (path, named) = (config.data.display().to_string(), others.join(", "));
            let words = of_two(format!("{path} stays, with {named}"), format!("{path} blijft, met {named}"));
            result(&json!({"path": path, "removed": false, "others": others}), &words);
        } else if config.data.is_dir() {
            if !self.dry_run {
                fs::remove_dir(&config.data)?;
            }
            say_removed(&config.data.display().to_string(), self.dry_run, "");
        } else if is_empty {
            let words = of_two("there is nothing to remove", "er is niets te verwijderen");
            result(&json!({"removed": false}), words);
        }
        Ok(())
    }
}

/// Prints that something was removed, or would be.
fn say_removed(path: &str, dry_run: bool, what: &str) {
    let verb = if dry_run {
        of_two("would be removed", "zou worden verwijderd")
    } else {
        of_two("removed", "verwijderd")
    };
    result(&json!({"path": path, "removed": !dry_run}), &format!("{path} {verb}{what}"));
}

/// Our own files in a data folder, and the names of what is not ours.
fn files(data: &Path) -> std::io::Result<(Vec<PathBuf>, Vec<String>)> {
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    if !data.is_dir() {
        return Ok((ours, others));
    }
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type()?.is_file();
        if is_file && OURS.contains(&name.as_str()) {
            ours.push(entry.path());
        } else if name != "postgres" {
            others.push(name);
        }
    }
    ours.sort();
    others.sort();
    Ok((ours, others))
}
