//! The table of phases (`docs/DOMAIN.md` §3), every cell in both directions.

use std::collections::BTreeSet;

use omklap_domain::trajectory::phase::Leads;

use super::lives;
use super::walk::walks;
use crate::vocabulary::*;

fn cells() -> impl Iterator<Item = (Phase, FactType)> {
    Phase::ALL.into_iter().flat_map(|phase| FactType::ALL.iter().map(move |kind| (phase, *kind)))
}

#[test]
fn every_phase_is_reached() {
    for phase in Phase::ALL {
        assert_eq!(life_in(phase).phase(), phase);
    }
}

#[test]
fn a_fact_is_refused_for_its_phase_exactly_if_the_table_does_not_have_it() {
    for (phase, kind) in cells() {
        let reasons = given(life_in(phase)).when(|on| fact_of(kind, on)).reasons();
        let for_its_phase =
            reasons.contains(&Refusal::NotAdmittedInPhase) || reasons.contains(&Refusal::NotYetOpened);
        let in_the_table = kind.row().phases.contains(&phase);
        assert_eq!(for_its_phase, !in_the_table, "{kind} in phase {phase}: {reasons:?}");
    }
}

#[test]
fn before_the_intake_the_only_reason_is_that_nothing_is_opened() {
    for kind in FactType::ALL {
        let reasons = given(nothing()).when(|on| fact_of(*kind, on)).reasons();
        let opens = Phase::Unopened.admits().contains(kind);
        let expected = if opens { BTreeSet::new() } else { BTreeSet::from([Refusal::NotYetOpened]) };
        assert_eq!(reasons, expected, "{kind}");
    }
}

#[test]
fn a_phase_admits_what_the_table_has() {
    for (phase, kind) in cells() {
        let reported = kind.row().phases.contains(&phase) && !kind.is_about_the_record();
        assert_eq!(phase.admits().contains(&kind), reported, "{kind} in {phase}");
    }
}

/// For each cell of the table some life has that fact in that phase, so no cell is unreachable.
#[test]
fn every_cell_of_the_table_is_reachable() {
    for phase in Phase::ALL {
        let lives = lives::with_more(phase);
        for kind in phase.admits() {
            let happened = lives.iter().any(|life| {
                let mut wordings = lives::wordings(kind, life.next).into_iter();
                wordings.any(|fact| life.clone().when(|_| fact).reasons().is_empty())
            });
            assert!(happened, "{kind} in phase {phase}");
        }
    }
}

#[test]
fn a_fact_leads_where_the_table_says() {
    for walk in walks().take(300) {
        // A correction leads to the phase of the corrected history.
        for step in walk.steps.into_iter().filter(|step| step.kind != FactType::EventCorrected) {
            let (before, after, kind) = (step.before, step.after, step.kind);
            match kind.row().leads {
                Leads::Nowhere => assert_eq!(after, before, "{kind}"),
                Leads::To(phase) => assert_eq!(after, phase, "{kind} from {before}"),
                Leads::AsStated => assert!(Phase::Unopened.admits().contains(&kind)),
                Leads::BackFromMatching => assert!(matches!(after, Phase::Ready | Phase::Housed)),
            }
        }
    }
}

/// The properties are only as good as the lives they are tested on.
#[test]
fn the_random_lives_reach_every_phase_and_every_fact() {
    let steps: Vec<_> = walks().take(3_000).flat_map(|walk| walk.steps).collect();
    let phases: BTreeSet<_> = steps.iter().map(|step| step.after).collect();
    let never: Vec<_> =
        FactType::ALL.iter().filter(|kind| steps.iter().all(|step| step.kind != **kind)).collect();
    assert!(never.is_empty(), "{} steps without {never:?}", steps.len());
    assert_eq!(phases.len(), Phase::ALL.len() - 1);
}
