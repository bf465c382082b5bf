//! The result of an assessment: what started, when it is due, and how it ended.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::due::{Due, Pause};
use super::happened::Happened;
use crate::agreements::obligation::Obligation;
use crate::agreements::set::{Agreement, AgreementSet};
use crate::day::Day;
use crate::trajectory::fact::Party;

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
    /// What of `kept-by` already happened, while it is open.
    pub happened: Happened,
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
    /// Another organisation took the place of a party that is responsible.
    OtherParty,
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
            Self::OtherParty => "other-party",
            Self::CaseEnded => "case-ended",
            Self::OtherLease => "other-lease",
        }
    }
}
