//! Writes an organisation with its clients, the event that says so, and the line of the access log.

use jiff::Timestamp;
use omklap_domain::ids::{ClientId, RegionId};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, PgTransaction, Postgres};

use super::{Client, Organisation};
use crate::access_log::{self, Line};
use crate::error::StoreError;
use crate::events::metadata::Metadata;
use crate::ledger::Ledger;
use crate::registry::entry::{OrganisationEntry, RegistryEntry};

/// An organisation to be registered, by whom and when.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'r> {
    /// The organisation as a whole.
    pub organisation: &'r Organisation,
    /// The version that it replaces.
    pub before: Before,
    /// Who registers it.
    pub metadata: &'r Metadata,
    /// The line for the access log.
    pub access: &'r Line,
    /// The instant.
    pub now: Timestamp,
}

/// The version of a registration that the caller expects to replace, or its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing: there is no organisation with this code.
    Nothing,
    /// This version.
    Version(u64),
    /// Any version, or nothing.
    Anything,
}

/// Why an organisation was not written.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// It has another version than expected, or exists although it should not, or the reverse.
    #[error("the organisation has another version")]
    Stale {
        /// Its version; none if it does not exist.
        version: Option<u64>,
    },
    /// The names of clients belong to other organisations, or to another issuer.
    #[error("a client's name belongs to another organisation or issuer")]
    ClientsTaken(Vec<ClientId>),
    /// The database is out of reach.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for PutError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The organisation is new, in this version.
    Added(u64),
    /// It was changed, to this version.
    Changed(u64),
    /// Everything was registered so already, in this version: nothing was recorded.
    Unchanged(u64),
}

impl Written {
    /// The version: the number of the event that says it.
    #[must_use]
    pub fn version(self) -> u64 {
        let (Self::Added(version) | Self::Changed(version) | Self::Unchanged(version)) = self;
        version
    }
}

impl Ledger {
    /// Registers the whole organisation. A client that is left out is disabled: its name stays with the
    /// organisation. What is registered so already is not recorded again.
    ///
    /// # Errors
    /// If it is not what the caller [expects](Before), a client belongs to another organisation, or
    /// the database is out of reach.
    pub async fn register(&self, registration: Registration<'_>) -> Result<Written, PutError> {
        let Registration { organisation, before, metadata, access, now } = registration;
        let mut transaction = self.pool.begin().await?;
        let version = expected_version(&mut transaction, organisation, before).await?;
        let said = self.organisation_said(&mut transaction, &organisation.id).await?;
        let known = said.map(|(known, _)| known);
        let entry = OrganisationEntry::of(organisation, &self.operator_key).after(known.as_ref());
        if let Some(version) = version
            && known.is_some_and(|known| known == entry)
            && self.is_as_registered(&mut transaction, &format!("organisation {}", organisation.id)).await?
        {
            return Ok(Written::Unchanged(version));
        }
        let entry = RegistryEntry::OrganisationRegistered(entry);
        let next = self.register_entry(&mut transaction, &entry, metadata, now).await?;
        write_organisation(&mut transaction, organisation, next, now).await?;
        let taken = put_clients(&mut transaction, organisation, now).await?;
        if !taken.is_empty() {
            return Err(PutError::ClientsTaken(taken));
        }
        access_log::write(&mut *transaction, std::slice::from_ref(access)).await?;
        transaction.commit().await?;
        Ok(if version.is_none() { Written::Added(next) } else { Written::Changed(next) })
    }
}

/// The version of the row, locked; none if there is none. It must be what the caller expects.
async fn expected_version(
    transaction: &mut PgTransaction<'_>,
    organisation: &Organisation,
    before: Before,
) -> Result<Option<u64>, PutError> {
    // Two requests that add it at once: the second one waits, and finds the row of the first.
    let lock = "SELECT pg_advisory_xact_lock(28527, hashtext($1))";
    sqlx::query(lock).bind(organisation.id.as_str()).execute(&mut **transaction).await?;
    let version = "SELECT version FROM organisations WHERE organisation_id = $1 FOR UPDATE";
    let version: Option<i64> =
        sqlx::query_scalar(version).bind(organisation.id.as_str()).fetch_optional(&mut **transaction).await?;
    let version = version.map(i64::cast_unsigned);
    let is_as_known = match before {
        Before::Nothing => version.is_none(),
        Before::Version(known) => version == Some(known),
        Before::Anything => true,
    };
    if is_as_known { Ok(version) } else { Err(PutError::Stale { version }) }
}

/// Writes the row of an organisation in this version.
pub(super) async fn write_organisation(
    database: &mut PgConnection,
    organisation: &Organisation,
    version: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let write = "INSERT INTO organisations VALUES ($1, $2, $3, $4, $5::json, $6, CASE WHEN $7 THEN $8 END) \
                 ON CONFLICT (organisation_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
                 regions = excluded.regions, contact_points = excluded.contact_points, version = excluded.version, \
                 disabled_at = CASE WHEN $7 THEN coalesce(organisations.disabled_at, $8) END";
    let regions: Vec<&str> = organisation.regions.iter().map(RegionId::as_str).collect();
    let points = serde_json::to_string(&organisation.contact_points).expect("texts are JSON");
    let written = sqlx::query(write)
        .bind(organisation.id.as_str())
        .bind(organisation.kind.as_str())
        .bind(&organisation.name)
        .bind(regions)
        .bind(points)
        .bind(version.cast_signed())
        .bind(organisation.disabled)
        .bind(jiff_sqlx::Timestamp::from(now))
        .execute(database)
        .await?;
    if written.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotKept("organisations")) }
}

/// A statement that writes the row of a program, with its values: the program, the organisation, the
/// issuer, the roles, the purpose, whether it is disabled, and since when.
pub(super) fn client_row<'q>(
    statement: &'q str,
    organisation: &'q Organisation,
    client: &'q Client,
    now: Timestamp,
) -> Query<'q, Postgres, PgArguments> {
    let roles: Vec<&str> = client.roles.iter().map(|role| role.as_str()).collect();
    sqlx::query(statement)
        .bind(client.id.as_str())
        .bind(organisation.id.as_str())
        .bind(&client.issuer)
        .bind(roles)
        .bind(&client.purpose)
        .bind(client.disabled)
        .bind(jiff_sqlx::Timestamp::from(now))
}

/// Returns the names that belong to others.
async fn put_clients(
    transaction: &mut PgTransaction<'_>,
    organisation: &Organisation,
    now: Timestamp,
) -> Result<Vec<ClientId>, PutError> {
    let write = "INSERT INTO clients VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN $7 END) \
                 ON CONFLICT (client_id) DO UPDATE SET roles = excluded.roles, purpose = excluded.purpose, \
                 disabled_at = CASE WHEN $6 THEN coalesce(clients.disabled_at, $7) END \
                 WHERE clients.organisation_id = $2 AND clients.issuer = $3";
    let mut taken = Vec::new();
    for client in &organisation.clients {
        let written = client_row(write, organisation, client, now).execute(&mut **transaction).await?;
        if written.rows_affected() == 0 {
            taken.push(client.id.clone());
        }
    }
    let named: Vec<&str> = organisation.clients.iter().map(|client| client.id.as_str()).collect();
    let left_out = "UPDATE clients SET disabled_at = coalesce(disabled_at, $3) \
                    WHERE organisation_id = $1 AND NOT client_id = ANY($2)";
    let left_out = sqlx::query(left_out).bind(organisation.id.as_str()).bind(named);
    left_out.bind(jiff_sqlx::Timestamp::from(now)).execute(&mut **transaction).await?;
    Ok(taken)
}
