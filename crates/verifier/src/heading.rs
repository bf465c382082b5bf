//! What a case file says beside its events, in clear: whoever reads it by hand relies on it.

use serde_json::Value;

use crate::Wrong;
use crate::event::Event;

/// Every field that a case file of this format has. Another one would be read by somebody who takes it for the ledger's.
const FIELDS: [&str; 14] = [
    "agreementSets",
    "categories",
    "checkpoint",
    "erased",
    "events",
    "exportedAt",
    "exportedFor",
    "format",
    "phase",
    "publicKeys",
    "seal",
    "texts",
    "trajectoryId",
    "version",
];

/// An instant as the ledger writes it, with a 0 for each digit.
const INSTANT: &str = "0000-00-00T00:00:00.000000Z";

/// Checks the fields of the file, when it was exported, and that the agreements which the events name are there.
pub(crate) fn check(case: &Value, events: &[Event]) -> Result<(), Wrong> {
    let fields = case.as_object().into_iter().flatten();
    if let Some((unknown, _)) = fields.into_iter().find(|(field, _)| !FIELDS.contains(&field.as_str())) {
        return Err(Wrong::at(unknown, "a case file has no such field"));
    }
    let exported_at = case["exportedAt"].as_str().unwrap_or_default();
    if !is_instant(exported_at) {
        return Err(Wrong::at("exportedAt", "it is no instant"));
    }
    let sets = case["agreementSets"].as_array().map(Vec::as_slice).unwrap_or_default();
    for event in events {
        let fact = event.fact.as_ref().or(event.seen.as_ref());
        let Some(bound) = fact.map(|fact| &fact["agreementSet"]).filter(|set| set.is_object()) else {
            continue;
        };
        if !sets.iter().any(|set| set["id"] == bound["id"] && set["version"] == bound["version"]) {
            let place = format!("event {}", event.sequence);
            return Err(Wrong::at(place, format!("the agreements that it names are not here: {bound}")));
        }
    }
    Ok(())
}

fn is_instant(text: &str) -> bool {
    text.len() == INSTANT.len()
        && text.bytes().zip(INSTANT.bytes()).all(|(found, expected)| match expected {
            b'0' => found.is_ascii_digit(),
            other => found == other,
        })
}
