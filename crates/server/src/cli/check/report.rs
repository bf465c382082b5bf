//! How the result of a check is printed.

use omklap_domain::ids::TrajectoryId;
use omklap_store::access_log::LogChecked;
use omklap_store::allocation::check::{StreamFinding, StreamsChecked};
use omklap_store::consistency::finding::Finding;
use omklap_store::consistency::scan::Progress;
use omklap_store::registry::check::RegistryChecked;
use omklap_store::tree::Walked;
use serde_json::{Value, json};

use super::found::Found;
use crate::cli::language::of_two;
use crate::cli::output::out;

/// How many events were walked, and how many of them a signed tree covers.
fn in_words(walked: Walked) -> String {
    let Walked { events, signed, destroyed, certificates } = walked;
    let held = signed.saturating_sub(destroyed);
    let signed = match (signed, events) {
        (0, 1..) => of_two(
            "no signed checkpoint covers any of them yet",
            "nog geen ondertekend controlepunt dekt er een van",
        )
        .to_owned(),
        _ => of_two(format!("{held} of them signed"), format!("{held} daarvan ondertekend")),
    };
    let destruction = match certificates {
        0 => String::new(),
        _ => of_two(
            format!(", {destroyed} more destroyed under {certificates} certificates"),
            format!(", nog {destroyed} vernietigd onder {certificates} certificaten"),
        ),
    };
    let events =
        of_two(format!("{events} events in their chains"), format!("{events} gebeurtenissen in hun ketens"));
    format!("{events}, {signed}{destruction}")
}

fn differences() -> &'static str {
    of_two("differences", "verschillen")
}

/// The place of a finding with its code and its words, in the language of this run.
fn in_json(finding: &impl Found, mut place: Value) -> String {
    place["finding"] = finding.code().into();
    place["message"] = finding.in_words().into();
    place.to_string()
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Report {
    Words,
    Json,
}

impl Report {
    /// A finding about a trajectory.
    pub(super) fn of_case(self, trajectory: TrajectoryId, finding: &Finding) -> String {
        match self {
            Self::Words => format!("{trajectory}: {}", finding.in_words()),
            Self::Json => Self::with("trajectory", &trajectory.to_string(), finding),
        }
    }

    /// A finding about a stream beside the trajectory.
    pub(super) fn of_stream(self, stream: &str, finding: &StreamFinding) -> String {
        match self {
            Self::Words => format!("{stream}: {}", finding.in_words()),
            Self::Json => Self::with("stream", stream, finding),
        }
    }

    /// A finding that names its place itself.
    pub(super) fn finding(self, finding: &impl Found) -> String {
        match self {
            Self::Words => finding.in_words(),
            Self::Json => in_json(finding, finding.place()),
        }
    }

    fn with(name: &str, value: &str, finding: &impl Found) -> String {
        let mut place = finding.place();
        place[name] = value.into();
        in_json(finding, place)
    }

    pub(super) fn conclude_ledger(self, walked: Walked, found: usize) {
        let Walked { events, signed, destroyed, certificates } = walked;
        match self {
            Self::Words => out!(
                "{}: {}, {found} {}",
                of_two("the ledger", "het register"),
                in_words(walked),
                differences()
            ),
            Self::Json => out!(
                "{}",
                json!({"checked": "ledger", "events": events, "signed": signed, "destroyed": destroyed,
                       "certificates": certificates, "differences": found})
            ),
        }
    }

    pub(super) fn conclude_own_references(self, numbers: u64, found: usize) {
        match self {
            Self::Words => {
                let words = of_two(
                    format!("{numbers} own references of organisations checked"),
                    format!("{numbers} eigen nummers van organisaties nagekeken"),
                );
                out!("{words}, {found} {}", differences());
            }
            Self::Json => {
                out!(
                    "{}",
                    json!({"checked": "own-references", "ownReferences": numbers, "differences": found})
                );
            }
        }
    }

    pub(super) fn conclude_streams(self, checked: StreamsChecked, found: usize) {
        let StreamsChecked { streams, events, .. } = checked;
        match self {
            Self::Words => {
                let words = of_two(
                    format!("{streams} streams about homes with {events} events checked"),
                    format!("{streams} reeksen over woningen met {events} gebeurtenissen nagekeken"),
                );
                out!("{words}, {found} {}", differences());
            }
            Self::Json => out!(
                "{}",
                json!({"checked": "streams", "streams": streams, "events": events, "differences": found})
            ),
        }
    }

    pub(super) fn conclude_registry(self, RegistryChecked { streams }: RegistryChecked, found: usize) {
        match self {
            Self::Words => {
                let words = of_two(
                    format!("{streams} registrations and who reported checked"),
                    format!("{streams} registraties en wie meldde nagekeken"),
                );
                out!("{words}, {found} {}", differences());
            }
            Self::Json => {
                out!("{}", json!({"checked": "registry", "registrations": streams, "differences": found}));
            }
        }
    }

    pub(super) fn conclude_access_log(self, LogChecked { batches, lines }: LogChecked, found: usize) {
        match self {
            Self::Words => {
                let words = of_two(
                    format!("{lines} lines of the access log in {batches} batches recounted"),
                    format!("{lines} regels van het inzagelogboek in {batches} partijen nageteld"),
                );
                out!("{words}, {found} {}", differences());
            }
            Self::Json => {
                let counts = json!({"checked": "access-log", "batches": batches, "lines": lines, "differences": found});
                out!("{counts}");
            }
        }
    }

    pub(super) fn conclude(self, progress: Progress, found: usize) {
        let Progress { trajectories, events, .. } = progress;
        match self {
            Self::Words => {
                let words = of_two(
                    format!("{trajectories} trajectories with {events} events checked"),
                    format!("{trajectories} dossiers met {events} gebeurtenissen nagekeken"),
                );
                out!("{words}, {found} {}", differences());
            }
            Self::Json => out!(
                "{}",
                json!({"checked": "trajectories", "trajectories": trajectories, "events": events, "differences": found})
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_without_signed_events_is_reported_as_such() {
        let walked = Walked { events: 9, signed: 0, destroyed: 0, certificates: 0 };
        assert_eq!(in_words(walked), "9 events in their chains, no signed checkpoint covers any of them yet");
        assert_eq!(in_words(Walked { signed: 8, ..walked }), "9 events in their chains, 8 of them signed");
        let walked = Walked { events: 0, ..walked };
        assert_eq!(in_words(walked), "0 events in their chains, 0 of them signed");
    }

    #[test]
    fn destroyed_cases_are_counted_apart() {
        let walked = Walked { events: 9, signed: 12, destroyed: 3, certificates: 1 };
        let expected = "9 events in their chains, 9 of them signed, 3 more destroyed under 1 certificates";
        assert_eq!(in_words(walked), expected);
    }
}
