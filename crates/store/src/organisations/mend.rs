//! Writes the rows of an organisation again as its events say, after somebody changed them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use omklap_domain::ids::{ClientId, OrganisationId};
use sqlx::Row;
use sqlx::postgres::PgConnection;

use super::write::{client_row, write_organisation};
use super::{Client, Organisation};
use crate::access_log::{self, Line};
use crate::error::StoreError;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::registry::entry::{ClientEntry, OrganisationEntry, RegistryEntry, marked_details};

/// What an organisation is called, and how to reach its desks.
type Details = (String, BTreeMap<String, String>);

/// An organisation whose rows are to be written again, by whom and when.
#[derive(Clone, Debug)]
pub struct Mending<'m> {
    /// Its code.
    pub id: &'m OrganisationId,
    /// Its name, if the row does not have the registered one: the events have only a mark of it.
    pub name: Option<String>,
    /// Its contact points, likewise.
    pub contact_points: BTreeMap<String, String>,
    /// Who does this.
    pub metadata: &'m Metadata,
    /// The line for the access log.
    pub access: &'m Line,
    /// The instant.
    pub now: Timestamp,
}

/// What became of the rows of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mended {
    /// They say what was registered.
    AsRegistered(Organisation),
    /// Nobody registered it: the owner of the tables removes its row.
    NeverRegistered,
    /// The name and the contact points in the row are not the registered ones, and none were given.
    DetailsUnknown,
}

impl Ledger {
    /// Writes the rows of an organisation and of its programs again as they were registered last. A
    /// program that nobody registered is disabled, and registered as such: its row can only be removed
    /// by the owner of the tables. A name and contact points that are given in the place of others are
    /// registered.
    ///
    /// # Errors
    /// If the database is out of reach, or the last event is not what was recorded.
    pub async fn mend_organisation(&self, mending: Mending<'_>) -> Result<Mended, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let Some((said, mut version)) = self.organisation_said(&mut transaction, mending.id).await? else {
            return Ok(Mended::NeverRegistered);
        };
        let Some((name, contact_points)) = self.details(&mut transaction, &said, &mending).await? else {
            return Ok(Mended::DetailsUnknown);
        };
        let mut entry = said.clone();
        entry.details = marked_details(mending.id.as_str(), (&name, &contact_points), &self.operator_key);
        for (client, registered) in strangers(&mut transaction, &said).await? {
            entry.clients.insert(client, registered);
        }
        if entry != said {
            let entry = RegistryEntry::OrganisationRegistered(entry.clone());
            version = self.register_entry(&mut transaction, &entry, mending.metadata, mending.now).await?;
        }
        let organisation = organisation(entry, name, contact_points);
        write_organisation(&mut transaction, &organisation, version, mending.now).await?;
        write_clients(&mut transaction, &organisation, mending.now).await?;
        access_log::write(&mut *transaction, std::slice::from_ref(mending.access)).await?;
        transaction.commit().await?;
        Ok(Mended::AsRegistered(organisation))
    }

    /// The name and the contact points that were registered, or that are given instead.
    async fn details(
        &self,
        database: &mut PgConnection,
        said: &OrganisationEntry,
        mending: &Mending<'_>,
    ) -> Result<Option<Details>, StoreError> {
        let row = sqlx::query(
            "SELECT name, contact_points::text FROM organisations WHERE organisation_id = $1 FOR UPDATE",
        );
        let row = row.bind(mending.id.as_str()).fetch_optional(database).await?;
        let stored = row.map(|row| -> sqlx::Result<Details> {
            let points: &str = row.try_get("contact_points")?;
            Ok((row.try_get("name")?, serde_json::from_str(points).unwrap_or_default()))
        });
        let (stored_name, stored_points) = stored.transpose()?.unwrap_or_default();
        let points = &mending.contact_points;
        let name = mending.name.clone().unwrap_or(stored_name);
        let is_registered = |points: &BTreeMap<String, String>| {
            marked_details(mending.id.as_str(), (&name, points), &self.operator_key) == said.details
        };
        Ok(match mending.name {
            _ if points.is_empty() && is_registered(&stored_points) => Some((name, stored_points)),
            _ if is_registered(points) => Some((name, points.clone())),
            Some(_) => Some((name, points.clone())),
            None => None,
        })
    }
}

/// The programs in the table that no event names, disabled.
async fn strangers(
    database: &mut PgConnection,
    said: &OrganisationEntry,
) -> Result<Vec<(ClientId, ClientEntry)>, StoreError> {
    let known: Vec<&str> = said.clients.keys().map(ClientId::as_str).collect();
    let rows = sqlx::query(
        "SELECT client_id, issuer, roles, purpose, true AS disabled FROM clients
         WHERE organisation_id = $1 AND NOT client_id = ANY ($2) ORDER BY client_id",
    );
    let rows = rows.bind(said.organisation.as_str()).bind(known).fetch_all(database).await?;
    let mut strangers = Vec::new();
    for row in &rows {
        // Without a code of ours it can sign in nowhere, and stays a finding.
        let Ok(client_id) = row.try_get::<&str, _>("client_id")?.parse() else { continue };
        let issuer = row.try_get("issuer")?;
        let nothing = ClientEntry { issuer, roles: [].into(), purpose: None, disabled: true };
        let read = super::client(row).ok().map(|client| ClientEntry::of(&client).1);
        strangers.push((client_id, read.unwrap_or(nothing)));
    }
    Ok(strangers)
}

fn organisation(
    entry: OrganisationEntry,
    name: String,
    contact_points: BTreeMap<String, String>,
) -> Organisation {
    let OrganisationEntry { organisation, kind, regions, clients, disabled, .. } = entry;
    let client = |(id, ClientEntry { issuer, roles, purpose, disabled })| Client {
        id,
        issuer,
        roles,
        purpose,
        disabled,
    };
    let clients = clients.into_iter().map(client).collect();
    Organisation { id: organisation, kind, name, regions, contact_points, clients, disabled }
}

/// Writes these programs, whatever the table says of them.
async fn write_clients(
    database: &mut PgConnection,
    organisation: &Organisation,
    now: Timestamp,
) -> Result<(), StoreError> {
    for client in &organisation.clients {
        client_row(
            "INSERT INTO clients VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN $7 END)
             ON CONFLICT (client_id) DO UPDATE SET organisation_id = excluded.organisation_id, issuer = excluded.issuer,
             roles = excluded.roles, purpose = excluded.purpose,
             disabled_at = CASE WHEN $6 THEN coalesce(clients.disabled_at, $7) END",
            organisation,
            client,
            now,
        )
        .execute(&mut *database)
        .await?;
    }
    Ok(())
}
