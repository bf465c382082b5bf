//! Reads the settings of a set.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;

use super::both_languages;
use super::deadline::MOST_MONTHS;
use super::table::Table;
use crate::agreements::calendar::Calendar;
use crate::agreements::set::{
    CONCENTRATION_ABOVE_PERCENT, DeadlineSettings, DepartureSettings, FigureSettings, FlipSettings,
    FollowUpSettings, GuaranteeFundSettings, LevelSettings, MatchingSettings, NuisanceSettings,
    TerminationSettings, TransferSettings,
};
use crate::allocation::weigh::{DEFAULT_ORDER, OrderKey};
use crate::nuisance::Level;
use crate::trajectory::fact::{ContractModel, Party};

/// Two years: a case that is quiet for longer is closed.
const MOST_QUIET_WEEKS: u16 = 104;

/// The first check is at least a month after the flip: an earlier window would begin before it.
const MOST_DAYS_BEFORE_A_CHECK: u16 = 28;

/// A year: a later due date is not "soon".
const SOON: u16 = 366;

/// More offers of one home at the same time are a typing error: 0 means no limit.
const MOST_OFFERS_AT_ONCE: u8 = 20;

/// A month: a contract that flips later flips on another day than the three agreed on.
const MOST_DAYS_FROM_APPROVED: u16 = 31;

/// Two years: a longer term of notice is a typing error.
const MOST_NOTICE_MONTHS: u16 = 24;

/// A count of one or two can identify a person, so counts below three must be suppressed.
const LEAST_SUPPRESS_BELOW: u32 = 3;

/// A required number in a range. Reports a fault if it is outside.
fn number<T>(table: &Table<'_>, key: &'static str, sense: RangeInclusive<T>) -> Option<T>
where
    T: DeserializeOwned + PartialOrd + Display,
{
    let number = table.required(key)?;
    if number < *sense.start() {
        table.faults().at(&table.place_of(key), format!("`{key}` must be at least {}", sense.start()));
    }
    if number > *sense.end() {
        table.faults().at(&table.place_of(key), format!("`{key}` must be at most {}", sense.end()));
    }
    Some(number)
}

pub(super) fn matching(table: Table<'_>) -> Option<MatchingSettings> {
    let offers = number(&table, "offers", 1..=u8::MAX);
    let unanswered_offer_counts = table.required("unanswered-offer-counts");
    let offers_at_once = offers_at_once(&table);
    let (order, concentration_above_percent) = (order(&table), concentration(&table));
    let offers_need_weighing = table.optional("offers-need-weighing").unwrap_or(true);
    let assigned_by: Option<Vec<Party>> = table.required_each("assigned-by");
    let can_assign = |party: &Party| matches!(party, Party::CareProvider | Party::MatchingPoint);
    if assigned_by.as_ref().is_some_and(|parties| parties.is_empty() || !parties.iter().all(can_assign)) {
        let fault = "a corporation is assigned by `matching-point`, `care-provider` or both";
        table.faults().at(&table.place_of("assigned-by"), fault);
    }
    super::named_once(&table, "assigned-by", assigned_by.as_deref());
    table.done();
    Some(MatchingSettings {
        offers: offers?,
        unanswered_offer_counts: unanswered_offer_counts?,
        offers_at_once,
        assigned_by: assigned_by?,
        order,
        concentration_above_percent,
        offers_need_weighing,
    })
}

/// The order of candidates: ours, unless the set writes one. It ends with the lot, so that no two
/// candidates have the same place.
fn order(table: &Table<'_>) -> Vec<OrderKey> {
    let Some(order) = table.each::<OrderKey>("order") else { return DEFAULT_ORDER.to_vec() };
    let place = table.place_of("order");
    if order.last() != Some(&OrderKey::Lot) {
        table.faults().at(&place, "`order` must end with `lot`");
    }
    if order.first() != Some(&OrderKey::HardMet) {
        table.faults().at(&place, "`order` must begin with `hard-met`");
    }
    super::named_once(table, "order", Some(&order));
    order
}

/// The share above which a warning is made.
fn concentration(table: &Table<'_>) -> u8 {
    let share = table.optional("concentration-above-percent").unwrap_or(CONCENTRATION_ABOVE_PERCENT);
    if !(1..=100).contains(&share) {
        let place = table.place_of("concentration-above-percent");
        table.faults().at(&place, "`concentration-above-percent` must be from 1 to 100");
    }
    share
}

/// How many offers at once a home may have: one, unless the set says otherwise.
fn offers_at_once(table: &Table<'_>) -> u8 {
    let Some(at_once) = table.optional("offers-at-once") else { return 1 };
    if at_once > MOST_OFFERS_AT_ONCE {
        let fault = format!("`offers-at-once` must be at most {MOST_OFFERS_AT_ONCE}, or 0 for no limit");
        table.faults().at(&table.place_of("offers-at-once"), fault);
    }
    at_once
}

