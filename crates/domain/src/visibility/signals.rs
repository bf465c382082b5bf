//! Which signals were ever about the client's health. Such a signal stays guidance data, whatever a
//! later correction says.

use std::collections::BTreeMap;

use crate::ids::SignalId;
use crate::trajectory::History;
use crate::trajectory::fact::{Fact, Party, SignalReported};

/// The signals that were ever about health, each with the party that its latest wording asks.
pub(super) fn ever_of_health(history: &History) -> BTreeMap<SignalId, Party> {
    // By the number of the reporting fact: a correction may also give a signal another ID.
    let mut wordings: BTreeMap<u64, Vec<&SignalReported>> = BTreeMap::new();
    for (sequence, fact) in (1..).zip(history.recorded()) {
        match fact {
            Fact::SignalReported(signal) => wordings.entry(sequence).or_default().push(signal),
            Fact::EventCorrected(correction) => {
                if let Some(Fact::SignalReported(signal)) = correction.replacement.as_deref() {
                    wordings.entry(correction.corrects).or_default().push(signal);
                }
            }
            _ => {}
        }
    }
    let of_health = wordings.into_values().filter(|all| all.iter().any(|signal| signal.kind.is_of_health()));
    of_health.flatten().map(|signal| (signal.signal_id, signal.asked)).collect()
}
