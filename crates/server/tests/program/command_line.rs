//! What the command line promises to shells, makefiles and operators.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

#[test]
fn with_postgres_ends_with_the_exit_code_of_the_command() {
    assert_eq!(with_postgres("exit 7").output().expect("runs").status.code(), Some(7));
}

#[test]
fn with_postgres_reports_a_killed_command_as_a_shell_does() {
    assert_eq!(with_postgres("kill -9 $$").output().expect("runs").status.code(), Some(137));
}

#[test]
fn with_postgres_says_which_command_is_not_there() {
    let ran = omklap(["with-postgres", "--", "no-such-program"]).output().expect("runs");
    assert_eq!(ran.status.code(), Some(1));
    assert!(said(&ran).contains("cannot run no-such-program"));
}

#[test]
fn with_postgres_cleans_up_however_it_ends() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGKILL] {
        let place = Place::new();
        let mut running = with_postgres("touch \"$TMPDIR/left-behind\"; echo $$; exec sleep 600")
            .env("TMPDIR", &place.0)
            .stdout(Stdio::piped())
            .spawn()
            .expect("runs");
        let sleeper = process_id_printed_by(&mut running);
        assert_eq!(place.files(), 1, "the throw-away cluster, and in it what the command left behind");
        kill(Pid::from_raw(i32::try_from(running.id()).expect("fits")), signal).expect("runs");
        running.wait().expect("ends");
        eventually(|| place.files() == 0);
        // SIGKILL cannot be handled, so the test ends the command itself.
        kill(sleeper, Signal::SIGKILL).ok();
    }
}

#[test]
fn without_postgresql_the_error_says_what_to_install() {
    let nothing = Place::new();
    let ran = nothing.omklap(["migrate"]).env("OMKLAP_POSTGRES_BIN", &nothing.0).output().expect("runs");
    assert_eq!(ran.status.code(), Some(1));
    for advice in ["apt-get install postgresql", "dnf", "pacman", "apk", "brew", "DATABASE_URL", "make run"] {
        assert!(said(&ran).contains(advice), "{advice}");
    }
}

#[test]
fn a_server_that_others_could_reach_has_an_issuer_and_tls() {
    let place = Place::new();
    let refused = |settings: &[(&str, &str)]| {
        let mut serve = place.omklap(["serve", "--listen", "0.0.0.0:8080"]);
        let ran = serve.envs(settings.iter().copied()).output().expect("runs");
        assert_eq!(ran.status.code(), Some(1));
        assert!(!place.0.join("data").exists(), "nothing was started");
        said(&ran)
    };
    assert!(refused(&[]).contains("the built-in development issuer gives a token to every caller"));
    assert!(refused(&[("OMKLAP_BEHIND_PROXY", "true")]).contains("[issuers]"));
    let issuer = [
        ("OMKLAP_ISSUERS__SSO__URL", "https://sso.example.org"),
        ("OMKLAP_ISSUERS__SSO__AUDIENCE", "omklap"),
    ];
    assert!(refused(&issuer).contains("set tls_certificate_file and tls_key_file, or --behind-proxy"));
    let half = [issuer[0], issuer[1], ("OMKLAP_TLS_KEY_FILE", "key.pem")];
    assert!(refused(&half).contains("belong together"));
    let plain = [("OMKLAP_ISSUERS__SSO__URL", "http://sso.example.org"), issuer[1]];
    assert!(refused(&plain).contains("over https only"));
}

#[test]
fn the_issuers_are_printed_and_can_be_read_back() {
    let place = Place::new();
    let text =
        "[issuers.sso]\nurl = \"https://sso.example.org\"\naudience = \"omklap\"\nscopes = [\"admin\"]\n";
    fs::write(place.0.join("omklap.toml"), text).expect("a file");
    let ran = place.omklap(["config"]).output().expect("runs");
    assert!(String::from_utf8_lossy(&ran.stdout).ends_with(text), "{}", String::from_utf8_lossy(&ran.stdout));
    fs::write(place.0.join("omklap.toml"), &ran.stdout).expect("a file");
    assert!(place.omklap(["config"]).output().expect("runs").status.success());
    fs::write(place.0.join("omklap.toml"), text.replace("admin", "everything")).expect("a file");
    assert!(said(&place.omklap(["config"]).output().expect("runs")).contains("not a scope"));
}

#[test]
fn printing_the_keys_of_the_ledger_makes_none() {
    let place = Place::new();
    let refused = place.omklap(["ledger-key"]).env("OMKLAP_DATA", &place.0).output().expect("runs");
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("is missing. Restore it"), "{}", said(&refused));
    assert_eq!(place.files(), 0, "no key and no database was made");
}

#[test]
fn every_set_is_checked_also_after_one_that_cannot_be_read() {
    let almere = concat!(env!("CARGO_MANIFEST_DIR"), "/../../agreements/almere.toml");
    let ran = omklap(["agreements", "check", "/nowhere.toml", almere]).output().expect("runs");
    assert_eq!(ran.status.code(), Some(2), "it could not look at one of them");
    assert!(said(&ran).contains("/nowhere.toml: "), "{}", said(&ran));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("almere version 1 is valid"), "{ran:?}");
}

