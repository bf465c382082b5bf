//! For how long the guide needs to know who reported nuisance (`domain.md` §8.1).

use std::collections::BTreeSet;

use crate::ids::NuisanceCaseId;
use crate::trajectory::History;
use crate::trajectory::fact::Fact;

/// The open cases whose reporter the guide still has to speak to. The need ends for good when the nuisance was first said to be
/// over, and neither reopening the case nor taking that word back brings the name to light again: the guide could do either to
/// read it. The nuisance desk, which always sees it, informs the reporter then.
pub(super) fn needed(history: &History) -> BTreeSet<NuisanceCaseId> {
    let once_over: BTreeSet<_> = history.recorded().iter().flat_map(ended).collect();
    let open = history.state().nuisance.iter().filter(|(_, case)| case.is_open()).map(|(id, _)| *id);
    open.filter(|id| !once_over.contains(id)).collect()
}

/// The case that a fact, or what a correction puts in its place, says is over.
fn ended(fact: &Fact) -> Option<NuisanceCaseId> {
    match fact {
        Fact::NuisanceResolved(resolved) => Some(resolved.case_id),
        Fact::NuisanceCaseClosed(closed) => Some(closed.case_id),
        Fact::NuisanceFoundUnfounded(finding) => Some(finding.case_id),
        Fact::NuisanceHandedOver(handed) => Some(handed.case_id),
        Fact::EventCorrected(correction) => correction.replacement.as_deref().and_then(ended),
        _ => None,
    }
}
