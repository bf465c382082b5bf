//! Whether the ledger kept the promise of a receipt: the case file has the event that was promised,
//! in its place.

use serde_json::Value;

use crate::note::{self, PublicKey, Signed};
use crate::{Hash, Wrong, hash};

/// The format that this program reads.
const FORMAT: &str = "omklap-receipt/1";

/// A promise that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The number of the event.
    pub sequence: u64,
    /// When it was recorded.
    pub recorded_at: String,
}

/// What a receipt promises.
pub(crate) struct Promise<'r> {
    pub trajectory: &'r str,
    pub sequence: u64,
    pub recorded_at: &'r str,
    pub hash: Hash,
}

/// Checks a receipt against a case file that [was verified](crate::verify) with the same keys.
///
/// # Errors
/// If no key signed the receipt, if it is about another case or a later time than the file, and if
/// the promise was broken: the file lacks the event, or has another in its place.
pub fn kept(receipt: &str, file: &[u8], keys: &[PublicKey]) -> Result<Kept, Wrong> {
    let wrong = |what: &str| Wrong::at("receipt", what);
    let promise = promise(receipt, keys)?;
    let file: Value = serde_json::from_slice(file).map_err(|_| wrong("the file is not a case file"))?;
    if file["trajectoryId"] != promise.trajectory {
        return Err(wrong("it is about another case"));
    }
    // Both are written in one way, in UTC, so that texts compare as instants do.
    if file["exportedAt"].as_str().is_none_or(|exported| exported < promise.recorded_at) {
        return Err(wrong("the file is older than the receipt: export it again"));
    }
    let events = file["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    let event = events.iter().find(|event| event["sequence"] == promise.sequence);
    let event = event.ok_or_else(|| wrong("the promise was broken: the case lacks the event"))?;
    let is_it = event["hash"].as_str().and_then(hash) == Some(promise.hash);
    if is_it && event["recordedAt"] == promise.recorded_at {
        Ok(Kept { sequence: promise.sequence, recorded_at: promise.recorded_at.to_owned() })
    } else {
        Err(wrong("the promise was broken: the case has another event in its place"))
    }
}

/// What a receipt promises that one of these keys signed.
pub(crate) fn promise<'r>(receipt: &'r str, keys: &[PublicKey]) -> Result<Promise<'r>, Wrong> {
    let Signed { text, signer, .. } = note::read(receipt, keys, "receipt")?;
    read(text, signer.name()).ok_or_else(|| Wrong::at("receipt", "it is not a receipt of this ledger"))
}

fn read<'r>(text: &'r str, origin: &str) -> Option<Promise<'r>> {
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    let [name, FORMAT, trajectory, sequence, recorded_at, promised] = lines[..] else { return None };
    let number = sequence.parse::<u64>().ok().filter(|read| read.to_string() == sequence)?;
    (name == origin).then_some(Promise { trajectory, sequence: number, recorded_at, hash: hash(promised)? })
}
