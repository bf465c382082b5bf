//! The business date.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A calendar date in Europe/Amsterdam, written `YYYY-MM-DD` and nothing else, from 1900 to 2199.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, pattern = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$", example = "2026-03-01")]
pub struct Day(Date);

/// The calendar years that have days.
pub const YEARS: RangeInclusive<u16> = 1900..=2199;

/// A text that is no date of the form `YYYY-MM-DD` between 1900 and 2199.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY-MM-DD between 1900-01-01 and 2199-12-31")]
pub struct NoSuchDay;

impl Day {
    /// The given year, month (1–12) and day of the month.
    ///
    /// # Errors
    /// If the calendar has no such date, or if it is outside 1900 to 2199.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, NoSuchDay> {
        Date::new(year, month, day).map_err(|_| NoSuchDay).and_then(Self::try_from)
    }

    /// The first and the last day of a calendar year.
    ///
    /// # Errors
    /// If days do not go to that year.
    pub fn of_year(year: u16) -> Result<(Self, Self), NoSuchDay> {
        let year = i16::try_from(year).map_err(|_| NoSuchDay)?;
        Ok((Self::new(year, 1, 1)?, Self::new(year, 12, 31)?))
    }

    /// The calendar year it is in.
    ///
    /// # Panics
    /// Never: years of days are positive.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.0.year()).expect("a year of a day")
    }

    /// The day that is this many calendar months later. If that day does not exist, the last day of
    /// that month (`docs/DOMAIN.md` §4, Calendar).
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        Self(self.0.saturating_add(i32::from(months).months()))
    }

    /// The day that is this many days later, or earlier if `days` is negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// The day that is this many weeks later.
    #[must_use]
    pub fn plus_weeks(self, weeks: u16) -> Self {
        self.plus_days(i32::from(weeks) * 7)
    }

    /// The calendar date itself.
    #[must_use]
    pub fn date(self) -> Date {
        self.0
    }
}

impl TryFrom<Date> for Day {
    type Error = NoSuchDay;
    fn try_from(date: Date) -> Result<Self, NoSuchDay> {
        if (1900..2200).contains(&date.year()) { Ok(Self(date)) } else { Err(NoSuchDay) }
    }
}

impl FromStr for Day {
    type Err = NoSuchDay;
    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        // jiff reads more forms than the wire allows: times, week dates, dates without dashes.
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(NoSuchDay);
        }
        text.parse::<Date>().map_err(|_| NoSuchDay).and_then(Self::try_from)
    }
}

impl TryFrom<String> for Day {
    type Error = NoSuchDay;
    fn try_from(text: String) -> Result<Self, NoSuchDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a date")
    }

    #[test]
    fn a_month_after_the_last_of_january_is_the_last_of_february() {
        assert_eq!(day("2027-01-31").plus_months(1), day("2027-02-28"));
        assert_eq!(day("2028-01-31").plus_months(1), day("2028-02-29"));
    }

    #[test]
    fn only_one_way_of_writing_a_date_is_accepted() {
        for wrong in [
            "2026-02-30",
            "20260301",
            "2026-3-1",
            "2026-03-01T00:00",
            " 2026-03-01",
            "-02026-03-01",
            "1899-12-31",
        ] {
            assert_eq!(wrong.parse::<Day>(), Err(NoSuchDay), "{wrong}");
        }
    }
}
