//! `omklap vera-connector` (ADR 55).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use reqwest::Url;
use serde_json::json;
use tokio::time::sleep;
use tracing::{info, warn};

use super::exit::{COULD_NOT_LOOK, CommandResult};
use super::language::{counted, of_two};
use super::output::{note, result};
use super::remote::Remote;
use super::signals::Signals;
use crate::auth::scope::Scope;
use crate::clock::Clock;
use crate::config::Config;

mod bring;
mod connector;
mod kept;
mod take;
mod vera_server;

use connector::{Connector, GivenUp, Round};
use kept::Kept;
use vera_server::VeraServer;

/// The pause after a round that was not completed; every later one is twice as long, up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Connect the ledger with a corporation's own server that speaks VERA
///
/// It follows the feed as a program of the corporation, with its token. Publications and notices of that
/// server are reported; candidates, offers and allocations of the ledger are written there. It keeps its
/// place, and the ids of both sides, in a file, and can be stopped and started at any time: nothing is sent
/// twice. A server that fails is called again after a pause. A message that is refused is parked until it
/// changes: `--parked` lists those, `--again` sends them again.
///
/// Exit code with `--once`: 0 both sides agree, 1 a message is parked, 2 the round was not completed.
#[derive(Debug, Args)]
pub(super) struct VeraConnectorCommand {
    /// The corporation's server of woonruimteverdeling, such as <https://vera.example.org/v4>
    #[arg(long, env = "OMKLAP_VERA_ALLOCATION", value_name = "URL")]
    allocation: Option<Url>,
    /// Its server of overeenkomsten; without it no notices are read
    #[arg(long, env = "OMKLAP_VERA_AGREEMENTS", value_name = "URL")]
    agreements: Option<Url>,
    /// A file with the token for these servers, read again before each round
    #[arg(long, env = "OMKLAP_VERA_TOKEN_FILE", value_name = "FILE")]
    vera_token_file: Option<PathBuf>,
    /// A file with the token for the ledger, read again before each round, instead of `--token`
    #[arg(long, env = "OMKLAP_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The folder of what is kept
    #[arg(long, env = "OMKLAP_VERA_FOLDER", value_name = "FOLDER", default_value = "./vera-connector")]
    folder: PathBuf,
    /// How many seconds the corporation's server is left alone between two rounds
    #[arg(long, env = "OMKLAP_VERA_SECONDS", value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// End after one round
    #[arg(long)]
    once: bool,
    /// Only list what is parked
    #[arg(long, conflicts_with_all = ["once", "again"])]
    parked: bool,
    /// Send what is parked again
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    remote: Remote,
}

