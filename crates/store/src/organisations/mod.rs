//! The organisations of the partners, and the programs that act for them: the rows that follow from the
//! events of the registry.
//!
//! Decisions: ADR 11, ADR 42.

mod mend;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::{Entry, Register};
use omklap_domain::visibility::Role;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};

use crate::error::StoreError;
use crate::registry::check::RegistryFinding;
pub use mend::{Mended, Mending};
pub use write::{Before, PutError, Registration, Written};

/// A partner, as it is registered: its kind, regions, contact points and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its code.
    pub id: OrganisationId,
    /// What kind of partner it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// The regions where it works.
    pub regions: BTreeSet<RegionId>,
    /// How to reach its desks, by their names, such as `nuisance-desk`. Public, never a person.
    pub contact_points: BTreeMap<String, String>,
    /// The programs that act for it, in the order of their names.
    pub clients: Vec<Client>,
    /// Whether its programs may not sign in.
    pub disabled: bool,
}

/// A program that acts for an organisation (an OAuth 2 client).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its name at the issuer.
    pub id: ClientId,
    /// The issuer of its tokens, by its name in the configuration.
    pub issuer: String,
    /// The roles in which it may act.
    pub roles: BTreeSet<Role>,
    /// The purpose of its requests if its token does not say.
    pub purpose: Option<String>,
    /// Whether it may not sign in.
    pub disabled: bool,
}

/// A client, as signing in needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// The organisation that it acts for.
    pub organisation: OrganisationId,
    /// The regions where that organisation works.
    pub regions: BTreeSet<RegionId>,
    /// Whether programs of that organisation may not sign in.
    pub organisation_disabled: bool,
}

/// An organisation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrganisation {
    /// Its code.
    pub id: OrganisationId,
    /// The organisation and its version; none if its row, or that of one of its programs, has a value
    /// that this program does not write.
    pub known: Option<(Organisation, u64)>,
}

/// The organisations in the database.
#[derive(Clone, Debug)]
pub struct Organisations {
    pool: PgPool,
}

pub(crate) const ORGANISATIONS: &str = "SELECT organisation_id, kind, name, regions, contact_points::text, version, \
                             disabled_at IS NOT NULL AS disabled FROM organisations ";
const CLIENTS: &str = "SELECT client_id, organisation_id, issuer, roles, purpose, disabled_at IS NOT NULL AS disabled \
                       FROM clients WHERE organisation_id = ANY($1) ORDER BY client_id";

impl Organisations {
    /// Those in this database.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The organisation and its version.
    ///
    /// # Errors
    /// [`StoreError::NotRegistered`] if a row has a value that this program does not write, and if the
    /// database is out of reach.
    pub async fn get(&self, id: &OrganisationId) -> Result<Option<(Organisation, u64)>, StoreError> {
        let query = format!("{ORGANISATIONS} WHERE organisation_id = $1");
        let rows = sqlx::query(&query).bind(id.as_str()).fetch_all(&self.pool).await?;
        let Some((_, known)) = self.with_clients(&rows).await?.pop() else { return Ok(None) };
        known.map(Some).map_err(|error| altered(id.as_str(), &error))
    }

