//! Compares the tables of the registry with what its events say. Whether the events are what was
//! recorded is checked for the whole ledger by [`Tree::check`](crate::tree::Tree::check).

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use super::entry::{KINDS, RegistryEntry, SECRET, SIGHT};
use super::rows::StoredRow;
use crate::error::StoreError;
use crate::events::event;
use crate::ledger::Ledger;

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
        let (checked, findings) = self.registry_findings(&mut instant).await?;
        instant.rollback().await?;
        findings.into_iter().for_each(&mut report);
        Ok(checked)
    }

    async fn registry_findings(
        &self,
        database: &mut PgConnection,
    ) -> Result<(RegistryChecked, Vec<RegistryFinding>), StoreError> {
        let said = last_events(&mut *database).await?;
        let mut rows = self.registry_rows(database).await?;
        let checked = RegistryChecked { streams: said.len() as u64 };
        let mut findings = Vec::new();
        for (stream, said) in said {
            let row = rows.remove(&stream);
            findings.extend(compared(stream, said, row));
        }
        findings.extend(rows.into_keys().map(|stream| RegistryFinding::RowOfNothing { stream }));
        Ok((checked, findings))
    }

    /// Whether the row of a stream says what was registered.
    pub(crate) async fn is_as_registered(
        &self,
        database: &mut PgConnection,
        stream: &str,
    ) -> Result<bool, StoreError> {
        let (_, findings) = self.registry_findings(database).await?;
        Ok(findings.iter().all(|finding| finding.stream() != stream))
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
        Some(StoredRow { parts: mut row, version }) => {
            let said = said.parts();
            // An event of a subscription from before these were recorded.
            if row.contains_key(SECRET) && !said.contains_key(SECRET) {
                row.retain(|part, _| !SIGHT.contains(&part.as_str()));
            }
            let all: BTreeSet<&String> = said.keys().chain(row.keys()).collect();
            let is_changed = |part: &&&String| said.get(**part) != row.get(**part);
            let mut changed: Vec<&str> = all.iter().filter(is_changed).map(|part| part.as_str()).collect();
            changed.extend(version.filter(|version| *version != sequence).map(|_| "its version"));
            changed.into_iter().map(differs).collect()
        }
    }
}
