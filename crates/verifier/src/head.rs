//! Checks that a case has no later event: the last leaf of the tree covers a map of how far each case
//! is, and a proof leads from the case's last event to the root of that map.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::note::Checkpoint;
use crate::{Hash, Wrong, hash, tree};

/// Checks the `head` of a file against the hashes of its events and its checkpoint, and says whether
/// it has one. Files from before 2026-11-29 have none.
pub(crate) fn check(case: &Value, events: &[Hash], checkpoint: &Checkpoint) -> Result<bool, Wrong> {
    let Some(head) = case.get("head") else { return Ok(false) };
    let wrong = |what: &str| Wrong::at("head", what);
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(false) };
    let id = case["trajectoryId"].as_str().unwrap_or_default();
    let named = |field: &str| head[field].as_str().and_then(hash);
    let heads = named("heads").ok_or_else(|| wrong("its root is not 64 hexadecimal digits"))?;
    let siblings = hashes(&head["siblings"]).filter(|siblings| siblings.len() <= 256);
    let siblings = siblings.ok_or_else(|| wrong("its siblings are not 64 hexadecimal digits each"))?;
    let key = key(&format!("trajectory {id}"), first);
    if root(&key, events.len() as u64, last, &siblings) != heads {
        return Err(wrong("the ledger does not say that this is the last event of the case"));
    }
    let number = checkpoint.tree_size - 1;
    let position = head["position"].as_i64().ok_or_else(|| wrong("its position is missing"))?;
    let inclusion =
        hashes(&head["inclusion"]).ok_or_else(|| wrong("its inclusion is not 64 hexadecimal digits each"))?;
    let leaf = tree::leaf(position, &statement(number, &heads));
    if tree::root(leaf, number, checkpoint.tree_size, &inclusion) != Some(checkpoint.root) {
        return Err(wrong("it is not the last leaf of the tree that was signed"));
    }
    Ok(true)
}

fn hashes(listed: &Value) -> Option<Vec<Hash>> {
    listed.as_array()?.iter().map(|text| hash(text.as_str()?)).collect()
}

/// The place of a case: it covers the hash of its first event.
fn key(stream: &str, first: &Hash) -> Hash {
    let text = Sha256::new_with_prefix(format!("omklap-head/1\n{stream}\n"));
    text.chain_update(first).finalize().into()
}

/// What the last leaf covers: its number in eight bytes, the highest first, and the root of the map.
fn statement(number: u64, heads: &Hash) -> Hash {
    let text = Sha256::new_with_prefix("omklap-heads/1\n").chain_update(number.to_be_bytes());
    text.chain_update(heads).finalize().into()
}

/// The root to which the hashes beside the way lead, the lowest first. The bits of the key, the
/// highest first, are the turns from the root.
fn root(key: &Hash, version: u64, last: &Hash, siblings: &[Hash]) -> Hash {
    let leaf = Sha256::new_with_prefix([0]).chain_update(key).chain_update(version.to_be_bytes());
    let leaf: Hash = leaf.chain_update(last).finalize().into();
    let depths = (0..siblings.len()).rev();
    siblings.iter().zip(depths).fold(leaf, |below, (beside, depth)| {
        let goes_right = key[depth / 8] >> (7 - depth % 8) & 1 == 1;
        let (left, right) = if goes_right { (beside, &below) } else { (&below, beside) };
        Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
    })
}
