//! `omklap witness`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use omklap_store::tree::WitnessedLog;
use tracing::info;

use super::exit::CommandResult;
use super::output::out;
use super::signals::Signals;
use crate::clock::Clock;
use crate::witnesses::service::WitnessService;

/// Run a witness for other ledgers: cosign their checkpoints, and never two histories of one
///
/// It needs no database. Its folder has its key and the last tree of each ledger: keep both. Put a
/// proxy that terminates TLS in front of it.
#[derive(Debug, Args)]
pub(super) struct Witness {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The folder of its key and of what it has seen
    #[arg(long, value_name = "FOLDER", default_value = "./witness")]
    folder: PathBuf,
    /// The name of a new witness, such as witness.example.org/1: an address of your own without
    /// its scheme
    #[arg(long)]
    name: Option<String>,
    /// A public key of a ledger to witness (NAME+ID+KEY); more than one for several ledgers, or
    /// after a rotation
    #[arg(long = "log", value_name = "KEY", required = true)]
    logs: Vec<String>,
}

impl Witness {
    pub(super) async fn run(self) -> CommandResult {
        let mut signals = Signals::listen()?;
        let logs = witnessed(&self.logs)?;
        let service = WitnessService::open(&self.folder, self.name.as_deref(), logs, Clock::running())?;
        let key = service.public_key().to_owned();
        let (address, server) = service.serve(self.listen)?;
        let handle = server.handle();
        let server = tokio::spawn(server);
        out!("http://{address} {key}");
        let signal = signals.stop_requested().await;
        info!(%signal, "stopping");
        handle.stop(true).await;
        server.await??;
        Ok(ExitCode::SUCCESS)
    }
}

/// The ledgers of these keys. Keys of one name are those of one ledger.
fn witnessed(keys: &[String]) -> Result<Vec<WitnessedLog>, String> {
    let mut by_name: Vec<(&str, Vec<String>)> = Vec::new();
    for key in keys {
        let name = key.split('+').next().unwrap_or_default();
        match by_name.iter_mut().find(|(known, _)| *known == name) {
            Some((_, keys)) => keys.push(key.clone()),
            None => by_name.push((name, vec![key.clone()])),
        }
    }
    let log = |(name, keys): (&str, Vec<String>)| {
        WitnessedLog::with(&keys).ok_or_else(|| format!("--log: {name} is not written NAME+ID+KEY"))
    };
    by_name.into_iter().map(log).collect()
}
