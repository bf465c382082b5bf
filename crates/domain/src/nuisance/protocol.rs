//! Each nuisance case of a trajectory as the protocol sees it: its level, what must happen now, by whom and until
//! when, and the way it went (`domain.md` §5).
//!
//! Like the assessment of obligations this is a pure function of the history and the sets, nothing in it depends on
//! today, and a case is asked for a day.

mod walk;

use std::collections::BTreeMap;

use serde::Serialize;

use super::Level;
use crate::agreements::AgreementSets;
use crate::agreements::set::{BothLanguages, LevelSettings, LevelStep};
use crate::day::Day;
use crate::ids::NuisanceCaseId;
use crate::trajectory::fact::{NuisanceKind, Party};
use crate::trajectory::{Fact, FactType, History};

/// One nuisance case, and the way it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStory<'s> {
    /// The case.
    pub id: NuisanceCaseId,
    /// What kind of nuisance; unknown for a case that was taken over.
    pub kind: Option<NuisanceKind>,
    /// When it was reported.
    pub reported_on: Day,
    /// A closed case that this one follows.
    pub earlier_case: Option<NuisanceCaseId>,
    /// The levels it had, in the order of happening.
    pub levels: Vec<AtLevel<'s>>,
    /// How it stood, in the order of happening: open first.
    pub standings: Vec<Standing>,
    /// The written warnings.
    pub warned_on: Vec<Day>,
    /// Every fact about it: number, day and kind.
    pub facts: Vec<CaseFact>,
}

/// A fact about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseFact {
    /// Its number in the trajectory.
    pub sequence: u64,
    /// The day it happened.
    pub on: Day,
    /// What kind of fact.
    pub kind: FactType,
}

/// A time in which a case was at one level. A new warning at the level of warnings begins a new time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLevel<'s> {
    /// The level, as the set in force has it.
    pub settings: &'s LevelSettings,
    /// Since when.
    pub from: Day,
    /// The number of the fact that brought it there.
    pub sequence: u64,
    /// Whom the client rented from.
    pub landlord: Party,
    /// When the case left this level, was resolved or was over.
    pub until: Option<Day>,
    /// What must happen at this level.
    pub steps: Vec<Step<'s>>,
}

/// Something that must happen at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'s> {
    /// What, as the set says it.
    pub asked: &'s LevelStep,
    /// By whom.
    pub by: Vec<Party>,
    /// Until when; none where the set, or the fact that brought the case here, names no limit.
    pub until: Option<Day>,
    /// When it was done, and the number of the fact that did it.
    pub done: Option<(Day, u64)>,
}

/// How a case stands, since when, and the number of the fact that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How.
    pub stand: Stand,
    /// Since when.
    pub from: Day,
    /// The number of the fact.
    pub sequence: u64,
}

/// How a case stands. Dutch: *stand van de overlastzaak*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// Somebody works on it.
    Open,
    /// The nuisance stopped; the quiet period runs until this day.
    Quiet {
        /// The last day of the quiet period.
        until: Day,
    },
    /// The quiet period is over and somebody closed it.
    Closed,
    /// The report did not hold.
    Unfounded,
    /// Somebody else took it.
    HandedOver,
    /// The trajectory ended.
    CaseEnded,
}

/// What must happen next in a case, on a given day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAction<'s> {
    /// What.
    pub action: &'s BothLanguages,
    /// By whom.
    pub by: &'s [Party],
    /// Until when.
    pub until: Option<Day>,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// Every nuisance case of a trajectory, in the order of reporting.
#[must_use]
pub fn nuisance_cases<'s>(history: &History, sets: &'s AgreementSets) -> Vec<CaseStory<'s>> {
    // Most trajectories have none.
    if history.state().nuisance.is_empty() {
        return Vec::new();
    }
    told_by(history.happened(), sets)
}

/// Every nuisance case of a trajectory, as it was at the end of a day.
#[must_use]
pub fn nuisance_cases_until<'s>(history: &History, day: Day, sets: &'s AgreementSets) -> Vec<CaseStory<'s>> {
    told_by(history.happened().take_while(|(_, fact)| fact.occurred_on() <= day), sets)
}

fn told_by<'s, 'f>(
    happened: impl Iterator<Item = (u64, &'f Fact)>,
    sets: &'s AgreementSets,
) -> Vec<CaseStory<'s>> {
    let mut walk = walk::Walk::of(sets);
    for (sequence, fact) in happened {
        walk.step(sequence, fact);
    }
    walk.cases
}

impl<'s> CaseStory<'s> {
    /// The level it has on a day, or had when it was resolved.
    #[must_use]
    pub fn level_on(&self, day: Day) -> Option<&AtLevel<'s>> {
        self.levels.iter().rev().find(|at| at.from <= day)
    }

    /// How it stands on a day; nothing before it was reported.
    #[must_use]
    pub fn stand_on(&self, day: Day) -> Option<Stand> {
        self.standings.iter().rev().find(|standing| standing.from <= day).map(|standing| standing.stand)
    }

    /// What must happen next, on a day: the steps of its level and of those below it that are not done, the most pressing
    /// first. A case that went up still owes what it was asked before; one that fell owes nothing of the levels above it.
    #[must_use]
    pub fn next_actions_on(&self, day: Day) -> Vec<NextAction<'_>> {
        if self.stand_on(day) != Some(Stand::Open) {
            return Vec::new();
        }
        let mut actions: Vec<_> = self
            .asking_on(day)
            .flat_map(|at| &at.steps)
            .filter(|step| step.done.is_none_or(|(done_on, _)| done_on > day))
            .map(|step| NextAction {
                action: &step.asked.action,
                by: &step.by,
                until: step.until,
                overdue: step.until.is_some_and(|until| until < day),
            })
            .collect();
        actions.sort_by_key(|action| (action.until.is_none(), action.until));
        actions
    }

    /// The level of a day and those below it through which it came, each as it was reached last.
    fn asking_on(&self, day: Day) -> impl Iterator<Item = &AtLevel<'s>> {
        let now = self.level_on(day).map(|at| at.settings.level);
        let reached = self.levels.iter().filter(move |at| at.from <= day);
        let asking = reached.filter(move |at| now.is_some_and(|now| at.settings.level <= now));
        let latest: BTreeMap<_, _> = asking.map(|at| (at.settings.level, at)).collect();
        latest.into_values()
    }

    /// The level on the last day that is known.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.levels.last().map(|at| at.settings.level)
    }
}
