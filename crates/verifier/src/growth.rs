//! Checks that a ledger only grew since an earlier checkpoint.

use serde_json::Value;

use crate::note::{self, Checkpoint, PublicKey};
use crate::{Hash, Wrong, hash, tree};

/// How a ledger grew, if nothing in it was removed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// How many events the earlier checkpoint covers.
    pub from: u64,
    /// How many events the later one covers.
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
    let sizes = [&proof["from"], &proof["to"]].map(Value::as_u64);
    if sizes != [Some(earlier.tree_size), Some(later.tree_size)] {
        let (from, to) = (earlier.tree_size, later.tree_size);
        return Err(Wrong::at("proof", format!("it does not lead from {from} events to {to}")));
    }
    let hashes = proof["hashes"].as_array().and_then(|hashes| hashes.iter().map(read).collect());
    let hashes: Vec<Hash> =
        hashes.ok_or_else(|| Wrong::at("proof", "its hashes are not 64 hexadecimal digits each"))?;
    let (one, other) = ((earlier.tree_size, earlier.root), (later.tree_size, later.root));
    if !tree::grew(one, other, &hashes) {
        return Err(Wrong::at("proof", "the later ledger does not begin with the one that was kept"));
    }
    let signed_by = [earlier_signer.label(), later_signer.label()];
    Ok(Growth { from: earlier.tree_size, to: later.tree_size, signed_by })
}

fn signed<'k>(text: &str, keys: &'k [PublicKey], place: &str) -> Result<(Checkpoint, &'k PublicKey), Wrong> {
    let note::Signed { text, signer, .. } = note::read(text, keys, place)?;
    Ok((note::checkpoint(text, signer.name(), place)?, signer))
}

fn read(value: &Value) -> Option<Hash> {
    hash(value.as_str()?)
}
