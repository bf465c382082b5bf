//! Reading a deadline.

use toml::de::DeValue;

use super::fields::{self, Shape};
use super::pattern::{facts_listed, field};
use super::table::{Faults, Table, Value};
use crate::agreements::field::FieldPath;
use crate::agreements::obligation::Deadline;
use crate::agreements::pattern::FactTypes;

/// The forms of a deadline, as an error lists them.
const FORMS: &str = "a deadline is \"same-day\", \"follow-up-checks\", { days = 3 }, { working-days = 2 }, { weeks = 4 }, \
     { months = 3 }, { before = \"housing-requested\" }, { on = \"nextTalkOn\", at-most-months = 6 }, \
     { on = \"until\", else-weeks = 6 } or { months-before = 6, date = \"expectedOn\" }";

/// Fifty years: a longer term is a typing error.
pub(super) const MOST_MONTHS: u16 = 600;

/// Reads a deadline that is counted from one of `started_by`.
pub(super) fn deadline(value: Value<'_>, started_by: FactTypes, faults: &Faults<'_>) -> Option<Deadline> {
    match value.get_ref() {
        DeValue::String(word) if word == "same-day" => return Some(Deadline::SameDay),
        DeValue::String(word) if word == "follow-up-checks" => return Some(Deadline::FollowUpChecks),
        DeValue::Table(_) => {}
        _ => {
            faults.at(&value.span(), FORMS);
            return None;
        }
    }
    let table = Table::of(value, faults)?;
    let mut forms = vec![
        span(&table, "days").map(Deadline::Days),
        span(&table, "working-days").map(Deadline::WorkingDays),
        span(&table, "weeks").map(Deadline::Weeks),
        span(&table, "months").map(Deadline::Months),
        table.value("before").map(|facts| Deadline::Before(facts_listed(facts, faults))),
        on_a_date(&table, started_by),
        before_a_date(&table, started_by),
    ];
    let forms: Vec<_> = forms.drain(..).flatten().collect();
    let place = table.place.clone();
    let written = table.entries().count();
    table.done();
    match <[Deadline; 1]>::try_from(forms) {
        Ok([deadline]) => Some(deadline),
        Err(several) if several.is_empty() => {
            // If a form is there but wrong, it has its own fault.
            if written == 0 {
                faults.at(&place, FORMS);
            }
            None
        }
        Err(_) => {
            faults.at(&place, "a deadline must be counted in one way only");
            None
        }
    }
}

fn span(table: &Table<'_>, key: &'static str) -> Option<u16> {
    let span: Option<u16> = table.optional(key);
    if span == Some(0) {
        table.faults().at(&table.place_of(key), "a deadline cannot be 0; write \"same-day\"");
    }
    let most = match key {
        "days" | "working-days" => MOST_MONTHS * 30,
        "weeks" | "else-weeks" => MOST_MONTHS * 4,
        _ => MOST_MONTHS,
    };
    if span.is_some_and(|span| span > most) {
        table.faults().at(&table.place_of(key), format!("at most {most} {key}"));
    }
    span
}

fn on_a_date(table: &Table<'_>, started_by: FactTypes) -> Option<Deadline> {
    let at_most_months = span(table, "at-most-months");
    let else_weeks = span(table, "else-weeks");
    let Some(value) = table.value("on") else {
        for key in ["at-most-months", "else-weeks"] {
            if table.value(key).is_some() {
                table.faults().at(&table.place_of(key), format!("`{key}` needs a date in `on`"));
            }
        }
        return None;
    };
    Some(Deadline::On { field: date(value, started_by, table.faults())?, at_most_months, else_weeks })
}

fn before_a_date(table: &Table<'_>, started_by: FactTypes) -> Option<Deadline> {
    let months = span(table, "months-before");
    let field = table.value("date").and_then(|value| date(value, started_by, table.faults()));
    match (months, field) {
        (Some(months), Some(field)) => Some(Deadline::MonthsBefore { months, field }),
        (Some(_), None) if table.value("date").is_none() => {
            table.missing("date");
            None
        }
        (None, Some(_)) => {
            table.missing("months-before");
            None
        }
        _ => None,
    }
}

fn date(value: Value<'_>, started_by: FactTypes, faults: &Faults<'_>) -> Option<FieldPath> {
    let path = field(started_by, value, faults)?;
    let is_date = started_by.iter().all(|kind| fields::shape(kind, &path) == Some(Shape::Date));
    if !is_date {
        faults.at(&value.span(), format!("`{path}` is not a date"));
    }
    is_date.then_some(path)
}
