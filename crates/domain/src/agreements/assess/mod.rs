//! What of a trajectory's agreements is kept, due or broken, and on which facts that rests.
//!
//! [`assess`] walks the history once, in the order of happening, and answers one [`Assessed`] for each time an
//! obligation started, and one for each obligation of the present set that has not. Nothing in it depends on today:
//! [`Assessed::status_on`] asks it for a day, and the answer for a day is the same whether or not the history goes on
//! after it. A property test holds that law.

mod departure;
pub(crate) mod due;
mod open;
mod referring;
mod take_over;
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

/// One instance of an obligation: what one start of it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed<'s> {
    /// The set that was in force when it started.
    pub set: &'s AgreementSet,
    /// The agreement it belongs to.
    pub agreement: &'s Agreement,
    /// The obligation.
    pub obligation: &'s Obligation,
    /// What started it; none where it has not started.
    pub start: Option<Start>,
    /// Which of the follow-up checks it is, by its month.
    pub month: Option<u8>,
    /// What it is about, such as the id of a nuisance case, where the obligation says that this must be the same.
    pub reference: Option<String>,
    /// Who owes it.
    pub responsible: Vec<Party>,
    /// By when.
    pub due: Due,
    /// When its clock stood still.
    pub paused: Vec<Pause>,
    /// How it ended, once it has.
    pub closed: Option<Closed>,
}

/// What started an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The number of the fact.
    pub sequence: u64,
    /// The day of the fact: from here on it is owed.
    pub on: Day,
    /// The day from which its deadline counts: earlier than the fact where a running case was taken over.
    pub counted_from: Day,
}

/// How an instance ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// In which way.
    pub how: Closing,
    /// On which day.
    pub on: Day,
    /// The numbers of the facts it rests on, in the order of happening.
    pub evidence: Vec<u64>,
}

/// In which way an instance ended. Dutch: *hoe een afspraak is afgesloten*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// It was kept.
    Kept,
    /// The partners set it aside together (`DepartureAgreed`).
    Departure,
    /// What it was about is over: a fact of `ends-with`.
    FellAway,
    /// The case ended; nothing is asked any more.
    CaseEnded,
    /// The client lives under a lease to which it does not apply.
    OtherLease,
}

impl Closing {
    /// The word on the wire.
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

/// Assesses a trajectory: every obligation that started, in the order of starting, and then those of its present set
/// that have not.
#[must_use]
pub fn assess<'s>(history: &History, sets: &'s AgreementSets) -> Vec<Assessed<'s>> {
    assess_facts(history.happened(), sets, u64::MAX).unwrap_or_default()
}

/// Assesses a trajectory, where that takes no more than so many steps: an instance looked at, or a fact looked at again, is one.
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

/// Assesses a trajectory as it was at the end of a day, by some of its facts.
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
