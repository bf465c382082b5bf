//! The organisations of the partners, and the programs that act for them: the rows that follow from the
//! events of the registry.
//!
//! Decisions: ADR 11, ADR 42.

mod write;

use std::collections::{BTreeMap, BTreeSet};

use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::{Entry, Register};
use omklap_domain::visibility::Role;
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};

use crate::error::StoreError;
pub use write::{Before, PutError, Registration};

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
    /// If the database is out of reach.
    pub async fn get(&self, id: &OrganisationId) -> Result<Option<(Organisation, u64)>, StoreError> {
        let query = format!("{ORGANISATIONS} WHERE organisation_id = $1");
        let row = sqlx::query(&query).bind(id.as_str()).fetch_all(&self.pool).await?;
        Ok(self.with_clients(row).await?.pop())
    }

    /// A page of organisations in the order of their codes, after this one, each with its version.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn list(
        &self,
        after: Option<&OrganisationId>,
        limit: u32,
    ) -> Result<Vec<(Organisation, u64)>, StoreError> {
        let query = format!("{ORGANISATIONS} WHERE organisation_id > $1 ORDER BY organisation_id LIMIT $2");
        let after = after.map_or("", OrganisationId::as_str);
        let rows = sqlx::query(&query).bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        self.with_clients(rows).await
    }

    /// Every organisation, to check the names in reports. A disabled one is a former partner.
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
        Ok(rows.iter().map(entry).collect::<sqlx::Result<_>>()?)
    }

    /// The client of this name.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Registered>, StoreError> {
        let query = "SELECT client_id, organisation_id, issuer, roles, purpose, clients.disabled_at IS NOT NULL AS disabled, \
                     regions, organisations.disabled_at IS NOT NULL AS organisation_disabled \
                     FROM clients JOIN organisations USING (organisation_id) WHERE client_id = $1";
        let row = sqlx::query(query).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(registered).transpose()?)
    }

    async fn with_clients(&self, rows: Vec<PgRow>) -> Result<Vec<(Organisation, u64)>, StoreError> {
        let mut organisations = rows.iter().map(organisation).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<&str> = organisations.iter().map(|(known, _)| known.id.as_str()).collect();
        for row in sqlx::query(CLIENTS).bind(ids).fetch_all(&self.pool).await? {
            let (client, acts_for) = (client(&row)?, code::<OrganisationId>(&row, "organisation_id")?);
            let organisation = organisations.iter_mut().find(|(known, _)| known.id == acts_for);
            if let Some((organisation, _)) = organisation {
                organisation.clients.push(client);
            }
        }
        Ok(organisations)
    }
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

fn regions(row: &PgRow) -> sqlx::Result<BTreeSet<RegionId>> {
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
