//! The plain fields of a case file beside its events. People who read the file by hand rely on
//! them.

use serde_json::Value;

use crate::Wrong;
use crate::event::Event;

/// Every field that a case file of this format has. A reader would take any other field for the
/// ledger's.
const FIELDS: [&str; 15] = [
    "agreementSets",
    "categories",
    "checkpoint",
    "erased",
    "events",
    "exportedAt",
    "exportedFor",
    "format",
    "head",
    "phase",
    "publicKeys",
    "seal",
    "texts",
    "trajectoryId",
    "version",
];

/// An instant as the ledger writes it, with a 0 for each digit.
const INSTANT: &str = "0000-00-00T00:00:00.000000Z";

/// Checks the fields of the file, the time of the export, and that the file has the agreements
/// which the events name.
pub(crate) fn check(case: &Value, events: &[Event]) -> Result<(), Wrong> {
    has_only(&FIELDS, case)?;
    exported_at(case)?;
    let sets = case["agreementSets"].as_array().map(Vec::as_slice).unwrap_or_default();
    for event in events {
        let fact = event.fact.as_ref().or(event.seen.as_ref());
        let Some(bound) = fact.map(|fact| &fact["agreementSet"]).filter(|set| set.is_object()) else {
            continue;
        };
        if !sets.iter().any(|set| set["id"] == bound["id"] && set["version"] == bound["version"]) {
            let place = format!("event {}", event.sequence);
            return Err(Wrong::at(place, format!("the file lacks the agreement set that it names: {bound}")));
        }
    }
    Ok(())
}

/// Checks that a file has no other fields than these.
pub(crate) fn has_only(fields: &[&str], file: &Value) -> Result<(), Wrong> {
    let unknown = file.as_object().into_iter().flatten().find(|(field, _)| !fields.contains(&field.as_str()));
    unknown.map_or(Ok(()), |(unknown, _)| Err(Wrong::at(unknown, "a file of this format has no such field")))
}

/// When a file was exported.
pub(crate) fn exported_at(file: &Value) -> Result<&str, Wrong> {
    let stated = file["exportedAt"].as_str().filter(|stated| is_instant(stated));
    stated.ok_or_else(|| Wrong::at("exportedAt", "it is not a timestamp"))
}

fn is_instant(text: &str) -> bool {
    text.len() == INSTANT.len()
        && text.bytes().zip(INSTANT.bytes()).all(|(found, expected)| match expected {
            b'0' => found.is_ascii_digit(),
            other => found == other,
        })
}
