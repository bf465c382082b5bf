//! Each nuisance case of a trajectory in the protocol: its level, what must happen now, by whom and
//! until when, and its history (`docs/DOMAIN.md` §5).
//!
//! What must happen are the obligations of the set at the level of the case, so a case and a worklist
//! never give two dates for one thing. Like the assessment of obligations this is a pure function of
//! the history and the sets. Nothing in it depends on today: the functions of a case take a day.

mod walk;

use serde::Serialize;

use super::Level;
use crate::agreements::assess::{Happened, assess, assess_until};
use crate::agreements::set::LevelSettings;
use crate::agreements::{AgreementSets, Assessed, Obligation, Status};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::trajectory::fact::{NuisanceKind, Party};
use crate::trajectory::{Fact, FactType, History};

/// One nuisance case, with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStory<'s> {
    /// The case.
    pub id: NuisanceCaseId,
    /// The kind of nuisance. Unknown if the case was taken over.
    pub kind: Option<NuisanceKind>,
    /// When it was reported.
    pub reported_on: Day,
    /// A closed case that this one follows.
    pub earlier_case: Option<NuisanceCaseId>,
    /// The levels it had, in the order of happening.
    pub levels: Vec<AtLevel<'s>>,
    /// The states it had, in the order of happening: open first.
    pub states: Vec<StateSince>,
    /// The written warnings.
    pub warned_on: Vec<Day>,
    /// Every fact about it: number, day and kind.
    pub facts: Vec<CaseFact>,
}

/// A fact of a nuisance case, as the answer about the protocol shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseFact {
    /// Its number in the trajectory.
    pub sequence: u64,
    /// The day it happened.
    pub on: Day,
    /// The kind of fact.
    pub kind: FactType,
}

/// A period in which a case was at one level. A new warning at the level of warnings begins a new
/// period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLevel<'s> {
    /// The level in the set that is in force.
    pub settings: &'s LevelSettings,
    /// The first day at the level.
    pub from: Day,
    /// The number of the fact that brought it there.
    pub sequence: u64,
    /// The party that the client rented from.
    pub landlord: Party,
    /// The day on which the case left this level, was resolved or was over.
    pub until: Option<Day>,
    /// What must happen at this level: the obligations that started when the case came to it.
    pub steps: Vec<Assessed<'s>>,
}

/// The state of a case, its first day, and the number of the fact that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateSince {
    /// The state.
    pub state: CaseState,
    /// Its first day.
    pub from: Day,
    /// The number of the fact.
    pub sequence: u64,
}

/// The state of a case. Dutch: *stand van de overlastzaak*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// The case is being worked on.
    Open,
    /// The nuisance stopped; the quiet period runs until this day.
    Quiet {
        /// The last day of the quiet period.
        until: Day,
    },
    /// The quiet period is over and a partner closed the case.
    Closed,
    /// The report was unfounded.
    Unfounded,
    /// The case was handed over.
    HandedOver,
    /// The trajectory ended.
    CaseEnded,
}

/// What must happen next in a case, on a given day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAction<'s> {
    /// What to do.
    pub obligation: &'s Obligation,
    /// What of its `kept-by` already happened.
    pub happened: &'s Happened,
    /// Who does it.
    pub by: &'s [Party],
    /// The limit. `None` if its clock is paused.
    pub until: Option<Day>,
    /// Whether the limit has passed.
    pub overdue: bool,
}

/// Every nuisance case of a trajectory, in the order of reporting.
#[must_use]
pub fn nuisance_cases<'s>(history: &History, sets: &'s AgreementSets) -> Vec<CaseStory<'s>> {
    nuisance_cases_in(history, &assess(history, sets), sets)
}

/// Every nuisance case of a trajectory that was assessed already, as far as the assessment goes.
#[must_use]
pub fn nuisance_cases_in<'s>(
    history: &History,
    assessed: &[Assessed<'s>],
    sets: &'s AgreementSets,
) -> Vec<CaseStory<'s>> {
    // Most trajectories have none.
    if history.state().nuisance.is_empty() {
        return Vec::new();
    }
    of_facts(history.happened(), assessed, sets)
}

/// Every nuisance case of a trajectory, as it was at the end of a day.
#[must_use]
pub fn nuisance_cases_until<'s>(history: &History, day: Day, sets: &'s AgreementSets) -> Vec<CaseStory<'s>> {
    nuisance_cases_until_in(history, day, &assess_until(history, day, sets), sets)
}

/// Every nuisance case of a trajectory, as it was at the end of a day, with what must happen by
/// this assessment of that day.
#[must_use]
pub fn nuisance_cases_until_in<'s>(
    history: &History,
    day: Day,
    assessed: &[Assessed<'s>],
    sets: &'s AgreementSets,
) -> Vec<CaseStory<'s>> {
    of_facts(history.happened().take_while(|(_, fact)| fact.occurred_on() <= day), assessed, sets)
}

fn of_facts<'s, 'f>(
    happened: impl Iterator<Item = (u64, &'f Fact)>,
    assessed: &[Assessed<'s>],
    sets: &'s AgreementSets,
) -> Vec<CaseStory<'s>> {
    let mut walk = walk::Walk::of(sets);
    for (sequence, fact) in happened {
        walk.step(sequence, fact);
    }
    walk.with_steps(assessed)
}

impl<'s> CaseStory<'s> {
    /// The level on a day, or the level it had when it was resolved.
    #[must_use]
    pub fn level_on(&self, day: Day) -> Option<&AtLevel<'s>> {
        self.levels.iter().rev().find(|at| at.from <= day)
    }

    /// The state on a day. `None` before the case was reported.
    #[must_use]
    pub fn state_on(&self, day: Day) -> Option<CaseState> {
        self.states.iter().rev().find(|since| since.from <= day).map(|since| since.state)
    }

    /// What must happen next, on a day: the obligations about this case that are open, the most
    /// urgent first. A case that went up still requires what was to be done at the levels below. A
    /// case that went down requires nothing of the levels above.
    #[must_use]
    pub fn next_actions_on(&self, day: Day) -> Vec<NextAction<'_>> {
        let steps = self.levels.iter().filter(|at| at.from <= day).flat_map(|at| &at.steps);
        let open = steps.filter(|step| step.closed.as_ref().is_none_or(|closed| closed.on > day));
        let mut actions: Vec<_> = open
            .map(|step| NextAction {
                obligation: step.obligation,
                happened: &step.happened,
                by: &step.responsible,
                until: step.due_on(day),
                overdue: matches!(step.status_on(day), Status::Overdue(_)),
            })
            .collect();
        actions.sort_by_key(|action| (action.until.is_none(), action.until));
        actions
    }

    /// The level on the last day that is known.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.levels.last().map(|at| at.settings.level)
    }
}
