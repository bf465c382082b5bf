//! The organisations of the partners and the programs that speak for them. Nothing of it is in the ledger: whoever may sign
//! in changes, what was reported does not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::register::{Entry, Register};
use omklap_domain::visibility::Role;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{PgTransaction, Row};

use crate::error::StoreError;

/// A partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its code.
    pub id: OrganisationId,
    /// What kind of partner it is.
    pub kind: OrganisationKind,
    /// What people call it.
    pub name: String,
    /// Where it works.
    pub regions: BTreeSet<RegionId>,
    /// How its desks are reached, by their names, such as `nuisance-desk`. Public, never a person.
    pub contact_points: BTreeMap<String, String>,
    /// The programs that speak for it, in the order of their names.
    pub clients: Vec<Client>,
    /// Whether nobody may sign in for it.
    pub disabled: bool,
}

/// A program that speaks for an organisation (an OAuth 2 client).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its name at the issuer.
    pub id: ClientId,
    /// The issuer whose tokens it has, by its name in the settings.
    pub issuer: String,
    /// In which roles it may speak.
    pub roles: BTreeSet<Role>,
    /// For which purpose it asks where its token does not say.
    pub purpose: Option<String>,
    /// Whether it may not sign in.
    pub disabled: bool,
}

/// What signing in needs to know of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// For whom it speaks.
    pub organisation: OrganisationId,
    /// Where that organisation works.
    pub regions: BTreeSet<RegionId>,
    /// Whether nobody may sign in for that organisation.
    pub organisation_disabled: bool,
}

/// What is known of an organisation before it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// There is none of this name.
    Nothing,
    /// This version of it.
    Version(u64),
    /// Whatever there is of it, if there is.
    Anything,
}

/// Why an organisation was not written.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// It has another version, or none, or is there already.
    #[error("the organisation has another version")]
    Stale {
        /// Its version; none where it does not exist.
        version: Option<u64>,
    },
    /// The names of clients belong to other organisations, or to another issuer.
    #[error("a client's name belongs to another organisation or issuer")]
    ClientsTaken(Vec<ClientId>),
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for PutError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The organisations in the database.
#[derive(Clone, Debug)]
pub struct Organisations {
    pool: PgPool,
}

const ORGANISATIONS: &str = "SELECT organisation_id, kind, name, regions, contact_points::text, version, \
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
    /// Where the database is out of reach.
    pub async fn get(&self, id: &OrganisationId) -> Result<Option<(Organisation, u64)>, StoreError> {
        let query = format!("{ORGANISATIONS} WHERE organisation_id = $1");
        let row = sqlx::query(&query).bind(id.as_str()).fetch_all(&self.pool).await?;
        Ok(self.with_clients(row).await?.pop())
    }

    /// The organisations in the order of their codes, after this one, each with its version.
    ///
    /// # Errors
    /// Where the database is out of reach.
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

    /// Every organisation, as reports are held against them. One that is disabled is a partner no more.
    ///
    /// # Errors
    /// Where the database is out of reach.
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
    /// Where the database is out of reach.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Registered>, StoreError> {
        let query = "SELECT client_id, organisation_id, issuer, roles, purpose, clients.disabled_at IS NOT NULL AS disabled, \
                     regions, organisations.disabled_at IS NOT NULL AS organisation_disabled \
                     FROM clients JOIN organisations USING (organisation_id) WHERE client_id = $1";
        let row = sqlx::query(query).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(registered).transpose()?)
    }

    /// Writes the organisation as a whole, and answers its new version. A client that is left out is disabled: its name stays
    /// with the organisation.
    ///
    /// # Errors
    /// Where it is not what was known [before](Before), a client belongs to somebody else, or the database is out of reach.
    pub async fn put(
        &self,
        organisation: &Organisation,
        before: Before,
        now: Timestamp,
    ) -> Result<u64, PutError> {
        let mut transaction = self.pool.begin().await?;
        let version = put_organisation(&mut transaction, organisation, before, now).await?;
        let taken = put_clients(&mut transaction, organisation, now).await?;
        if !taken.is_empty() {
            return Err(PutError::ClientsTaken(taken));
        }
        transaction.commit().await?;
        Ok(version)
    }

    async fn with_clients(&self, rows: Vec<PgRow>) -> Result<Vec<(Organisation, u64)>, StoreError> {
        let mut organisations = rows.iter().map(organisation).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<&str> = organisations.iter().map(|(known, _)| known.id.as_str()).collect();
        for row in sqlx::query(CLIENTS).bind(ids).fetch_all(&self.pool).await? {
            let (client, of) = (client(&row)?, code::<OrganisationId>(&row, "organisation_id")?);
            let whose = organisations.iter_mut().find(|(known, _)| known.id == of);
            if let Some((known, _)) = whose {
                known.clients.push(client.clone());
            }
        }
        Ok(organisations)
    }
}

async fn put_organisation(
    transaction: &mut PgTransaction<'_>,
    organisation: &Organisation,
    before: Before,
    now: Timestamp,
) -> Result<u64, PutError> {
    let version = "SELECT version FROM organisations WHERE organisation_id = $1 FOR UPDATE";
    let version: Option<i64> =
        sqlx::query_scalar(version).bind(organisation.id.as_str()).fetch_optional(&mut **transaction).await?;
    let version = version.map(i64::cast_unsigned);
    let is_as_known = match before {
        Before::Nothing => version.is_none(),
        Before::Version(known) => version == Some(known),
        Before::Anything => true,
    };
    if !is_as_known {
        return Err(PutError::Stale { version });
    }
    let write = "INSERT INTO organisations VALUES ($1, $2, $3, $4, $5::json, $6, CASE WHEN $7 THEN $8 END) \
                 ON CONFLICT (organisation_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
                 regions = excluded.regions, contact_points = excluded.contact_points, version = excluded.version, \
                 disabled_at = CASE WHEN $7 THEN coalesce(organisations.disabled_at, $8) END \
                 WHERE organisations.version = excluded.version - 1";
    let regions: Vec<&str> = organisation.regions.iter().map(RegionId::as_str).collect();
    let points = serde_json::to_string(&organisation.contact_points).expect("texts are JSON");
    let next = version.unwrap_or(0) + 1;
    let written = sqlx::query(write)
        .bind(organisation.id.as_str())
        .bind(organisation.kind.as_str())
        .bind(&organisation.name)
        .bind(regions)
        .bind(points)
        .bind(next.cast_signed())
        .bind(organisation.disabled)
        .bind(jiff_sqlx::Timestamp::from(now))
        .execute(&mut **transaction)
        .await?;
    // None was written where another added it in between.
    if written.rows_affected() == 0 { Err(PutError::Stale { version: Some(1) }) } else { Ok(next) }
}

/// Answers the names that belong to others.
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
        let roles: Vec<&str> = client.roles.iter().map(|role| role.as_str()).collect();
        let written = sqlx::query(write)
            .bind(client.id.as_str())
            .bind(organisation.id.as_str())
            .bind(&client.issuer)
            .bind(roles)
            .bind(&client.purpose)
            .bind(client.disabled)
            .bind(jiff_sqlx::Timestamp::from(now))
            .execute(&mut **transaction)
            .await?;
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

fn organisation(row: &PgRow) -> sqlx::Result<(Organisation, u64)> {
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

fn client(row: &PgRow) -> sqlx::Result<Client> {
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

/// A value that this program did not write.
fn unknown(column: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: "not a value of ours".into() }
}
