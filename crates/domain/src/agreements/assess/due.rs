//! When an instance is due, and when its clock is paused.

use crate::agreements::calendar::{Calendar, days_between, months_before};
use crate::agreements::field::{FieldPath, Scalar};
use crate::agreements::obligation::{Deadline, Obligation};
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::AgreementSet;
use crate::day::Day;
use crate::trajectory::Fact;

/// When an instance is due, before pauses are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// No due date.
    Whenever,
    /// On this day at the latest.
    By(Day),
    /// On the day of another fact at the latest. That fact may not have happened yet.
    Before {
        /// The other facts.
        facts: FactTypes,
        /// The day of the first of them, and its number.
        happened: Option<(Day, u64)>,
    },
}

/// A time in which the clock of an instance is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day that does not count.
    pub from: Day,
    /// The number of the fact that began it.
    pub sequence: u64,
    /// The first day that counts again, and the number of the fact that ended the pause. `None`
    /// while the client is still away.
    pub ended: Option<(Day, u64)>,
}

/// The due dates of an obligation that starts now: one for each month of the follow-up checks, one
/// otherwise.
pub(super) fn due_dates(
    deadline: Option<&Deadline>,
    counted_from: Day,
    fact: Option<&Fact>,
    set: &AgreementSet,
) -> Vec<(Option<u8>, Due)> {
    if deadline == Some(&Deadline::FollowUpChecks) {
        let checks = set.follow_up.checks_after_months.iter();
        return checks
            .map(|month| (Some(*month), Due::By(counted_from.plus_months(u16::from(*month)))))
            .collect();
    }
    vec![(None, deadline.map_or(Due::Whenever, |deadline| due(deadline, counted_from, fact, set.calendar)))]
}

/// The day from which a recurring obligation is counted: `from`, unless it would then already be
/// late on the day it starts.
pub(super) fn recurring_from(obligation: &Obligation, from: Day, starts_on: Day, set: &AgreementSet) -> Day {
    let late = |(_, due): &(Option<u8>, Due)| matches!(due, Due::By(day) if *day < starts_on);
    if due_dates(obligation.deadline.as_ref(), from, None, set).iter().all(late) {
        from.max(starts_on)
    } else {
        from
    }
}

/// When a deadline that is counted from this day is due.
fn due(deadline: &Deadline, from: Day, fact: Option<&Fact>, calendar: Calendar) -> Due {
    let date_in = |field: &FieldPath| {
        fact.and_then(|fact| field.read(fact)).as_ref().and_then(Scalar::as_text)?.parse::<Day>().ok()
    };
    match deadline {
        Deadline::Before(facts) => Due::Before { facts: *facts, happened: None },
        Deadline::SameDay => Due::By(from),
        Deadline::Days(days) => Due::By(from.plus_days(i32::from(*days))),
        Deadline::WorkingDays(days) => Due::By(calendar.plus_working_days(from, *days)),
        Deadline::Weeks(weeks) => Due::By(from.plus_weeks(*weeks)),
        Deadline::Months(months) => Due::By(from.plus_months(*months)),
        Deadline::On { field, at_most_months, else_weeks } => {
            let latest = at_most_months.map(|months| from.plus_months(months));
            let date = date_in(field).or_else(|| else_weeks.map(|weeks| from.plus_weeks(weeks)));
            // The earlier of two dates, or the only one.
            date.into_iter().chain(latest).min().map_or(Due::Whenever, Due::By)
        }
        Deadline::MonthsBefore { months, field } => {
            date_in(field).map_or(Due::Whenever, |date| Due::By(months_before(date, *months)))
        }
        // `due_dates` handles this deadline, which has several due dates.
        Deadline::FollowUpChecks => Due::Whenever,
    }
}

/// A due date that pauses moved.
pub(super) struct Extended {
    /// The day. `None` while a pause runs.
    pub(super) due: Option<Day>,
    /// The numbers of the facts that began and ended the pauses, in the order of happening.
    pub(super) by: Vec<u64>,
}

/// Moves the due date `day` by the pauses that are known on `known_on`. While a pause runs there is
/// no due date.
pub(super) fn extend_by_pauses(
    day: Day,
    counted_from: Day,
    paused: &[Pause],
    known_on: Day,
    calendar: Option<Calendar>,
) -> Extended {
    let mut due = day;
    let mut by = Vec::new();
    for pause in paused.iter().take_while(|pause| pause.from <= known_on) {
        let from = pause.from.max(counted_from);
        if from > due {
            break;
        }
        let Some((until, ended_by)) = pause.ended.filter(|(until, _)| *until <= known_on) else {
            by.push(pause.sequence);
            return Extended { due: None, by };
        };
        let days = days_between(from, until);
        if days > 0 {
            due = due.plus_days(days);
            by.extend([pause.sequence, ended_by]);
        }
    }
    // A limit in working days does not end on a holiday or at a weekend.
    let due = if due == day { due } else { calendar.map_or(due, |calendar| calendar.at_work(due)) };
    Extended { due: Some(due), by }
}
