//! What leaves the ledger in a file that is checked without it: events in their place under a signed checkpoint, written in one
//! way, and sealed. `omklap-verify` reads these files and shares no code with this.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::Row;
use sqlx::postgres::PgRow;
use tokio::time::sleep;
use uuid::Uuid;

use crate::error::StoreError;
use crate::events::event;
use crate::events::hash_chain::{Hash, canonical, instant};
use crate::tree::{InclusionProof, Notary, Pace};

/// How often somebody waits for what is new to be signed, and how long each time.
const TRIES: u32 = 20;
const MOMENT: Duration = Duration::from_millis(100);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such trajectory, or not for this viewer: who does not see where a case stands is given no file of it. Or none
    /// that this ledger certified to be destroyed.
    #[error("there is no such trajectory")]
    NotFound,
    /// The newest events cannot be signed yet, because others are still writing before them.
    #[error("the newest events are not signed yet")]
    NotSignedYet,
    /// The ledger could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An event in its place in the ledger, as a file has it: all but what it says.
pub(crate) fn placed(
    row: &PgRow,
    position: i64,
    hash: &Hash,
    proof: &InclusionProof,
) -> Result<Map<String, Value>, StoreError> {
    let placed = [
        ("sequence", json!(row.try_get::<i64, _>("sequence")?)),
        ("position", json!(position)),
        ("hash", json!(hex::encode(hash))),
        ("recordedAt", json!(instant(event::recorded_at(row)?))),
        ("leafIndex", json!(proof.leaf_index)),
        ("inclusion", proof.hashes.iter().map(hex::encode).collect()),
    ];
    Ok(placed.map(|(field, value)| (field.to_owned(), value)).into_iter().collect())
}

/// What an event says: its canonical bytes, with what else its hash covers.
pub(crate) fn whole(row: &PgRow) -> Result<Map<String, Value>, StoreError> {
    let whole = [
        ("eventId", json!(row.try_get::<Uuid, _>("event_id")?)),
        ("eventType", json!(row.try_get::<&str, _>("event_type")?)),
        ("eventVersion", json!(row.try_get::<&str, _>("event_version")?)),
        ("payload", json!(canonical_column(row, "payload")?)),
        ("metadata", json!(canonical_column(row, "metadata")?)),
    ];
    Ok(whole.map(|(field, value)| (field.to_owned(), value)).into_iter().collect())
}

/// A JSON column as it was hashed.
fn canonical_column(row: &PgRow, column: &str) -> Result<String, StoreError> {
    if event::stored_hash(row)?.is_some() {
        return Ok(event::stored_text(row, column)?.to_owned());
    }
    // A row of another program: what our hashes cover is its canonical form.
    let value: Value = row.try_get(column)?;
    canonical(&value).map_err(|error| event::unreadable(row, error.into()))
}

/// The newest checkpoint, signed by the present key too, and the proofs of these positions in it; what is not signed yet is
/// signed now. Another server may be at it, or a report may not have ended that came before these: either takes a moment.
pub(crate) async fn proven(
    notary: &Notary,
    positions: &[i64],
    now: Timestamp,
) -> Result<(String, Vec<InclusionProof>), FileError> {
    let mut waited = 0;
    while waited < TRIES {
        let leaves: Option<Vec<u64>> = notary.tree.leaf_indexes(positions).await?.into_iter().collect();
        if let (Some(leaves), Some(signed)) = (leaves, notary.tree.newest().await?)
            && let Some(proofs) = notary.tree.inclusion(&leaves, signed.tree_size).await?
        {
            // Of a checkpoint from before the key was replaced: whoever knows the present key alone can check all of the file.
            let note = notary.keys.signed_now(&signed.note).map_err(StoreError::last_checkpoint)?;
            return Ok((note, proofs));
        }
        if notary.sign(Pace::AT_ONCE, now).await?.is_none() {
            waited += 1;
            sleep(MOMENT).await;
        }
    }
    Err(FileError::NotSignedYet)
}

/// The file with its seal: a signed note over the hash of everything else.
pub(crate) fn sealed(format: &str, mut file: Map<String, Value>, notary: &Notary) -> String {
    let written =
        |file: &Map<String, Value>| canonical(file).expect("texts, whole numbers and lists are JSON");
    let seal = notary.keys.seal(format, &written(&file));
    file.insert("seal".to_owned(), Value::String(seal));
    written(&file) + "\n"
}
