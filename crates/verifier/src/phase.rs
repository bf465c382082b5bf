//! The phase of the case, by a table of its own of the facts that lead from one phase to another.
//! Every other fact leaves the phase as it is.

use serde_json::Value;

use crate::event::Event;

/// The phases from which a fact leads to another. `*` is any phase; `stated` is the phase in the
/// fact itself; `home` is `housed` if the client has a lease, otherwise `ready`.
const TABLE: [(&str, &str, &str); 20] = [
    ("intake-registered", "unopened", "preparing"),
    ("running-case-taken-over", "unopened", "stated"),
    ("readiness-confirmed", "preparing", "ready"),
    ("readiness-revoked", "ready matching", "preparing"),
    ("housing-requested", "ready housed", "matching"),
    ("request-returned", "matching", "home"),
    ("dwelling-offered", "matching", "offered"),
    ("offer-accepted", "offered", "contracting"),
    ("offer-refused", "offered", "matching"),
    ("offer-withdrawn", "offered contracting", "matching"),
    ("housed-under-intermediary-lease", "contracting", "housed"),
    ("housed-under-three-party-lease", "contracting", "housed"),
    ("housed-under-temporary-lease", "contracting", "housed"),
    ("housed-under-own-lease", "contracting", "housed"),
    ("contract-flipped", "housed", "follow-up"),
    ("follow-up-ended", "follow-up", "ended"),
    ("returned-to-shelter", "*", "ended"),
    ("trajectory-ended", "*", "ended"),
    ("registered-by-mistake", "preparing ready matching offered contracting", "ended"),
    ("tenant-death-reported", "follow-up", "ended"),
];

/// The phase after everything that happened, or the number of the first event that is not possible
/// in its phase. Corrected facts are replaced or left out; the order is that of
/// happening, in which a fact that ends the case is the last of its day.
pub(crate) fn after(events: &[Event]) -> Result<String, u64> {
    let mut happened: Vec<(&str, bool, u64, &Value)> = Vec::new();
    for event in events {
        let Some(fact) = event.fact.as_ref().or(event.seen.as_ref()) else { continue };
        let corrected = fact["corrects"].as_u64().filter(|_| fact["type"] == "event-corrected");
        if let Some(corrected) = corrected {
            happened.retain(|(_, _, sequence, _)| *sequence != corrected);
        }
        let (sequence, fact) = match corrected {
            None => (event.sequence, fact),
            Some(corrected) if fact["replacement"].is_object() => (corrected, &fact["replacement"]),
            Some(_) => continue,
        };
        let on = fact["occurredOn"].as_str().unwrap_or_default();
        let kind = fact["type"].as_str().unwrap_or_default();
        let ends = TABLE.iter().any(|(leads, _, to)| *leads == kind && *to == "ended");
        let at =
            happened.partition_point(|(day, last, number, _)| (*day, *last, *number) < (on, ends, sequence));
        happened.insert(at, (on, ends, sequence, fact));
    }
    let (mut phase, mut has_lease) = ("unopened", false);
    for (_, _, sequence, fact) in happened {
        let kind = fact["type"].as_str().unwrap_or_default();
        has_lease |=
            kind.starts_with("housed-under-") || fact["lease"].is_object() || kind == "contract-flipped";
        let Some((_, from, to)) = TABLE.iter().find(|(leads, ..)| *leads == kind) else { continue };
        if *from != "*" && !from.split(' ').any(|one| one == phase) {
            return Err(sequence);
        }
        phase = match *to {
            "stated" => fact["phase"].as_str().unwrap_or_default(),
            "home" if has_lease => "housed",
            "home" => "ready",
            other => other,
        };
    }
    Ok(phase.to_owned())
}
