//! The private texts of a case file. Each must match the commitment of an event.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Wrong, hash};

/// The commitments of the events, by the id of the text.
#[derive(Default)]
pub(crate) struct Commitments<'e>(BTreeMap<&'e str, Commitment<'e>>);

/// The commitment of an event to a text.
struct Commitment<'e> {
    hash: &'e str,
    /// Whether the event's hash covers it. If the event is not in the file as a whole, only the
    /// seal does.
    proven: bool,
}

impl<'e> Commitments<'e> {
    /// Collects the commitments in a fact: every `{"commitment": …, "id": …}` in it. `proven` says
    /// whether the hash of the event covers them.
    pub fn of(&mut self, value: &'e Value, proven: bool) {
        match value {
            Value::Object(fields) => {
                if let (2, Some(id), Some(commitment)) =
                    (fields.len(), value["id"].as_str(), value["commitment"].as_str())
                {
                    self.0.insert(id, Commitment { hash: commitment, proven });
                }
                fields.values().for_each(|value| self.of(value, proven));
            }
            Value::Array(elements) => elements.iter().for_each(|value| self.of(value, proven)),
            _ => {}
        }
    }

    /// Whether an event has this text.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// How many texts the events have.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Checks that a text of the file matches its commitment. Returns its id, and whether that
    /// commitment is proven.
    pub fn check<'t>(&self, text: &'t Value) -> Result<(&'t str, bool), Wrong> {
        let id = text["id"].as_str().ok_or_else(|| Wrong::at("texts", "a text has no id"))?;
        let wrong = |what: &str| Wrong::at(format!("text {id}"), what);
        let commitment = self.0.get(id).ok_or_else(|| wrong("no event of this file has it"))?;
        let salt = text["salt"]
            .as_str()
            .and_then(hash)
            .ok_or_else(|| wrong("its salt is not 64 hexadecimal digits"))?;
        let words = text["text"].as_str().ok_or_else(|| wrong("it is missing"))?;
        let committed = Sha256::new_with_prefix(salt).chain_update(words).finalize();
        if hex::encode(committed) == commitment.hash {
            Ok((id, commitment.proven))
        } else {
            Err(wrong("it is not the text that was recorded"))
        }
    }
}
