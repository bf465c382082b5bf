//! The command line: one file a command. Standard output and standard error belong to these files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::config::logging;
use crate::http::request::language::Language;

mod access_log;
mod agreements;
mod asyncapi;
mod check;
mod clean_data;
mod config;
mod demo;
pub mod demo_partners;
mod exit;
mod export;
mod import;
mod language;
mod ledger_key;
pub mod ledger_keys;
mod migrate;
mod openapi;
pub mod operator;
mod output;
mod partner;
mod rebuild;
mod remote;
mod replay;
mod restored;
mod retention;
mod serve;
pub mod server_file;
mod signals;
mod subject;
mod token;
mod vera_connector;
mod with_postgres;
mod witness;
mod words;

use exit::{COULD_NOT_LOOK, CommandResult};

/// The shared case ledger for housing with guidance, from intake to the lease in the client's own
/// name.
#[derive(Debug, Parser)]
#[command(name = "omklap", version, propagate_version = true)]
struct Omklap {
    /// The configuration file [default: omklap.toml, if it exists].
    #[arg(long, global = true, env = "OMKLAP_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The language of what is printed, `nl` or `en` [default: Dutch if `LC_ALL`, `LC_MESSAGES` or
    /// `LANG` says so, otherwise English]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language::named)]
    lang: Option<Language>,
    /// Print results as one JSON object a line on standard output, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Check(check::Check),
    Rebuild(rebuild::Rebuild),
    Subject(subject::Subject),
    AccessLog(access_log::AccessLog),
    Retention(retention::Retention),
    Agreements(agreements::Agreements),
    Partner(partner::Partner),
    Token(token::Token),
    Demo(demo::Demo),
    Import(import::Import),
    Export(export::Export),
    Replay(replay::Replay),
    LedgerKey(ledger_key::LedgerKey),
    Restored(restored::Restored),
    Witness(witness::Witness),
    VeraConnector(vera_connector::VeraConnectorCommand),
    CleanData(clean_data::CleanData),
    Config(config::ShowConfig),
    Openapi(openapi::Openapi),
    Asyncapi(asyncapi::Asyncapi),
    WithPostgres(with_postgres::WithPostgres),
}

/// Runs the command that the command line names.
#[must_use]
pub fn run() -> ExitCode {
    language::speak(language::named_in(std::env::args_os()));
    let omklap = Omklap::parse();
    if omklap.json && !omklap.command.prints_a_result() {
        let why = "--json: this command has no result to print";
        Omklap::command().error(ErrorKind::ArgumentConflict, why).exit();
    }
    output::print_json(omklap.json);
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output::failed(&error),
    };
    output::until_nobody_reads(|| runtime.block_on(Box::pin(omklap.run())))
}

impl Command {
    /// Whether it ends with a result: a server and a command that it starts print what they like.
    fn prints_a_result(&self) -> bool {
        !matches!(self, Self::Serve(_) | Self::WithPostgres(_) | Self::Witness(_))
    }
}

impl Omklap {
    async fn run(self) -> CommandResult {
        // A check that could not run is neither a pass nor a failure, so it has its own exit code.
        let looks = matches!(self.command, Command::Check(_));
        let outcome = self.obey().await;
        match outcome {
            Err(error) if looks => {
                output::failed(error.as_ref());
                Ok(ExitCode::from(COULD_NOT_LOOK))
            }
            outcome => outcome,
        }
    }

    async fn obey(self) -> CommandResult {
        let settings = Config::load(self.config.as_deref())?;
        logging::start(&settings)?;
        match self.command {
            Command::Serve(serve) => serve.run(settings).await,
            Command::Migrate(migrate) => migrate.run(&settings).await,
            Command::Check(check) => check.run(&settings).await,
            Command::Rebuild(rebuild) => rebuild.run(&settings).await,
            Command::Agreements(agreements) => Ok(agreements.run()),
            Command::Subject(subject) => Box::pin(subject.run(&settings)).await,
            Command::AccessLog(access_log) => access_log.run(&settings).await,
            Command::Retention(retention) => Box::pin(retention.run(&settings)).await,
            Command::WithPostgres(with_postgres) => with_postgres.run(&settings).await,
            Command::Partner(partner) => partner.run(&settings).await,
            Command::Token(token) => token.run(&settings).await,
            Command::Demo(demo) => demo.run(&settings).await,
            Command::Import(import) => import.run(&settings).await,
            Command::Export(export) => export.run(&settings).await,
            Command::Replay(replay) => replay.run(&settings).await,
            Command::LedgerKey(ledger_key) => ledger_key.run(&settings).await,
            Command::Restored(restored) => restored.run(&settings).await,
            Command::Witness(witness) => witness.run().await,
            Command::VeraConnector(connector) => Box::pin(connector.run(&settings)).await,
            Command::CleanData(clean_data) => clean_data.run(&settings).await,
            Command::Openapi(printed) => printed.run(),
            Command::Asyncapi(_) => asyncapi::Asyncapi::run(),
            Command::Config(_) => config::ShowConfig::run(self.config.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stored_text_accepts_a_citizen_service_number() {
        let case = "0199a3b4-c5d6-7f01-a234-56789abcdef0";
        let subject = ["omklap", "subject", "lift", case, "--actor"];
        let hold = ["omklap", "retention", "hold", case, "--ground", "complaint", "--reference"];
        let partner =
            |last: &'static str| ["omklap", "partner", "add", "a-partner", "--kind", "care-provider", last];
        let of_partner = ["--name", "--purpose", "--region", "--client", "--contact"].map(partner);
        for arguments in [&subject[..], &hold].into_iter().chain(of_partner.iter().map(|all| &all[..])) {
            let contact = arguments.ends_with(&["--contact"]);
            let number = if contact { "nuisance-desk=111-222-333" } else { "111222333" };
            let refused = Omklap::try_parse_from(arguments.iter().chain([&number]));
            let message = refused.expect_err("it holds such a number").to_string();
            assert!(message.contains("citizen service number"), "{arguments:?}: {message}");
        }
    }

    #[test]
    fn who_runs_a_command_and_for_which_purpose_are_codes_and_no_names() {
        let add = ["omklap", "partner", "add", "a-partner", "--kind", "care-provider", "--client", "a"];
        let given = |option, value| Omklap::try_parse_from(add.iter().chain(&[option, value]));
        let long = "u".repeat(65);
        for (option, refused, taken) in [
            ("--actor", ["Jan de Vries", "j.devries@example.org", "", long.as_str()], "u-7f3a"),
            ("--purpose", ["for Jan", "Guidance", "", long.as_str()], "guidance"),
        ] {
            for value in refused {
                assert!(given(option, value).is_err(), "{option} {value}");
            }
            assert!(given(option, taken).is_ok(), "{option} {taken}");
        }
    }
}
