//! Working days in the Netherlands, for any year (`docs/DOMAIN.md` §4, Calendar).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::day::Day;

/// The working days of a region. The law sets the fixed holidays; a region chooses two others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Calendar {
    /// Whether Good Friday is a holiday.
    pub good_friday: bool,
    /// When 5 May is a holiday.
    pub liberation_day: LiberationDay,
}

/// When Liberation Day is a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiberationDay {
    /// Every year.
    EveryYear,
    /// In years that are divisible by 5, as in most labour agreements.
    EveryFiveYears,
    /// Never.
    Never,
}

/// The first King's Day. The Queen's Days before it are earlier than any agreement set.
const FIRST_KINGS_DAY: i16 = 2014;

impl Calendar {
    /// Whether this day is a working day.
    #[must_use]
    pub fn is_working_day(self, day: Day) -> bool {
        let weekend = matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.is_holiday(day)
    }

    /// Whether this day is a public holiday.
    #[must_use]
    pub fn is_holiday(self, day: Day) -> bool {
        let date = day.date();
        let year = date.year();
        match (date.month(), date.day()) {
            (1, 1) | (12, 25 | 26) => return true,
            (4, 26 | 27) if date == kings_day(year) => return year >= FIRST_KINGS_DAY,
            (5, 5) if self.liberation_day.is_free_in(year) => return true,
            _ => {}
        }
        match (date - easter(year)).get_days() {
            -2 => self.good_friday,
            // Easter, Ascension Day, Whitsun.
            0 | 1 | 39 | 49 | 50 => true,
            _ => false,
        }
    }

    /// The day that is `days` working days later; the day itself does not count.
    #[must_use]
    pub fn plus_working_days(self, day: Day, days: u16) -> Day {
        let mut on = day;
        for _ in 0..days {
            on = self.at_work(on.plus_days(1));
        }
        on
    }

    /// This day, or the first working day after it.
    #[must_use]
    pub fn at_work(self, day: Day) -> Day {
        let mut on = day;
        while !self.is_working_day(on) {
            on = on.plus_days(1);
        }
        on
    }
}

impl LiberationDay {
    fn is_free_in(self, year: i16) -> bool {
        match self {
            Self::EveryYear => true,
            Self::EveryFiveYears => year % 5 == 0,
            Self::Never => false,
        }
    }
}

/// The day that is `months` calendar months earlier. If that day does not exist, the last day of
/// that month.
#[must_use]
pub fn months_before(day: Day, months: u16) -> Day {
    Day::try_from(day.date().saturating_sub(i32::from(months).months())).unwrap_or(day)
}

/// The number of days from one day to another. It is negative if the second is earlier.
#[must_use]
pub fn days_between(from: Day, until: Day) -> i32 {
    (until.date() - from.date()).get_days()
}

/// The last supported day.
///
/// # Panics
/// Never: the date is within the supported range.
#[must_use]
pub fn last_day() -> Day {
    Day::new(2199, 12, 31).expect("a date that days go up to")
}

/// 27 April, or the 26th if the 27th is a Sunday.
fn kings_day(year: i16) -> Date {
    let day = Date::constant(year, 4, 27);
    if day.weekday() == Weekday::Sunday { Date::constant(year, 4, 26) } else { day }
}

/// Easter Sunday by the algorithm that Nature printed in 1876 (Butcher, Meeus): right for every
/// Gregorian year.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let golden = y % 19;
    let (century, of_century) = (y / 100, y % 100);
    let moon = (8 * century + 13) / 25;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let part = |number: i32| i8::try_from(number).expect("a month or a day of the month");
    Date::constant(year, part(days / 31), part(days % 31 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_says() {
        for (year, month, day) in [
            (1961, 4, 2),
            (2000, 4, 23),
            (2008, 3, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2038, 4, 25),
        ] {
            assert_eq!(easter(year), Date::constant(year, month, day));
        }
    }

    #[test]
    fn kings_day_moves_off_a_sunday() {
        assert_eq!(kings_day(2025), Date::constant(2025, 4, 26));
        assert_eq!(kings_day(2026), Date::constant(2026, 4, 27));
    }
}
