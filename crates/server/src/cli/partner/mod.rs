//! `omklap partner`.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use omklap_domain::ids::{ClientId, OrganisationId};
use omklap_store::organisations::{Before, ListedOrganisation, Organisation, Registration, Written};
use omklap_store::{Organisations, StoreError};

use super::exit::CommandResult;
use super::language::of_two;
use super::operator::{Operator, Rights};
use super::words::{Who, none_of};
use crate::auth::DevelopmentIssuer;
use crate::config::Config;
use crate::http::organisations::OrganisationBody;
use crate::jobs::restored_copy;

mod add;
mod change;
mod given;
mod mend;
mod shown;

use shown::{Change, explained, show, show_altered};

/// Manage the partners: who may sign in, and in which roles
///
/// The command changes the database directly, with the operator's key, and records who did it. A running
/// server notices within ten seconds.
#[derive(Debug, Args)]
pub(super) struct Partner {
    #[command(subcommand)]
    what: What,
}

/// The purpose of these commands.
const PURPOSE: &str = "registry";

#[derive(Debug, Subcommand)]
enum What {
    Add(add::Add),
    Change(change::Change),
    /// List the organisations with their clients
    List,
    /// Disable an organisation, or one of its clients
    Disable(Named),
    /// Let an organisation, or one of its clients, sign in again
    Enable(Named),
    Mend(mend::Mend),
}

#[derive(Debug, Args)]
struct Named {
    /// The code of the organisation
    #[arg(value_name = "ORGANISATION")]
    organisation: OrganisationId,
    /// This client only
    #[arg(long, value_name = "ID")]
    client: Option<ClientId>,
    #[command(flatten)]
    who: Who,
}

impl What {
    /// The person who runs the command; a list is about nobody, and leaves no trace.
    fn actor(&self) -> &str {
        match self {
            Self::Add(add) => add.actor(),
            Self::Change(change) => change.actor(),
            Self::Mend(mend) => mend.actor(),
            Self::Disable(named) | Self::Enable(named) => &named.who.actor,
            Self::List => "operator",
        }
    }
}

impl Partner {
    pub(super) async fn run(self, config: &Config) -> CommandResult {
        let operator = Operator::open(config, self.what.actor(), PURPOSE, Rights::OfTheServer).await?;
        let organisations = Organisations::new(operator.pool());
        let partners = Partners { organisations, operator: &operator, config };
        let done = match self.what {
            What::Add(add) => add.run(&partners).await,
            What::Change(change) => change.run(&partners).await,
            What::Mend(mend) => mend.run(&partners).await,
            What::List => partners.list().await,
            What::Disable(named) => partners.set_disabled(&named, true).await,
            What::Enable(named) => partners.set_disabled(&named, false).await,
        };
        operator.close().await;
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// The registered partners, and what their registrations may name.
struct Partners<'c> {
    organisations: Organisations,
    operator: &'c Operator,
    config: &'c Config,
}

impl Partners<'_> {
    /// The names of the issuers that are trusted.
    fn issuers(&self) -> Vec<&str> {
        if self.config.issuers.is_empty() {
            vec![DevelopmentIssuer::NAME]
        } else {
            self.config.issuers.keys().map(String::as_str).collect()
        }
    }

    /// An organisation with its version, to change: it is as it was registered.
    async fn named(&self, id: &OrganisationId) -> Result<(Organisation, u64), Box<dyn Error>> {
        if let Some(known) = self.known(id).await? {
            return Ok(known);
        }
        Err(self.unknown(id).await?.into())
    }

    /// That there is no such organisation, and which there are.
    async fn unknown(&self, id: &OrganisationId) -> Result<String, StoreError> {
        let registered = self.all().await?;
        let codes = registered.iter().map(|listed| listed.id.as_str());
        Ok(format!("{}: {}", of_two("organisation", "organisatie"), none_of(id.as_str(), codes)))
    }

    /// The organisation with its version, if there is one. It is as it was registered: a change is never
    /// built on what somebody wrote into the tables.
    async fn known(&self, id: &OrganisationId) -> Result<Option<(Organisation, u64)>, StoreError> {
        let known = self.organisations.get(id).await?;
        self.operator.ledger.must_be_as_registered(&format!("organisation {id}")).await?;
        Ok(known)
    }

    /// Writes a registration if it is valid, and shows it.
    async fn write(
        &self,
        id: OrganisationId,
        body: OrganisationBody,
        before: Before,
        change: Change,
    ) -> Result<(), Box<dyn Error>> {
        let sets = self.config.agreement_sets()?;
        // An earlier registration may name something that no longer exists.
        let known = body.clone();
        let unfit = body.not_as_published();
        if !unfit.is_empty() {
            return Err(explained(&known, &unfit).into());
        }
        let organisation =
            body.registers(id, &self.issuers(), &sets).map_err(|wrong| explained(&known, &wrong))?;
        self.register(&organisation, before).await?;
        show(&organisation, Some(change));
        Ok(())
    }

    /// Registers an organisation in this operator's name. A restored copy records nothing until it is
    /// confirmed.
    async fn register(&self, organisation: &Organisation, before: Before) -> Result<Written, Box<dyn Error>> {
        restored_copy::is_the_real_one(&self.operator.pool()).await?;
        let access = self.operator.line_registering(organisation.id.clone());
        let metadata = self.operator.metadata(&access);
        let now = self.operator.clock.now();
        let registration = Registration { organisation, before, metadata: &metadata, access: &access, now };
        Ok(self.operator.ledger.register(registration).await?)
    }

    async fn set_disabled(&self, named: &Named, disabled: bool) -> Result<(), Box<dyn Error>> {
        let (mut known, version) = self.named(&named.organisation).await?;
        let was = match &named.client {
            None => std::mem::replace(&mut known.disabled, disabled),
            Some(id) => {
                let Some(client) = known.clients.iter_mut().find(|client| client.id == *id) else {
                    let clients = known.clients.iter().map(|client| client.id.as_str());
                    let why = none_of(id.as_str(), clients);
                    let of = &named.organisation;
                    let text = of_two(
                        format!("--client {id}: of {of}, {why}"),
                        format!("--client {id}: bij {of}: {why}"),
                    );
                    return Err(text.into());
                };
                std::mem::replace(&mut client.disabled, disabled)
            }
        };
        let change = match (was == disabled, disabled) {
            (true, _) => Change::None,
            (false, true) => Change::Disabled,
            (false, false) => Change::Enabled,
        };
        if was != disabled {
            self.register(&known, Before::Version(version)).await?;
        }
        show(&known, Some(change));
        Ok(())
    }

    async fn list(&self) -> Result<(), Box<dyn Error>> {
        for ListedOrganisation { id, known } in self.all().await? {
            match known {
                Some((organisation, _)) => show(&organisation, None),
                None => show_altered(&id),
            }
        }
        Ok(())
    }

    /// Every organisation with its version, by its code.
    async fn all(&self) -> Result<Vec<ListedOrganisation>, StoreError> {
        let mut all: Vec<ListedOrganisation> = Vec::new();
        loop {
            let page = self.organisations.list(all.last().map(|last| &last.id), 500).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}
