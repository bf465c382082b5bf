//! Removes a private PostgreSQL with everything in it, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::StartFailed;
use super::home::{Home, Tenancy};
use super::postmaster::Postmaster;

/// The files of a home. Anything else is not ours.
const OURS: [&str; 7] =
    ["cluster", "unfinished", "password", "program-password", "lock", "postgres.log", "postgres.log.before"];
/// The prefix of copies of PostgreSQL's programs.
const PROGRAMS: &str = "postgres-binaries";

/// Why a private PostgreSQL is not removed.
#[derive(Debug, Error)]
pub enum NotRemoved {
    /// A server runs on it.
    #[error("a server runs on the private PostgreSQL in {}: stop it first", .0.display())]
    InUse(PathBuf),
    /// It is not the home of a private PostgreSQL, or it holds other files.
    #[error("{} holds {strange}, which omklap did not put there: nothing was removed", .home.display())]
    NotOurs {
        /// The directory.
        home: PathBuf,
        /// The first thing in it that is not ours.
        strange: String,
    },
    /// It cannot be read, stopped or removed.
    #[error(transparent)]
    Failed(#[from] StartFailed),
}

/// The home of a private PostgreSQL that no server uses, and that none can begin to use as long as
/// this is held.
pub struct Vacant {
    path: PathBuf,
    home: Home,
    _tenancy: Tenancy,
}

impl Vacant {
    /// The homes of the private PostgreSQL of a data folder, as far as there are any; the folder
    /// itself may be missing. Nothing is changed.
    ///
    /// # Errors
    /// If a directory is not one that omklap made, or a server runs on it.
    pub fn homes(data: &Path) -> Result<Vec<Self>, NotRemoved> {
        Home::places(data)?.into_iter().filter(|home| home.is_dir()).map(Self::of).collect()
    }

    fn of(path: PathBuf) -> Result<Self, NotRemoved> {
        is_ours(&path)?;
        let home = Home::existing(&path)?;
        match home.move_in()? {
            Some(tenancy) => Ok(Self { path, home, _tenancy: tenancy }),
            None => Err(NotRemoved::InUse(path)),
        }
    }

    /// Its directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stops the private PostgreSQL in this home, if a killed server left it running, and removes
    /// the home.
    ///
    /// # Errors
    /// If PostgreSQL cannot be stopped, or the home cannot be removed.
    pub fn remove(self) -> Result<(), NotRemoved> {
        let Self { path, home, _tenancy: tenancy } = self;
        if let Some(mut left) = Postmaster::left_running(&home)? {
            left.stop();
        }
        fs::remove_dir_all(&path).map_err(StartFailed::file("remove", &path))?;
        drop(tenancy);
        Home::leave_elsewhere(&path);
        Ok(())
    }
}

/// Whether everything in it is what a home holds, a symbolic link counting as strange.
fn is_ours(home: &Path) -> Result<(), NotRemoved> {
    let strange = |strange: String| NotRemoved::NotOurs { home: home.to_owned(), strange };
    let is_link = fs::symlink_metadata(home).is_ok_and(|home| home.is_symlink());
    if is_link {
        return Err(strange("nothing itself but leads elsewhere".to_owned()));
    }
    for entry in fs::read_dir(home).map_err(StartFailed::file("look into", home))? {
        let entry = entry.map_err(StartFailed::file("look into", home))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_known = OURS.contains(&name.as_str()) || name.starts_with(PROGRAMS);
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if !is_known || is_link {
            return Err(strange(name));
        }
    }
    let is_home = home.join("lock").is_file();
    if is_home { Ok(()) } else { Err(strange("no lock file".to_owned())) }
}
