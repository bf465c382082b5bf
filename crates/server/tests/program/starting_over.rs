//! Starting over, and how commands end: their exit codes, and quietly if nobody reads their output.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

#[test]
fn leftovers_of_a_killed_server_are_removed_and_the_next_start_is_a_new_ledger() {
    let place = Place::new();
    place.serves().end_with(Signal::SIGKILL);
    let left = place.postmaster().expect("it was left running");
    let cleaned = place.run(&["clean-data"]);
    assert!(cleaned.status.success(), "{}", said(&cleaned));
    assert!(!runs(left), "PostgreSQL was stopped");
    assert!(!place.data().exists());
    assert!(place.run(&["check"]).status.success(), "a new ledger");
    assert!(place.run(&["clean-data"]).status.success());
    assert!(printed(&place.run(&["clean-data"])).contains("there is nothing to remove"));
}

#[test]
fn removing_the_keys_alone_is_explained_by_the_next_start() {
    let place = Place::new();
    assert!(place.run(&["check"]).status.success());
    fs::remove_file(place.data().join("operator.key")).expect("made");
    let refused = place.run(&["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    for part in ["operator.key is missing", "fingerprint", "data/postgres", "omklap clean-data"] {
        assert!(said(&refused).contains(part), "{part}: {}", said(&refused));
    }
    assert!(!place.data().join("operator.key").exists(), "none was made");
}

#[test]
fn clean_data_removes_nothing_where_something_is_not_its_own() {
    let place = Place::new();
    assert!(place.run(&["check"]).status.success());
    let refused = |why: &str| is_refused(&place, &[], why);
    let serving = place.serves();
    refused("a server runs");
    serving.end_with(Signal::SIGTERM);
    let strange = place.data().join("postgres/holiday-photos");
    fs::create_dir(&strange).expect("ours");
    refused("holiday-photos");
    fs::remove_dir(&strange).expect("ours");
    symlink("/etc", &strange).expect("ours");
    refused("holiday-photos");
    fs::remove_file(&strange).expect("ours");
    is_refused(&place, &[("DATABASE_URL", "postgres://a@b/c")], "the settings name a database");
    is_refused(&place, &ISSUER, "the settings name an issuer");
    let dry = place.run(&["clean-data", "--dry-run"]);
    assert!(printed(&dry).contains("operator.key would be removed") && place.data().exists());
    fs::write(place.data().join("notes.txt"), "mine").expect("written");
    assert!(printed(&place.run(&["clean-data"])).contains("stays, with notes.txt"));
    assert!(place.data().join("notes.txt").exists() && !place.data().join("operator.key").exists());
}

#[test]
fn a_server_on_another_database_keeps_its_data_folder() {
    let (place, beside) = (Place::new(), Place::new());
    let database = beside.serves();
    let url = beside.database_url();
    fs::create_dir(place.data()).expect("ours");
    for key in ["operator.key", "ledger.key"] {
        fs::copy(beside.data().join(key), place.data().join(key)).expect("made");
    }
    let serving = place.serves_with(&[("DATABASE_URL", &url)]);
    is_refused(&place, &[], "stop it first");
    serving.end_with(Signal::SIGTERM);
    database.end_with(Signal::SIGTERM);
    assert!(place.run(&["clean-data"]).status.success());
}

#[test]
fn a_dry_run_removes_nothing_and_names_what_the_real_run_then_removes() {
    let place = Place::new();
    place.serves().end_with(Signal::SIGKILL);
    let left = place.postmaster().expect("it was left running");
    let dry = place.omklap(&["clean-data", "--dry-run", "--yes"]).envs(ISSUER).output().expect("runs");
    assert!(
        dry.status.success() && runs(left) && place.data().join("operator.key").exists(),
        "{}",
        said(&dry)
    );
    let real = place.omklap(&["clean-data", "--yes"]).envs(ISSUER).output().expect("runs");
    assert_eq!(printed(&dry).replace("would be removed", "removed"), printed(&real));
    assert!(!place.data().exists());
}

#[test]
fn a_check_ends_with_0_when_all_is_well_with_1_for_differences_and_with_2_when_it_could_not_look() {
    let place = Place::new();
    let well = place.run(&["check", "--json"]);
    assert_eq!(well.status.code(), Some(0), "{}", said(&well));
    let lines: Vec<serde_json::Value> =
        printed(&well).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let checked: Vec<_> =
        lines.iter().map(|line| (line["checked"].as_str(), line["differences"].as_u64())).collect();
    let all = ["ledger", "trajectories", "registry", "access-log"];
    assert_eq!(checked, all.map(|part| (Some(part), Some(0))));
    fs::write(place.data().join("checkpoints.ndjson"), "{}\n").expect("written");
    let differs = place.run(&["check", "--json"]);
    assert_eq!(differs.status.code(), Some(1));
    assert!(
        printed(&differs).starts_with(r#"{"finding":"line-unreadable","line":1,"message":"#),
        "{}",
        printed(&differs)
    );
    let nowhere = [("DATABASE_URL", "postgres://a@127.0.0.1:1/c"), ("OMKLAP_DATABASE_WAIT", "0")];
    let blind = place.omklap(&["check"]).envs(nowhere).output().expect("runs");
    assert_eq!(blind.status.code(), Some(2), "{}", said(&blind));
    let set = concat!(env!("CARGO_MANIFEST_DIR"), "/../../agreements/almere.toml");
    let sets = |file: &str| place.run(&["agreements", "check", file]).status.code();
    fs::write(place.path.join("wrong.toml"), "id = 7").expect("written");
    assert_eq!([sets(set), sets("wrong.toml"), sets("nowhere.toml")], [Some(0), Some(1), Some(2)]);
}

#[test]
fn a_command_whose_reader_has_gone_ends_without_a_word() {
    let place = Place::new();
    assert!(place.run(&["check"]).status.success());
    for arguments in [
        &["openapi"][..],
        &["asyncapi"],
        &["config"],
        &["ledger-key"],
        &["check"],
        &["check", "--json"],
        &["rebuild"],
        &["restored", "status"],
        &["retention", "run"],
        &["demo", "--trajectories", "3", "--output", "-"],
        &["clean-data", "--dry-run"],
        &["--help"],
    ] {
        let mut running = place.omklap(arguments);
        let mut running = running.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
        drop(running.stdout.take());
        let ended = running.wait_with_output().expect("ends");
        let (said, code) = (said(&ended), ended.status.code());
        assert!(!said.contains("panicked") && !said.contains("omklap: "), "{arguments:?}: {said}");
        assert!(code == Some(141) || arguments == ["--help"], "{arguments:?}: {code:?} {said}");
        assert_eq!(place.postmaster(), None, "{arguments:?} let go of PostgreSQL");
    }
}

// --- the vocabulary ---------------------------------------------------------------------------

const ISSUER: [(&str, &str); 2] =
    [("OMKLAP_ISSUERS__SSO__URL", "https://sso.example.org"), ("OMKLAP_ISSUERS__SSO__AUDIENCE", "omklap")];

/// Under these settings the data is not removed, with this reason; a dry run prints the same and
/// ends in the same way.
#[track_caller]
fn is_refused(place: &Place, settings: &[(&str, &str)], why: &str) {
    let cleans =
        |arguments: &[&str]| place.omklap(arguments).envs(settings.iter().copied()).output().expect("runs");
    let (dry, real) = (cleans(&["clean-data", "--dry-run"]), cleans(&["clean-data"]));
    assert_eq!(real.status.code(), Some(1), "{why}");
    assert!(said(&real).contains(why), "{why}: {}", said(&real));
    assert!(place.data().join("operator.key").exists(), "nothing was removed");
    let ended = |ran: &Output| (ran.status.code(), said(ran), printed(ran));
    assert_eq!(ended(&dry), ended(&real), "{why}");
}

/// A working directory of its own.
struct Place {
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let id = omklap::clock::Clock::running().new_id();
        let path = std::env::temp_dir().join(format!("omklap-test-{id}"));
        fs::create_dir(&path).expect("a temporary directory");
        Self { path }
    }

    fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    fn omklap(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_omklap"));
        command.args(arguments).stdin(Stdio::null()).current_dir(&self.path).env_remove("DATABASE_URL");
        command.env("OMKLAP_LISTEN", "127.0.0.1:0");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.omklap(arguments).output().expect("runs")
    }

    fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.data().join("postgres/cluster/postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok().map(Pid::from_raw)?;
        runs(pid).then_some(pid)
    }

    /// The database of the private PostgreSQL that runs here, for its owner.
    fn database_url(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.data().join("postgres").join(name)).expect("it runs");
        let (password, running) = (read("password"), read("cluster/postmaster.pid"));
        let port = running.lines().nth(3).expect("its port");
        format!("postgres://omklap:{}@127.0.0.1:{port}/omklap?sslmode=disable", password.trim())
    }

    /// A server that answers.
    fn serves(&self) -> Serving {
        self.serves_with(&[])
    }

    fn serves_with(&self, settings: &[(&str, &str)]) -> Serving {
        let mut serve = self.omklap(&["serve"]);
        let child = serve.envs(settings.iter().copied()).stderr(Stdio::null()).spawn().expect("runs");
        let patience = Instant::now() + Duration::from_mins(1);
        while omklap::cli::server_file::Announcement::find(&self.data()).is_none() {
            assert!(Instant::now() < patience, "it does not listen");
            sleep(Duration::from_millis(50));
        }
        Serving(child)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(left) = self.postmaster() {
            kill(left, Signal::SIGQUIT).ok();
        }
        fs::remove_dir_all(&self.path).ok();
    }
}

struct Serving(Child);

impl Serving {
    fn end_with(mut self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.0.id()).expect("fits")), signal).expect("it runs");
        self.0.wait().expect("it ends");
    }
}

/// Whether a process runs; one that only waits to be reaped does not.
fn runs(pid: Pid) -> bool {
    kill(pid, None).is_ok() && !fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.is_empty())
}

fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

fn printed(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stdout).into_owned()
}
