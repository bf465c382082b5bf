//! Removes a temporary home, however this process ends.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::StartFailed;

/// Waits until its input ends, because this process is done or was killed; then stops what still
/// runs and removes the home.
const SCRIPT: &str = r#"
read -r _
if pid=$(head -n 1 "$1/cluster/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null; then
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$1"
"#;

/// A shell that can outlive this process. A destructor alone would not do: tests are killed, and
/// what is in a `static` is never dropped.
pub(super) struct Disposal(Child);

impl Disposal {
    pub(super) fn of(home: &Path) -> Result<Self, StartFailed> {
        let shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "omklap-disposal"])
            .arg(home)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // The shell ignores Ctrl-C, because it has to clean up afterwards.
            .process_group(0)
            .spawn();
        shell.map(Self).map_err(StartFailed::file("run", Path::new("/bin/sh")))
    }
}

impl Drop for Disposal {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if let Err(error) = self.0.wait() {
            tracing::warn!(%error, "cannot wait for the removal of a temporary PostgreSQL");
        }
    }
}
