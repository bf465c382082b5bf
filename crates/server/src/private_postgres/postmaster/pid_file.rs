//! `postmaster.pid`: the postmaster's description of itself, which remains when it is killed.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::sys::signal::kill;
use nix::unistd::Pid;

/// What the file says.
#[derive(Debug)]
pub(super) struct PidFile {
    /// The postmaster's process id.
    pub(super) pid: Pid,
    /// Its port, if known.
    pub(super) port: Option<u16>,
    /// Whether it takes connections.
    pub(super) ready: bool,
    /// Everything below the first line.
    rest: String,
}

impl PidFile {
    /// Reads the file of a cluster; none if it is missing or is being written.
    pub(super) fn read(cluster: &Path) -> Option<Self> {
        let text = fs::read_to_string(path(cluster)).ok()?;
        let (pid, rest) = text.split_once('\n')?;
        // Line by line: pid, cluster, start time, port, socket directory, address, shared memory,
        // status.
        let line = |number: usize| text.lines().nth(number - 1).map(str::trim);
        Some(Self {
            pid: Pid::from_raw(pid.trim().parse().ok()?),
            port: line(4).and_then(|port| port.parse().ok()),
            ready: line(8) == Some("ready"),
            rest: rest.to_owned(),
        })
    }

    /// Lets a new postmaster start although a killed one left this file and its process id now
    /// belongs to another program: PostgreSQL would take that program for a postmaster and refuse.
    ///
    /// The file is not removed. It names the shared memory by which PostgreSQL notices that server
    /// processes of the killed postmaster still live and write; that check must stay. Instead our
    /// own process id is written into the file, because a postmaster ignores the process id of its
    /// parent.
    pub(super) fn disown(&self, cluster: &Path) -> io::Result<()> {
        let held = kill(self.pid, None).is_ok() && !is_postmaster_of(self.pid, cluster);
        if held { fs::write(path(cluster), format!("{}\n{}", std::process::id(), self.rest)) } else { Ok(()) }
    }
}

/// Whether this process is a living postmaster of this cluster, and not one that got its process id
/// later.
pub(super) fn is_postmaster_of(pid: Pid, cluster: &Path) -> bool {
    if kill(pid, None).is_err() {
        return false;
    }
    // The command line of a zombie is empty. Without `/proc`, the process id has to suffice.
    match fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(line) => line.split(|byte| *byte == 0).any(|argument| argument == cluster.as_os_str().as_bytes()),
        Err(_) => !Path::new("/proc/self").exists(),
    }
}

fn path(cluster: &Path) -> PathBuf {
    cluster.join("postmaster.pid")
}
