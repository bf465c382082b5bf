//! Until when a guide needs to know who reported nuisance.

use std::collections::BTreeSet;

use crate::ids::NuisanceCaseId;
use crate::trajectory::History;
use crate::trajectory::fact::Fact;

/// The nuisance cases whose reporter a guide needs to know: those that are open and were never
/// over. If a case is reopened or its end is corrected, the reporter stays hidden: from then on the
/// nuisance desk talks to the reporter (our decision).
pub(super) fn needs_the_reporter(history: &History) -> BTreeSet<NuisanceCaseId> {
    let was_over = ever_over(history);
    let cases = history.state().nuisance.iter();
    let needed = cases.filter(|(id, case)| case.is_open() && !was_over.contains(id));
    needed.map(|(id, _)| *id).collect()
}

/// The cases that were resolved or ended in any wording of any fact, also one that was corrected
/// later.
fn ever_over(history: &History) -> BTreeSet<NuisanceCaseId> {
    let wording = |fact: &Fact| match fact {
        Fact::EventCorrected(correction) => correction.replacement.as_deref().and_then(ends),
        _ => ends(fact),
    };
    history.recorded().iter().filter_map(wording).collect()
}

/// The nuisance case that a fact ends, for now or for good.
fn ends(fact: &Fact) -> Option<NuisanceCaseId> {
    match fact {
        Fact::NuisanceResolved(resolved) => Some(resolved.case_id),
        Fact::NuisanceCaseClosed(closed) => Some(closed.case_id),
        Fact::NuisanceFoundUnfounded(finding) => Some(finding.case_id),
        Fact::NuisanceHandedOver(handed) => Some(handed.case_id),
        _ => None,
    }
}