    /// A page of organisations in the order of their codes, after this one, each with its version. One
    /// that cannot be read is named, and does not keep the others from being listed.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn list(
        &self,
        after: Option<&OrganisationId>,
        limit: u32,
    ) -> Result<Vec<ListedOrganisation>, StoreError> {
        // A code of ours: a row with another one was registered by nobody.
        let query = format!(
            "{ORGANISATIONS} WHERE organisation_id > $1 AND organisation_id ~ '^[a-z0-9][a-z0-9-]{{0,63}}$'
             ORDER BY organisation_id LIMIT $2"
        );
        let after = after.map_or("", OrganisationId::as_str);
        let rows = sqlx::query(&query).bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        let listed = self.with_clients(&rows).await?.into_iter().map(|(id, known)| {
            let id: OrganisationId = id.parse().map_err(|_| unknown("organisation_id"))?;
            Ok(ListedOrganisation { known: known.inspect_err(|error| alarm(id.as_str(), error)).ok(), id })
        });
        Ok(listed.collect::<sqlx::Result<_>>()?)
    }

    /// Every organisation, to check the names in reports. A disabled one is a former partner; one whose
    /// row cannot be read is none.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn register(&self) -> Result<Register, StoreError> {
        let query =
            "SELECT organisation_id, kind, regions, disabled_at IS NOT NULL AS disabled FROM organisations";
        let rows = sqlx::query(query).fetch_all(&self.pool).await?;
        let entry = |row: &PgRow| {
            let kind: String = row.try_get("kind")?;
            let kind = OrganisationKind::named(&kind).ok_or_else(|| unknown("kind"))?;
            let (regions, former) = (regions(row)?, row.try_get("disabled")?);
            Ok((code(row, "organisation_id")?, Entry { kind, regions, former }))
        };
        let readable = |row: &PgRow| {
            let id = row.try_get::<&str, _>("organisation_id").unwrap_or_default();
            entry(row).inspect_err(|error| alarm(id, error)).ok()
        };
        Ok(rows.iter().filter_map(readable).collect())
    }

    /// The client of this name.
    ///
    /// # Errors
    /// [`StoreError::NotRegistered`] if a row has a value that this program does not write, and if the
    /// database is out of reach.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Registered>, StoreError> {
        let query = "SELECT client_id, organisation_id, issuer, roles, purpose, clients.disabled_at IS NOT NULL AS disabled, \
                     regions, organisations.disabled_at IS NOT NULL AS organisation_disabled \
                     FROM clients JOIN organisations USING (organisation_id) WHERE client_id = $1";
        let row = sqlx::query(query).bind(id.as_str()).fetch_optional(&self.pool).await?;
        let read = |row: &PgRow| {
            let organisation: &str = row.try_get("organisation_id")?;
            registered(row).map_err(|error| altered(organisation, &error))
        };
        row.as_ref().map(read).transpose()
    }

    /// Each of these with its programs, or what is wrong with its row or with that of a program.
    async fn with_clients(
        &self,
        rows: &[PgRow],
    ) -> Result<Vec<(String, sqlx::Result<(Organisation, u64)>)>, StoreError> {
        let id = |row: &PgRow| row.try_get::<String, _>("organisation_id");
        let read = |row: &PgRow| Ok((id(row)?, organisation(row)));
        let mut organisations = rows.iter().map(read).collect::<sqlx::Result<Vec<_>>>()?;
        let ids: Vec<&str> = organisations.iter().map(|(id, _)| id.as_str()).collect();
        for row in sqlx::query(CLIENTS).bind(ids).fetch_all(&self.pool).await? {
            let acts_for = id(&row)?;
            let organisation = organisations.iter_mut().find(|(id, _)| *id == acts_for);
            let Some((_, known)) = organisation else { continue };
            match (client(&row), known.as_mut()) {
                (Ok(client), Ok((organisation, _))) => organisation.clients.push(client),
                (Err(error), Ok(_)) => *known = Err(error),
                (_, Err(_)) => {}
            }
        }
        Ok(organisations)
    }
}

/// That a row of this organisation has a value that this program does not write.
fn altered(organisation: &str, error: &sqlx::Error) -> StoreError {
    let what = match error {
        sqlx::Error::ColumnDecode { index, .. } => match index.trim_matches('"') {
            "kind" => "its kind".to_owned(),
            "regions" => "the list of its regions".to_owned(),
            "name" | "contact_points" => "its name or contact points".to_owned(),
            column => column.to_owned(),
        },
        _ => "its row".to_owned(),
    };
    StoreError::NotRegistered(RegistryFinding::RowDiffers {
        stream: format!("organisation {organisation}"),
        what,
    })
}

/// Logs that an organisation is left out because of it.
fn alarm(organisation: &str, error: &sqlx::Error) {
    let why = altered(organisation, error);
    tracing::error!(problem = "record-altered", cause = why.to_string(), "an organisation is left out");
}

pub(crate) fn organisation(row: &PgRow) -> sqlx::Result<(Organisation, u64)> {
    let kind: String = row.try_get("kind")?;
    let points: String = row.try_get("contact_points")?;
    let organisation = Organisation {
        id: code(row, "organisation_id")?,
        kind: OrganisationKind::named(&kind).ok_or_else(|| unknown("kind"))?,
        name: row.try_get("name")?,
        regions: regions(row)?,
        contact_points: serde_json::from_str(&points).map_err(|_| unknown("contact_points"))?,
        clients: Vec::new(),
        disabled: row.try_get("disabled")?,
    };
    Ok((organisation, row.try_get::<i64, _>("version")?.cast_unsigned()))
}

pub(crate) fn client(row: &PgRow) -> sqlx::Result<Client> {
    let roles: Vec<String> = row.try_get("roles")?;
    let roles = roles.iter().map(|role| Role::named(role).ok_or_else(|| unknown("roles")));
    Ok(Client {
        id: code(row, "client_id")?,
        issuer: row.try_get("issuer")?,
        roles: roles.collect::<Result<_, _>>()?,
        purpose: row.try_get("purpose")?,
        disabled: row.try_get("disabled")?,
    })
}

fn registered(row: &PgRow) -> sqlx::Result<Registered> {
    Ok(Registered {
        client: client(row)?,
        organisation: code(row, "organisation_id")?,
        regions: regions(row)?,
        organisation_disabled: row.try_get("organisation_disabled")?,
    })
}

pub(crate) fn regions(row: &PgRow) -> sqlx::Result<BTreeSet<RegionId>> {
    let regions: Vec<String> = row.try_get("regions")?;
    regions.into_iter().map(|region| region.parse().map_err(|_| unknown("regions"))).collect()
}

fn code<T: std::str::FromStr>(row: &PgRow, column: &'static str) -> sqlx::Result<T> {
    row.try_get::<String, _>(column)?.parse().map_err(|_| unknown(column))
}

/// A value that this program does not write.
fn unknown(column: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: "not a value of ours".into() }
}
