//! `omklap token`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::exit::CommandResult;
use super::output::result;
use super::remote::{Server, TokenForm, issued};
use super::words::{actor, none_of};
use crate::auth::scope::Scope;
use crate::config::Config;

/// Print a token of a running server's built-in development issuer
///
/// If a real issuer is configured, get tokens from its token endpoint.
#[derive(Debug, Args)]
pub(super) struct Token {
    /// The client to act as
    #[arg(long, value_name = "ID")]
    client: String,
    /// The role of the client, if it has several
    #[arg(long)]
    role: Option<String>,
    /// The purpose, if the client's registration has none
    #[arg(long)]
    purpose: Option<String>,
    /// The person who uses the client, by a pseudonym
    #[arg(long, value_name = "ID", value_parser = actor)]
    actor: Option<String>,
    /// The client's own trajectory, for the role `client`
    #[arg(long, value_name = "ID")]
    trajectory: Option<String>,
    /// A scope to request; may be given more than once
    #[arg(long, value_parser = scope, default_values = ["trajectories:read", "trajectories:report", "figures:read"])]
    scope: Vec<Scope>,
    #[command(flatten)]
    server: Server,
}

impl Token {
    pub(super) async fn run(self, settings: &Config) -> CommandResult {
        let form = TokenForm {
            role: self.role.as_deref(),
            purpose: self.purpose.as_deref(),
            actor: self.actor.as_deref(),
            trajectory: self.trajectory.as_deref(),
            ..TokenForm::of(&self.client, &self.scope)
        };
        let token = issued(&self.server.find(settings), &form).await?;
        result(&json!({ "token": token }), &token);
        Ok(ExitCode::SUCCESS)
    }
}

fn scope(name: &str) -> Result<Scope, String> {
    Scope::named(name).ok_or_else(|| none_of(name, Scope::ALL.map(Scope::as_str)))
}
