//! A database cluster: made once, whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::home::{Home, NAME};
use super::{Binaries, Search, StartFailed};

/// A home with the programs that fit its cluster.
#[derive(Debug)]
pub(super) struct Cluster {
    home: Home,
    binaries: Binaries,
}

/// Whether a new cluster is on disk when it has been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flushing {
    /// It is, before anything is stored in it.
    ToDisk,
    /// It is when the system gets to it: enough for a cluster that is thrown away, and seconds
    /// faster.
    LeftToTheSystem,
}

impl Cluster {
    /// Finds the programs for the cluster in this home, or for the one to be made there.
    pub(super) fn prepare(home: Home, search: &Search) -> Result<Self, StartFailed> {
        let binaries = Binaries::find(search, made_by(&home.cluster()), home.path())?;
        let binaries = binaries.within_reach_of(home.owner(), home.path())?;
        Ok(Self { home, binaries })
    }

    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    /// Makes the cluster and the database in it, if that has not been done.
    ///
    /// It is made under another name and renamed when all is done: a killed attempt leaves nothing
    /// that looks like a cluster.
    pub(super) fn create_once(&self, flushing: Flushing) -> Result<(), StartFailed> {
        let cluster = self.home.cluster();
        if cluster.is_dir() {
            return Ok(());
        }
        let unfinished = self.home.path().join("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(StartFailed::file("remove", &unfinished))?;
        }
        self.home.choose_password(&self.home.password_file())?;
        self.initdb(&unfinished, flushing)?;
        self.create_database(&unfinished)?;
        fs::rename(&unfinished, &cluster).map_err(StartFailed::file("rename", &unfinished))
    }

    /// The postmaster of this cluster, listening on this port; not started yet.
    pub(super) fn postmaster(&self, port: u16) -> Command {
        let mut command = self.home.owner().command(&self.binaries.program("postgres"));
        command.arg("-D").arg(self.home.cluster());
        let port = format!("port={port}");
        for setting in [
            "listen_addresses=127.0.0.1",
            &port,
            // A socket in a shared directory would let every local user try.
            "unix_socket_directories=",
            // Said here so that no file and no ALTER SYSTEM can take it back.
            "fsync=on",
            "logging_collector=off",
            "log_checkpoints=off",
            // Statements and key values may hold personal data: they stay out of the log.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
        ] {
            command.arg("-c").arg(setting);
        }
        command
    }

    fn initdb(&self, directory: &Path, flushing: Flushing) -> Result<(), StartFailed> {
        let program = self.binaries.program("initdb");
        let mut initdb = self.home.owner().command(&program);
        initdb.arg("-D").arg(directory).arg("--pwfile").arg(self.home.password_file());
        initdb.arg(format!("--username={NAME}")).args(["--auth=scram-sha-256", "--data-checksums"]);
        // The C locale is on every system and does not change with it: an index stays in order when
        // the machine is upgraded.
        initdb.args(["--encoding=UTF8", "--locale=C", "--no-instructions"]);
        if flushing == Flushing::LeftToTheSystem {
            initdb.arg("--no-sync");
        }
        let output = initdb.output().map_err(StartFailed::file("run", &program))?;
        if output.status.success() { Ok(()) } else { Err(StartFailed::program(&program, &output)) }
    }

    /// Creates the database without a server: a single-user session reads the command from its
    /// input.
    fn create_database(&self, directory: &Path) -> Result<(), StartFailed> {
        let program = self.binaries.program("postgres");
        let mut session = self.home.owner().command(&program);
        session.args(["--single", "-j", "-D"]).arg(directory).arg("postgres");
        session.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut session = session.spawn().map_err(StartFailed::file("run", &program))?;
        let mut input = session.stdin.take().expect("was piped");
        input
            .write_all(format!("CREATE DATABASE {NAME};\n\n").as_bytes())
            .map_err(StartFailed::file("talk to", &program))?;
        drop(input);
        let output = session.wait_with_output().map_err(StartFailed::file("run", &program))?;
        let refused = String::from_utf8_lossy(&output.stderr).contains("ERROR:");
        if output.status.success() && !refused {
            Ok(())
        } else {
            Err(StartFailed::program(&program, &output))
        }
    }
}

/// The major version that made a cluster, if it has been made.
fn made_by(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}
