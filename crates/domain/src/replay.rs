//! A history step by step, in the order of happening: each fact, what it changed, and why.
//! Corrected facts keep their place, struck through, and change nothing.
//!
//! Everything comes from one assessment of the whole, not from comparing before and after, so a
//! step costs no more than the fact itself. The fact that settled an obligation shows its result.
//! Nothing in it depends on today.

use std::collections::BTreeMap;

use crate::agreements::assess::Verdict;
use crate::agreements::{AgreementSets, Assessed, assess};
use crate::day::Day;
use crate::follow_up::{FollowUp, follow_up};
use crate::ids::{NuisanceCaseId, ObligationId};
use crate::nuisance::Level;
use crate::nuisance::protocol::{CaseState, CaseStory, nuisance_cases_in};
use crate::trajectory::fact::{Fact, Outcome, Party};
use crate::trajectory::{History, Mark, Phase, Trajectory};

/// One step of a replay: a fact, and what it changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<'f> {
    /// The number of the fact.
    pub sequence: u64,
    /// The fact as it was recorded. For a replaced fact, the replacement.
    pub fact: &'f Fact,
    /// If the fact is shown only struck through: the correction that did it.
    pub struck_by: Option<u64>,
    /// If this is a replacement: the correction that it comes from.
    pub worded_in: Option<u64>,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// Something that a fact changed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The trajectory moved to another phase: a row of the table of phases.
    Phase {
        /// The previous phase.
        from: Phase,
        /// The new phase.
        to: Phase,
    },
    /// An obligation started.
    Opened(Obliged),
    /// An obligation was settled, or a kept obligation was undone.
    Settled {
        /// The obligation.
        obligation: Obliged,
        /// The verdict that was undone. `None` if the obligation was open.
        from: Option<Verdict>,
        /// The verdict.
        to: Verdict,
        /// The numbers of the facts that this is based on.
        evidence: Vec<u64>,
    },
    /// A nuisance case reached a level.
    NuisanceLevel {
        /// The case.
        case: NuisanceCaseId,
        /// The previous level. `None` if the case begins.
        from: Option<Level>,
        /// The new level.
        to: Level,
    },
    /// A nuisance case moved to another state.
    NuisanceState {
        /// The case.
        case: NuisanceCaseId,
        /// The new state.
        state: CaseState,
    },
    /// The follow-up began.
    FollowUpBegan {
        /// The last day of the follow-up.
        until: Day,
    },
    /// A check of the follow-up was held.
    CheckHeld {
        /// The month after the flip.
        month: u8,
    },
    /// A check of the follow-up was missed.
    CheckMissed {
        /// The month after the flip.
        month: u8,
    },
    /// The follow-up ended.
    FollowUpEnded {
        /// The outcome.
        outcome: Outcome,
    },
}

/// An obligation, with the rule that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obliged {
    /// Its id in the set: the rule.
    pub obligation: ObligationId,
    /// The set in force, as `id@version`.
    pub agreement_set: String,
    /// The due date.
    pub due_on: Option<Day>,
    /// The parties that are responsible.
    pub responsible: Vec<Party>,
    /// What it is about, such as the id of a nuisance case.
    pub reference: Option<String>,
}

type Changes = BTreeMap<u64, Vec<Change>>;

/// The steps of a history, in the order of happening.
#[must_use]
pub fn replay<'h>(history: &'h History, sets: &AgreementSets) -> Vec<Step<'h>> {
    let mut changes = changes(history, sets);
    let mut steps: Vec<Step<'h>> = history
        .happened()
        .map(|(sequence, fact)| Step {
            sequence,
            fact,
            struck_by: None,
            worded_in: None,
            changes: changes.remove(&sequence).unwrap_or_default(),
        })
        .collect();
    let mut struck = Vec::new();
    let at: BTreeMap<u64, usize> = (0..).zip(&steps).map(|(at, step)| (step.sequence, at)).collect();
    for entry in history.entries() {
        match entry.mark {
            Mark::Uncorrected => {}
            Mark::RetractedBy(by) => struck.push((entry.sequence, entry.fact, by)),
            Mark::ReplacedBy(by) => {
                struck.push((entry.sequence, entry.fact, by));
                if let Some(at) = at.get(&entry.sequence) {
                    steps[*at].worded_in = Some(by);
                }
            }
        }
    }
    steps.extend(struck.into_iter().map(|(sequence, fact, by)| Step {
        sequence,
        fact,
        struck_by: Some(by),
        worded_in: None,
        changes: Vec::new(),
    }));
    // Before its own replacement, if both are of one day.
    steps.sort_by_key(|step| {
        let ends = step.fact.fact_type().ends_the_case();
        (step.fact.occurred_on(), ends, step.sequence, step.struck_by.is_none())
    });
    steps
}

