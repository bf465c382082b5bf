//! A receipt that was redeemed: the promised event is in the signed tree. It needs no case file.

use serde_json::Value;

use crate::note::{self, PublicKey, Signed};
use crate::receipt::{self, Kept};
use crate::{Hash, Wrong, hash, tree};

/// Checks a receipt against the answer of `GET …/receipts/{hash}`: it leads from the hash that was
/// promised to the root of a checkpoint that one of these keys signed.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn redeemed(receipt: &str, answer: &str, keys: &[PublicKey]) -> Result<Kept, Wrong> {
    let wrong = |what: &str| Wrong::at("redemption", what);
    let promise = receipt::promise(receipt, keys)?;
    let answer: Value = serde_json::from_str(answer).map_err(|_| wrong("it is not JSON"))?;
    // A receipt names the case, or the stream of homes, plans or rounds in its place.
    let about = answer.get("trajectoryId").unwrap_or(&answer["streamId"]);
    if *about != promise.trajectory || answer["sequence"] != promise.sequence {
        return Err(wrong("it is about another event than the receipt"));
    }
    let proof = &answer["proof"];
    let note = proof["checkpoint"].as_str();
    let note =
        note.ok_or_else(|| wrong("it has no proof: redeem the receipt again, as an auditor if need be"))?;
    let Signed { text, signer, .. } = note::read(note, keys, "checkpoint")?;
    let checkpoint = note::checkpoint(text, signer.name(), "checkpoint")?;
    let read = |value: &Value| hash(value.as_str()?);
    let hashes: Option<Vec<Hash>> =
        proof["hashes"].as_array().and_then(|hashes| hashes.iter().map(read).collect());
    let place = (proof["position"].as_i64(), proof["leafIndex"].as_u64(), hashes);
    let (Some(position), Some(leaf_index), Some(hashes)) = place else {
        return Err(wrong("its proof lacks a position, a leaf or a hash"));
    };
    let leaf = tree::leaf(position, &promise.hash);
    match tree::root(leaf, leaf_index, checkpoint.tree_size, &hashes) {
        Some(root) if root == checkpoint.root => {
            Ok(Kept { sequence: promise.sequence, recorded_at: promise.recorded_at.to_owned() })
        }
        _ => Err(wrong("its proof does not lead from the promised event to the signed root")),
    }
}
