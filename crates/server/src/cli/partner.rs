//! `omklap partner`.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;
use omklap_store::organisations::{Before, Organisation};
use omklap_store::{Organisations, StoreError};

use super::CommandResult;
use super::output::out;
use super::words::{kept, kept_code, none_of};
use crate::auth::DevelopmentIssuer;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::http::organisations::{ClientBody, OrganisationBody};
use crate::http::problem::{Complaint, Place};
use crate::http::request::language::Language;

/// Manage the partners: who may sign in, and in which roles
///
/// The command changes the database directly. A running server notices within ten seconds.
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

/// Add an organisation, or a client to an existing one
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
    /// A region it works in; may be given more than once
    #[arg(long, value_name = "REGION", value_parser = kept_code::<RegionId>)]
    region: Vec<RegionId>,
    /// How to reach a desk, such as `nuisance-desk=020 555 0100`; may be given more than once
    #[arg(long, value_name = "DESK=TEXT", value_parser = contact)]
    contact: Vec<(String, String)>,
    /// A program that acts for it: its `client_id` at the issuer
    #[arg(long, value_name = "ID", value_parser = kept_code::<ClientId>)]
    client: Option<ClientId>,
    /// A role that program may act in; may be given more than once [default: the working role of
    /// the kind, such as `care-provider`; never `client`]
    #[arg(long, value_parser = role, requires = "client")]
    role: Vec<Role>,
    /// The purpose of that program's requests if its token names none
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
        let sets = config.agreement_sets()?;
        self.names_only_known(&issuers, &sets)?;
        let body = self.added_to(known.map(|(known, _)| known.into()))?;
        // An earlier registration may name something that no longer exists.
        let known_before = body.clone();
        let organisation =
            body.registers(id, &issuers, &sets).map_err(|wrong| explained(&known_before, &wrong))?;
        organisations.put(&organisation, before, Clock::running().now()).await?;
        show(&organisation);
        Ok(())
    }

    /// Every given region, role and issuer that is unknown, and every role that this kind of
    /// organisation does not have.
    fn names_only_known(&self, issuers: &[&str], sets: &AgreementSets) -> Result<(), String> {
        let regions = || sets.iter().flat_map(|set| set.regions.iter().map(RegionId::as_str));
        let unknown = self.region.iter().filter(|region| !sets.iter().any(|set| set.is_of(region)));
        let mut wrong: Vec<_> = unknown
            .map(|region| format!("--region {region}: {}", none_of(region.as_str(), regions())))
            .collect();
        let roles = self.kind.roles();
        let strange = self.role.iter().filter(|role| !roles.contains(role)).map(|role| role.as_str());
        wrong.extend(strange.map(|role| {
            let known = roles.iter().map(|role| role.as_str());
            format!("--role {role}: of a {}, {}", self.kind.as_str(), none_of(role, known))
        }));
        let issuer = self.issuer.as_deref().filter(|issuer| !issuers.contains(issuer));
        wrong.extend(
            issuer.map(|issuer| format!("--issuer {issuer}: {}", none_of(issuer, issuers.iter().copied()))),
        );
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// The given values are added to the registered ones.
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
            return Err(format!(
                "{} is registered as a {}, not as a {}",
                self.organisation,
                body.kind.as_str(),
                self.kind.as_str()
            ));
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
        let Some((mut known, version)) = organisations.get(&self.organisation).await? else {
            let registered = all(organisations).await?;
            let codes = registered.iter().map(|(organisation, _)| organisation.id.as_str());
            return Err(format!("organisation: {}", none_of(self.organisation.as_str(), codes)).into());
        };
        match &self.client {
            None => known.disabled = true,
            Some(id) => {
                let Some(client) = known.clients.iter_mut().find(|client| client.id == *id) else {
                    let clients = known.clients.iter().map(|client| client.id.as_str());
                    let why = none_of(id.as_str(), clients);
                    return Err(format!("--client {id}: of {}, {why}", self.organisation).into());
                };
                client.disabled = true;
            }
        }
        organisations.put(&known, Before::Version(version), Clock::running().now()).await?;
        show(&known);
        Ok(())
    }
}

async fn list(organisations: &Organisations) -> Result<(), Box<dyn Error>> {
    for (organisation, _) in all(organisations).await? {
        show(&organisation);
    }
    Ok(())
}

/// Every organisation with its version, by its code.
async fn all(organisations: &Organisations) -> Result<Vec<(Organisation, u64)>, StoreError> {
    let mut all: Vec<(Organisation, u64)> = Vec::new();
    loop {
        let page = organisations.list(all.last().map(|(last, _)| &last.id), 500).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
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

/// Everything that is wrong with an organisation, each fault with the value at its place.
fn explained(body: &OrganisationBody, complaints: &[Complaint]) -> String {
    let body = serde_json::to_value(body).unwrap_or_default();
    let text = |complaint: &Complaint| {
        let (place, holds) = match &complaint.place {
            Place::Body(pointer) => (pointer.as_str(), body.pointer(pointer)),
            Place::Header(name) => (*name, None),
            Place::Parameter(name) => (name.as_str(), None),
        };
        let holds = holds.map(|value| format!(" {value}")).unwrap_or_default();
        let limit = complaint.limit.as_deref().map(|limit| format!(": {limit}")).unwrap_or_default();
        format!("{place}{holds}: {}{limit}", complaint.rule.text(Language::English))
    };
    complaints.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn kind(name: &str) -> Result<OrganisationKind, String> {
    let known = || OrganisationKind::ALL.map(OrganisationKind::as_str);
    OrganisationKind::named(name).ok_or_else(|| none_of(name, known()))
}

fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| none_of(name, Role::ALL.map(Role::as_str)))
}

fn contact(text: &str) -> Result<(String, String), String> {
    let (desk, how) = text.split_once('=').ok_or("written as DESK=TEXT")?;
    Ok((kept(desk)?, kept(how)?))
}
