//! By when an instance is due, and when its clock stood still.

use crate::agreements::calendar::{Calendar, days_between, months_before};
use crate::agreements::field::{FieldPath, Scalar};
use crate::agreements::obligation::{Deadline, Obligation};
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::AgreementSet;
use crate::day::Day;
use crate::trajectory::Fact;

/// By when an instance is due, apart from its pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Whenever.
    Whenever,
    /// On this day at the latest.
    By(Day),
    /// On the day of another fact at the latest, which has happened or not.
    Before {
        /// The other facts.
        facts: FactTypes,
        /// The day of the first of them, and its number.
        happened: Option<(Day, u64)>,
    },
}

/// A time in which the clock of an instance stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day that does not count.
    pub from: Day,
    /// The number of the fact that began it.
    pub sequence: u64,
    /// The first day that counts again, and the number of the fact that ended it; none while the client is still away.
    pub ended: Option<(Day, u64)>,
}

/// When an obligation that starts now is due; for follow-up checks one for each month.
pub(super) fn dues(
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

/// From when what recurs is counted: from this day, unless it would be late on the day on which it starts.
pub(super) fn recurring_from(obligation: &Obligation, from: Day, starts_on: Day, set: &AgreementSet) -> Day {
    let late = |(_, due): &(Option<u8>, Due)| matches!(due, Due::By(day) if *day < starts_on);
    if dues(obligation.deadline.as_ref(), from, None, set).iter().all(late) {
        from.max(starts_on)
    } else {
        from
    }
}

/// When something that is counted from this day is due.
pub(crate) fn due(deadline: &Deadline, from: Day, fact: Option<&Fact>, calendar: Calendar) -> Due {
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
            // Of two dates the earlier, of one the one.
            date.into_iter().chain(latest).min().map_or(Due::Whenever, Due::By)
        }
        Deadline::MonthsBefore { months, field } => {
            date_in(field).map_or(Due::Whenever, |date| Due::By(months_before(date, *months)))
        }
        // Several dues, told by `dues`.
        Deadline::FollowUpChecks => Due::Whenever,
    }
}

/// When something is due that pauses put off.
pub(super) struct PutOff {
    /// The day; none while a pause runs.
    pub(super) due: Option<Day>,
    /// The numbers of the facts that began and ended the pauses, in the order of happening.
    pub(super) by: Vec<u64>,
}

/// When something is due that would be due on `day`, as far as is known on `known_on`: pauses put it off, and while one
/// runs it has no date.
pub(super) fn put_off(
    day: Day,
    counted_from: Day,
    paused: &[Pause],
    known_on: Day,
    calendar: Option<Calendar>,
) -> PutOff {
    let mut due = day;
    let mut by = Vec::new();
    for pause in paused.iter().take_while(|pause| pause.from <= known_on) {
        let from = pause.from.max(counted_from);
        if from > due {
            break;
        }
        let Some((until, ended_by)) = pause.ended.filter(|(until, _)| *until <= known_on) else {
            by.push(pause.sequence);
            return PutOff { due: None, by };
        };
        let days = days_between(from, until);
        if days > 0 {
            due = due.plus_days(days);
            by.extend([pause.sequence, ended_by]);
        }
    }
    // A limit in working days does not end on a day on which nobody works.
    let due = if due == day { due } else { calendar.map_or(due, |calendar| calendar.at_work(due)) };
    PutOff { due: Some(due), by }
}
