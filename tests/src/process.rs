//! The program itself: a process of its own, with a private PostgreSQL and a data directory that go away with it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use omklap::clock::Clock;

use crate::Api;

/// A server process. It is asked through its [`Api`].
pub struct Process {
    place: PathBuf,
    server: Child,
    api: Api,
}

impl Process {
    /// A server with an empty ledger.
    #[must_use]
    pub fn start() -> Self {
        let place = std::env::temp_dir().join(format!("omklap-journey-{}", Clock::running().new_id()));
        fs::create_dir(&place).expect("a temporary directory");
        let (server, api) = serve(&place);
        Self { place, server, api }
    }

    /// Ends the server at once: it cannot say goodbye to anybody.
    pub fn is_killed(&mut self) {
        self.end_with(Signal::SIGKILL);
    }

    /// Starts the server again on what it left.
    pub fn is_started_again(&mut self) {
        (self.server, self.api) = serve(&self.place);
    }

    /// Ends PostgreSQL at once, under the server's hands.
    pub fn loses_postgresql(&self) {
        kill(self.postmaster().expect("PostgreSQL runs"), Signal::SIGKILL).expect("it is ours");
    }

    /// Runs another command on the same ledger.
    #[must_use]
    pub fn omklap(&self, arguments: &[&str]) -> Output {
        omklap(&self.place).args(arguments).output().expect("it runs")
    }

    fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.place.join("data/postgres/cluster/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
    }

    fn end_with(&mut self, signal: Signal) {
        let server = i32::try_from(self.server.id()).expect("process ids fit");
        // One that has ended already is waited for all the same.
        kill(Pid::from_raw(server), signal).ok();
        self.server.wait().expect("it ends");
    }
}

impl Deref for Process {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end_with(Signal::SIGTERM);
        if let Some(left) = self.postmaster() {
            kill(left, Signal::SIGQUIT).ok();
        }
        fs::remove_dir_all(&self.place).ok();
    }
}

/// A server that listens, and how to ask it.
fn serve(place: &Path) -> (Child, Api) {
    let mut serving = omklap(place);
    let mut server = serving.arg("serve").stderr(Stdio::piped()).spawn().expect("the server runs");
    let mut log = BufReader::new(server.stderr.take().expect("piped")).lines().map_while(Result::ok);
    let address = log.find_map(|line| {
        Some(line.split_once("listening on http://")?.1.trim().parse().expect("an address"))
    });
    thread::spawn(move || log.for_each(drop));
    (server, Api::at(address.expect("it says where it listens")))
}

/// The program that was built with these tests, with a data directory and nothing else of our surroundings.
fn omklap(place: &Path) -> Command {
    let tests = std::env::current_exe().expect("a program");
    let built = tests.parent().and_then(Path::parent).expect("target/debug/deps").join("omklap");
    let mut command = Command::new(built);
    command.current_dir(place).env_remove("DATABASE_URL").env("OMKLAP_DATA", place.join("data"));
    command.env("OMKLAP_LISTEN", "127.0.0.1:0");
    command
}
