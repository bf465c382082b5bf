//! `omklap import FILE`.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::CommandResult;
use super::output::{note, out};
use super::remote::{Complaint, Problem, Refusal, Remote};
use crate::auth::scope::Scope;
use crate::config::Config;

/// Report existing histories: one fact a line, a blank line between two histories
///
/// Each history is admitted whole or not at all, and its id is printed. Lines that were imported
/// before are not reported again: their id is printed. So an import that was cut off can simply be
/// repeated.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    remote: Remote,
}

impl Import {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        let scopes = [Scope::TrajectoriesReport, Scope::TrajectoriesImport];
        let ledger = self.remote.ledger(settings, "import", &scopes).await?;
        let mut outcome = ExitCode::SUCCESS;
        for history in (Histories { lines: lines_of(&self.file)?, read: 0 }) {
            let history = history?;
            match ledger.open(history.as_list(), &history.key()).await {
                Ok(opened) => print_id(&opened.trajectory_id),
                Err(Refusal::Problem(problem)) => {
                    complain(&history.explain(&problem));
                    outcome = ExitCode::FAILURE;
                }
                Err(unreachable) => return Err(unreachable.into()),
            }
        }
        Ok(outcome)
    }
}

type Lines = Box<dyn Iterator<Item = io::Result<String>>>;

fn lines_of(file: &Path) -> Result<Lines, Box<dyn Error>> {
    if file == Path::new("-") {
        return Ok(Box::new(stdin().lines()));
    }
    let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Box::new(BufReader::new(opened).lines()))
}

/// The histories of a file, one after the other.
struct Histories {
    lines: Lines,
    /// How many lines were read.
    read: usize,
}

/// A history in a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct HistoryInFile {
    /// The number of its first line in the file, from 1.
    first_line: usize,
    /// One fact each.
    facts: Vec<String>,
}

/// Why a file is not a list of histories.
#[derive(Debug, Error)]
enum Unreadable {
    #[error(transparent)]
    File(#[from] io::Error),
    #[error("line {line} is not JSON: {error}")]
    NoJson { line: usize, error: serde_json::Error },
}

impl Iterator for Histories {
    type Item = Result<HistoryInFile, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut history = HistoryInFile::default();
        for line in self.lines.by_ref() {
            self.read += 1;
            match line.map_err(Unreadable::from).and_then(|line| checked(line, self.read)) {
                Err(error) => return Some(Err(error)),
                Ok(None) if history.facts.is_empty() => {}
                Ok(None) => break,
                Ok(Some(fact)) => history.add(fact, self.read),
            }
        }
        (!history.facts.is_empty()).then_some(Ok(history))
    }
}

/// The JSON of a line, or none if it is blank. Only the server checks the content of a fact.
fn checked(line: String, number: usize) -> Result<Option<String>, Unreadable> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    match serde_json::from_str::<&RawValue>(&line) {
        Ok(_) => Ok(Some(line)),
        Err(error) => Err(Unreadable::NoJson { line: number, error }),
    }
}

impl HistoryInFile {
    fn add(&mut self, fact: String, line: usize) {
        if self.facts.is_empty() {
            self.first_line = line;
        }
        self.facts.push(fact);
    }

    /// A JSON list of the very bytes in the file.
    fn as_list(&self) -> String {
        format!("[{}]", self.facts.join(","))
    }

    /// The same lines have the same key.
    fn key(&self) -> String {
        let digest = Sha256::digest(self.as_list());
        let first_half = digest[..16].try_into().expect("SHA-256 has 32 bytes");
        format!("import-{}", uuid::Builder::from_custom_bytes(first_half).as_uuid())
    }

    /// A refusal in terms of the file.
    fn explain(&self, problem: &Problem) -> String {
        let last_line = self.first_line + self.facts.len() - 1;
        let mut text = format!("lines {} to {last_line}: {}", self.first_line, problem.summary());
        for error in &problem.errors {
            text = format!("{text}\n  {}", self.place(error));
        }
        if let Some(step) = &problem.breaks {
            let line = self.first_line + step.sequence.saturating_sub(1);
            text = format!("{text}\n  line {line}, {step}");
        }
        text
    }

    fn place(&self, error: &Complaint) -> String {
        let Some((index, field)) = error.in_list() else { return error.to_string() };
        format!("line {} {field} {}: {}", self.first_line + index, error.code, error.detail)
    }
}
fn print_id(id: &str) {
    out!("{id}");
}
fn complain(explained: &str) {
    note!("{explained}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<HistoryInFile, String>> {
        let lines: Vec<_> = text.lines().map(|line| Ok(line.to_owned())).collect();
        let histories = Histories { lines: Box::new(lines.into_iter()), read: 0 };
        histories.map(|history| history.map_err(|error| error.to_string())).collect()
    }

    fn written(first_line: usize, facts: &[&str]) -> HistoryInFile {
        HistoryInFile { first_line, facts: facts.iter().map(|fact| (*fact).to_owned()).collect() }
    }

    #[test]
    fn blank_lines_part_histories() {
        let expected = vec![Ok(written(2, &["{}", "[1]"])), Ok(written(6, &["3"]))];
        assert_eq!(read("\n{}\n[1]\n\n  \n3\n"), expected);
    }

    #[test]
    fn a_line_that_is_not_json_is_named() {
        let read = read("{}\n{\n");
        assert!(read[0].as_ref().is_err_and(|error| error.starts_with("line 2 is not JSON")), "{read:?}");
    }

    #[test]
    fn a_refusal_names_the_line_and_the_field() {
        let problem = r#"{"title": "Not admitted", "detail": "", "errors": [
            {"code": "no-lease", "detail": "No.", "pointer": "/1/leaseId"}]}"#;
        let problem = serde_json::from_str(problem).expect("a problem");
        let explained = written(7, &["{}", "{}"]).explain(&problem);
        assert_eq!(explained, "lines 7 to 8: Not admitted\n  line 8 /leaseId no-lease: No.");
    }

    #[test]
    fn the_same_lines_have_the_same_key() {
        assert_eq!(written(1, &["{}"]).key(), written(9, &["{}"]).key());
        assert_ne!(written(1, &["{}"]).key(), written(1, &["[]"]).key());
    }
}
