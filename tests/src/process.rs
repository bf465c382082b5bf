//! The program in a process of its own, with a private PostgreSQL and a data directory, which are
//! removed when it is dropped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use omklap::auth::DevelopmentIssuer;
use omklap::clock::Clock;

use crate::Api;
use crate::command::program;

/// One or more server processes on one ledger. Requests through its [`Api`] go to the first server.
pub struct Process {
    directory: PathBuf,
    servers: Vec<Server>,
}

/// One running server.
struct Server {
    process: Child,
    api: Api,
    metrics: String,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// A server with an empty ledger.
    #[must_use]
    pub fn start() -> Self {
        Self::start_allowing("")
    }

    /// A server with an empty ledger that may send webhooks to this host.
    #[must_use]
    pub fn start_allowing(host: &str) -> Self {
        Self::start_in(temporary_directory(), &format!("webhook_hosts = [{host:?}]\n"))
    }

    /// A server with an empty ledger and this agreement set beside those that come with omklap.
    #[must_use]
    pub fn start_with_agreements(set: &str) -> Self {
        let directory = temporary_directory();
        fs::create_dir(directory.join("agreements")).expect("a directory in it");
        fs::write(directory.join("agreements/our-own.toml"), set).expect("writable");
        Self::start_in(directory, "agreements = \"agreements\"\n")
    }

    fn start_in(directory: PathBuf, settings: &str) -> Self {
        fs::write(directory.join("omklap.toml"), settings).expect("writable");
        let first = Server::start(&directory);
        Self { directory, servers: vec![first] }
    }

    /// Starts another server on the same ledger.
    pub fn start_another(&mut self) -> Api {
        let another = Server::start(&self.directory);
        let api = another.api.clone();
        self.servers.push(another);
        api
    }

    /// Kills the servers, so that they cannot finish anything.
    pub fn kill(&mut self) {
        for server in &mut self.servers {
            server.ends_with(Signal::SIGKILL);
        }
    }

    /// Freezes the first server: its connections stay open, but it does not answer.
    pub fn freeze(&self) {
        self.servers[0].send(Signal::SIGSTOP);
    }

    /// Stops the servers and waits until they have ended. Returns whether all ended successfully.
    #[must_use]
    pub fn stop(&mut self) -> bool {
        self.servers.iter_mut().all(|server| server.ends_with(Signal::SIGTERM).success())
    }

    /// Starts one server again on the same ledger.
    pub fn restart(&mut self) {
        self.servers = vec![Server::start(&self.directory)];
    }

