//! Compares the tables of the registry with what its events say. Whether the events are what was
//! recorded is checked for the whole ledger by [`Tree::check`](crate::tree::Tree::check).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::entry::{
    ClientEntry, KINDS, OrganisationEntry, RegistryEntry, SetEntry, SubscriptionEntry, marked_url,
};
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;
use crate::organisations;

/// Something in the registry that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryFinding {
    /// The last event of a stream says nothing that this program knows.
    #[error("{stream}: event {sequence} cannot be read")]
    Unreadable {
        /// The stream: its kind and its id.
        stream: String,
        /// The number of the event.
        sequence: u64,
    },
    /// A row is not what follows from the events.
    #[error("{stream}: {what} is not what was registered")]
    RowDiffers {
        /// The stream.
        stream: String,
        /// Which part of the row.
        what: String,
    },
    /// A row is missing.
    #[error("{stream}: its row is missing")]
    RowMissing {
        /// The stream.
        stream: String,
    },
    /// There is a row, and nobody registered it.
    #[error("{stream}: there is a row for it, and no event")]
    RowOfNothing {
        /// The stream.
        stream: String,
    },
}

impl RegistryFinding {
    /// The stream that it is about: its kind and its id.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Unreadable { stream, .. }
            | Self::RowDiffers { stream, .. }
            | Self::RowMissing { stream }
            | Self::RowOfNothing { stream } => stream,
        }
    }

    /// A stable code for this kind of finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "event-unreadable",
            Self::RowDiffers { .. } | Self::RowMissing { .. } | Self::RowOfNothing { .. } => "row-differs",
        }
    }
}

/// How many streams of the registry were checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegistryChecked {
    /// How many.
    pub streams: u64,
}

/// A row of the registry as what it should follow from.
struct StoredRow {
    /// What it says; none if it has a value that no row of ours has.
    entry: Option<RegistryEntry>,
    /// The number of events from which it says that it was derived, if it says so.
    version: Option<u64>,
}

/// The last event of a stream: its number, and what it says if this program can read it.
type Said = (u64, Option<RegistryEntry>);

impl Ledger {
    /// Compares the organisations, programs, subscriptions and agreement sets with the events that
    /// registered them, as they are at one instant, and hands each finding to `report`.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn check_registry(
        &self,
        mut report: impl FnMut(RegistryFinding),
    ) -> Result<RegistryChecked, StoreError> {
        let mut instant =
            self.pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
        let said = last_events(&mut instant).await?;
        let mut rows = self.organisation_rows(&mut instant).await?;
        rows.extend(self.subscription_rows(&mut instant).await?);
        rows.extend(set_rows(&mut instant).await?);
        instant.rollback().await?;
        let checked = RegistryChecked { streams: said.len() as u64 };
        for (stream, said) in said {
            let row = rows.remove(&stream);
            compared(stream, said, row).into_iter().for_each(&mut report);
        }
        for stream in rows.into_keys() {
            report(RegistryFinding::RowOfNothing { stream });
        }
        Ok(checked)
    }

    /// That the row of a stream says what was registered, so that a change can be built on it: else the
    /// change would register what somebody wrote into the table.
    ///
    /// # Errors
    /// [`StoreError::NotRegistered`] if it says something else, and if the database is out of reach.
    pub async fn must_be_as_registered(&self, stream: &str) -> Result<(), StoreError> {
        let mut first = None;
        let of_it = |finding: RegistryFinding| {
            if finding.stream() == stream {
                first.get_or_insert(finding);
            }
        };
        self.check_registry(of_it).await?;
        first.map_or(Ok(()), |finding| Err(StoreError::NotRegistered(finding)))
    }

    async fn organisation_rows(
        &self,
        database: &mut PgConnection,
    ) -> Result<BTreeMap<String, StoredRow>, StoreError> {
        let rows = sqlx::query(organisations::ORGANISATIONS).fetch_all(&mut *database).await?;
        let mut read = BTreeMap::new();
        for row in &rows {
            let id: &str = row.try_get("organisation_id")?;
            let known = organisations::organisation(row).ok();
            let version = Some(row.try_get::<i64, _>("version")?.unsigned_abs());
            let entry = known.map(|(known, _)| OrganisationEntry::of(&known, &self.operator_key));
            read.insert(format!("organisation {id}"), (entry, version));
        }
        for row in
            sqlx::query("SELECT *, disabled_at IS NOT NULL AS disabled FROM clients ORDER BY client_id")
                .fetch_all(database)
                .await?
        {
            let of = format!("organisation {}", row.try_get::<&str, _>("organisation_id")?);
            let Some((entry, _)) = read.get_mut(&of) else { continue };
            match (organisations::client(&row), entry.as_mut()) {
                (Ok(client), Some(entry)) => entry.clients.extend([ClientEntry::of(&client)]),
                (Err(_), _) => *entry = None,
                (Ok(_), None) => {}
            }
        }
        let stored = |(entry, version): (Option<OrganisationEntry>, _)| StoredRow {
            entry: entry.map(RegistryEntry::OrganisationRegistered),
            version,
        };
        Ok(read.into_iter().map(|(stream, row)| (stream, stored(row))).collect())
    }

    async fn subscription_rows(
        &self,
        database: &mut PgConnection,
    ) -> Result<BTreeMap<String, StoredRow>, StoreError> {
        let rows =
            sqlx::query("SELECT subscription_id, client, organisation, role, url, types FROM subscriptions");
        let read = |row: &PgRow| {
            let subscription: Uuid = row.try_get("subscription_id")?;
            let entry = RegistryEntry::SubscriptionRegistered(SubscriptionEntry {
                subscription,
                client: row.try_get("client")?,
                organisation: row.try_get("organisation")?,
                role: row.try_get("role")?,
                url: marked_url(subscription, row.try_get("url")?, &self.operator_key),
                types: row.try_get("types")?,
            });
            Ok((format!("subscription {subscription}"), StoredRow { entry: Some(entry), version: None }))
        };
        rows.fetch_all(database).await?.iter().map(read).collect()
    }
}

