//! Which of a trajectory's obligations are kept, due or broken, and the facts that this is based
//! on.
//!
//! [`assess`] walks the history once, in the order of happening. It returns one [`Assessed`] for
//! each time that an obligation started, and one for each obligation of the current set that has
//! not started. Nothing in it depends on today: [`Assessed::status_on`] takes a day, and its result
//! for that day is the same whether or not the history continues after it. A property test checks
//! this law.

mod accord;
mod departure;
mod due;
mod levels;
mod open;
mod referring;
mod step;
mod take_over;
mod undoable;
mod undone;
mod verdict;
mod walk;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::obligation::Obligation;
use super::set::{Agreement, AgreementSet};
use super::sets::AgreementSets;
use crate::day::Day;
use crate::trajectory::fact::Party;
use crate::trajectory::{Fact, History};

pub use due::{Due, Pause};
pub use verdict::{Status, Verdict};

/// One instance of an obligation: the result of one start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed<'s> {
    /// The set that was in force when it started.
    pub set: &'s AgreementSet,
    /// The agreement it belongs to.
    pub agreement: &'s Agreement,
    /// The obligation.
    pub obligation: &'s Obligation,
    /// What started it. `None` if it has not started.
    pub start: Option<Start>,
    /// The month of the follow-up check, if the obligation is about these checks.
    pub month: Option<u8>,
    /// What it is about, such as the id of a nuisance case. `None` unless the obligation has a
    /// field that must be the same.
    pub reference: Option<String>,
    /// The parties that are responsible.
    pub responsible: Vec<Party>,
    /// The due date.
    pub due: Due,
    /// The times in which its clock is paused.
    pub paused: Vec<Pause>,
    /// How it ended, once it has.
    pub closed: Option<Closed>,
}

/// What started an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The number of the fact.
    pub sequence: u64,
    /// The day of the fact, which is the first day on which it applies.
    pub on: Day,
    /// The day from which its deadline counts. It is earlier than the fact if a running case was
    /// taken over.
    pub counted_from: Day,
}

/// How an instance ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The way it ended.
    pub how: Closing,
    /// The day on which it ended.
    pub on: Day,
    /// The numbers of the facts that the end is based on, in the order of happening.
    pub evidence: Vec<u64>,
    /// The day and the number of the fact that undid the keeping. Another instance runs on from
    /// there.
    pub undone: Option<(Day, u64)>,
}

impl Closed {
    /// The day from which it is closed as it is now: of an undone keeping, the day on which it was
    /// undone.
    #[must_use]
    pub fn last_changed_on(&self) -> Day {
        self.undone.map_or(self.on, |(on, _)| on)
    }
}

/// How an instance ended. Dutch: *hoe een afspraak is afgesloten*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// It was kept.
    Kept,
    /// The partners set it aside together (`DepartureAgreed`).
    Departure,
    /// A fact of `ends-with` happened, so its subject is over.
    FellAway,
    /// The case ended, so nothing is required any more.
    CaseEnded,
    /// The client lives under a lease to which it does not apply.
    OtherLease,
}

impl Closing {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Departure => "departure",
            Self::FellAway => "fell-away",
            Self::CaseEnded => "case-ended",
            Self::OtherLease => "other-lease",
        }
    }
}

/// Assesses a trajectory: every obligation that started, in the order of starting, and then the
/// obligations of its current set that have not.
#[must_use]
pub fn assess<'s>(history: &History, sets: &'s AgreementSets) -> Vec<Assessed<'s>> {
    assess_facts(history.happened(), sets, u64::MAX).unwrap_or_default()
}

/// Assesses a trajectory, or returns `None` if that takes more than `steps` steps. A step is one
/// look at an instance, or one further look at a fact.
#[must_use]
pub fn assess_within<'s>(
    history: &History,
    sets: &'s AgreementSets,
    steps: u64,
) -> Option<Vec<Assessed<'s>>> {
    assess_facts(history.happened(), sets, steps)
}

/// Assesses a trajectory as it was at the end of a day.
#[must_use]
pub fn assess_until<'s>(history: &History, day: Day, sets: &'s AgreementSets) -> Vec<Assessed<'s>> {
    assess_facts(history.happened().take_while(|(_, fact)| fact.occurred_on() <= day), sets, u64::MAX)
        .unwrap_or_default()
}

/// Assesses a trajectory as it was at the end of a day, based on some of its facts only.
pub(crate) fn assess_among<'s>(
    history: &History,
    day: Day,
    sets: &'s AgreementSets,
    counts: impl Fn(&Fact) -> bool,
) -> Vec<Assessed<'s>> {
    let until = history.happened().take_while(|(_, fact)| fact.occurred_on() <= day);
    assess_facts(until.filter(|(_, fact)| counts(fact)), sets, u64::MAX).unwrap_or_default()
}

fn assess_facts<'s, 'f>(
    happened: impl Iterator<Item = (u64, &'f Fact)>,
    sets: &'s AgreementSets,
    steps: u64,
) -> Option<Vec<Assessed<'s>>> {
    let mut walk = walk::Walk::of(sets);
    for (sequence, fact) in happened {
        walk.step(sequence, fact);
        if walk.steps > steps {
            return None;
        }
    }
    Some(walk.into_assessed())
}
