//! Checks that a ledger only grew since an earlier checkpoint.

use serde_json::Value;

use crate::note::{self, Checkpoint, PublicKey};
use crate::{Hash, Wrong, hash, tree};

/// How a ledger grew, if nothing in it was removed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// How many leaves the earlier checkpoint covers.
    pub from: u64,
    /// How many leaves the later one covers.
    pub to: u64,
    /// The keys that signed them: name and id.
    pub signed_by: [String; 2],
}

/// Checks that the ledger of a later checkpoint begins with everything that an earlier checkpoint
/// covers. The proof is the response of `GET /v1/ledger/proofs/consistency?from=`, which contains
/// the later checkpoint.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn only_grew(kept: &str, proof: &str, keys: &[PublicKey]) -> Result<Growth, Wrong> {
    let proof: Value = serde_json::from_str(proof)
        .map_err(|error| Wrong::at("proof", format!("it is not JSON: {error}")))?;
    let (earlier, earlier_signer) = signed(kept, keys, "the checkpoint that was kept")?;
    let later = proof["checkpoint"].as_str().ok_or_else(|| Wrong::at("proof", "it has no checkpoint"))?;
    let (later, later_signer) = signed(later, keys, "the checkpoint of the proof")?;
    leads(&proof, &earlier, &later, "the later ledger does not begin with the one that was kept")?;
    let signed_by = [earlier_signer.label(), later_signer.label()];
    Ok(Growth { from: earlier.tree_size, to: later.tree_size, signed_by })
}

/// How a checkpoint of one's own compares with that of a file: they are of one history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How many leaves the checkpoint that was kept covers.
    pub kept: u64,
    /// How many that of the file covers.
    pub of_file: u64,
}

/// Holds a checkpoint that was kept, or read from the ledger today, against that of an exported
/// file. If one covers more than the other, the proof leads from the smaller to the larger: the
/// response of `GET /v1/ledger/proofs/consistency?from=&to=`.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn compared(file: &[u8], kept: &str, proof: Option<&str>, keys: &[PublicKey]) -> Result<Compared, Wrong> {
    let file: Value = serde_json::from_slice(file)
        .map_err(|error| Wrong::at("file", format!("it is not JSON: {error}")))?;
    let (kept, _) = signed(kept, keys, "the checkpoint that was kept")?;
    let (of_file, _) = signed(file["checkpoint"].as_str().unwrap_or_default(), keys, "checkpoint")?;
    let compared = Compared { kept: kept.tree_size, of_file: of_file.tree_size };
    let another = "the checkpoint of the file is of another history than the one that was kept";
    if kept.tree_size == of_file.tree_size {
        let is_the_same = kept.root == of_file.root;
        return if is_the_same { Ok(compared) } else { Err(Wrong::at("checkpoint", another)) };
    }
    let (earlier, later) = if kept.tree_size < of_file.tree_size { (kept, of_file) } else { (of_file, kept) };
    let sizes = format!("from={}&to={}", earlier.tree_size, later.tree_size);
    let proof = proof
        .ok_or_else(|| Wrong::at("proof", format!("it is needed: /v1/ledger/proofs/consistency?{sizes}")))?;
    let proof = serde_json::from_str(proof)
        .map_err(|error| Wrong::at("proof", format!("it is not JSON: {error}")))?;
    leads(&proof, &earlier, &later, another)?;
    Ok(compared)
}

/// Whether a proof leads from an earlier checkpoint to a later one.
fn leads(proof: &Value, earlier: &Checkpoint, later: &Checkpoint, otherwise: &str) -> Result<(), Wrong> {
    let sizes = [&proof["from"], &proof["to"]].map(Value::as_u64);
    if sizes != [Some(earlier.tree_size), Some(later.tree_size)] {
        let (from, to) = (earlier.tree_size, later.tree_size);
        return Err(Wrong::at("proof", format!("it does not lead from {from} leaves to {to}")));
    }
    let hashes = proof["hashes"].as_array().and_then(|hashes| hashes.iter().map(read).collect());
    let hashes: Vec<Hash> =
        hashes.ok_or_else(|| Wrong::at("proof", "its hashes are not 64 hexadecimal digits each"))?;
    let (one, other) = ((earlier.tree_size, earlier.root), (later.tree_size, later.root));
    if tree::grew(one, other, &hashes) { Ok(()) } else { Err(Wrong::at("proof", otherwise)) }
}

fn signed<'k>(text: &str, keys: &'k [PublicKey], place: &str) -> Result<(Checkpoint, &'k PublicKey), Wrong> {
    let note::Signed { text, signer, .. } = note::read(text, keys, place)?;
    Ok((note::checkpoint(text, signer.name(), place)?, signer))
}

fn read(value: &Value) -> Option<Hash> {
    hash(value.as_str()?)
}