async fn set_rows(database: &mut PgConnection) -> Result<BTreeMap<String, StoredRow>, StoreError> {
    let rows =
        sqlx::query("SELECT id, version, digest, text FROM agreement_sets").fetch_all(database).await?;
    let read = |row: &PgRow| {
        let (id, version): (String, i32) = (row.try_get("id")?, row.try_get("version")?);
        let (digest, text): (&[u8], &str) = (row.try_get("digest")?, row.try_get("text")?);
        let is_its_own = Sha256::digest(text).as_slice() == digest;
        let entry = u16::try_from(version).ok().filter(|_| is_its_own).map(|version| {
            RegistryEntry::AgreementSetAdopted(SetEntry {
                id: id.clone(),
                version,
                digest: hex::encode(digest),
            })
        });
        Ok((format!("agreement-set {id}@{version}"), StoredRow { entry, version: None }))
    };
    rows.iter().map(read).collect()
}

/// The last event of every stream of the registry, by the name of the stream.
async fn last_events(database: &mut PgConnection) -> Result<BTreeMap<String, Said>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT ON (aggregate_type, aggregate_id) aggregate_type, aggregate_id, sequence, payload
         FROM events WHERE aggregate_type = ANY ($1) ORDER BY aggregate_type, aggregate_id, sequence DESC",
    )
    .bind(KINDS.as_slice())
    .fetch_all(database)
    .await?;
    let read = |row: &PgRow| {
        let (kind, id): (&str, &str) = (row.try_get("aggregate_type")?, row.try_get("aggregate_id")?);
        let entry: Option<RegistryEntry> = serde_json::from_str(event::stored_text(row, "payload")?).ok();
        let entry = entry.filter(|entry| entry.stream() == (kind, id.to_owned()));
        Ok((format!("{kind} {id}"), (event::sequence(row)?, entry)))
    };
    rows.iter().map(read).collect()
}

/// What differs between a row and the last event of its stream.
fn compared(stream: String, (sequence, said): Said, row: Option<StoredRow>) -> Vec<RegistryFinding> {
    let differs = |what: &str| RegistryFinding::RowDiffers { stream: stream.clone(), what: what.to_owned() };
    let Some(said) = said else { return vec![RegistryFinding::Unreadable { stream, sequence }] };
    let is_over = matches!(said, RegistryEntry::SubscriptionEnded { .. });
    match row {
        None if is_over => Vec::new(),
        None => vec![RegistryFinding::RowMissing { stream }],
        Some(_) if is_over => vec![RegistryFinding::RowOfNothing { stream }],
        Some(StoredRow { entry: None, .. }) => vec![differs("its row")],
        Some(StoredRow { entry: Some(row), version }) => {
            let (said, row) = (said.parts(), row.parts());
            let all: BTreeSet<&String> = said.keys().chain(row.keys()).collect();
            let mut changed: Vec<&str> = all
                .iter()
                .filter(|part| said.get(**part) != row.get(**part))
                .map(|part| part.as_str())
                .collect();
            changed.extend(version.filter(|version| *version != sequence).map(|_| "its version"));
            changed.into_iter().map(differs).collect()
        }
    }
}
