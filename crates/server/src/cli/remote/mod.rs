//! The client side of the HTTP API: what `demo`, `import` and `export` talk to.
//!
//! They use the public API and nothing else, as a partner's system would.

use std::sync::Once;

use clap::Args;
use omklap_domain::visibility::Role;
use reqwest::{Client, StatusCode, Url};
use serde::{Deserialize, Serialize};
use url::Host;

use super::language::of_two;
use super::output::note;
use super::server_file::Announcement;
use crate::auth::scope::Scope;
use crate::cli::words::actor;
use crate::config::Config;

mod answer;
mod followed;
mod ledger_client;
mod refusal;
mod whole_histories;

pub(super) use ledger_client::LedgerClient;
pub(super) use refusal::{Complaint, Problem, Refusal};
pub(super) use whole_histories::{Entry, Me, Opening};

use answer::Patience;

/// The server
#[derive(Clone, Debug, Args)]
pub(super) struct Server {
    /// The address of the server [default: that of the running server of the data folder, or else
    /// the setting `listen`]
    #[arg(long = "server", env = "OMKLAP_SERVER", value_name = "URL")]
    named: Option<Url>,
}

impl Server {
    /// The given address, or that of the server that runs on this data folder, or that of the
    /// settings. Prints on standard error which one it is.
    pub(super) fn find(&self, settings: &Config) -> Url {
        static SAID: Once = Once::new();
        let data = settings.data.display();
        let (url, why) = match (&self.named, Announcement::find(&settings.data)) {
            (Some(named), _) => (named.clone(), of_two("as named", "zoals genoemd").to_owned()),
            (None, Some(found)) => {
                (found, of_two(format!("the server of {data}"), format!("de server van {data}")))
            }
            (None, None) => (
                settings.own_url(),
                of_two(
                    format!("no server of {data} runs; the setting listen"),
                    format!("er draait geen server van {data}; de instelling listen"),
                ),
            ),
        };
        let at = of_two("talking to", "verzoeken gaan naar");
        SAID.call_once(|| note!("omklap: {at} {url} ({why})"));
        url
    }
}

/// The server, and the caller
#[derive(Clone, Debug, Args)]
pub(super) struct Remote {
    #[command(flatten)]
    server: Server,
    /// The access token, best given by the variable, because every user of the machine can read a
    /// command line. Without it a token of the server's built-in development issuer
    #[arg(long, env = "OMKLAP_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The client to request a token for, from the development issuer; a token says for itself whose
    /// it is
    #[arg(long, default_value = "matching-point", value_name = "ID")]
    client: String,
    /// The role of the client, if it has several
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The person who uses the client, by a pseudonym of the organisation
    #[arg(long, value_name = "ID", value_parser = actor)]
    actor: Option<String>,
}

/// The claims to request from the development issuer.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct TokenForm<'a> {
    pub(super) grant_type: &'static str,
    pub(super) client_id: &'a str,
    pub(super) scope: Option<String>,
    pub(super) role: Option<&'a str>,
    pub(super) purpose: Option<&'a str>,
    pub(super) actor: Option<&'a str>,
    pub(super) trajectory: Option<&'a str>,
}

/// The response of the development issuer.
#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
}

impl Remote {
    /// A client of that ledger, for this purpose and with these scopes.
    pub(super) async fn ledger(
        &self,
        settings: &Config,
        purpose: &str,
        scopes: &[Scope],
    ) -> Result<LedgerClient, Refusal> {
        let server = self.server.find(settings);
        let token = if let Some(token) = &self.token {
            token.clone()
        } else {
            let (role, actor) = (self.role.as_deref(), self.actor.as_deref());
            let form =
                TokenForm { role, actor, purpose: Some(purpose), ..TokenForm::of(&self.client, scopes) };
            issued(&server, &form).await?
        };
        Ok(LedgerClient::new(client(&server), server, token))
    }

    /// The same server, called by the program of a partner in one of its roles.
    pub(super) fn as_partner(&self, client: &str, role: Role) -> Self {
        let role = Some(role.as_str().to_owned());
        Self { client: client.to_owned(), role, ..self.clone() }
    }

    /// A client of the server at this address, with tokens of its development issuer.
    pub(super) fn developing(server: Url) -> Self {
        let client = "matching-point".to_owned();
        Self { server: Server { named: Some(server) }, token: None, client, role: None, actor: None }
    }

    /// A client of that ledger, as an administrator of the development issuer.
    pub(super) async fn administered(&self, settings: &Config) -> Result<LedgerClient, Refusal> {
        let server = self.server.find(settings);
        let token = issued(&server, &TokenForm::of("demo", &[Scope::Admin])).await?;
        Ok(LedgerClient::new(client(&server), server, token))
    }

    /// The same, called with this token.
    pub(super) fn with_token(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    /// Whether a token was given, so that none has to be requested.
    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }
}

/// A token of the development issuer of this server.
pub(super) async fn issued(server: &Url, form: &TokenForm<'_>) -> Result<String, Refusal> {
    let url = join(server, "/development/token");
    let answer = Patience::default().answer(server, client(server).post(url).form(form)).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Err(Refusal::NoDevelopmentIssuer(server.clone()));
    }
    answer.read::<TokenResponse>().map(|issued| issued.access_token)
}

impl<'a> TokenForm<'a> {
    /// A token for this client with these scopes.
    pub(super) fn of(client_id: &'a str, scopes: &[Scope]) -> Self {
        let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        Self { grant_type: "client_credentials", client_id, scope: Some(scopes.join(" ")), ..Self::default() }
    }
}

/// The HTTP client for a server. One on this machine is called without the proxy that the
/// environment names.
fn client(server: &Url) -> Client {
    let client = Client::builder();
    let client = if is_near(server) { client.no_proxy() } else { client };
    client.build().expect("TLS is built in")
}

/// Whether a server is on this machine.
pub(super) fn is_near(server: &Url) -> bool {
    match server.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn join(server: &Url, path: &str) -> Url {
    server.join(path).expect("our own paths can be joined to any address")
}

fn unreachable(server: &Url, error: reqwest::Error) -> Refusal {
    if error.is_connect() { Refusal::Elsewhere(server.clone()) } else { Refusal::CutOff(error) }
}