/// What each fact changed, by its number.
fn changes(history: &History, sets: &AgreementSets) -> Changes {
    let mut changes = Changes::new();
    let mut state = Trajectory::default();
    let mut places = BTreeMap::new();
    for (place, (sequence, fact)) in history.happened().enumerate() {
        places.insert(sequence, place);
        let from = state.phase;
        state.evolve(fact);
        if state.phase != from {
            changes.entry(sequence).or_default().push(Change::Phase { from, to: state.phase });
        }
    }
    let assessed = assess(history, sets);
    for one in &assessed {
        obligation(one, &places, &mut changes);
    }
    for case in &nuisance_cases_in(history, &assessed, sets) {
        nuisance(case, &mut changes);
    }
    if let Some(followed) = follow_up(history, sets) {
        followed_up(&followed, &mut changes);
    }
    changes
}

fn obligation(assessed: &Assessed<'_>, places: &BTreeMap<u64, usize>, changes: &mut Changes) {
    let Some(start) = assessed.start else { return };
    let set = assessed.set;
    let obliged = |due_on| Obliged {
        obligation: assessed.obligation.id.clone(),
        agreement_set: format!("{}@{}", set.id, set.version),
        due_on,
        responsible: assessed.responsible.clone(),
        reference: assessed.reference.clone(),
    };
    changes.entry(start.sequence).or_default().push(Change::Opened(obliged(assessed.due_on(start.on))));
    let Some(closed) = &assessed.closed else { return };
    // A fact from before the start cannot settle it before it started.
    let reasons = closed.evidence.iter().copied().chain([start.sequence]);
    let settled_by = reasons.max_by_key(|sequence| places.get(sequence)).unwrap_or(start.sequence);
    // If it was kept before it started, it counts as kept on the day it starts.
    let on = closed.on.max(start.on);
    let settled = |from, on| Change::Settled {
        obligation: obliged(assessed.due_on(on)),
        from,
        to: assessed.status_on(on).verdict(),
        evidence: assessed.evidence_on(on),
    };
    match closed.undone {
        None => changes.entry(settled_by).or_default().push(settled(None, on)),
        Some((undone_on, undone_by)) => {
            if undone_on > on {
                changes.entry(settled_by).or_default().push(settled(None, on));
            }
            let kept = (undone_on > on).then(|| assessed.status_on(on).verdict());
            changes.entry(undone_by).or_default().push(settled(kept, undone_on));
        }
    }
}

fn nuisance(case: &CaseStory<'_>, changes: &mut Changes) {
    let mut from = None;
    for at in &case.levels {
        let to = at.settings.level;
        if from != Some(to) {
            changes.entry(at.sequence).or_default().push(Change::NuisanceLevel { case: case.id, from, to });
        }
        from = Some(to);
    }
    // That it is open at first follows from its level.
    for since in case.states.iter().skip(1) {
        let change = Change::NuisanceState { case: case.id, state: since.state };
        changes.entry(since.sequence).or_default().push(change);
    }
}

fn followed_up(followed: &FollowUp<'_>, changes: &mut Changes) {
    let began = Change::FollowUpBegan { until: followed.until };
    changes.entry(followed.sequence).or_default().push(began);
    for check in &followed.checks {
        if let Some(held) = check.held {
            changes.entry(held.sequence).or_default().push(Change::CheckHeld { month: check.month });
        }
        for missed in &check.missed {
            changes.entry(missed.sequence).or_default().push(Change::CheckMissed { month: check.month });
        }
    }
    if let Some(ended) = followed.ended {
        changes.entry(ended.sequence).or_default().push(Change::FollowUpEnded { outcome: ended.outcome });
    }
}
