//! Which of a trajectory's obligations are kept, due or broken, and the facts that this is based
//! on.
//!
//! [`assess`] walks the history once, in the order of happening. It returns one [`Assessed`] for
//! each time that an obligation started, and one for each obligation of the current set that has
//! not started. Nothing in it depends on today: [`Assessed::status_on`] takes a day, and its result
//! for that day is the same whether or not the history continues after it. A property test checks
//! this law.

mod accord;
mod assessed;
mod departure;
mod due;
mod happened;
mod levels;
mod open;
mod partners;
mod referring;
mod step;
mod take_over;
mod undoable;
mod undone;
mod verdict;
mod walk;

use super::sets::AgreementSets;
use crate::day::Day;
use crate::trajectory::{Fact, History};

pub use assessed::{Assessed, Closed, Closing, Start};
pub use due::{Due, Pause};
pub use happened::Happened;
pub use verdict::{Status, Verdict};

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
