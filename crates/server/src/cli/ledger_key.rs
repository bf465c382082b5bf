//! `omklap ledger-key`.

use std::process::ExitCode;

use clap::Args;
use omklap_store::tree::LedgerKeys;

use super::Outcome;
use crate::config::Config;
use crate::notary;

/// Print the public keys of the ledger's checkpoints, that of the key which signs now first
///
/// Publish them where the ledger's database cannot reach, for whoever checks a case file starts from them.
#[derive(Debug, Args)]
pub(super) struct LedgerKey {
    /// Make a new key first; what the old one signed is still believed. Restart every server afterwards
    #[arg(long)]
    rotate: bool,
}

impl LedgerKey {
    pub(super) fn run(self, config: &Config) -> Outcome {
        // This asks no database; that something was signed shows outside it.
        let mut keys = notary::keys(config, false)?;
        if self.rotate {
            keys = LedgerKeys::rotate(&config.ledger_key_file, &config.ledger_origin)?;
        }
        tell(&keys);
        Ok(ExitCode::SUCCESS)
    }
}

#[expect(clippy::disallowed_macros, reason = "a command prints what it was asked for on standard output")]
fn tell(keys: &LedgerKeys) {
    for key in keys.public() {
        println!("{key}");
    }
}
