//! What every command promises, as a newcomer meets it: help, wrong words, missing settings, exit
//! codes, standard output and standard error.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Each command with arguments that are well written, for a ledger that is not there.
const WELL_WRITTEN: &[&str] = &[
    "serve --listen 192.0.2.1:1",
    "migrate",
    "check",
    "rebuild",
    "subject export CASE --to folder",
    "subject restrict CASE --ground unlawful-but-kept",
    "subject lift CASE",
    "subject erase CASE --ground objected",
    "access-log --client-overview CASE",
    "retention run",
    "retention hold CASE --ground complaint",
    "retention release CASE",
    "retention certificate CASE",
    "agreements check nowhere.toml",
    "partner add a-partner --kind auditor",
    "partner change a-partner --name A",
    "partner list",
    "partner mend a-partner",
    "partner disable a-partner",
    "partner enable a-partner",
    "token --client a-client",
    "demo",
    "import cases.ndjson",
    "export CASE",
    "replay CASE",
    "ledger-key",
    "restored status",
    "restored mark",
    "restored confirm",
    "vera-connector",
    "witness --log KEY",
    "clean-data",
    "config",
    "openapi",
    "asyncapi",
    "with-postgres -- true",
];

/// Those that need neither a database nor a server, and succeed.
const ALONE: [&str; 4] = ["clean-data", "config", "openapi", "asyncapi"];

const CASE: &str = "0199a3b4-c5d6-7f01-a234-56789abcdef0";

#[test]
fn every_command_is_in_the_list_of_this_walk() {
    let listed: BTreeSet<String> = WELL_WRITTEN.iter().map(|line| name(line).join(" ")).collect();
    assert_eq!(listed, commands().into_iter().map(|path| path.join(" ")).collect());
}

#[test]
fn every_command_explains_itself_on_standard_output() {
    for path in commands() {
        let ran = omklap(&[&path[..], &["--help".to_owned()]].concat());
        let (help, said) = (text(&ran.stdout), text(&ran.stderr));
        assert_eq!((ran.status.code(), said.as_str()), (Some(0), ""), "{path:?}");
        let first = help.lines().next().unwrap_or_default();
        assert!(first.len() > 20 && first.starts_with(char::is_uppercase), "{path:?}: {first}");
        assert!(help.contains("--json") && help.contains("--lang"), "{path:?}: {help}");
    }
}

#[test]
fn an_option_that_does_not_exist_is_named_on_standard_error_with_exit_code_2() {
    // A command for `with-postgres` may begin with any word.
    for path in commands().into_iter().filter(|path| path[0] != "with-postgres") {
        let ran = omklap(&[&path[..], &["--no-such-option".to_owned()]].concat());
        let said = text(&ran.stderr);
        assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0), "{path:?}: {said}");
        assert!(said.contains("--no-such-option"), "{path:?}: {said}");
    }
}

#[test]
fn a_language_that_does_not_exist_is_named_with_those_that_do() {
    for path in commands() {
        let ran = omklap(&[&path[..], &["--lang".to_owned(), "fr".to_owned()]].concat());
        let said = text(&ran.stderr);
        let named = said.contains("there is no fr") && said.contains("nl, en");
        assert!(ran.status.code() == Some(2) && named, "{path:?}: {said}");
    }
}

#[test]
fn without_a_database_and_a_server_every_command_says_why_it_fails_and_prints_no_result() {
    let place = Place::new();
    for line in WELL_WRITTEN {
        let ran = place.omklap(line, &[]);
        let (said, code) = (text(&ran.stderr), ran.status.code().expect("no signal"));
        assert!(!said.contains("panicked"), "{line}: {said}");
        if ALONE.contains(line) {
            assert_eq!(code, 0, "{line}: {said}");
            continue;
        }
        assert!(
            matches!(code, 1 | 2) && ran.stdout.is_empty(),
            "{line} ends with {code}: {}",
            text(&ran.stdout)
        );
        let last = said.lines().rfind(|line| !line.starts_with(' ')).unwrap_or_default();
        assert!(said.contains("omklap: ") || said.contains("nowhere.toml: "), "{line}: {last}");
    }
}

#[test]
fn a_command_without_a_result_has_no_json_and_every_other_one_prints_objects() {
    let place = Place::new();
    for line in ["serve --json", "--json with-postgres -- true"] {
        let ran = place.omklap(line, &[]);
        assert_eq!(ran.status.code(), Some(2), "{line}");
        assert!(text(&ran.stderr).contains("this command has no result to print"), "{line}");
    }
    for line in ["clean-data --json", "config --json", "openapi --json", "asyncapi --json"] {
        let ran = place.omklap(line, &[]);
        let read = serde_json::from_slice::<serde_json::Value>(&ran.stdout);
        assert!(read.is_ok_and(|value| value.is_object()), "{line}: {}", text(&ran.stdout));
    }
}

#[test]
fn the_language_is_that_of_the_environment_unless_it_is_named() {
    let place = Place::new();
    let nothing = |line: &str, variables: &[(&str, &str)]| text(&place.omklap(line, variables).stdout);
    assert_eq!(nothing("clean-data", &[]), "there is nothing to remove\n");
    assert_eq!(nothing("clean-data", &[("LANG", "nl_NL.UTF-8")]), "er is niets te verwijderen\n");
    assert_eq!(
        nothing("clean-data", &[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")]),
        "there is nothing to remove\n"
    );
    assert_eq!(nothing("clean-data --lang en", &[("LANG", "nl_NL.UTF-8")]), "there is nothing to remove\n");
    assert_eq!(nothing("clean-data --lang nl", &[]), "er is niets te verwijderen\n");
}

// --- the vocabulary ---------------------------------------------------------------------------

/// The words of a command that name it.
fn name(line: &str) -> Vec<String> {
    let mut words = line.split(' ').map(str::to_owned);
    let first = words.next().expect("a command");
    let second = words.next().filter(|_| !commands_of(std::slice::from_ref(&first)).is_empty());
    std::iter::once(first).chain(second).collect()
}

/// Every command that has no commands of its own, as its help lists them.
fn commands() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for first in commands_of(&[]) {
        let path = vec![first];
        let below = commands_of(&path);
        if below.is_empty() {
            all.push(path);
        } else {
            all.extend(below.into_iter().map(|second| vec![path[0].clone(), second]));
        }
    }
    all
}

/// The commands that the help of a command lists.
fn commands_of(path: &[String]) -> Vec<String> {
    let help = text(&omklap(&[path, &["--help".to_owned()]].concat()).stdout);
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// A folder without settings, a database or a server.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("omklap-test-{}", omklap::clock::Clock::running().new_id()));
        fs::create_dir(&path).expect("a temporary directory");
        fs::write(path.join("cases.ndjson"), "{}\n").expect("a file");
        Self(path)
    }

    fn omklap(&self, line: &str, variables: &[(&str, &str)]) -> Output {
        let words = line.split(' ').map(|word| if word == "CASE" { CASE } else { word });
        let mut command = command();
        command.args(words).current_dir(&self.0).env("OMKLAP_POSTGRES_BIN", &self.0);
        // A port on which nothing listens.
        command.env("OMKLAP_LISTEN", "127.0.0.1:1").envs(variables.iter().copied());
        command.output().expect("it runs")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn omklap(words: &[String]) -> Output {
    command().args(words).output().expect("it runs")
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omklap"));
    command.stdin(Stdio::null());
    for variable in ["DATABASE_URL", "OMKLAP_SERVER", "OMKLAP_TOKEN", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
