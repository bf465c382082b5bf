//! The common parts of files that are checked without the ledger: events in their places under a
//! signed checkpoint, in canonical form, and sealed. `omklap-verify` reads these files and shares
//! no code with this.

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
use crate::tree::{CheckpointSigner, HeadProof, InclusionProof, Pace, leaf};

/// How often a request waits for new events to be signed, and how long each time.
const TRIES: u32 = 20;
const MOMENT: Duration = Duration::from_millis(100);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such trajectory, or this viewer has no access to it or does not see its phase.
    /// Or, for a certificate, this ledger has not certified that the trajectory was destroyed.
    #[error("there is no such trajectory")]
    NotFound,
    /// The newest events cannot be signed yet, because other reports are still being written before
    /// them.
    #[error("the newest events are not signed yet")]
    NotSignedYet,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An event in its place in the ledger, as a file has it, without its contents.
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
        ("mac", json!(hex::encode(row.try_get::<&[u8], _>("mac")?))),
        ("recordedAt", json!(instant(event::recorded_at(row)?))),
        ("leafIndex", json!(proof.leaf_index)),
        ("inclusion", proof.hashes.iter().map(hex::encode).collect()),
    ];
    Ok(placed.map(|(field, value)| (field.to_owned(), value)).into_iter().collect())
}

/// The contents of an event: its canonical bytes, with what else its hash covers.
pub(crate) fn whole(row: &PgRow) -> Result<Map<String, Value>, StoreError> {
    let whole = [
        ("eventId", json!(row.try_get::<Uuid, _>("event_id")?)),
        ("eventType", json!(row.try_get::<&str, _>("event_type")?)),
        ("eventVersion", json!(row.try_get::<&str, _>("event_version")?)),
        ("payload", json!(event::stored_text(row, "payload")?)),
        ("metadata", json!(event::stored_text(row, "metadata")?)),
    ];
    Ok(whole.map(|(field, value)| (field.to_owned(), value)).into_iter().collect())
}

/// What a file proves about its events.
pub(crate) struct Proven {
    /// The newest checkpoint, signed by the present key too and cosigned by the witnesses that have
    /// seen it.
    pub checkpoint: String,
    /// The proof of each event.
    pub events: Vec<InclusionProof>,
    /// How far the stream is at this checkpoint, if that was asked for.
    pub head: Option<HeadProof>,
}

/// The proofs that these positions are in the newest checkpoint, and how far a stream is there.
/// Each proof is checked before it leaves: it leads from the event's hash to the signed root. New
/// events are signed now. If another server is signing, or an earlier report has not ended,
/// this waits a moment.
pub(crate) async fn proven(
    signer: &CheckpointSigner,
    places: &[(i64, Hash)],
    stream: Option<&str>,
    now: Timestamp,
) -> Result<Proven, FileError> {
    let positions: Vec<i64> = places.iter().map(|(position, _)| *position).collect();
    let mut waited = 0;
    while waited < TRIES {
        let leaves: Option<Vec<u64>> = signer.tree.leaf_indexes(&positions).await?.into_iter().collect();
        let newest = match stream {
            Some(stream) => {
                let first = places.first().map(|(_, hash)| *hash).unwrap_or_default();
                signer.head(stream, &first).await?.map(|(signed, head)| (signed, Some(head)))
            }
            None => signer.tree.newest().await?.map(|signed| (signed, None)),
        };
        if let (Some(leaves), Some((signed, head))) = (leaves, newest)
            && let Some(proofs) = signer.inclusion(&leaves, &signed).await?
        {
            let differs = |(proof, (position, hash)): (&InclusionProof, &(i64, Hash))| {
                proof.leaf != leaf(*position, hash)
            };
            if proofs.iter().zip(places).any(differs) {
                return Err(StoreError::Tree("an event is not the one that was signed".to_owned()).into());
            }
            // For a checkpoint from before the key was replaced: so the present key alone is enough
            // to check the file.
            let note = signer.keys.signed_now(&signed.note).map_err(StoreError::last_checkpoint)?;
            let cosignatures = signer.cosignatures(&signed).await?;
            return Ok(Proven { checkpoint: note + &cosignatures.concat(), events: proofs, head });
        }
        if signer.sign(Pace::AT_ONCE, now).await?.is_none() {
            waited += 1;
            sleep(MOMENT).await;
        }
    }
    Err(FileError::NotSignedYet)
}

/// The file with its seal: a signed note over the hash of everything else.
pub(crate) fn sealed(format: &str, mut file: Map<String, Value>, signer: &CheckpointSigner) -> String {
    let written =
        |file: &Map<String, Value>| canonical(file).expect("texts, whole numbers and lists are JSON");
    let seal = signer.keys.seal(format, &written(&file));
    file.insert("seal".to_owned(), Value::String(seal));
    written(&file) + "\n"
}
