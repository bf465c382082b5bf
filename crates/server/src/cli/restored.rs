//! `omklap restored status|mark|confirm`.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_store::database::restorations::{self, Reason};
use omklap_store::{Restorations, StoreError};
use serde_json::json;

use super::exit::CommandResult;
use super::language::of_two;
use super::output::result;
use crate::config::Config;
use crate::database::Database;

/// Show or set whether this database is the real ledger or a restored copy
///
/// A restored copy answers reads, and records, signs, assesses and sends nothing until an operator
/// confirms it.
#[derive(Debug, Args)]
pub(super) struct Restored {
    #[command(subcommand)]
    ask: Ask,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Ask {
    /// Show which it is; exit code 1 for an unconfirmed copy
    Status,
    /// Mark it as a copy: within seconds, every server on it stops recording, signing and sending
    Mark,
    /// Confirm that it is the real ledger, as the owner of the tables: within seconds, every server
    /// on it resumes
    Confirm,
}

impl Restored {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let database = Database::open(config).await?;
        let done = answer(self.ask, &database).await;
        database.close().await;
        done
    }
}

async fn answer(ask: Ask, database: &Database) -> Result<ExitCode, Box<dyn Error>> {
    let restorations = Restorations::new(database.pool.clone());
    match ask {
        Ask::Status => {}
        Ask::Mark => restorations.mark().await?,
        Ask::Confirm => {
            let confirmed = restorations::confirm(database.as_owner()).await.map_err(in_words)?;
            let words = of_two(
                format!("confirmed: this is the real ledger ({confirmed} signs of a restore)"),
                format!("bevestigd: dit is het echte register ({confirmed} tekenen van een herstelde kopie)"),
            );
            result(&json!({"restoredCopy": false, "confirmed": confirmed}), &words);
            return Ok(ExitCode::SUCCESS);
        }
    }
    let Some(copy) = restorations.unconfirmed().await? else {
        result(&json!({"restoredCopy": false}), of_two("the real ledger", "het echte register"));
        return Ok(ExitCode::SUCCESS);
    };
    let (since, reason) = (copy.noticed_at, copy.reason);
    let words = of_two(
        format!("a restored copy since {since:.0}, because {reason}"),
        format!("een herstelde kopie sinds {since:.0}, want {}", in_dutch(reason)),
    );
    result(&json!({"restoredCopy": true, "since": since, "reason": reason.to_string()}), &words);
    Ok(if matches!(ask, Ask::Mark) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_dutch(reason: Reason) -> &'static str {
    match reason {
        Reason::Said => "zij is zo aangemerkt",
        Reason::Moved => "zij staat in een ander cluster of een andere database dan eerst",
        Reason::Behind => "buiten de database is een controlepunt ondertekend dat zij niet heeft",
    }
}

fn in_words(error: StoreError) -> Box<dyn Error> {
    match &error {
        StoreError::Database(sqlx::Error::Database(refusal)) if refusal.code().as_deref() == Some("42501") => {
            "this login may not confirm it: set database_owner_url (OMKLAP_DATABASE_OWNER_URL), the login that owns the tables"
                .into()
        }
        _ => error.into(),
    }
}
