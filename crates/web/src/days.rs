//! How days and instants are written: as a `<time>` element with the day in words.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};
use maud::{Markup, html};

use crate::language::Language;

const DUTCH: [&str; 12] =
    ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The months, as they are written in a day.
pub fn months(language: Language) -> [&'static str; 12] {
    language.of_two(DUTCH, ENGLISH)
}

/// A day in words, such as *28 nov 2026*.
pub fn in_words(day: Date, language: Language) -> String {
    let month = months(language)[usize::from(day.month().unsigned_abs()) - 1];
    format!("{} {month} {}", day.day(), day.year())
}

/// A day as an element.
pub fn day(day: Date, language: Language) -> Markup {
    html! { time datetime=(day) { (in_words(day, language)) } }
}

/// An instant as an element: the day and the minute in Europe/Amsterdam.
pub fn instant(instant: Timestamp, language: Language) -> Markup {
    html! { time datetime=(instant) { (in_words(of(instant), language)) " " (time(instant)) } }
}

/// The day of an instant in Europe/Amsterdam.
pub fn of(instant: Timestamp) -> Date {
    in_amsterdam(instant).date()
}

/// The minute of an instant in Europe/Amsterdam.
pub fn time(instant: Timestamp) -> String {
    let here = in_amsterdam(instant);
    format!("{:02}:{:02}", here.hour(), here.minute())
}

/// How many days from one day to another; negative if it is earlier.
pub fn between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

fn in_amsterdam(instant: Timestamp) -> Zoned {
    instant.to_zoned(TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_words_in_both_languages() {
        let day = Date::constant(2026, 3, 9);
        assert_eq!(in_words(day, Language::Dutch), "9 mrt 2026");
        assert_eq!(in_words(day, Language::English), "9 Mar 2026");
    }

    #[test]
    fn days_between_count_the_nights() {
        assert_eq!(between(Date::constant(2026, 2, 27), Date::constant(2026, 3, 1)), 2);
        assert_eq!(between(Date::constant(2026, 3, 1), Date::constant(2026, 2, 27)), -2);
    }
}
