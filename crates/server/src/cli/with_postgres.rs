//! `omklap with-postgres -- CMD…`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitCode, ExitStatus};

use clap::Args;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;

use super::exit::CommandResult;
use super::signals::Signals;
use crate::config::Config;
use crate::private_postgres::{PrivatePostgres, Search};

/// Run a command with a temporary PostgreSQL in its `DATABASE_URL`, and end with its exit code
///
/// Its temporary directory (`TMPDIR`) is removed with it.
#[derive(Debug, Args)]
pub(super) struct WithPostgres {
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "CMD")]
    command: Vec<OsString>,
}

impl WithPostgres {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let mut signals = Signals::listen()?;
        let search = Search::of(config);
        let postgres = spawn_blocking(move || PrivatePostgres::throw_away(&search)).await??;
        // What the command leaves in the temporary directory is removed with the cluster, however
        // the command or this program ends.
        let temporary = postgres.home().join("tmp");
        fs::create_dir(&temporary)?;
        let (program, arguments) = self.command.split_first().expect("clap requires one");
        let child = Command::new(program)
            .args(arguments)
            .env("DATABASE_URL", postgres.url().with_password())
            .env("TMPDIR", &temporary)
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
        let status = wait(child, &mut signals).await?;
        spawn_blocking(move || postgres.stop()).await?;
        Ok(exit_code(status))
    }
}

/// Waits for the command, which decides itself what a signal means to it.
async fn wait(mut child: Child, signals: &mut Signals) -> std::io::Result<ExitStatus> {
    loop {
        tokio::select! {
            status = child.wait() => return status,
            signal = signals.stop_requested() => hand_on(signal, &child),
        }
    }
}

/// The terminal sends Ctrl-C to the command as well as to us: only what was meant for us alone is
/// handed on.
fn hand_on(signal: Signal, child: &Child) {
    if signal == Signal::SIGINT {
        return;
    }
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        // It may have ended in the meantime; the next turn of the loop sees that.
        kill(Pid::from_raw(pid), signal).ok();
    }
}

/// The command's own code; for a command ended by a signal, what a shell makes of it.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
