//! `omklap agreements check FILE…`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::exit::COULD_NOT_LOOK;
use super::output::{as_json, note, out};
use clap::{Args, Subcommand};
use omklap_domain::agreements::read::{decoded, read};
use serde_json::json;

/// Agreement sets: the files with a region's working agreements between its partners
#[derive(Debug, Args)]
pub(super) struct Agreements {
    #[command(subcommand)]
    ask: Ask,
}

#[derive(Debug, Subcommand)]
enum Ask {
    /// List everything that is wrong in a set, with line and column
    ///
    /// Exit code: 0 every set is valid, 1 something is wrong, 2 a file cannot be read.
    Check {
        /// The files, such as agreements/amsterdam-2018.toml.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// The result for one file. The worst result of all files decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum CheckResult {
    Valid,
    Faulty,
    Unreadable,
}

impl Agreements {
    pub(super) fn run(self) -> ExitCode {
        let Ask::Check { files } = self.ask;
        let looked = files.iter().map(|file| check(file, fs::read(file), as_json()));
        match looked.collect::<Vec<_>>().into_iter().max() {
            Some(CheckResult::Unreadable) => ExitCode::from(COULD_NOT_LOOK),
            Some(CheckResult::Faulty) => ExitCode::FAILURE,
            Some(CheckResult::Valid) | None => ExitCode::SUCCESS,
        }
    }
}

fn check(file: &Path, bytes: io::Result<Vec<u8>>, as_json: bool) -> CheckResult {
    let file = file.display().to_string();
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            note!("{file}: {error}");
            return CheckResult::Unreadable;
        }
    };
    match decoded(bytes).and_then(|text| read(&text)) {
        Ok(set) => {
            let (id, version, obligations) = (&set.id, set.version, set.obligations().count());
            if as_json {
                let valid = json!({"file": file, "set": id, "version": version, "obligations": obligations});
                out!("{valid}");
            } else {
                out!("{file}: {id} version {version} is valid: {obligations} obligations");
            }
            CheckResult::Valid
        }
        Err(faults) => {
            for fault in &faults {
                let (line, column, message) = (fault.line, fault.column, &fault.message);
                if as_json {
                    out!("{}", json!({"file": file, "line": line, "column": column, "message": message}));
                } else {
                    note!("{file}:{line}:{column}: {message}");
                }
            }
            CheckResult::Faulty
        }
    }
}
