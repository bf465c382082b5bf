//! `omklap partner change`: it puts something else in the place of what is registered.

use std::error::Error;

use clap::Args;
use omklap_domain::ids::RegionId;
use omklap_store::organisations::Before;

use super::Partners;
use super::given::Given;
use super::shown;
use crate::cli::language::of_two;
use crate::cli::words::{kept_code, none_of};
use crate::http::organisations::OrganisationBody;

/// Change a registered organisation: its name, a contact point, its regions, the roles and the
/// purpose of a client
///
/// What is not named stays as it is. `--role` and `--purpose` replace those of the client; `--region`
/// adds one. A client always stays with its issuer.
#[derive(Debug, Args)]
pub(super) struct Change {
    #[command(flatten)]
    given: Given,
    /// A region it no longer works in; may be given more than once
    #[arg(long, value_name = "REGION", value_parser = kept_code::<RegionId>)]
    drop_region: Vec<RegionId>,
    /// A desk that is gone; may be given more than once
    #[arg(long, value_name = "DESK")]
    drop_contact: Vec<String>,
}

impl Change {
    /// The person who runs the command.
    pub(super) fn actor(&self) -> &str {
        &self.given.who.actor
    }

    pub(super) async fn run(self, partners: &Partners<'_>) -> Result<(), Box<dyn Error>> {
        let (known, version) = partners.named(&self.given.organisation).await?;
        let (id, known) = (known.id.clone(), OrganisationBody::from(known));
        let mut wrong = self.given.unknown(known.kind, &partners.config.agreement_sets()?);
        wrong.extend(self.unknown(&known));
        if !self.says_something() {
            wrong.push(of_two(
                format!("what is to change about {id}? See `omklap partner change --help`"),
                format!("wat moet er veranderen aan {id}? Zie `omklap partner change --help`"),
            ));
        }
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let body = self.put_into(known.clone());
        let change = if body == known { shown::Change::None } else { shown::Change::Changed };
        partners.write(id, body, Before::Version(version), change).await
    }

    fn says_something(&self) -> bool {
        let Given { name, region, contact, role, purpose, .. } = &self.given;
        let lists =
            [region.len(), contact.len(), role.len(), self.drop_region.len(), self.drop_contact.len()];
        name.is_some() || purpose.is_some() || lists.iter().any(|given| *given > 0)
    }

    /// What is to be changed or dropped and is not registered.
    fn unknown(&self, known: &OrganisationBody) -> Vec<String> {
        let regions = self.drop_region.iter().filter(|region| !known.regions.contains(region));
        let mut wrong: Vec<_> = regions
            .map(|region| {
                let known = known.regions.iter().map(RegionId::as_str);
                format!("--drop-region {region}: {}", none_of(region.as_str(), known))
            })
            .collect();
        let desks = self.drop_contact.iter().filter(|desk| !known.contact_points.contains_key(*desk));
        wrong.extend(desks.map(|desk| {
            let known = known.contact_points.keys().map(String::as_str);
            format!("--drop-contact {desk}: {}", none_of(desk, known))
        }));
        let client =
            self.given.client.as_ref().filter(|id| !known.clients.iter().any(|one| one.client_id == **id));
        wrong.extend(client.map(|id| {
            let known = known.clients.iter().map(|client| client.client_id.as_str());
            format!("--client {id}: {}", none_of(id.as_str(), known))
        }));
        wrong
    }

    fn put_into(self, mut body: OrganisationBody) -> OrganisationBody {
        let Self { given, drop_region, drop_contact } = self;
        body.name = given.name.unwrap_or(body.name);
        body.regions.extend(given.region);
        body.regions.retain(|region| !drop_region.contains(region));
        body.contact_points.retain(|desk, _| !drop_contact.contains(desk));
        body.contact_points.extend(given.contact);
        let client = body.clients.iter_mut().find(|client| Some(&client.client_id) == given.client.as_ref());
        if let Some(client) = client {
            if !given.role.is_empty() {
                client.roles = given.role.into_iter().collect();
            }
            client.purpose = given.purpose.or_else(|| client.purpose.take());
        }
        body
    }
}