impl VeraConnectorCommand {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        let mut kept = Kept::open(&self.folder)?;
        if self.parked {
            return Ok(list_parked(&kept));
        }
        if self.again {
            kept.unpark()?;
        }
        let mut signals = Signals::listen()?;
        let mut connector = self.connect(settings, kept).await?;
        tokio::select! {
            signal = signals.stop_requested() => {
                info!(%signal, "stopping");
                Ok(ExitCode::SUCCESS)
            }
            ended = self.rounds(settings, &mut connector) => ended,
        }
    }

    /// Round after round, or one.
    async fn rounds(&self, settings: &Config, connector: &mut Connector) -> CommandResult {
        let clock = Clock::running();
        let (mut wait, mut pause) = (0, SHORTEST_PAUSE);
        loop {
            let round = connector.round(clock.today(), wait).await;
            if self.once {
                return Ok(ended(&round, connector));
            }
            if let Some(asked) = unfinished(&round) {
                sleep(pause.max(asked).min(LONGEST_PAUSE)).await;
                (wait, pause) = (0, LONGEST_PAUSE.min(pause * 2));
            } else {
                (wait, pause) = (self.seconds, SHORTEST_PAUSE);
            }
            // Tokens are valid for a day at most.
            if let Err(error) = self.sign_in(settings, connector).await {
                warn!("{error}");
            }
        }
    }

    async fn connect(&self, settings: &Config, kept: Kept) -> Result<Connector, Box<dyn std::error::Error>> {
        let ledger = self.ledger(settings).await?;
        let me = ledger.me().await?;
        let corporation = me.organisation().ok_or("the token is of no organisation")?;
        note!("omklap: {} {corporation}", of_two("connecting", "verbindt"));
        let (facade, token) = ledger.vera();
        Ok(Connector {
            facade: VeraServer::new(facade, Some(token))?,
            allocation: self.allocation()?,
            agreements: self.agreements()?,
            ledger,
            corporation,
            kept,
            read_at: None,
            foreign: BTreeSet::new(),
        })
    }

    /// Takes the tokens as they are now.
    async fn sign_in(
        &self,
        settings: &Config,
        connector: &mut Connector,
    ) -> Result<(), Box<dyn std::error::Error>> {
        connector.ledger = self.ledger(settings).await?;
        let (facade, token) = connector.ledger.vera();
        connector.facade = VeraServer::new(facade, Some(token))?;
        connector.allocation = self.allocation()?;
        connector.agreements = self.agreements()?;
        Ok(())
    }

    async fn ledger(
        &self,
        settings: &Config,
    ) -> Result<super::remote::LedgerClient, Box<dyn std::error::Error>> {
        let remote = match &self.token_file {
            Some(file) => self.remote.with_token(token_in(file)?),
            None => self.remote.clone(),
        };
        let scopes = [Scope::TrajectoriesRead, Scope::TrajectoriesReport];
        Ok(remote.ledger(settings, "vera-connector", &scopes).await?)
    }

    fn allocation(&self) -> Result<VeraServer, Box<dyn std::error::Error>> {
        let why = "name the corporation's server with --allocation or OMKLAP_VERA_ALLOCATION";
        self.server(self.allocation.clone().ok_or(why)?)
    }

    fn agreements(&self) -> Result<Option<VeraServer>, Box<dyn std::error::Error>> {
        self.agreements.clone().map(|url| self.server(url)).transpose()
    }

    fn server(&self, url: Url) -> Result<VeraServer, Box<dyn std::error::Error>> {
        let token = self.vera_token_file.as_ref().map(token_in).transpose()?;
        Ok(VeraServer::new(url, token)?)
    }
}

fn token_in(file: &PathBuf) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// How long to wait at least before the round is tried again; none if it was completed.
fn unfinished(round: &Result<Round, GivenUp>) -> Option<Duration> {
    match round {
        Ok(round) if round.later.is_empty() => None,
        Ok(round) => {
            warn!(messages = round.later.len(), "messages have to be sent again");
            Some(round.pause.unwrap_or_default())
        }
        Err(why) => {
            warn!("{why}");
            Some(Duration::ZERO)
        }
    }
}

/// Prints what one round came to.
fn ended(round: &Result<Round, GivenUp>, connector: &Connector) -> ExitCode {
    let round = match round {
        Ok(round) => round,
        Err(why) => {
            note!("omklap: {why}");
            return ExitCode::from(COULD_NOT_LOOK);
        }
    };
    let (parked, later) = (connector.kept.parked().count(), round.later.len());
    let messages = |count| counted(count, ["message", "messages"], ["bericht", "berichten"]);
    let words = of_two(
        format!(
            "{} taken, {} brought, {parked} parked, {later} to send again",
            messages(round.taken),
            round.brought
        ),
        format!(
            "{} overgenomen, {} gebracht, {parked} geparkeerd, {later} nog eens te sturen",
            messages(round.taken),
            round.brought
        ),
    );
    let json = json!({
        "taken": round.taken, "brought": round.brought, "parkedNow": round.parked, "parked": parked, "later": later
    });
    result(&json, &words);
    match (later, parked) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::FAILURE,
        _ => ExitCode::from(COULD_NOT_LOOK),
    }
}

/// Prints what is parked, a line each.
fn list_parked(kept: &Kept) -> ExitCode {
    let mut any = false;
    for (key, refused) in kept.parked() {
        any = true;
        let json = json!({ "message": key, "refused": refused });
        let code = refused.code.as_deref().unwrap_or_default();
        let mut words = format!("{} {}: {} {code}", key.list, key.key, refused.status);
        for fault in &refused.faults {
            words.push_str("\n  ");
            words.push_str(fault);
        }
        result(&json, &words);
    }
    if any { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
