//! `omklap agreements check FILE…`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{note, out};
use clap::{Args, Subcommand};
use omklap_domain::agreements::read::{decoded, read};

/// Agreement sets: the files in which a region writes down what its partners owe each other
#[derive(Debug, Args)]
pub(super) struct Agreements {
    #[command(subcommand)]
    ask: Ask,
}

#[derive(Debug, Subcommand)]
enum Ask {
    /// Name everything that is wrong in a set, with line and column; exit code 1 where something is
    Check {
        /// The files, such as agreements/amsterdam-2018.toml.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

impl Agreements {
    pub(super) fn run(self) -> ExitCode {
        let Ask::Check { files } = self.ask;
        let mut all_well = true;
        for file in &files {
            all_well &= check(file, fs::read(file));
        }
        if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
fn check(file: &Path, bytes: io::Result<Vec<u8>>) -> bool {
    let file = file.display();
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            note!("{file}: {error}");
            return false;
        }
    };
    match decoded(bytes).and_then(|text| read(&text)) {
        Ok(set) => {
            let obligations = set.obligations().count();
            out!("{file}: {} version {} is well: {obligations} obligations", set.id, set.version);
            true
        }
        Err(faults) => {
            for fault in &faults {
                note!("{file}:{}:{}: {}", fault.line, fault.column, fault.message);
            }
            false
        }
    }
}