#[test]
fn a_setting_that_does_not_exist_is_named_with_those_that_do() {
    let place = Place::new();
    let variable = place.omklap(["config"]).env("OMKLAP_POT_SIZE", "3").output().expect("runs");
    assert!(
        said(&variable)
            .contains("`pot_size` (in OMKLAP_POT_SIZE) is not a setting; the settings are: listen")
    );
    fs::write(place.0.join("omklap.toml"), "colour = 'red'").expect("a file");
    let file = place.omklap(["config"]).output().expect("runs");
    assert!(said(&file).contains("`colour` (in omklap.toml) is not a setting"));
}

#[test]
fn a_setting_that_is_misspelt_is_named_with_the_one_that_was_meant() {
    let place = Place::new();
    let wrong = place.omklap(["config"]).env("OMKLAP_POL_SIZE", "3").output().expect("runs");
    assert!(said(&wrong).contains("did you mean `pool_size`?"), "{}", said(&wrong));
}

/// A command with an unknown word, that word, and the word that was probably meant.
const UNKNOWN_WORDS: &[(&str, &str, &str)] = &[
    ("partner add a-partner --kind care-provder", "care-provder", "care-provider"),
    ("partner add a-partner --client c --kind care-provider --role guidde", "guidde", "guide"),
    ("token --client c --scope trajectories:raed", "trajectories:raed", "trajectories:read"),
    ("rebuild --read-model obligation", "obligation", "obligations"),
    ("replay {case} --language nll", "nll", "nl"),
    ("access-log --client-overview {case} --language em", "em", "en"),
    ("subject restrict {case} --ground acuracy-contested", "acuracy-contested", "accuracy-contested"),
    ("subject erase {case} --ground consent-withdrawm", "consent-withdrawm", "consent-withdrawn"),
    ("retention hold {case} --ground complain", "complain", "complaint"),
    ("retention hodl {case}", "hodl", "hold"),
];

#[test]
fn an_unknown_word_is_named_with_the_nearest_one() {
    for (line, wrong, meant) in UNKNOWN_WORDS {
        let line = line.replace("{case}", "0199a3b4-c5d6-7f01-a234-56789abcdef0");
        let ran = Command::new(env!("CARGO_BIN_EXE_omklap")).args(line.split(' ')).output().expect("runs");
        let said = said(&ran);
        assert_eq!(ran.status.code(), Some(2), "{line}: {said}");
        assert!(said.contains(wrong) && said.contains(meant), "{line}: {said}");
    }
}

#[test]
fn an_access_log_is_not_kept_for_less_than_five_years() {
    let place = Place::new();
    let shorter = place.omklap(["config"]).env("OMKLAP_ACCESS_LOG_YEARS", "4").output().expect("runs");
    assert!(!shorter.status.success());
    assert!(said(&shorter).contains("access_log_years = 4: the access log is kept for five years at least"));
}

#[test]
fn a_variable_overrules_the_file_and_the_file_what_is_built_in() {
    let place = Place::new();
    fs::write(place.0.join("omklap.toml"), "pool_size = 4\nlog = 'warn'").expect("a file");
    let ran = place.omklap(["config"]).env("OMKLAP_POOL_SIZE", "8").output().expect("runs");
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    let line = |key: &str| printed.lines().find(|line| line.starts_with(key)).expect("printed").to_owned();
    assert_eq!(
        line("pool_size").split_whitespace().collect::<Vec<_>>(),
        ["pool_size", "=", "8", "#", "OMKLAP_POOL_SIZE"]
    );
    assert_eq!(
        line("log ").split_whitespace().collect::<Vec<_>>(),
        ["log", "=", "\"warn\"", "#", "omklap.toml"]
    );
    assert_eq!(line("listen"), "listen = \"127.0.0.1:8080\"");
}

#[test]
fn the_printed_settings_hide_the_password_and_can_be_read_back() {
    let place = Place::new();
    let secret = "postgres://ada:hunter2@db/omklap";
    let ran = place.omklap(["config"]).env("DATABASE_URL", secret).output().expect("runs");
    assert!(!String::from_utf8_lossy(&ran.stdout).contains("hunter2"));
    fs::write(place.0.join("omklap.toml"), &ran.stdout).expect("a file");
    assert!(place.omklap(["config"]).output().expect("runs").status.success());
}

// --- the vocabulary ---------------------------------------------------------------------------

/// A working directory of its own.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let id = omklap::clock::Clock::running().new_id();
        let path = std::env::temp_dir().join(format!("omklap-test-{id}"));
        fs::create_dir(&path).expect("a temporary directory");
        Self(path)
    }

    fn omklap<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = omklap(arguments);
        command.current_dir(&self.0).env_remove("DATABASE_URL").env_remove("OMKLAP_POSTGRES_BIN");
        command
    }

    fn files(&self) -> usize {
        fs::read_dir(&self.0).expect("a directory").count()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn omklap<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omklap"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn with_postgres(script: &str) -> Command {
    omklap(["with-postgres", "--", "sh", "-c", script])
}

fn said(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

/// The number that the first line of its output is.
fn process_id_printed_by(running: &mut Child) -> Pid {
    let mut line = String::new();
    BufReader::new(running.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    Pid::from_raw(line.trim().parse().expect("a process id"))
}

fn eventually(holds: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < patience, "not within 20 seconds");
        sleep(Duration::from_millis(50));
    }
}
