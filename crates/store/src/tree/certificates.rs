//! What certificates say about events that were destroyed after their retention term. Nothing else
//! excuses a leaf whose event is missing.

use std::collections::{HashMap, HashSet};

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};

use super::finding::LedgerFinding;
use super::leaf::leaf;
use super::signing_key::LedgerKeys;
use crate::destruction::certificate::{DESTROYED, DestroyedEvent, VERSION, listed};
use crate::error::StoreError;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::Hash;

/// The certificates that the ledger sealed. Write access to the database without the ledger's key
/// is not enough to make one.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    trajectories: HashSet<String>,
    destroyed: HashMap<i64, Gone>,
}

/// An event that was destroyed.
#[derive(Debug)]
pub(super) struct Gone {
    /// Its hash.
    pub hash: Hash,
    /// For a fact: its trajectory and its number there.
    pub fact: Option<(String, u64)>,
}

/// Every valid certificate; the others are findings.
pub(super) async fn certificates(
    database: &mut PgConnection,
    keys: &LedgerKeys,
    findings: &mut Vec<LedgerFinding>,
) -> Result<Certificates, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE aggregate_type = 'destruction' ORDER BY position"
    ))
    .fetch_all(database)
    .await?;
    let mut certificates = Certificates::default();
    for row in &rows {
        let trajectory: &str = row.try_get("aggregate_id")?;
        match believed(row, trajectory, keys)? {
            Some(events) => {
                certificates.trajectories.insert(trajectory.to_owned());
                certificates.destroyed.extend(events);
            }
            None => findings.push(LedgerFinding::NotSealed { trajectory: trajectory.to_owned() }),
        }
    }
    Ok(certificates)
}

/// The events that a certificate lists, by their positions, if the ledger sealed exactly what is in this
/// row.
fn believed(
    row: &PgRow,
    trajectory: &str,
    keys: &LedgerKeys,
) -> Result<Option<Vec<(i64, Gone)>>, StoreError> {
    let stream = event::StreamId { aggregate_type: "destruction", aggregate_id: trajectory };
    let is_hashed = event::hash_is_right(row, stream)?;
    let kind: (&str, &str) = (row.try_get("event_type")?, row.try_get("event_version")?);
    if !is_hashed || kind != (DESTROYED, VERSION) {
        return Ok(None);
    }
    let listed = listed(event::stored_text(row, "payload")?, trajectory, keys);
    let read = |DestroyedEvent { position, hash: text, sequence }: DestroyedEvent| {
        let mut hash = Hash::default();
        hex::decode_to_slice(text, &mut hash).ok()?;
        let fact = sequence.map(|sequence| (trajectory.to_owned(), sequence));
        Some((position, Gone { hash, fact }))
    };
    Ok(listed.and_then(|events| events.into_iter().map(read).collect()))
}

impl Certificates {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.trajectories.len() as u64
    }

    /// The event of this leaf, if it was destroyed.
    pub fn excuse(&self, position: i64, signed: &Hash) -> Option<&Gone> {
        self.destroyed.get(&position).filter(|gone| leaf(position, &gone.hash) == *signed)
    }

    /// Whether no event of this stream should exist any more: it belongs to a trajectory that was
    /// destroyed, or to its deadlines.
    pub fn say_destroyed(&self, aggregate_type: &str, aggregate_id: &str) -> bool {
        let trajectory = match aggregate_type {
            "trajectory" => aggregate_id,
            "deadline" => aggregate_id.split('/').next().unwrap_or_default(),
            _ => return false,
        };
        self.trajectories.contains(trajectory)
    }
}