    /// The log of the servers until now, at the level `trace`.
    #[must_use]
    pub fn log(&self) -> String {
        self.servers
            .iter()
            .map(|server| server.log.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .collect()
    }

    /// The metrics of the first server, as Prometheus reads them.
    #[must_use]
    pub fn metrics(&self) -> String {
        let answer = reqwest::blocking::get(&self.servers[0].metrics).expect("it listens");
        answer.error_for_status().expect("200").text().expect("text")
    }

    /// Kills PostgreSQL while the server runs.
    pub fn kill_postgresql(&self) {
        kill(self.postmaster().expect("PostgreSQL runs"), Signal::SIGKILL).expect("it is ours");
    }

    /// Runs a command of the program on the same ledger.
    #[must_use]
    pub fn omklap(&self, arguments: &[&str]) -> Output {
        omklap(&self.directory).args(arguments).output().expect("it runs")
    }

    /// Runs lines of a shell on the same ledger, with the program on the `PATH`.
    #[must_use]
    pub fn shell(&self, lines: &str) -> Output {
        let program = omklap(&self.directory);
        let built = Path::new(program.get_program()).parent().expect("a directory").to_owned();
        let mut shell = Command::new("bash");
        shell
            .args(["-eu", "-o", "pipefail", "-c", lines])
            .current_dir(&self.directory)
            .env_remove("DATABASE_URL");
        shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("OMKLAP_SERVER", format!("http://{}", self.address()));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(built).chain(std::env::split_paths(&path));
        shell.env("PATH", std::env::join_paths(path).expect("no colon in it"));
        shell.output().expect("bash runs")
    }

    /// The directory with the settings and the data of the servers.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The whole database as `pg_dump` writes it.
    #[must_use]
    pub fn dump(&self) -> String {
        let output = Command::new(self.programs_of_postgresql().join("pg_dump"))
            .arg(self.database_url("omklap"))
            .output()
            .expect("pg_dump runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The URL with which the owner connects to a database of the private PostgreSQL.
    #[must_use]
    pub fn database_url(&self, name: &str) -> String {
        let lines = |name: &str| self.file_of_postgresql(name);
        let port = lines("cluster/postmaster.pid").lines().nth(3).expect("its port").to_owned();
        format!("postgres://omklap:{}@127.0.0.1:{port}/{name}", lines("password").trim())
    }

    /// The directory of the programs of the private PostgreSQL.
    #[must_use]
    pub fn programs_of_postgresql(&self) -> PathBuf {
        let options = self.file_of_postgresql("cluster/postmaster.opts");
        let program = Path::new(options.split(' ').next().expect("the program"));
        program.parent().expect("a directory").to_owned()
    }

    fn file_of_postgresql(&self, name: &str) -> String {
        fs::read_to_string(self.directory.join("data/postgres").join(name)).expect("a running cluster has it")
    }

    fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.directory.join("data/postgres/cluster/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
    }
}

impl Deref for Process {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.servers[0].api
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The first server runs PostgreSQL, so it stops last.
        for server in self.servers.iter_mut().rev() {
            server.ends_with(Signal::SIGTERM);
        }
        if let Some(left) = self.postmaster() {
            kill(left, Signal::SIGQUIT).ok();
        }
        fs::remove_dir_all(&self.directory).ok();
    }
}

impl Server {
    /// Starts a server and waits until it listens.
    fn start(directory: &Path) -> Self {
        let mut serving = omklap(directory);
        let mut process = serving.arg("serve").stderr(Stdio::piped()).spawn().expect("the server runs");
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines().map_while(Result::ok);
        let after = |words: &str, line: String| Some(line.split_once(words)?.1.trim().to_owned());
        let metrics = lines.find_map(|line| after("metrics on ", line)).expect("the address of the metrics");
        let listening = lines.find_map(|line| after("listening on http://", line));
        let address = listening.expect("the address of the server").parse().expect("an address");
        let log = Arc::default();
        let kept = Arc::clone(&log);
        thread::spawn(move || lines.for_each(|line| keep(&kept, &line)));
        // The server writes its key before it listens.
        let key = DevelopmentIssuer::from_file(&directory.join("data/development-issuer.key"));
        let api = Api::at(address, key.expect("the server's key"), Clock::running());
        Self { process, api, metrics, log }
    }

    /// Sends a signal and waits for the end, unless the server has already ended.
    fn ends_with(&mut self, signal: Signal) -> ExitStatus {
        if let Ok(Some(status)) = self.process.try_wait() {
            return status;
        }
        self.send(signal);
        // A frozen server receives the signal only after this one.
        self.send(Signal::SIGCONT);
        self.process.wait().expect("it ends")
    }

    fn send(&self, signal: Signal) {
        let process = i32::try_from(self.process.id()).expect("process ids fit");
        kill(Pid::from_raw(process), signal).expect("it is ours and runs");
    }
}

/// Every file in a folder and its subfolders.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

fn temporary_directory() -> PathBuf {
    let directory = std::env::temp_dir().join(format!("omklap-journey-{}", Clock::running().new_id()));
    fs::create_dir(&directory).expect("a temporary directory");
    directory
}

fn keep(log: &Mutex<String>, line: &str) {
    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
    log.push_str(line);
    log.push('\n');
}

/// The program, with a data directory of its own.
fn omklap(directory: &Path) -> Command {
    let mut command = program();
    command.current_dir(directory).env("OMKLAP_DATA", directory.join("data"));
    command.env("OMKLAP_LISTEN", "127.0.0.1:0").env("OMKLAP_METRICS_LISTEN", "127.0.0.1:0");
    command.env("OMKLAP_LOG", "trace");
    command
}
