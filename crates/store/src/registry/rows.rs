//! The rows of the registry, part by part, as what they should follow from. A value that no row of ours
//! has is a difference in its part, and does not keep the others from being compared.

use std::collections::BTreeMap;

use omklap_domain::organisation::OrganisationKind;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::entry::{
    ClientEntry, SECRET, marked_details, marked_secret, marked_trajectory, marked_url, program_part,
};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::organisations;

/// A row of the registry.
#[derive(Default)]
pub(super) struct StoredRow {
    /// What it says, by the words that name each part; null for a value that no row of ours has.
    pub parts: BTreeMap<String, Value>,
    /// The number of events from which it says that it was derived, if it says so.
    pub version: Option<u64>,
}

/// Rows by the names of their streams.
type Rows = BTreeMap<String, StoredRow>;

impl StoredRow {
    fn of<const N: usize>(parts: [(&str, Value); N], version: Option<u64>) -> Self {
        let parts = parts.into_iter().map(|(part, value)| (part.to_owned(), value)).collect();
        Self { parts, version }
    }
}

impl Ledger {
    /// Every row of the registry.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub(super) async fn registry_rows(&self, database: &mut PgConnection) -> Result<Rows, StoreError> {
        let mut rows = self.organisation_rows(&mut *database).await?;
        rows.extend(self.subscription_rows(&mut *database).await?);
        rows.extend(set_rows(database).await?);
        Ok(rows)
    }

    async fn organisation_rows(&self, database: &mut PgConnection) -> Result<Rows, StoreError> {
        let mut rows = Rows::new();
        for row in sqlx::query(organisations::ORGANISATIONS).fetch_all(&mut *database).await? {
            let id: &str = row.try_get("organisation_id")?;
            rows.insert(format!("organisation {id}"), self.organisation_row(&row, id)?);
        }
        let clients =
            "SELECT client_id, organisation_id, issuer, roles, purpose, disabled_at IS NOT NULL AS disabled
             FROM clients ORDER BY client_id";
        for row in sqlx::query(clients).fetch_all(database).await? {
            let (id, of): (&str, &str) = (row.try_get("client_id")?, row.try_get("organisation_id")?);
            let client = organisations::client(&row).map(|client| json!(ClientEntry::of(&client).1));
            let client = (program_part(id), client.unwrap_or(Value::Null));
            match rows.get_mut(&format!("organisation {of}")) {
                Some(organisation) => drop(organisation.parts.insert(client.0, client.1)),
                // Its organisation was removed, or never was.
                None => drop(rows.insert(format!("{} of organisation {of}", client.0), StoredRow::default())),
            }
        }
        Ok(rows)
    }

    fn organisation_row(&self, row: &PgRow, id: &str) -> Result<StoredRow, StoreError> {
        let kind: Option<&str> = row.try_get("kind").ok();
        let points: &str = row.try_get("contact_points")?;
        let points: Option<BTreeMap<String, String>> = serde_json::from_str(points).ok();
        let name: &str = row.try_get("name")?;
        let details = points.map(|points| marked_details(id, (name, &points), &self.operator_key));
        let version = row.try_get::<i64, _>("version")?.unsigned_abs();
        let parts = [
            ("its kind", json!(kind.and_then(OrganisationKind::named))),
            ("the list of its regions", json!(organisations::regions(row).ok())),
            ("its name or contact points", json!(details)),
            ("whether it is disabled", json!(row.try_get::<bool, _>("disabled")?)),
        ];
        Ok(StoredRow::of(parts, Some(version)))
    }

    async fn subscription_rows(&self, database: &mut PgConnection) -> Result<Rows, StoreError> {
        let rows = sqlx::query(
            "SELECT subscription_id, client, organisation, role, regions, trajectory_id, url, types, secret FROM subscriptions",
        );
        let rows = rows.fetch_all(database).await?;
        rows.iter().map(|row| self.subscription_row(row)).collect()
    }

    fn subscription_row(&self, row: &PgRow) -> Result<(String, StoredRow), StoreError> {
        let (id, key): (Uuid, _) = (row.try_get("subscription_id")?, &self.operator_key);
        let trajectory: Option<Uuid> = row.try_get("trajectory_id")?;
        let secret = key.open_secret(row.try_get("secret")?, id).ok();
        let text = |column| row.try_get::<&str, _>(column).map(|text| json!(text));
        let parts = [
            ("its program", text("client")?),
            ("its organisation", text("organisation")?),
            ("its role", text("role")?),
            ("its URL", json!(marked_url(id, row.try_get("url")?, key))),
            ("its list of kinds of events", json!(row.try_get::<Vec<String>, _>("types").ok())),
            ("the list of its regions", json!(organisations::regions(row).ok())),
            ("its trajectory", json!(trajectory.map(|trajectory| marked_trajectory(id, trajectory, key)))),
            (SECRET, json!(secret.map(|secret| marked_secret(id, &secret, key)))),
        ];
        Ok((format!("subscription {id}"), StoredRow::of(parts, None)))
    }
}

async fn set_rows(database: &mut PgConnection) -> Result<Rows, StoreError> {
    let rows =
        sqlx::query("SELECT id, version, digest, text FROM agreement_sets").fetch_all(database).await?;
    let read = |row: &PgRow| {
        let (id, version): (&str, i32) = (row.try_get("id")?, row.try_get("version")?);
        let (digest, text): (&[u8], &str) = (row.try_get("digest")?, row.try_get("text")?);
        let is_its_own = Sha256::digest(text).as_slice() == digest;
        let text = [("its text", json!(is_its_own.then(|| hex::encode(digest))))];
        Ok((format!("agreement-set {id}@{version}"), StoredRow::of(text, None)))
    };
    rows.iter().map(read).collect()
}
