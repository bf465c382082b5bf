//! `omklap partner`.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use omklap_store::Organisations;
use omklap_store::organisations::{Before, Organisation};

use super::CommandResult;
use super::output::out;
use super::words::{kept, kept_code};
use crate::auth::DevelopmentIssuer;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::http::organisations::{ClientBody, OrganisationBody};

/// Keep the partners: who may sign in, in which roles
///
/// It works on the database itself. A running server notices within ten seconds.
#[derive(Debug, Args)]
pub(super) struct Partner {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Add(Add),
    /// List the organisations with their clients
    List,
    Disable(Disable),
}

/// Add an organisation, or a client to one that is there
#[derive(Debug, Args)]
struct Add {
    /// The code of the organisation
    #[arg(value_name = "ORGANISATION", value_parser = kept_code::<OrganisationId>)]
    organisation: OrganisationId,
    /// What kind of organisation it is
    #[arg(long, value_parser = kind)]
    kind: OrganisationKind,
    /// What people call it [default: its code]
    #[arg(long, value_parser = kept::<String>)]
    name: Option<String>,
    /// A region in which it works; may be given more than once
    #[arg(long, value_name = "REGION", value_parser = kept_code::<RegionId>)]
    region: Vec<RegionId>,
    /// How a desk is reached, such as `nuisance-desk=020 555 0100`; may be given more than once
    #[arg(long, value_name = "DESK=TEXT", value_parser = contact)]
    contact: Vec<(String, String)>,
    /// A program that speaks for it: its `client_id` at the issuer
    #[arg(long, value_name = "ID", value_parser = kept_code::<ClientId>)]
    client: Option<ClientId>,
    /// A role in which that program may speak; may be given more than once [default: the working role of the
    /// kind, such as `care-provider`; never `client`]
    #[arg(long, value_parser = role, requires = "client")]
    role: Vec<Role>,
    /// For which purpose that program asks where its token does not say
    #[arg(long, requires = "client", value_parser = kept_code::<String>)]
    purpose: Option<String>,
    /// The issuer of that program's tokens, by its name in the settings [default: the only one]
    #[arg(long, requires = "client")]
    issuer: Option<String>,
}

/// Disable an organisation, or one of its clients
#[derive(Debug, Args)]
struct Disable {
    /// The code of the organisation
    #[arg(value_name = "ORGANISATION")]
    organisation: OrganisationId,
    /// This client only
    #[arg(long, value_name = "ID")]
    client: Option<ClientId>,
}

impl Partner {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let database = Database::open(config).await?;
        let organisations = Organisations::new(database.pool.clone());
        let done = match self.what {
            What::Add(add) => add.run(&organisations, config).await,
            What::List => list(&organisations).await,
            What::Disable(disable) => disable.run(&organisations).await,
        };
        database.close().await;
        done.map(|()| ExitCode::SUCCESS)
    }
}

impl Add {
    async fn run(self, organisations: &Organisations, config: &Config) -> Result<(), Box<dyn Error>> {
        let issuers: Vec<_> = if config.issuers.is_empty() {
            vec![DevelopmentIssuer::NAME]
        } else {
            config.issuers.keys().map(String::as_str).collect()
        };
        let id = self.organisation.clone();
        let known = organisations.get(&id).await?;
        let before = known.as_ref().map_or(Before::Nothing, |(_, version)| Before::Version(*version));
        let body = self.added_to(known.map(|(known, _)| known.into()))?;
        let organisation =
            body.registers(id, &issuers, &config.agreement_sets()?).map_err(|wrong| told(&wrong))?;
        organisations.put(&organisation, before, Clock::running().now()).await?;
        show(&organisation);
        Ok(())
    }

    /// What is given adds to what is known.
    fn added_to(self, known: Option<OrganisationBody>) -> Result<OrganisationBody, String> {
        let unnamed = self.organisation.to_string();
        let mut body = known.unwrap_or(OrganisationBody {
            kind: self.kind,
            name: unnamed,
            regions: [].into(),
            contact_points: BTreeMap::new(),
            clients: Vec::new(),
            disabled: false,
        });
        if body.kind != self.kind {
            return Err(format!("{} is registered as a {}", self.organisation, body.kind.as_str()));
        }
        body.name = self.name.unwrap_or(body.name);
        body.regions.extend(self.region);
        body.contact_points.extend(self.contact);
        if let Some(client_id) = self.client {
            body.clients.retain(|client| client.client_id != client_id);
            let given = !self.role.is_empty();
            let roles = if given { self.role } else { vec![self.kind.working_role()] };
            let (issuer, roles, purpose) = (self.issuer, roles.into_iter().collect(), self.purpose);
            body.clients.push(ClientBody { client_id, issuer, roles, purpose, disabled: false });
        }
        Ok(body)
    }
}

impl Disable {
    async fn run(self, organisations: &Organisations) -> Result<(), Box<dyn Error>> {
        let missing = || format!("there is no organisation {}", self.organisation);
        let (mut known, version) = organisations.get(&self.organisation).await?.ok_or_else(missing)?;
        match &self.client {
            None => known.disabled = true,
            Some(id) => {
                let client = known.clients.iter_mut().find(|client| client.id == *id);
                client.ok_or_else(|| format!("{} has no client {id}", self.organisation))?.disabled = true;
            }
        }
        organisations.put(&known, Before::Version(version), Clock::running().now()).await?;
        show(&known);
        Ok(())
    }
}

async fn list(organisations: &Organisations) -> Result<(), Box<dyn Error>> {
    let mut after = None;
    loop {
        let page = organisations.list(after.as_ref(), 500).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(last.id.clone());
        for (organisation, _) in &page {
            show(organisation);
        }
    }
}
fn show(organisation: &Organisation) {
    let off = |disabled: bool| if disabled { ", disabled" } else { "" };
    let Organisation { id, kind, name, disabled, .. } = organisation;
    let regions: Vec<_> = organisation.regions.iter().map(RegionId::as_str).collect();
    out!("{id} ({name}), {}, regions {}{}", kind.as_str(), regions.join(" "), off(*disabled));
    for client in &organisation.clients {
        let roles: Vec<_> = client.roles.iter().map(|role| role.as_str()).collect();
        out!("  client {} of {}: {}{}", client.id, client.issuer, roles.join(" "), off(client.disabled));
    }
}

fn told(complaints: &[crate::http::problem::Complaint]) -> String {
    let text = |complaint: &crate::http::problem::Complaint| {
        let limit = complaint.limit.as_deref().unwrap_or_default();
        format!("{}: {limit}", complaint.rule.text(crate::http::request::language::Language::English))
    };
    complaints.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn kind(name: &str) -> Result<OrganisationKind, String> {
    let names = || OrganisationKind::ALL.map(OrganisationKind::as_str).join(", ");
    OrganisationKind::named(name).ok_or_else(|| format!("there are {}", names()))
}

fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| format!("there are {}", Role::ALL.map(Role::as_str).join(", ")))
}

fn contact(text: &str) -> Result<(String, String), String> {
    let (desk, how) = text.split_once('=').ok_or("written as DESK=TEXT")?;
    Ok((kept(desk)?, kept(how)?))
}
