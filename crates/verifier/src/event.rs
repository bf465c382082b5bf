//! One event of a file: its hash, its link to the event before it, and its leaf.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::canonical;
use crate::note::Checkpoint;
use crate::{Hash, Wrong, hash, tree};

/// An event as it is in the file.
pub(crate) struct Event {
    pub sequence: u64,
    pub position: i64,
    /// The fact, if the holder of the file may see all of it.
    pub fact: Option<Value>,
    /// The part of it that the holder may see, if that is not all. The hash does not cover this
    /// part; the seal does.
    pub seen: Option<Value>,
}

/// Checks an event of this aggregate, its kind and its id, and returns it with its hash.
pub(crate) fn check(
    value: &Value,
    (aggregate, id): (&str, &str),
    expected: u64,
    previous: &Hash,
    checkpoint: &Checkpoint,
) -> Result<(Event, Hash), Wrong> {
    let place = format!("event {expected}");
    let wrong = |what: String| Wrong::at(place.clone(), what);
    let text = |field: &str| {
        value[field].as_str().ok_or_else(|| wrong(format!("its {field} is missing or is not a string")))
    };
    let sequence = value["sequence"].as_u64().filter(|sequence| *sequence == expected);
    let sequence = sequence
        .ok_or_else(|| wrong(format!("it is missing; event {} is in its place", value["sequence"])))?;
    let recorded =
        text("hash").map(hash)?.ok_or_else(|| wrong("its hash is not 64 hexadecimal digits".to_owned()))?;
    let fact = if value.get("withheld").is_none() {
        let (payload, metadata) = (json(text("payload")?), json(text("metadata")?));
        let fact = payload.ok_or_else(|| wrong("its payload is not canonical JSON".to_owned()))?;
        metadata.ok_or_else(|| wrong("its metadata is not canonical JSON".to_owned()))?;
        let fields = [
            aggregate,
            id,
            &sequence.to_string(),
            text("eventId")?,
            text("eventType")?,
            text("eventVersion")?,
            text("recordedAt")?,
            text("payload")?,
            text("metadata")?,
        ];
        if chained(previous, &fields) != recorded {
            return Err(wrong(
                "it is not what was recorded, or it does not follow the event before it".to_owned(),
            ));
        }
        if fact["type"].as_str() != Some(text("eventType")?) {
            return Err(wrong("its payload is of another type".to_owned()));
        }
        Some(fact)
    } else {
        None
    };
    let position = value["position"].as_i64().ok_or_else(|| wrong("its position is missing".to_owned()))?;
    let in_tree = proven(value, position, &recorded, checkpoint);
    if in_tree != Some(checkpoint.root) {
        return Err(wrong("its proof does not lead to the root that was signed".to_owned()));
    }
    Ok((Event { sequence, position, fact, seen: value.get("fact").cloned() }, recorded))
}

/// Canonical JSON.
fn json(text: &str) -> Option<Value> {
    let value = serde_json::from_str(text).ok()?;
    (canonical(&value)? == text).then_some(value)
}

/// `SHA-256(previous ‖ each field as text, after its length in eight bytes, the highest first)`.
fn chained(previous: &Hash, fields: &[&str]) -> Hash {
    let mut hash = Sha256::new_with_prefix(previous);
    for field in fields {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}

fn proven(value: &Value, position: i64, event: &Hash, checkpoint: &Checkpoint) -> Option<Hash> {
    let proof =
        value["inclusion"].as_array()?.iter().map(|text| hash(text.as_str()?)).collect::<Option<Vec<_>>>()?;
    tree::root(tree::leaf(position, event), value["leafIndex"].as_u64()?, checkpoint.tree_size, &proof)
}
