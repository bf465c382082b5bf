//! Checks a file that certifies that a case was destroyed.

use serde_json::Value;

use crate::event;
use crate::note::{self, PublicKey, Signed};
use crate::sealed_file::{self, list, text};
use crate::{Wrong, hash, heading};

/// The format that this program reads.
pub(crate) const FORMAT: &str = "omklap-certificate-file/1";

/// Every field that such a file has.
const FIELDS: [&str; 7] =
    ["checkpoint", "event", "exportedAt", "format", "publicKeys", "seal", "trajectoryId"];

/// The contents of a certificate file in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// The id of the case.
    pub trajectory: String,
    /// The day on which it was destroyed.
    pub destroyed_on: String,
    /// The term that had passed, the day on which the case ended, and the day from which it was to be destroyed.
    pub term: [String; 3],
    /// How many events were destroyed.
    pub events: usize,
    /// How many leaves the signed tree has.
    pub tree_size: u64,
    /// Its root, in base64 as a checkpoint has it.
    pub root: String,
    /// The key that signed it: name and id.
    pub signed_by: String,
    /// When the file was exported, as it states under its seal.
    pub exported_at: String,
}

/// Checks a file that certifies that a case was destroyed. For the keys see
/// [`verify`](crate::verify).
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn certified(file: &[u8], keys: &[PublicKey]) -> Result<Certified, Wrong> {
    let read = sealed_file::read(FORMAT, file)?;
    let brought = sealed_file::keys(&read)?;
    let keys = if keys.is_empty() { &brought } else { keys };
    let Signed { text: head, signer, .. } = note::read(text(&read, "checkpoint")?, keys, "checkpoint")?;
    let checkpoint = note::checkpoint(head, signer.name(), "checkpoint")?;
    let trajectory = text(&read, "trajectoryId")?;
    let (event, _) = event::check(&read["event"], ("destruction", trajectory), 1, &[0; 32], &checkpoint)?;
    let payload = event.fact.ok_or_else(|| Wrong::at("event 1", "its payload is missing"))?;
    if payload["type"] != "trajectory-destroyed" || payload["trajectoryId"] != trajectory {
        return Err(Wrong::at("event 1", "it does not certify that this case was destroyed"));
    }
    let events = destroyed_before(event.position, &payload)?;
    heading::has_only(&FIELDS, &read)?;
    let exported_at = heading::exported_at(&read)?.to_owned();
    sealed_file::check(FORMAT, file, &read, keys)?;
    let said = |field: &str| payload[field].as_str().unwrap_or_default().to_owned();
    Ok(Certified {
        trajectory: trajectory.to_owned(),
        destroyed_on: said("occurredOn"),
        term: ["rule", "endedOn", "destroyFrom"].map(said),
        events,
        tree_size: checkpoint.tree_size,
        root: checkpoint.root_in_words(),
        signed_by: signer.label(),
        exported_at,
    })
}

/// The number of events that a certificate lists, each with its hash and its position, which must
/// be in order and before that of the certificate.
fn destroyed_before(certificate: i64, payload: &Value) -> Result<usize, Wrong> {
    let (events, mut last) = (list(payload, "events")?, i64::MIN);
    for (number, event) in (1..).zip(events) {
        let place = || format!("destroyed event {number}");
        event["hash"].as_str().and_then(hash).ok_or_else(|| Wrong::at(place(), "it has no hash"))?;
        let position = event["position"].as_i64().filter(|position| (last..certificate).contains(position));
        let position = position.ok_or_else(|| Wrong::at(place(), "its position is not in order"))?;
        last = position + 1;
    }
    Ok(events.len())
}
