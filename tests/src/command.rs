//! The commands of the program that talk to a server, run as a partner runs them.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use crate::Api;

/// The program that was built with these tests, without the settings of the environment.
pub(crate) fn program() -> Command {
    let tests = std::env::current_exe().expect("a program");
    let built = tests.parent().and_then(Path::parent).expect("target/debug/deps").join("omklap");
    let mut command = Command::new(built);
    command.env_remove("DATABASE_URL");
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command
}

impl Api {
    /// Runs a command of the program against this server, with this input.
    #[must_use]
    pub fn command(&self, arguments: &[&str], input: &[u8]) -> Output {
        self.command_begun(arguments, input).wait_with_output().expect("it ends")
    }

    /// Starts such a command.
    #[must_use]
    pub fn command_begun(&self, arguments: &[&str], input: &[u8]) -> Child {
        let mut command = program();
        command.args(arguments).current_dir(std::env::temp_dir());
        command.env("OMKLAP_SERVER", format!("http://{}", self.address()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("it starts");
        let mut stdin = running.stdin.take().expect("piped");
        let input = input.to_vec();
        // A command that refuses at once reads nothing.
        thread::spawn(move || stdin.write_all(&input).ok());
        running
    }
}
