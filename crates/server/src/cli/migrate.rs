//! `omklap migrate`.

use std::process::ExitCode;

use clap::Args;
use omklap_store::database::Migrated;
use serde_json::json;

use super::exit::CommandResult;
use super::language::of_two;
use super::ledger_keys;
use super::output::result;
use crate::config::Config;
use crate::database::Database;

/// Apply the migrations that the database lacks, and print them
#[derive(Debug, Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        // Opening the database migrates it.
        let database = Database::open(config).await?;
        let known = ledger_keys::register_existing(config, &database).await;
        let migrated = database.migrated.clone();
        database.close().await;
        known?;
        say(&migrated.unwrap_or_default());
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints each migration that ran, and the result.
fn say(Migrated { ran, version }: &Migrated) {
    for (number, name) in ran {
        let words = of_two(
            format!("migration {number} ran: {name}"),
            format!("migratie {number} is uitgevoerd: {name}"),
        );
        result(&json!({"migration": number, "name": name}), &words);
    }
    let many = ran.len();
    let words = if many == 0 {
        of_two("the tables were up to date already", "de tabellen waren al bij de tijd").to_owned()
    } else {
        of_two(
            format!("{many} migrations ran; the tables are at number {version}"),
            format!("{many} migraties uitgevoerd; de tabellen zijn bij nummer {version}"),
        )
    };
    result(&json!({"migrationsRan": many, "upToDate": true}), &words);
}
