//! The address of the server of a data folder, so that commands in the same folder find it. It is
//! in the file `server`, which is locked for as long as the server runs.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use reqwest::Url;
use tracing::warn;

/// What the file is called.
pub const FILE: &str = "server";

/// The announcement of a running server; it is withdrawn when this is dropped, and void when the
/// process is killed.
#[derive(Debug)]
pub struct Announcement {
    path: PathBuf,
    // Locked as long as it is open.
    _file: File,
}

impl Announcement {
    /// Announces the address of the server in this data folder. None if another server of the
    /// folder has done so, or if the file cannot be written: commands then need the address of the
    /// server.
    #[must_use]
    pub fn make(data: &Path, url: &Url) -> Option<Self> {
        match Self::written(data, url) {
            Ok(made) => made,
            Err(error) => {
                warn!(%error, "commands in this folder will not find this server by themselves");
                None
            }
        }
    }

    fn written(data: &Path, url: &Url) -> io::Result<Option<Self>> {
        fs::create_dir_all(data)?;
        let path = data.join(FILE);
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => {}
        }
        file.set_len(0)?;
        file.write_all(url.as_str().as_bytes())?;
        Ok(Some(Self { path, _file: file }))
    }

    /// The address of the server of this data folder, while it runs.
    #[must_use]
    pub fn find(data: &Path) -> Option<Url> {
        let mut file = File::open(data.join(FILE)).ok()?;
        // If it can be locked, no server runs.
        if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
            return None;
        }
        let mut written = String::new();
        file.read_to_string(&mut written).ok()?;
        written.parse().ok()
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_server_is_found_in_its_folder_while_it_runs_and_not_afterwards() {
        let data = std::env::temp_dir().join(format!("omklap-announcement-{}", Clock::running().new_id()));
        let url: Url = "http://127.0.0.1:4711/".parse().expect("a URL");
        assert_eq!(Announcement::find(&data), None);
        let first = Announcement::make(&data, &url).expect("nobody else is there");
        assert_eq!(Announcement::find(&data), Some(url.clone()));
        assert!(Announcement::make(&data, &url).is_none(), "the first one says where it is");
        drop(first);
        assert_eq!(Announcement::find(&data), None);
        // What a killed server left behind.
        fs::write(data.join(FILE), url.as_str()).expect("a file");
        assert_eq!(Announcement::find(&data), None);
        assert!(Announcement::make(&data, &url).is_some(), "the next one takes its place");
        fs::remove_dir_all(&data).expect("ours");
    }
}
