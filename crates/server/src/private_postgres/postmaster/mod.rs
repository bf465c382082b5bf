//! One postmaster: the main process of PostgreSQL.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tracing::{info, warn};

use super::StartFailed;
use super::cluster::Cluster;
use super::home::Home;
use pid_file::PidFile;

mod pid_file;

/// How long PostgreSQL may take to get ready. Replaying its log after a crash takes a while; a
/// cluster that needs longer than this needs its operator.
const READY_WITHIN: Duration = Duration::from_mins(2);
/// How long a fast shutdown may take before PostgreSQL is stopped at once (and recovers at the next
/// start).
const STOPPED_WITHIN: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// How long the processes of a postmaster that was killed may take to end. No other starts until then.
const ENDED_WITHIN: Duration = Duration::from_secs(10);
/// Another process may take the free port before PostgreSQL does.
const PORTS_TRIED: u32 = 5;
const LINES_OF_LOG: usize = 15;

/// A postmaster, started by us or left running by an earlier server.
#[derive(Debug)]
pub(super) struct Postmaster {
    pid: Pid,
    port: u16,
    /// None if an earlier server is the parent.
    child: Option<Child>,
    cluster: std::path::PathBuf,
}

impl Postmaster {
    /// Starts one and waits until it takes connections.
    pub(super) fn start_on_a_free_port(cluster: &Cluster) -> Result<Self, StartFailed> {
        keep_last_log(cluster.home());
        let (mut tried, began) = (1, Instant::now());
        loop {
            let mut postmaster = Self::spawn(cluster, free_port()?)?;
            match postmaster.wait_until_ready(cluster.home()) {
                Err(StartFailed::NotReady { tail, .. })
                    if tail.contains("could not bind") && tried < PORTS_TRIED =>
                {
                    tried += 1;
                }
                // Of the shared memory of one that was killed.
                Err(StartFailed::NotReady { deadline: None, tail, .. })
                    if tail.contains("is still in use") && began.elapsed() < ENDED_WITHIN =>
                {
                    sleep(LOOK_EVERY);
                }
                Err(failure) => {
                    postmaster.stop();
                    return Err(failure);
                }
                Ok(()) => return Ok(postmaster),
            }
        }
    }

    /// Starts one, without waiting.
    pub(super) fn spawn(cluster: &Cluster, port: u16) -> Result<Self, StartFailed> {
        let home = cluster.home();
        if let Some(stale) = PidFile::read(&home.cluster()) {
            stale.disown(&home.cluster()).map_err(StartFailed::file("correct", &home.cluster()))?;
        }
        let path = home.log();
        let log = File::options().create(true).append(true).open(&path).and_then(|log| {
            home.owner().take(&path)?;
            Ok((log.try_clone()?, log))
        });
        let (output, errors) = log.map_err(StartFailed::file("open", &path))?;
        let mut command = cluster.postmaster(port);
        let child = command.stdout(output).stderr(errors).spawn();
        let child = child.map_err(StartFailed::file("run", Path::new(command.get_program())))?;
        let pid = i32::try_from(child.id()).expect("process ids fit");
        Ok(Self { pid: Pid::from_raw(pid), port, child: Some(child), cluster: home.cluster() })
    }

    /// The one that an earlier server left running in this home, once it takes connections.
    pub(super) fn left_running(home: &Home) -> Result<Option<Self>, StartFailed> {
        let Some(mut postmaster) = Self::named_in_pid_file(home) else { return Ok(None) };
        match postmaster.wait_until_ready(home) {
            Ok(()) => Ok(Some(postmaster)),
            // It was stopping, and has stopped.
            Err(StartFailed::NotReady { deadline: None, .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The one that another, running server looks after, once it takes connections.
    pub(super) fn of_another_server(home: &Home) -> Result<Self, StartFailed> {
        let patience = Instant::now() + READY_WITHIN;
        loop {
            if let Some(postmaster) = Self::left_running(home)? {
                return Ok(postmaster);
            }
            if Instant::now() > patience {
                return Err(not_ready(home, Some(READY_WITHIN)));
            }
            sleep(LOOK_EVERY);
        }
    }

    fn named_in_pid_file(home: &Home) -> Option<Self> {
        let file = PidFile::read(&home.cluster())?;
        let mut postmaster = Self { pid: file.pid, port: file.port?, child: None, cluster: home.cluster() };
        postmaster.is_alive().then_some(postmaster)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it runs. A child that has ended is reaped here.
    pub(super) fn is_alive(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => pid_file::is_postmaster_of(self.pid, &self.cluster),
        }
    }

    /// Disconnects everybody, stops, and waits for it.
    pub(super) fn stop(&mut self) {
        for (signal, patience) in [(Signal::SIGINT, STOPPED_WITHIN), (Signal::SIGQUIT, STOPPED_WITHIN)] {
            if self.stops_on(signal, patience) {
                return;
            }
            warn!("the private PostgreSQL has not stopped after {} seconds", patience.as_secs());
        }
    }

    fn stops_on(&mut self, signal: Signal, patience: Duration) -> bool {
        if !self.is_alive() || kill(self.pid, signal).is_err() {
            return true;
        }
        let until = Instant::now() + patience;
        while self.is_alive() {
            if Instant::now() > until {
                return false;
            }
            sleep(LOOK_EVERY);
        }
        true
    }

    fn wait_until_ready(&mut self, home: &Home) -> Result<(), StartFailed> {
        let started = Instant::now();
        let mut said = 0;
        loop {
            if PidFile::read(&self.cluster).is_some_and(|file| file.pid == self.pid && file.ready) {
                return Ok(());
            }
            if !self.is_alive() {
                return Err(not_ready(home, None));
            }
            let waited = started.elapsed();
            if waited > READY_WITHIN {
                return Err(not_ready(home, Some(READY_WITHIN)));
            }
            if waited.as_secs() / 10 > said {
                said += 1;
                info!("PostgreSQL is starting; after a crash it replays its log first");
            }
            sleep(LOOK_EVERY);
        }
    }
}

fn not_ready(home: &Home, deadline: Option<Duration>) -> StartFailed {
    let log = home.log();
    let text = fs::read(&log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(LINES_OF_LOG)..].join("\n");
    StartFailed::NotReady { deadline, log, tail }
}

fn free_port() -> Result<u16, StartFailed> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(StartFailed::file("find a free port on", Path::new("127.0.0.1")))
}

/// Starts a new log and keeps the one before it: enough to explain a crash, and it never fills the
/// disk.
fn keep_last_log(home: &Home) {
    let log = home.log();
    if log.exists()
        && let Err(error) = fs::rename(&log, log.with_extension("log.before"))
    {
        warn!(%error, "cannot put the log of PostgreSQL aside");
    }
}
