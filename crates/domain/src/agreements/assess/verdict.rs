//! The status of an instance on a given day.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::due::{Due, Extended, extend_by_pauses};
use super::{Assessed, Closing};
use crate::agreements::calendar::last_day;
use crate::agreements::obligation::Deadline;
use crate::day::Day;

/// The status of an obligation on a given day (`docs/DOMAIN.md` §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing has started it.
    NotStarted,
    /// It must be kept by this day. `None` if it has no due date, or if its clock is paused.
    Due(Option<Day>),
    /// It was kept on this day, in time.
    Kept(Day),
    /// It was kept on this day, too late.
    KeptLate(Day),
    /// It is late, since this day.
    Overdue(Day),
    /// It was set aside on this day, or fell away.
    SetAside(Day),
    /// It does not apply under the lease.
    NotApplicable,
}

/// The status of an obligation without its day, for output, filters and counts. Dutch: *stand van een afspraak*.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// *Nog niet begonnen*.
    NotStarted,
    /// *Open*.
    Due,
    /// *Nagekomen*.
    Kept,
    /// *Te laat nagekomen*.
    KeptLate,
    /// *Te laat*.
    Overdue,
    /// *Samen afgeweken, of vervallen*.
    SetAside,
    /// *Niet van toepassing*.
    NotApplicable,
}

impl Status {
    /// The status without its day.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::NotStarted => Verdict::NotStarted,
            Self::Due(_) => Verdict::Due,
            Self::Kept(_) => Verdict::Kept,
            Self::KeptLate(_) => Verdict::KeptLate,
            Self::Overdue(_) => Verdict::Overdue,
            Self::SetAside(_) => Verdict::SetAside,
            Self::NotApplicable => Verdict::NotApplicable,
        }
    }

    /// The day that belongs to it.
    #[must_use]
    pub fn day(self) -> Option<Day> {
        match self {
            Self::Due(day) => day,
            Self::Kept(day) | Self::KeptLate(day) | Self::Overdue(day) | Self::SetAside(day) => Some(day),
            Self::NotStarted | Self::NotApplicable => None,
        }
    }
}

impl Verdict {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not-started",
            Self::Due => "due",
            Self::Kept => "kept",
            Self::KeptLate => "kept-late",
            Self::Overdue => "overdue",
            Self::SetAside => "set-aside",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Assessed<'_> {
    /// The status at the end of a day. The day may be after the history's last fact: only the day
    /// changes the status then.
    #[must_use]
    pub fn status_on(&self, day: Day) -> Status {
        let closed = self.closed.as_ref().filter(|closed| closed.on <= day);
        if self.start.is_none_or(|start| start.on > day) {
            // If it never starts under this lease, that is known as soon as the lease is.
            return match closed {
                Some(closed) if self.start.is_none() && closed.how == Closing::OtherLease => {
                    Status::NotApplicable
                }
                _ => Status::NotStarted,
            };
        }
        let Some(closed) = closed else {
            return self.late_since(day).map_or_else(|| Status::Due(self.due_on(day)), Status::Overdue);
        };
        if let Some((on, _)) = closed.undone.filter(|(on, _)| *on <= day) {
            return Status::SetAside(on);
        }
        match closed.how {
            Closing::Kept if self.late_since(day).is_some() => Status::KeptLate(closed.on),
            Closing::Kept => Status::Kept(closed.on),
            Closing::Departure | Closing::FellAway | Closing::OtherParty | Closing::CaseEnded => {
                Status::SetAside(closed.on)
            }
            Closing::OtherLease => Status::NotApplicable,
        }
    }

    /// The due date, as far as it is known on a day. `None` if it has no date, or if its clock is
    /// paused.
    #[must_use]
    pub fn due_on(&self, day: Day) -> Option<Day> {
        match self.due {
            Due::Whenever => None,
            Due::Before { happened, .. } => happened.map(|(on, _)| on).filter(|on| *on <= day),
            Due::By(due) => self.extend_by_pauses(due, day).due,
        }
    }

    fn extend_by_pauses(&self, due: Day, known_on: Day) -> Extended {
        let counted_from = self.start.map_or(due, |start| start.counted_from);
        let in_working_days = matches!(self.obligation.deadline, Some(Deadline::WorkingDays(_)));
        let calendar = in_working_days.then_some(self.set.calendar);
        extend_by_pauses(due, counted_from, &self.paused, known_on, calendar)
    }

    /// The due date, after everything that is known.
    #[must_use]
    pub fn due(&self) -> Option<Day> {
        self.due_on(last_day())
    }

    /// The first day on which it was late, seen from this day or from the day it ended, however it
    /// ended.
    #[must_use]
    pub fn late_since(&self, day: Day) -> Option<Day> {
        let start = self.start?;
        let until = self.closed.as_ref().map_or(day, |closed| closed.on.min(day));
        let due_on = self.due_on(until).filter(|due_on| *due_on < until)?;
        Some(due_on.plus_days(1).max(start.on))
    }

    /// Whether it was late and then ended without being kept: set aside, fallen away, undone, or
    /// ended with the case.
    #[must_use]
    pub fn left_undone(&self) -> bool {
        self.closed.as_ref().is_some_and(|closed| {
            (!matches!(closed.how, Closing::Kept | Closing::OtherLease) || closed.undone.is_some())
                && self.late_since(closed.on).is_some()
        })
    }

    /// The numbers of the facts that the status on a day is based on: what started it, what set or
    /// moved its due date, and what ended it.
    #[must_use]
    pub fn evidence_on(&self, day: Day) -> Vec<u64> {
        if self.start.is_some_and(|start| start.on > day) {
            return Vec::new();
        }
        let closed = self.closed.as_ref().filter(|closed| closed.on <= day);
        let known_on = closed.map_or(day, |closed| closed.on);
        let mut evidence: Vec<u64> = self.start.iter().map(|start| start.sequence).collect();
        match self.due {
            Due::Whenever => {}
            Due::Before { happened, .. } => {
                evidence.extend(happened.filter(|(on, _)| *on <= known_on).map(|(_, sequence)| sequence));
            }
            Due::By(due) => evidence.extend(self.extend_by_pauses(due, known_on).by),
        }
        evidence.extend(closed.iter().flat_map(|closed| &closed.evidence));
        let undone = closed.and_then(|closed| closed.undone).filter(|(on, _)| *on <= day);
        evidence.extend(undone.map(|(_, sequence)| sequence));
        let mut cited = BTreeSet::new();
        evidence.retain(|sequence| cited.insert(*sequence));
        evidence
    }

    /// The numbers of the facts that it is based on, after everything that is known.
    #[must_use]
    pub fn evidence(&self) -> Vec<u64> {
        self.evidence_on(last_day())
    }
}
