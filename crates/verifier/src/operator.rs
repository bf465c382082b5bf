//! Whether the operator's ledger admitted the events of a file, for somebody who has its key.
//!
//! A hash, a leaf and a signature show that nothing was changed since it was signed. The MAC shows
//! that an event came in through the ledger: nobody with access to the database alone can make one.

use std::str::FromStr;

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::{Wrong, hash};

/// What the operator's key is used for here, with its length in eight bytes before it.
const USE: &str = "key of the MACs of events";

/// The operator's key: 64 hexadecimal digits.
pub struct OperatorKey(Hmac<Sha256>);

impl FromStr for OperatorKey {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let key = hash(text.trim())
            .ok_or_else(|| Wrong::at("operator's key", "it is not 64 hexadecimal digits"))?;
        let derived = keyed(&key).chain_update((USE.len() as u64).to_be_bytes()).chain_update(USE).finalize();
        Ok(Self(keyed(&derived.into_bytes())))
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Checks the MAC of every event of a file that was verified, and returns how many these are.
///
/// # Errors
/// The first event that this operator's ledger did not admit.
pub fn admitted(file: &[u8], key: &OperatorKey) -> Result<usize, Wrong> {
    let file: Value = serde_json::from_slice(file)
        .map_err(|error| Wrong::at("file", format!("it is not JSON: {error}")))?;
    let one = || std::slice::from_ref(&file["event"]);
    let events = file["events"].as_array().map_or_else(one, Vec::as_slice);
    for event in events {
        let read = |field: &str| event[field].as_str().and_then(hash);
        let is_admitted = read("hash")
            .zip(read("mac"))
            .is_some_and(|(hash, mac)| key.0.clone().chain_update(hash).verify_slice(&mac).is_ok());
        if !is_admitted {
            let place = format!("event {}", event["sequence"]);
            return Err(Wrong::at(place, "the ledger of this operator did not admit it"));
        }
    }
    Ok(events.len())
}
