//! `omklap ledger-key`.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use omklap_store::tree::LedgerKeys;
use serde_json::json;

use super::exit::CommandResult;
use super::ledger_keys;
use super::output::result;
use crate::config::Config;
use crate::database::Database;

/// Print the public keys of the ledger's checkpoints, the current signing key first
///
/// Publish them where nobody with access to the ledger's database can change them: every check of a
/// case file relies on them.
#[derive(Debug, Args)]
pub(super) struct LedgerKey {
    /// Make a new key first; what the old one signed stays valid. Restart every server afterwards
    #[arg(long)]
    rotate: bool,
}

impl LedgerKey {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        if self.rotate {
            let database = Database::open(config).await?;
            let rotated = rotate(config, &database).await;
            database.close().await;
            rotated?;
        }
        // No key is created here: this does not read the database, which may have another key
        // registered.
        print_keys(&LedgerKeys::kept_in(&config.ledger_key_file)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Replaces the key, and registers the new one in the database.
async fn rotate(config: &Config, database: &Database) -> Result<(), Box<dyn Error>> {
    ledger_keys::open(config, database).await?;
    LedgerKeys::rotate(&config.ledger_key_file, &config.ledger_origin)?;
    ledger_keys::open(config, database).await?;
    Ok(())
}

fn print_keys(keys: &LedgerKeys) {
    for key in keys.public() {
        result(&json!({ "key": key }), key);
    }
}
