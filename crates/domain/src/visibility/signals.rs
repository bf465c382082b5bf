//! Which signals were ever about somebody's health: what was guidance data once stays it, whatever a correction says since.

use std::collections::BTreeMap;

use crate::ids::SignalId;
use crate::trajectory::History;
use crate::trajectory::fact::{Fact, Party, SignalReported};

/// The signals that were ever about health, each with who was asked to answer it in the latest wording.
pub(super) fn ever_of_health(history: &History) -> BTreeMap<SignalId, Party> {
    // By the number of the fact that reported it: a correction may give a signal another id as well.
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
