//! `omklap partner add`: it adds, and changes nothing that is registered.

use std::collections::BTreeMap;
use std::error::Error;

use clap::Args;
use omklap_domain::organisation::OrganisationKind;
use omklap_store::organisations::Before;

use super::Partners;
use super::given::{Given, kind};
use super::shown::Change;
use crate::cli::language::{called, of_two};
use crate::cli::words::none_of;
use crate::http::organisations::{ClientBody, OrganisationBody};

/// Add an organisation; or a region, a contact point, a client or a role to one that is registered
///
/// What is registered stays as it is: use `partner change` to put something else in its place.
#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    given: Given,
    /// What kind of organisation it is
    #[arg(long, value_parser = kind)]
    kind: OrganisationKind,
    /// Every token of that program names a purpose of its own, so that it needs none here
    #[arg(long, requires = "client", conflicts_with = "purpose")]
    purpose_in_token: bool,
    /// The issuer of that program's tokens, by its name in the settings [default: the only one]
    #[arg(long, requires = "client")]
    issuer: Option<String>,
}

impl Add {
    /// The person who runs the command.
    pub(super) fn actor(&self) -> &str {
        &self.given.who.actor
    }

    pub(super) async fn run(self, partners: &Partners<'_>) -> Result<(), Box<dyn Error>> {
        let id = self.given.organisation.clone();
        let issuers = partners.issuers();
        let mut wrong = self.given.unknown(self.kind, &partners.config.agreement_sets()?);
        let issuer = self.issuer.as_deref().filter(|issuer| !issuers.contains(issuer));
        wrong.extend(
            issuer.map(|issuer| format!("--issuer {issuer}: {}", none_of(issuer, issuers.iter().copied()))),
        );
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let known = partners.known(&id).await?;
        let before = known.as_ref().map_or(Before::Nothing, |(_, version)| Before::Version(*version));
        let known = known.map(|(known, _)| OrganisationBody::from(known));
        let body = self.added_to(known.clone())?;
        let change = match &known {
            None => Change::Added,
            Some(known) if *known == body => Change::None,
            Some(_) => Change::Changed,
        };
        partners.write(id, body, before, change).await
    }

    /// The given values are added to the registered ones.
    fn added_to(self, known: Option<OrganisationBody>) -> Result<OrganisationBody, String> {
        let id = self.given.organisation.to_string();
        let is_new = known.is_none();
        let mut body = known.unwrap_or_else(|| OrganisationBody {
            kind: self.kind,
            name: self.given.name.clone().unwrap_or_else(|| id.clone()),
            regions: [].into(),
            contact_points: BTreeMap::new(),
            clients: Vec::new(),
            disabled: false,
        });
        if body.kind != self.kind {
            let (known, given) = (called_kind(body.kind), called_kind(self.kind));
            return Err(of_two(
                format!("{id} is registered as a {known}, not as a {given}"),
                format!("{id} is geregistreerd als {known}, niet als {given}"),
            ));
        }
        let mut taken = Vec::new();
        if self.given.name.as_ref().is_some_and(|name| !is_new && *name != body.name) {
            taken.push(registered_as("--name", &id, &body.name));
        }
        for (desk, how) in &self.given.contact {
            match body.contact_points.get(desk) {
                Some(known) if known != how => {
                    taken.push(registered_as("--contact", desk, known));
                }
                _ => drop(body.contact_points.insert(desk.clone(), how.clone())),
            }
        }
        body.regions.extend(self.given.region.iter().cloned());
        self.add_client(&mut body, &mut taken)?;
        if taken.is_empty() {
            return Ok(body);
        }
        let instead = of_two(
            "nothing was written: `omklap partner change` puts something else in its place",
            "er is niets vastgelegd: `omklap partner change` zet er iets anders voor in de plaats",
        );
        taken.push(instead.to_owned());
        Err(taken.join("\n"))
    }

    /// Adds the client, or roles to the one that is registered.
    fn add_client(self, body: &mut OrganisationBody, taken: &mut Vec<String>) -> Result<(), String> {
        let Self { given, issuer, kind, purpose_in_token, .. } = self;
        let Some(client_id) = given.client else { return Ok(()) };
        if let Some(client) = body.clients.iter_mut().find(|client| client.client_id == client_id) {
            client.roles.extend(given.role);
            for (option, given, known) in
                [("--purpose", given.purpose, &mut client.purpose), ("--issuer", issuer, &mut client.issuer)]
            {
                match (given, &known) {
                    (Some(given), Some(known)) if given != **known => {
                        taken.push(of_two(
                            format!("{option} {given}: {client_id} is registered with {known}"),
                            format!("{option} {given}: {client_id} is geregistreerd met {known}"),
                        ));
                    }
                    (Some(given), None) => *known = Some(given),
                    _ => {}
                }
            }
            return Ok(());
        }
        if given.purpose.is_none() && !purpose_in_token {
            return Err(of_two(
                format!(
                    "--purpose: for which purpose does {client_id} process the data? Give a code, such as `guidance`, which is \
                     recorded with every request; or --purpose-in-token if each of its tokens names one"
                ),
                format!(
                    "--purpose: voor welk doel verwerkt {client_id} de gegevens? Geef een code, zoals `guidance`, die bij elk \
                     verzoek wordt vastgelegd; of --purpose-in-token als elk van zijn tokens er een noemt"
                ),
            ));
        }
        let roles = if given.role.is_empty() { vec![kind.working_role()] } else { given.role };
        let (roles, purpose) = (roles.into_iter().collect(), given.purpose);
        body.clients.push(ClientBody { client_id, issuer, roles, purpose, disabled: false });
        Ok(())
    }
}

/// That something is registered otherwise.
fn registered_as(option: &str, what: &str, known: &str) -> String {
    of_two(
        format!("{option} {what}: it is registered as {known}"),
        format!("{option} {what}: dit is geregistreerd als {known}"),
    )
}

fn called_kind(kind: OrganisationKind) -> String {
    called("OrganisationKind", kind.as_str())
}
