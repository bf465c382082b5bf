//! The user that PostgreSQL runs as: ours, unless that is root, which PostgreSQL refuses.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{User, geteuid};

use super::StartFailed;

/// Who owns a cluster and runs its processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The user that runs omklap.
    Ourselves,
    /// Another one, because omklap runs as root.
    Another {
        /// Its user id.
        uid: u32,
        /// Its group id.
        gid: u32,
    },
}

impl Owner {
    /// The owner of the home; for a new home the user `postgres`, or else `nobody`.
    pub(super) fn of(home: &Path) -> Result<Self, StartFailed> {
        let us = geteuid();
        let owner = fs::metadata(home).ok().map(|home| (home.uid(), home.gid()));
        match owner {
            _ if us.is_root() => match owner.filter(|(uid, _)| *uid != 0) {
                Some((uid, gid)) => Ok(Self::Another { uid, gid }),
                None => Self::unprivileged(),
            },
            Some((uid, _)) if uid != us.as_raw() => Err(StartFailed::NotOurs { home: home.to_owned(), uid }),
            _ => Ok(Self::Ourselves),
        }
    }

    fn unprivileged() -> Result<Self, StartFailed> {
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self::Another { uid: user.uid.as_raw(), gid: user.gid.as_raw() })
            .ok_or(StartFailed::NobodyToRunAs)
    }

    /// A command that will run as this user: without a terminal, in a process group of its own, so
    /// that Ctrl-C reaches omklap and not PostgreSQL.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // The messages of PostgreSQL are read by code too: in English.
        command.current_dir("/").stdin(Stdio::null()).process_group(0).env("LC_ALL", "C");
        if let Self::Another { uid, gid } = *self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes this user the owner of a file or directory that we made.
    pub(super) fn take(&self, path: &Path) -> io::Result<()> {
        match *self {
            Self::Ourselves => Ok(()),
            Self::Another { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }

    /// Whether this user may enter the directory and all those above it, as far as they exist.
    pub(super) fn reaches(&self, directory: &Path) -> bool {
        let Self::Another { uid, gid } = *self else { return true };
        directory.ancestors().filter_map(|dir| fs::metadata(dir).ok()).all(|dir| may_enter(&dir, uid, gid))
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ourselves => f.write_str("ourselves"),
            Self::Another { uid, .. } => write!(f, "the user with id {uid}"),
        }
    }
}

fn may_enter(directory: &Metadata, uid: u32, gid: u32) -> bool {
    let search = match directory {
        dir if dir.uid() == uid => 0o100,
        dir if dir.gid() == gid => 0o010,
        _ => 0o001,
    };
    directory.mode() & search != 0
}