pub(super) fn flip(table: Table<'_>) -> Option<FlipSettings> {
    let blocked_from_level = table.required("blocked-from-level");
    let days_from_approved_day = number(&table, "days-from-approved-day", 0..=MOST_DAYS_FROM_APPROVED);
    let open_matters = table.required("open-matters");
    table.done();
    Some(FlipSettings {
        blocked_from_level: blocked_from_level?,
        days_from_approved_day: days_from_approved_day?,
        open_matters: open_matters?,
    })
}

pub(super) fn termination(table: Table<'_>) -> Option<TerminationSettings> {
    let warnings_apart_days = number(&table, "warnings-apart-days", 1..=SOON);
    let notice_months = number(&table, "notice-months", 1..=MOST_NOTICE_MONTHS);
    let notice_months_in_danger = number(&table, "notice-months-in-danger", 0..=MOST_NOTICE_MONTHS);
    if let (Some(usual), Some(in_danger)) = (notice_months, notice_months_in_danger)
        && in_danger > usual
    {
        let place = table.place_of("notice-months-in-danger");
        table.faults().at(&place, "the term of notice in danger is longer than the usual one");
    }
    let court_order = table.required("court-order");
    table.done();
    Some(TerminationSettings {
        warnings_apart_days: warnings_apart_days?,
        notice_months: notice_months?,
        notice_months_in_danger: notice_months_in_danger?,
        court_order: court_order?,
    })
}

pub(super) fn follow_up(table: Table<'_>) -> Option<FollowUpSettings> {
    let months = number(&table, "months", 1..=MOST_MONTHS);
    let checks: Option<Vec<u8>> = table.required_each("checks-after-months");
    let check_days_before = number(&table, "check-days-before", 0..=MOST_DAYS_BEFORE_A_CHECK);
    if let (Some(months), Some(checks)) = (months, &checks) {
        let place = table.place_of("checks-after-months");
        if !checks.is_sorted_by(|before, after| before < after) {
            table.faults().at(&place, "the checks must be in ascending order");
        }
        if checks.iter().any(|month| u16::from(*month) > months || *month == 0) {
            table.faults().at(&place, "a check is outside the months of the follow-up");
        }
    }
    table.done();
    Some(FollowUpSettings {
        months: months?,
        checks_after_months: checks?,
        check_days_before: check_days_before?,
    })
}

pub(super) fn figures(table: Table<'_>) -> Option<FigureSettings> {
    let home_in_time = table.required("home-in-time");
    let flip_expected_after_months = number(&table, "flip-expected-after-months", 1..=MOST_MONTHS);
    let suppress_below = number(&table, "suppress-below", LEAST_SUPPRESS_BELOW..=u32::MAX);
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
    let due_soon_days = number(&table, "due-soon-days", 0..=SOON);
    table.done();
    Some(DeadlineSettings { due_soon_days: due_soon_days? })
}

pub(super) fn departures(table: Table<'_>) -> Option<DepartureSettings> {
    let agreed_within_days = number(&table, "agreed-within-days", 0..=SOON);
    table.done();
    Some(DepartureSettings { agreed_within_days: agreed_within_days? })
}

pub(super) fn guarantee_fund(table: Table<'_>) -> Option<GuaranteeFundSettings> {
    let keeper: Option<Party> = table.required("keeper");
    // The parties that claim do not settle.
    if keeper.is_some_and(|party| !matches!(party, Party::Municipality | Party::MatchingPoint)) {
        table.faults().at(&table.place_of("keeper"), "a fund is kept by `municipality` or `matching-point`");
    }
    let contract_models: Option<Vec<ContractModel>> = table.required_each("contract-models");
    super::named_once(&table, "contract-models", contract_models.as_deref());
    if table.list_is_empty("contract-models") {
        table.faults().at(&table.place_of("contract-models"), "name at least one contract model");
    }
    table.done();
    Some(GuaranteeFundSettings { keeper: keeper?, contract_models: contract_models? })
}

pub(super) fn transfers(table: Table<'_>) -> Option<TransferSettings> {
    let catch_up_days = number(&table, "catch-up-days", 0..=SOON);
    table.done();
    Some(TransferSettings { catch_up_days: catch_up_days? })
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
            table.faults().at(&place, "acute levels must be from 2 to 4, each once and in order");
        }
    }
    let client_heard_from_level = table.required("client-heard-from-level");
    let warnings_before_termination = table.required("warnings-before-termination");
    let quiet_weeks = number(&table, "quiet-weeks", 1..=MOST_QUIET_WEEKS);
    let place = table.place_of("levels");
    let levels: Vec<_> = table.tables("levels").into_iter().filter_map(level).collect();
    let listed: Vec<Level> = levels.iter().map(|level| level.level).collect();
    if listed != Level::ALL {
        table.faults().at(&place, "the levels from 0 to 5 must be listed, each once and in order");
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
    table.done();
    Some(LevelSettings { level: level?, name: name? })
}
