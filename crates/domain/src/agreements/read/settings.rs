//! Reading the settings of a set.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::both_languages;
use super::deadline::{MOST_MONTHS, deadline};
use super::pattern::facts_listed;
use super::table::Table;
use crate::agreements::calendar::Calendar;
use crate::agreements::obligation::Deadline;
use crate::agreements::pattern::FactTypes;
use crate::agreements::set::{
    Actor, DeadlineSettings, FigureSettings, FlipSettings, FollowUpSettings, LevelSettings, LevelStep,
    MatchingSettings, NuisanceSettings,
};
use crate::nuisance::Level;
use crate::trajectory::FactType;

/// A number that makes no sense as nothing.
fn at_least_one<T: DeserializeOwned + Default + PartialEq>(
    table: &Table<'_>,
    key: &'static str,
) -> Option<T> {
    let number = table.required(key);
    if number.as_ref() == Some(&T::default()) {
        table.faults().at(&table.place_of(key), format!("`{key}` is 1 at least"));
    }
    number
}

pub(super) fn matching(table: Table<'_>) -> Option<MatchingSettings> {
    let offers = at_least_one(&table, "offers");
    table.done();
    Some(MatchingSettings { offers: offers? })
}

pub(super) fn flip(table: Table<'_>) -> Option<FlipSettings> {
    let blocked_from_level = table.required("blocked-from-level");
    table.done();
    Some(FlipSettings { blocked_from_level: blocked_from_level? })
}

pub(super) fn follow_up(table: Table<'_>) -> Option<FollowUpSettings> {
    let months: Option<u16> = at_least_one(&table, "months");
    if months.is_some_and(|months| months > MOST_MONTHS) {
        table
            .faults()
            .at(&table.place_of("months"), format!("nobody is followed longer than {MOST_MONTHS} months"));
    }
    let checks: Option<Vec<u8>> = table.required_each("checks-after-months");
    if let (Some(months), Some(checks)) = (months, &checks) {
        let place = table.place_of("checks-after-months");
        if !checks.is_sorted_by(|before, after| before < after) {
            table.faults().at(&place, "the checks come one after the other");
        }
        if checks.iter().any(|month| u16::from(*month) > months || *month == 0) {
            table.faults().at(&place, "a check lies outside the months of the follow-up");
        }
    }
    table.done();
    Some(FollowUpSettings { months: months?, checks_after_months: checks? })
}

pub(super) fn figures(table: Table<'_>) -> Option<FigureSettings> {
    let home_in_time = table.required("home-in-time");
    let flip_expected_after_months = at_least_one(&table, "flip-expected-after-months");
    let suppress_below = at_least_one(&table, "suppress-below");
    let homes_a_year = table.value("homes-a-year").map(|_| table.optional("homes-a-year"));
    table.done();
    Some(FigureSettings {
        home_in_time: home_in_time?,
        flip_expected_after_months: flip_expected_after_months?,
        suppress_below: suppress_below?,
        homes_a_year: homes_a_year.unwrap_or_else(|| Some(BTreeMap::new()))?,
    })
}

pub(super) fn deadlines(table: Table<'_>) -> Option<DeadlineSettings> {
    let due_soon_days = table.required("due-soon-days");
    table.done();
    Some(DeadlineSettings { due_soon_days: due_soon_days? })
}

pub(super) fn calendar(table: Table<'_>) -> Option<Calendar> {
    let good_friday = table.required("good-friday");
    let liberation_day = table.required("liberation-day");
    table.done();
    Some(Calendar { good_friday: good_friday?, liberation_day: liberation_day? })
}

pub(super) fn nuisance(table: Table<'_>) -> Option<NuisanceSettings> {
    let acute_levels: Option<Vec<Level>> = table.required_each("acute-levels");
    if let Some(levels) = &acute_levels {
        let can_be = |level: &Level| (Level::SCALED_UP..=Level::LAST_CHANCE).contains(level);
        if !levels.iter().all(can_be) || !levels.is_sorted_by(|before, after| before < after) {
            let place = table.place_of("acute-levels");
            table.faults().at(&place, "danger leads to levels from 2 to 4, each named once and in order");
        }
    }
    let client_heard_from_level = table.required("client-heard-from-level");
    let warnings_before_termination = table.required("warnings-before-termination");
    let quiet_weeks = at_least_one(&table, "quiet-weeks");
    let place = table.place_of("levels");
    let levels: Vec<_> = table.tables("levels").into_iter().filter_map(level).collect();
    let told: Vec<Level> = levels.iter().map(|level| level.level).collect();
    if told != Level::ALL {
        table.faults().at(&place, "the levels from 0 to 5 stand here, each once and in order");
    }
    table.done();
    Some(NuisanceSettings {
        acute_levels: acute_levels?,
        client_heard_from_level: client_heard_from_level?,
        warnings_before_termination: warnings_before_termination?,
        quiet_weeks: quiet_weeks?,
        levels,
    })
}

fn level(table: Table<'_>) -> Option<LevelSettings> {
    let level = table.required("level");
    let name = both_languages(&table, "name");
    let steps = table.tables("steps").into_iter().filter_map(|step| level_step(step, level)).collect();
    table.done();
    Some(LevelSettings { level: level?, name: name?, steps })
}

fn level_step(table: Table<'_>, level: Option<Level>) -> Option<LevelStep> {
    let faults = table.faults();
    let action = both_languages(&table, "action");
    let by: Option<Vec<Actor>> = table.required_each("by");
    if by.as_ref().is_some_and(Vec::is_empty) {
        faults.at(&table.place_of("by"), "nobody does it");
    }
    let within = table.value("within").map(|value| deadline(value, brings_to(level), faults));
    let done_by = table.value("done-by").map(|value| facts_listed(value, faults));
    match done_by {
        None => table.missing("done-by"),
        // A name that is no fact is a fault of its own.
        Some(_) if table.list_is_empty("done-by") => {
            faults.at(&table.place_of("done-by"), "nothing does it, so it is never done");
        }
        Some(_) => {}
    }
    if let Some(Some(Deadline::Before(_) | Deadline::FollowUpChecks | Deadline::MonthsBefore { .. })) = within
    {
        faults.at(
            &table.place_of("within"),
            "a step of a level has a limit in days, weeks or months, or a date",
        );
    }
    table.done();
    let within = match within {
        Some(read) => Some(read?),
        None => None,
    };
    Some(LevelStep { action: action?, by: by?, within, done_by: done_by? })
}

/// The fact whose dates a limit of this level may name.
fn brings_to(level: Option<Level>) -> FactTypes {
    FactTypes::of(match level {
        Some(Level::REPORTED) => &[FactType::NuisanceReported],
        Some(Level::LAST_CHANCE) => &[FactType::LastChanceAgreed],
        Some(Level::ENDING_THE_LEASE) => &[FactType::LeaseTerminationStarted],
        _ => &[FactType::Escalated],
    })
}
