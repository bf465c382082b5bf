//! The checkpoints again, outside the database: an append-only file with a line for each
//! checkpoint. An attacker who rewrites the whole database, and even signs it, has not rewritten
//! this file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;

use super::checkpoints::Signed;
use super::finding::LedgerFinding;
use crate::error::StoreError;

/// The file. Keep it where the database's owner cannot change it.
#[derive(Clone, Debug)]
pub struct CheckpointsFile {
    path: PathBuf,
}

/// A line of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    pub tree_size: u64,
    pub signed_at: Timestamp,
    pub note: String,
}

impl CheckpointsFile {
    /// The file at this path; it is made with its first line.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Adds checkpoints.
    pub(super) fn append(&self, signed: &[Signed]) -> io::Result<()> {
        if signed.is_empty() {
            return Ok(());
        }
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&self.path)?;
        let mut lines = if is_cut_off(&mut file)? { "\n".to_owned() } else { String::new() };
        for signed in signed {
            lines += &written(signed);
            lines.push('\n');
        }
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    }

    /// Adds the checkpoints that only the database has, such as those of another server. Refuses if
    /// the file has more than the database: then the database is older than what was signed.
    pub(super) async fn catch_up(
        &self,
        connection: &mut PgConnection,
        last: Option<&Signed>,
    ) -> Result<(), StoreError> {
        let here = self.last().map_err(StoreError::CheckpointsFile)?.map_or(0, |line| line.tree_size);
        let there = last.map_or(0, |last| last.tree_size);
        if here > there {
            return Err(StoreError::Tree(format!(
                "outside the database {here} leaves were signed, and the database has {there}"
            )));
        }
        if here == there {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT tree_size, note, signed_at FROM checkpoints WHERE tree_size > $1 ORDER BY tree_size",
        )
        .bind(here.cast_signed())
        .fetch_all(connection)
        .await?;
        let missing = rows.iter().map(Signed::read).collect::<Result<Vec<_>, _>>()?;
        self.append(&missing).map_err(StoreError::CheckpointsFile)
    }

    /// The checkpoint in its last line, if there is one. A line that was cut off while it was
    /// written does not count.
    pub(crate) fn last(&self) -> io::Result<Option<Line>> {
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let end = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(end.saturating_sub(8_192)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let mut lines = tail.split(|byte| *byte == b'\n').rev();
        Ok(lines.find_map(|line| serde_json::from_slice(line).ok()))
    }

    /// Its contents now, to be read later without what is added in the meantime.
    pub(super) fn as_it_is(&self) -> io::Result<ContentsNow> {
        let lines: Box<dyn Read + Send> = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Box::new(io::empty()),
            opened => {
                let file = opened?;
                let length = file.metadata()?.len();
                Box::new(file.take(length))
            }
        };
        Ok(ContentsNow { lines })
    }
}

/// The checkpoints outside as they were at one instant: the file is append-only, so its first bytes
/// stay.
pub(super) struct ContentsNow {
    lines: Box<dyn Read + Send>,
}

impl ContentsNow {
    /// Compares the checkpoints here with those in the database.
    pub(super) fn check(self, checkpoints: &[Signed], findings: &mut Vec<LedgerFinding>) -> io::Result<()> {
        let mut left = checkpoints.iter().peekable();
        for (line, bytes) in (1..).zip(BufReader::new(self.lines).split(b'\n')) {
            let bytes = bytes?;
            let Ok(read) = serde_json::from_slice::<Line>(&bytes) else {
                // A line that was cut off while it was written is written again, as a new line.
                if !left.peek().is_some_and(|next| written(next).as_bytes().starts_with(&bytes)) {
                    findings.push(LedgerFinding::LineUnreadable { line });
                }
                continue;
            };
            while let Some(missing) = left.next_if(|kept| kept.tree_size < read.tree_size) {
                findings.push(LedgerFinding::NotOutside { tree_size: missing.tree_size });
            }
            left.next_if(|kept| kept.tree_size == read.tree_size);
            // Two servers that share the file may both have added the same line.
            let kept = checkpoints.binary_search_by_key(&read.tree_size, |kept| kept.tree_size);
            let is_kept =
                |Signed { note, signed_at, .. }: &Signed| *note == read.note && *signed_at == read.signed_at;
            if !kept.is_ok_and(|at| is_kept(&checkpoints[at])) {
                findings.push(LedgerFinding::NotInDatabase { line, tree_size: read.tree_size });
            }
        }
        // The newest may not be written outside yet; what was signed a minute before it is.
        let newest = checkpoints.last().map(|last| last.signed_at);
        for missing in left {
            if newest.is_some_and(|newest| newest.duration_since(missing.signed_at) > WRITTEN_WITHIN) {
                findings.push(LedgerFinding::NotOutside { tree_size: missing.tree_size });
            }
        }
        Ok(())
    }
}

/// How long after a checkpoint its line is written at the latest.
const WRITTEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// A checkpoint as its line has it.
fn written(signed: &Signed) -> String {
    let Signed { tree_size, note, signed_at } = signed;
    let line = Line { tree_size: *tree_size, signed_at: *signed_at, note: note.clone() };
    serde_json::to_string(&line).expect("numbers and texts are JSON")
}

/// Whether the last line was cut off while it was written.
fn is_cut_off(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
