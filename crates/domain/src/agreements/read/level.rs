//! Checks an obligation that belongs to a level of the nuisance protocol.

use super::obligation::facts_of;
use super::reach;
use super::table::Table;
use crate::agreements::obligation::{Deadline, Obligation};
use crate::agreements::pattern::FactTypes;
use crate::nuisance::{Level, course};
use crate::trajectory::FactType;

/// The fact that brings a case to a level, whose dates a deadline may name.
pub(super) fn has_the_dates(level: Level) -> FactTypes {
    FactTypes::of(match level {
        Level::REPORTED => &[FactType::NuisanceReported],
        Level::LAST_CHANCE => &[FactType::LastChanceAgreed],
        Level::ENDING_THE_LEASE => &[FactType::LeaseTerminationStarted],
        _ => &[FactType::Escalated],
    })
}

/// Reports what is wrong with an obligation of a level.
pub(super) fn judge(obligation: &Obligation, table: &Table<'_>) {
    let Some(level) = obligation.level else { return };
    is_brought_there(obligation, level, table);
    can_be_kept_at(obligation, level, table);
    has_a_limit(obligation, table);
    for (key, why) in [
        ("same", "it is about the case that comes to the level; leave this out"),
        ("recurs", "it starts whenever a case comes to the level; leave this out"),
        ("one-at-a-time", "it starts whenever a case comes to the level; leave this out"),
        ("counts-since", "it counts from the day on which a case comes to the level; leave this out"),
    ] {
        if table.value(key).is_some() {
            table.faults().at(&table.place_of(key), why);
        }
    }
}

/// Reports a fault for a start that does not bring a case to this level.
fn is_brought_there(obligation: &Obligation, level: Level, table: &Table<'_>) {
    let brings = facts_of(&course::brings_to(level));
    for kind in facts_of(&obligation.starts_with).iter().filter(|kind| !brings.contains(*kind)) {
        let place = table.place_of("starts-with");
        table.faults().at(&place, format!("no `{kind}` brings a case to level {level}"));
    }
}

/// Reports a fault for a fact that cannot happen at this level, nor at a higher one, at which it
/// must still be kept.
fn can_be_kept_at(obligation: &Obligation, level: Level, table: &Table<'_>) {
    let kept_by = facts_of(obligation.kept_by.patterns());
    let too_low = |kind: &FactType| reach::last_level(*kind).is_none_or(|last| last < level);
    for kind in kept_by.iter().filter(too_low) {
        let place = table.place_of("kept-by");
        table.faults().at(&place, format!("no `{kind}` can happen in a case at level {level} or above it"));
    }
}

/// Reports a fault unless it has a limit, however a case comes to the level.
fn has_a_limit(obligation: &Obligation, table: &Table<'_>) {
    let fault = match obligation.deadline {
        Some(Deadline::Before(_) | Deadline::FollowUpChecks | Deadline::MonthsBefore { .. }) => {
            "what must happen at a level has a limit in days, weeks or months, or a date"
        }
        Some(Deadline::On { at_most_months: None, else_weeks: None, .. }) => {
            "a case can come to this level without such a date; give the limit for that in `else-weeks`"
        }
        _ => return,
    };
    table.faults().at(&table.place_of("deadline"), fault);
}
