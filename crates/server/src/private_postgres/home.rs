//! The directory a private PostgreSQL lives in, and who looks after it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};
use tracing::info;

use super::StartFailed;
use super::owner::Owner;
use crate::config::DatabaseUrl;

/// The directory of homes if the user that PostgreSQL runs as cannot reach the data directory.
const ELSEWHERE: &str = "/var/lib/omklap";

/// The name of the database, and of the login that owns it.
pub(super) const NAME: &str = "omklap";

/// The name of the login of the running program.
const PROGRAM: &str = "omklap_program";

/// A home: the directory, and the user it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Home {
    path: PathBuf,
    owner: Owner,
}

/// Held as long as this process looks after the home; released by the system when the process ends,
/// however it ends.
pub(super) struct Tenancy(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl Home {
    /// The home for a data directory, made if need be.
    pub(super) fn of(data: &Path) -> Result<Self, StartFailed> {
        fs::create_dir_all(data).map_err(StartFailed::file("make", data))?;
        let data = fs::canonicalize(data).map_err(StartFailed::file("find", data))?;
        let near = data.join("postgres");
        let owner = Owner::of(&near)?;
        if owner.reaches(&near) {
            return Self::made(near, owner);
        }
        let far = Path::new(ELSEWHERE).join(name_from(&data));
        info!(
            "PostgreSQL does not run as root, and {owner} cannot enter {}: the database lives in {}",
            data.display(),
            far.display()
        );
        fs::create_dir_all(ELSEWHERE).map_err(StartFailed::file("make", Path::new(ELSEWHERE)))?;
        let owner = Owner::of(&far)?;
        Self::made(far, owner)
    }

    /// The possible homes of a data directory, which need not exist: inside it, or elsewhere.
    pub(super) fn places(data: &Path) -> Result<[PathBuf; 2], StartFailed> {
        let whole = std::path::absolute(data).map_err(StartFailed::file("find", data))?;
        let data = fs::canonicalize(&whole).unwrap_or_else(|_| {
            // It no longer exists, but the rest of the path still names it.
            let parent = whole.parent().and_then(|parent| fs::canonicalize(parent).ok());
            parent.zip(whole.file_name()).map_or(whole.clone(), |(parent, name)| parent.join(name))
        });
        Ok([data.join("postgres"), Path::new(ELSEWHERE).join(name_from(&data))])
    }

    /// Removes the directory of homes elsewhere, if this was the last one.
    pub(super) fn leave_elsewhere(home: &Path) {
        if home.parent() == Some(Path::new(ELSEWHERE)) {
            // If it is not empty, it is in use.
            fs::remove_dir(ELSEWHERE).ok();
        }
    }

    /// The home in a directory that is there.
    pub(super) fn existing(path: &Path) -> Result<Self, StartFailed> {
        Ok(Self { path: path.to_owned(), owner: Owner::of(path)? })
    }

    /// A new home in the temporary directory.
    pub(super) fn temporary() -> Result<Self, StartFailed> {
        let name = format!("omklap-{}", Alphanumeric.sample_string(&mut rand::rng(), 12));
        let path = std::env::temp_dir().join(name);
        let owner = Owner::of(&path)?;
        let path = if owner.reaches(&path) {
            path
        } else {
            Path::new("/tmp").join(path.file_name().expect("named above"))
        };
        Self::made(path, owner)
    }

    fn made(path: PathBuf, owner: Owner) -> Result<Self, StartFailed> {
        if !path.is_dir() {
            DirBuilder::new().mode(0o700).create(&path).map_err(StartFailed::file("make", &path))?;
        }
        owner.take(&path).map_err(StartFailed::file("hand over", &path))?;
        Ok(Self { path, owner })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The directory PostgreSQL calls its data directory.
    pub(super) fn cluster(&self) -> PathBuf {
        self.path.join("cluster")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path.join("postgres.log")
    }

    pub(super) fn password_file(&self) -> PathBuf {
        self.path.join("password")
    }

    /// Takes the home for this process, unless another one looks after it now.
    pub(super) fn move_in(&self) -> Result<Option<Tenancy>, StartFailed> {
        let path = self.path.join("lock");
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        let lock = lock.and_then(|lock| self.owner.take(&path).map(|()| lock));
        let lock = lock.map_err(StartFailed::file("open", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Tenancy(lock))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StartFailed::file("lock", &path)(error)),
        }
    }

    pub(super) fn program_password_file(&self) -> PathBuf {
        self.path.join("program-password")
    }

    /// Writes a random password to a file that only the owner (and root) can read.
    pub(super) fn choose_password(&self, path: &Path) -> Result<(), StartFailed> {
        let password = Alphanumeric.sample_string(&mut rand::rng(), 40);
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| writeln!(file, "{password}"))
            .and_then(|()| self.owner.take(path))
            .map_err(StartFailed::file("write", path))
    }

    /// Chooses the password of the running program, if that has not been done.
    pub(super) fn choose_program_password_once(&self) -> Result<(), StartFailed> {
        let path = self.program_password_file();
        let is_chosen = fs::read_to_string(&path).is_ok_and(|password| password.ends_with('\n'));
        if is_chosen { Ok(()) } else { self.choose_password(&path) }
    }

    /// The address for the owner of the database, if PostgreSQL listens on this port.
    pub(super) fn owner_url(&self, port: u16) -> Result<DatabaseUrl, StartFailed> {
        Self::url(NAME, self.password_file(), port)
    }

    /// The address for the running program.
    pub(super) fn program_url(&self, port: u16) -> Result<DatabaseUrl, StartFailed> {
        Self::url(PROGRAM, self.program_password_file(), port)
    }

    fn url(login: &str, path: PathBuf, port: u16) -> Result<DatabaseUrl, StartFailed> {
        let password = fs::read_to_string(&path).map_err(StartFailed::file("read", &path))?;
        // Loopback needs no TLS, and asking for it would cost a round trip a connection.
        format!("postgres://{login}:{}@127.0.0.1:{port}/{NAME}?sslmode=disable", password.trim())
            .parse()
            .map_err(|_| StartFailed::Password(path))
    }
}

/// A name that no other data directory has, and that an operator can recognise: `/root/omklap/data`
/// becomes `root-omklap-data-` and eight hexadecimal digits.
fn name_from(data: &Path) -> String {
    let path = data.to_string_lossy();
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(path.as_bytes()).into();
    format!("{}-{:08x}", path.trim_matches('/').replace('/', "-"), u32::from_be_bytes([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_data_directories_never_share_a_home() {
        assert_ne!(name_from(Path::new("/root/a-b/data")), name_from(Path::new("/root/a/b/data")));
        assert!(name_from(Path::new("/root/omklap/data")).starts_with("root-omklap-data-"));
    }
}
